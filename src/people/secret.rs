//! Random secrets of 256 bit: for cookies, API tokens and one-time links. The store keeps their
//! SHA-256 only; with 256 bit there is nothing to guess, so a slow hash would buy nothing.

use std::fmt;

use sha2::{Digest, Sha256};

/// Stands before an API token, so that people and scanners recognise one.
pub const TOKEN_PREFIX: &str = "zhn_";

/// A secret as it is shown, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The operating system has no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness;

impl Secret {
    /// A new one.
    pub fn new(prefix: &str) -> Result<Secret, NoRandomness> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
        Ok(Secret(format!("{prefix}{}", hex(&bytes))))
    }

    /// The text to show.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the store keeps.
    pub fn hash(&self) -> String {
        hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the store keeps of a secret that somebody sent.
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes as hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| DIGITS.get(usize::from(n)).map_or('0', |d| char::from(*d));
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_different_and_not_shown_by_accident() {
        let (a, b) = (Secret::new(TOKEN_PREFIX).unwrap(), Secret::new(TOKEN_PREFIX).unwrap());
        assert_eq!(a.text().len(), TOKEN_PREFIX.len() + 64);
        assert_ne!(a, b);
        assert_eq!(a.hash(), hash(a.text()));
        assert!(!format!("{a:?}").contains(a.text()) && !a.hash().contains(a.text()));
        assert_eq!(hex(&[0, 0xff, 0x1a]), "00ff1a");
    }
}
