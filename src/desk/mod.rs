//! The desk: what an agent needs to know about a ticket besides its answer. How urgent it is, who
//! else has the problem, which versions and transactions it names, how grave it may be. Pure: text,
//! counts and "now" are arguments.

pub mod explorer;
pub mod severity;
pub mod similar;
pub mod urgency;
pub mod version;
