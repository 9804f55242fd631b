//! Identifiers: checked newtypes that can stand in a URL, a file name and a log line as they are.

use std::fmt;
use std::str::FromStr;

/// The longest slug that is accepted, in bytes.
pub const SLUG_BYTES_MAX: usize = 80;

/// An article's id: its folder name, unique over the whole knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId(String);

/// The error of parsing an article id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an article id; use 1 to 80 of a-z, 0-9 and -, not at the ends")]
pub struct BadArticleId(String);

impl ArticleId {
    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ArticleId {
    type Err = BadArticleId;

    fn from_str(slug: &str) -> Result<Self, BadArticleId> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = !slug.is_empty() && slug.len() <= SLUG_BYTES_MAX;
        if fits && slug.bytes().all(allowed) && !slug.starts_with('-') && !slug.ends_with('-') {
            Ok(ArticleId(slug.to_owned()))
        } else {
            // An id may come from a URL, so the echo is bounded.
            Err(BadArticleId(slug.chars().take(SLUG_BYTES_MAX).collect()))
        }
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A ticket's number, given by the store in the order of arrival, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TicketId(pub u64);

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A session of the contact form: random, so that it says nothing about the person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(String);

/// The error of parsing a session's id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a session is named by 32 of 0-9 and a-f, chosen at random")]
pub struct BadSessionId;

impl SessionId {
    /// The id made of 128 random bits.
    pub fn new(random: [u8; 16]) -> SessionId {
        SessionId(format!("{:032x}", u128::from_be_bytes(random)))
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionId {
    type Err = BadSessionId;

    fn from_str(text: &str) -> Result<Self, BadSessionId> {
        let fits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if fits { Ok(SessionId(text.to_owned())) } else { Err(BadSessionId) }
    }
}
