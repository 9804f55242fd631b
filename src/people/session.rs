//! How long a sign-in and a token last. Pure: now is an argument.

use std::fmt;

use jiff::SignedDuration;

use crate::time::Timestamp;

use super::person::{PersonId, Scope};

/// A session ends when nothing was done for so long.
pub const IDLE_MAX: SignedDuration = SignedDuration::from_mins(30);
/// A session ends so long after the sign-in, whatever was done.
pub const LENGTH_MAX: SignedDuration = SignedDuration::from_hours(12);
/// How precisely the store knows when a session or token was last used: a write for each request
/// would be a wait for the disk for each request.
pub const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How long a one-time link to choose a password can be opened.
pub const INVITATION_MAX: SignedDuration = SignedDuration::from_hours(72);
/// The longest life of an API token, in days.
pub const TOKEN_DAYS_MAX: i64 = 365;

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub person: PersonId,
    /// When it began.
    pub opened: Timestamp,
    /// When it was last used.
    pub seen: Timestamp,
}

impl Session {
    /// Returns true if and only if it still counts. A clock that was set back ends it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        let within =
            |since, most| (SignedDuration::ZERO..most).contains(&now.duration_since(since));
        // The store may have heard of the last use a little late.
        now >= self.opened
            && within(self.opened, LENGTH_MAX)
            && now.duration_since(self.seen) < IDLE_MAX
    }
}

/// A token's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(pub u64);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An API token as far as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// Whose.
    pub person: PersonId,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub made: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// When it was last used, to the minute.
    pub used: Option<Timestamp>,
}

impl Token {
    /// Returns true if and only if it still counts.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_by_idleness_and_by_age() {
        let at = |minute: i64| Timestamp::from_second(1_790_000_000 + minute * 60).unwrap();
        let session =
            |opened, seen| Session { person: PersonId(1), opened: at(opened), seen: at(seen) };
        assert!(session(0, 0).is_live(at(29)));
        assert!(!session(0, 0).is_live(at(30)));
        assert!(session(0, 700).is_live(at(719)));
        assert!(!session(0, 719).is_live(at(720)));
        assert!(!session(5, 5).is_live(at(0)));
    }
}
