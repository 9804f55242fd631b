//! What happened, kept: tickets, suggestions shown, feedback given, sessions of the contact form.
//!
//! [`event`] and [`session`] say what is recorded, [`service`] what is counted of self-service, [`store`] is the trait of domain verbs, [`memory`] and
//! [`sqlite`] keep them; [`people`] has the verbs about people. One conformance suite runs on both. Text is redacted before it comes here.

pub mod episode_word;
pub mod erasure;
pub mod event;
pub mod memory;
mod memory_people;
mod memory_service;
pub mod people;
pub mod pile;
pub mod service;
pub mod session;
pub mod sqlite;
pub mod store;

pub use episode_word::EpisodeWord;
pub use erasure::{Erase, Erased};
pub use event::{Feedback, NewTicket, Outcome, Ticket, TicketState};
pub use people::People;
pub use pile::{Pin, Sorting};
pub use store::{Store, StoreError};
