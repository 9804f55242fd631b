//! Evaluation: labelled texts and what the matcher answered → figures.
//!
//! [`set`] reads sets into a corpus and queries, [`answer`] lets a matcher answer them, [`metrics`]
//! computes the figures by the field's definitions, [`interval`] says how sure they are,
//! [`compare`] whether two runs differ, [`curve`] draws. Ranking and abstention are scored apart.
//! [`chatter`] generates a corpus of another subject, [`chart`] draws,
//! [`clustering`] compares clusters with labels,
//! [`replay`] compares two revisions of a knowledge base ticket by ticket.

pub mod answer;
pub mod chart;
pub mod chatter;
pub mod clustering;
pub mod compare;
pub mod curve;
pub mod interval;
pub mod metrics;
pub mod replay;
pub mod set;
