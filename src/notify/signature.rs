//! Signatures: a secret and a message in, the proof of who sent it out. Reads no clock.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key in a `whsec_…` secret: 24 to 64 bytes.
pub fn standard_key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

/// The header `webhook-signature` of Standard Webhooks: over id, time in seconds and body.
pub fn standard(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    format!("v1,{}", hmac(key, &format!("{id}.{seconds}.{body}")))
}

/// The field `sign` of a Lark or Feishu bot: time and secret are the key, nothing is the message.
pub fn lark(secret: &str, seconds: i64) -> String {
    hmac(format!("{seconds}\n{secret}").as_bytes(), "")
}

/// The parameter `sign` of a `DingTalk` robot, before it is encoded for an address.
pub fn dingtalk(secret: &str, millis: i64) -> String {
    hmac(secret.as_bytes(), &format!("{millis}\n{secret}"))
}

/// HMAC-SHA256 in base64.
fn hmac(key: &[u8], message: &str) -> String {
    // A key of any length is allowed, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(message.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_receivers_check() {
        // The example of the Standard Webhooks specification.
        let key = standard_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signature = standard(&key, id, 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(standard_key("whsec_c2hvcnQ=").is_none() && standard_key("secret").is_none());
    }
}
