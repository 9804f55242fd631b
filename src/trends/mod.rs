//! What recurs: events in, findings out. Pure: windows and "now" are arguments.
//!
//! [`sight`] reads a ticket, [`slicer`] says in which ways it counts ([`mod@slice`]), [`voice`] how much,
//! [`copies`] whether it was said before.
//! [`ledger`] keeps a [`track`] of every slice and asks after each ticket whether the last ones are
//! more than the past lets one expect ([`tail`]); [`evidence`] finds the tickets that belong
//! together, [`episode`] follows them until they are as usual again, [`label`] names
//! them, [`facts`] says which chains and versions they name.
//! [`cluster`] sorts tickets that no article answers by what they are about, [`pile`] keeps what people
//! have sorted; [`report`] counts them,
//! [`deflection`] counts the sessions of the contact form, [`service`] adds what became of tickets and searches; a
//! [`rate`] has its interval with it.

pub mod cluster;
pub mod copies;
pub mod deflection;
pub mod episode;
pub mod evidence;
pub mod facts;
pub mod label;
pub mod ledger;
pub mod pile;
pub mod rate;
pub mod report;
pub mod service;
pub mod sight;
pub mod slice;
pub mod slicer;
pub mod tail;
pub mod track;
pub mod voice;
pub mod window;
