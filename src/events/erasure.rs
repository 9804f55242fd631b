//! Erasure: which tickets lose their words, and which did.
//!
//! What is left of an erased ticket is its number, time, language and topic, so that counts stay
//! right. It is in no list, and nothing is learned from it. What staff have confirmed as a phrasing
//! outlives its ticket's age, as a part of the knowledge base that they can withdraw; it does not
//! outlive the wish of its writer.

use crate::id::TicketId;
use crate::text::redact::Redactor;
use crate::time::Timestamp;

/// The mark under which the tickets of one sender are kept: equal for equal senders under one key.
pub fn sender_mark(redactor: &Redactor, sender: &str) -> String {
    redactor.mark(&format!("sender {sender}"))
}

/// The number of a sender, out of their mark.
pub fn voice(mark: &str) -> Option<u64> {
    u64::from_str_radix(mark.get(..16)?, 16).ok()
}

/// Which tickets lose their words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erase {
    /// One ticket, because somebody asked for it.
    Ticket(TicketId),
    /// All tickets with this mark of their sender.
    Sender(String),
    /// Those that came before a time, and the searches before it; confirmed phrasings stay.
    Before(Timestamp),
}

/// A ticket that has lost its words. The time tells it from another with its number, after an older
/// backup was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Erased {
    /// Its number.
    pub ticket: TicketId,
    /// When it had come in.
    pub at: Timestamp,
}
