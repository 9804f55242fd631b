//! Evaluation: labelled texts and what the matcher answered → figures.
//!
//! [`set`] reads sets into a corpus and queries, [`answer`] lets a matcher answer them, [`metrics`]
//! computes the figures by the field's definitions. Ranking and abstention are scored apart.

pub mod answer;
pub mod clustering;
pub mod metrics;
pub mod set;
