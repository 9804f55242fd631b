//! Suggestion: what a ticket is about → the articles that answer it, or silence.
//!
//! A ticket is not a query: it is long, and most of its words say nothing about the problem.
//! [`corpus`] says what an article offers as evidence. [`lexical`] analyses it ([`gram`],
//! [`lexicon`], [`background`], [`postings`]); [`relevance`] scores a ticket piece by piece
//! ([`sentence`], [`piece`]). [`meaning`] asks a sentence encoder where there is one. [`rank`] joins the evidence into a ranking, [`decide`] turns it into a
//! probability and abstains below a threshold, [`explain`] says why, [`reply`] fills in what an
//! agent pastes, [`leak`] puts what answers a pasted secret first. Pure: no IO, no clock, no randomness.

pub mod background;
pub mod calibrate;
pub mod corpus;
pub mod decide;
mod descent;
pub mod explain;
pub mod fold;
pub mod gloss;
pub mod golden;
pub mod gram;
pub mod leak;
pub mod lexical;
pub mod lexicon;
pub mod linear;
pub mod meaning;
pub mod ngram;
pub mod passages;
pub mod piece;
pub mod postings;
pub mod rank;
pub mod relevance;
pub mod reply;
pub mod sentence;
pub mod signature;
mod stray;

pub use corpus::{Corpus, Said};
pub use decide::{Decision, Suggestion, Suggestions};
pub use rank::Matcher;
