//! Suggestion: what a ticket is about → the articles that answer it, or silence.
//!
//! A ticket is not a query: it is long, and most of its words say nothing about the problem.
//! [`corpus`] says what an article offers as evidence. [`lexical`] analyses it ([`gram`],
//! [`lexicon`], [`background`], [`postings`]); [`relevance`] scores a ticket piece by piece
//! ([`sentence`], [`piece`]). [`rank`] joins the evidence into a ranking, [`decide`] turns it into a
//! probability and abstains below a threshold, [`explain`] says why, [`reply`] fills in what an
//! agent pastes. Pure: no IO, no clock, no randomness.

pub mod background;
pub mod calibrate;
pub mod corpus;
pub mod decide;
pub mod explain;
pub mod fold;
pub mod gram;
pub mod lexical;
pub mod lexicon;
pub mod linear;
pub mod ngram;
pub mod piece;
pub mod postings;
pub mod rank;
pub mod relevance;
pub mod reply;
pub mod sentence;
pub mod signature;

pub use corpus::Corpus;
pub use decide::{Decision, Suggestion, Suggestions};
pub use rank::Matcher;
