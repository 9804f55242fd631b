//! Text in, facts about the text out: folding, segmentation, language, entities, redaction.
//!
//! Everything here is pure and total: no IO, no clock, no randomness, no error. All offsets are
//! byte offsets into the text that came in, on character borders.
//!
//! The order is fixed, since each step relies on the one before:
//! [`fold`] (width, case, traditional → simplified) → [`script`] runs → [`segment`] (words and
//! terms) → [`entity`] → [`analysis`]. One chain serves index and query.

pub mod analysis;
pub mod bilingual;
pub mod detect;
pub mod entity;
pub mod fold;
pub mod glossary;
pub mod han;
pub mod redact;
pub mod script;
pub mod segment;

pub use analysis::{Analyser, Analysis};
