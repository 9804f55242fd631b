//! The courier: a notice and a target in, the message delivered or why not out.
//!
//! One try with a time limit; whoever calls decides when to try again. No redirect is followed, and
//! no error names an address, since a webhook's address is its key.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::{Message, SmtpTransport, Transport};

use crate::time::Timestamp;

use super::target::{Kind, Target};
use super::{Notice, shape, signature};

/// How long one try may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why a notice was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The receiver could not be reached.
    #[error("it could not be reached ({0})")]
    Unreachable(&'static str),
    /// The receiver refused.
    #[error("it answered {0}")]
    Refused(u16),
    /// The settings do not make a message.
    #[error("{0}")]
    Settings(String),
}

/// Delivers notices.
#[derive(Debug, Clone)]
pub struct Courier {
    agent: ureq::Agent,
}

impl Default for Courier {
    fn default() -> Courier {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            // Notices are rare: a kept connection would have been closed by the other side.
            .max_idle_connections(0)
            .http_status_as_error(false)
            .build();
        Courier { agent: config.new_agent() }
    }
}

impl Courier {
    /// Tries once.
    pub fn deliver(
        &self,
        target: &Target,
        notice: &Notice,
        now: Timestamp,
    ) -> Result<(), DeliveryError> {
        let secret = target.secret.as_deref();
        let mut url = target.url.clone();
        let mut headers: Vec<(&str, String)> = Vec::new();
        let body = match target.kind {
            Kind::Mail => return mail(target, notice),
            Kind::Slack => shape::slack(notice),
            Kind::Lark => shape::lark(notice, secret, now.as_second()),
            Kind::Dingtalk => {
                if let Some(secret) = secret {
                    let (time, sign) = dingtalk_parameters(secret, now);
                    let sep = if url.contains('?') { '&' } else { '?' };
                    url = format!("{url}{sep}timestamp={time}&sign={sign}");
                }
                shape::dingtalk(notice)
            }
            Kind::Standard => shape::standard(notice),
        };
        let body = body.to_string();
        if target.kind == Kind::Standard {
            let key = secret.and_then(signature::standard_key).unwrap_or_default();
            let seconds = now.as_second();
            headers.push(("webhook-id", notice.id.clone()));
            headers.push(("webhook-timestamp", seconds.to_string()));
            headers
                .push(("webhook-signature", signature::standard(&key, &notice.id, seconds, &body)));
        }
        self.post(&url, &headers, &body)
    }

    fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Result<(), DeliveryError> {
        let request = self.agent.post(url).header("content-type", "application/json");
        let request = headers.iter().fold(request, |r, (name, value)| r.header(*name, value));
        let answer = request.send(body).map_err(|error| DeliveryError::Unreachable(why(&error)))?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            status => Err(DeliveryError::Refused(status)),
        }
    }
}

fn dingtalk_parameters(secret: &str, now: Timestamp) -> (i64, String) {
    let time = now.as_millisecond();
    let sign = signature::dingtalk(secret, time);
    (time, form_urlencoded::byte_serialize(sign.as_bytes()).collect())
}

/// What went wrong, without the address.
fn why(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => "it took too long",
        ureq::Error::HostNotFound => "there is no such host",
        ureq::Error::ConnectionFailed => "the connection failed",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "TLS failed",
        ureq::Error::BadUri(_) => "the address is no address",
        _ => "the exchange failed",
    }
}

fn mail(target: &Target, notice: &Notice) -> Result<(), DeliveryError> {
    let wrong = |what: &str| DeliveryError::Settings(format!("`{what}` of the mail is not valid"));
    let from = target.from.as_deref().unwrap_or_default();
    let mut message = Message::builder()
        .from(from.parse().map_err(|_| wrong("from"))?)
        .subject(&notice.title)
        // The same id makes a second delivery the same mail.
        .message_id(Some(format!("<{}@zhinan>", notice.id)))
        .header(ContentType::TEXT_PLAIN);
    for to in &target.to {
        message = message.to(to.parse().map_err(|_| wrong("to"))?);
    }
    let text = format!("{}\n\n{}\n", notice.text, notice.link);
    let message = message.body(text).map_err(|_| wrong("text"))?;
    let transport = SmtpTransport::from_url(&target.url).map_err(|_| wrong("url"))?;
    let sent = transport.timeout(Some(TIMEOUT)).build().send(&message);
    sent.map(drop).map_err(|error| match error.status() {
        Some(code) => DeliveryError::Refused(u16::from(code)),
        None => DeliveryError::Unreachable("the mail server did not take it"),
    })
}
