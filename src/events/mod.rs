//! What happened, kept: tickets, suggestions shown, feedback given.
//!
//! [`event`] says what is recorded, [`store`] is the trait of domain verbs, [`memory`] and
//! [`sqlite`] keep them; one conformance suite runs on both. Text is redacted before it comes here.

pub mod event;
pub mod memory;
pub mod sqlite;
pub mod store;

pub use event::{Feedback, NewTicket, Outcome, Ticket};
pub use store::{Store, StoreError};
