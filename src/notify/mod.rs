//! Notices: an incident or an escalation in, a message in a tool that people look at out.
//!
//! [`target`] says where to and in which language, [`shape`] what the message looks like there,
//! [`signature`] proves who sent it, [`courier`] takes it there. What to say and when is decided by
//! `web::alerts`. A notice holds figures, labels and links; a customer's words only in an escalation
//! note, redacted, because an agent sent it.

pub mod courier;
pub mod shape;
pub mod signature;
pub mod target;

use crate::time::Timestamp;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    /// An incident was noticed.
    IncidentOpened,
    /// An incident has grown.
    IncidentUpdated,
    /// An incident is over.
    IncidentEnded,
    /// An agent hands a ticket over.
    Escalation,
}

impl Event {
    /// The name used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Event::IncidentOpened => "incident.opened",
            Event::IncidentUpdated => "incident.updated",
            Event::IncidentEnded => "incident.ended",
            Event::Escalation => "escalation",
        }
    }

    /// The group that targets choose by.
    pub fn group(self) -> &'static str {
        match self {
            Event::Escalation => "escalation",
            _ => "incident",
        }
    }
}

/// Something that people outside the console should know, in the language of one target.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Stays the same when it is sent again, so that receivers can tell.
    pub id: String,
    /// What it is about.
    pub event: Event,
    /// When that was.
    pub at: Timestamp,
    /// One line.
    pub title: String,
    /// More lines, in Markdown that also reads well as plain text.
    pub text: String,
    /// Where to look.
    pub link: String,
    /// The same for programs.
    pub facts: serde_json::Value,
}
