//! Stores: events in, the same answers out of every implementation of the trait.
//!
//! [`suite`] runs on both stores, [`twins`] compares them verb by verb, [`people`] does both for
//! people, [`disk`] is about the file of
//! the one on disk, [`rescan`] about taking out what newer rules find, and [`crash`] kills a process
//! that writes to it.

mod crash;
mod disk;
mod people;
mod rescan;
mod suite;
mod twins;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) use disk::SmallDisk;
use zhinan::events::event::{Idempotency, Suggested};
use zhinan::events::{Feedback, NewTicket, Outcome};
use zhinan::id::{ArticleId, TicketId};
use zhinan::lang::TextLang;
use zhinan::time::Timestamp;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

pub(crate) fn article(slug: &str) -> ArticleId {
    slug.parse().unwrap()
}

/// A ticket at a second, for which one article or nothing was suggested.
pub(crate) fn ticket(second: i64, text: &str, best: Option<&str>) -> NewTicket {
    let suggested = best.map(|slug| Suggested { article: article(slug), confidence: 0.875 });
    NewTicket {
        at: at(second),
        clean_text: text.to_owned(),
        lang: TextLang::En,
        channel: "form".to_owned(),
        external_id: None,
        suggested: suggested.into_iter().collect(),
        redacted: Vec::new(),
        sender: None,
        idempotency: None,
    }
}

pub(crate) fn keyed(ticket: NewTicket, key: &str, request: &str) -> NewTicket {
    let idempotency = Idempotency { key: key.to_owned(), request: request.to_owned() };
    NewTicket { idempotency: Some(idempotency), ..ticket }
}

pub(crate) fn feedback(second: i64, slug: &str, ticket: Option<u64>, outcome: Outcome) -> Feedback {
    Feedback { at: at(second), article: article(slug), ticket: ticket.map(TicketId), outcome }
}
