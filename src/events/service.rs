//! What is counted of self-service beside the sessions of the contact form: who made contact again,
//! what became of tickets, how many searches found nothing.
//!
//! A person is known by the mark of the key that the sender's system told, and by nothing else: the
//! help centre's own form knows nobody, so its sessions are in no count of who made contact again.

use jiff::SignedDuration;

use crate::lang::TextLang;
use crate::time::Timestamp;

/// How long after a contact another one counts as made again.
pub const RECONTACT: SignedDuration = SignedDuration::from_hours(72);

const HOUR_MICROS: i64 = 3_600_000_000;

/// What somebody made contact again after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum After {
    /// A session whose writer said that an article solved it.
    Confirmed,
    /// A session that opened an article, said nothing and sent nothing.
    Assumed,
    /// A ticket that staff answered or closed, the first of its sender within the time: who writes
    /// five times in a day is one case.
    Answered,
}

/// Contacts of known people that should have been the last one, and those that were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recontacts {
    /// After what.
    pub after: After,
    /// The language of the session or the ticket.
    pub lang: TextLang,
    /// How many there were.
    pub cases: u64,
    /// Those of them after which the same person sent a ticket within the time.
    pub again: u64,
}

/// What became of the tickets in one language, without copies from one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Handled {
    /// All of them.
    pub tickets: u64,
    /// Those that zhinan abstained on.
    pub unanswered: u64,
    /// Their senders; each ticket of nobody in particular counts as one.
    pub people: u64,
    /// Those that staff answered or closed and whose words are still kept.
    pub closed: u64,
    /// Those of `closed` that an article was confirmed for or linked to.
    pub linked: u64,
    /// Those for which staff said something about an article, and whose words are still kept.
    pub judged: u64,
    /// Those of `judged` for which an article was rejected.
    pub rejected: u64,
}

/// Searches of an hour in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCount {
    /// A moment in the hour.
    pub at: Timestamp,
    /// The language of the queries.
    pub lang: TextLang,
    /// How many.
    pub searches: u64,
    /// Those of them that found nothing.
    pub empty: u64,
}

impl SearchCount {
    /// Hours since 1970.
    pub fn hour(&self) -> i64 {
        hour(self.at)
    }
}

/// The hours that begin from `since` until before `until`: with the one that is running now, without
/// the one in which a window began.
pub fn hours(since: Timestamp, until: Timestamp) -> std::ops::Range<i64> {
    let first =
        |at: Timestamp| hour(at) + i64::from(at.as_microsecond().rem_euclid(HOUR_MICROS) > 0);
    first(since)..first(until)
}

/// The hour that a moment lies in, since 1970.
pub fn hour(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(HOUR_MICROS)
}
