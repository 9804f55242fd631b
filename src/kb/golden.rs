//! Golden tickets: labelled examples that guard the matching, from `kb/tickets.jsonl`.
//!
//! They are replayed against an edit before it is published, and calibration learns from them. They
//! are never indexed: an exam that was copied out beforehand proves nothing.

use serde::{Deserialize, Serialize};

use crate::lang::TextLang;

/// A ticket with the articles that answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldenTicket {
    /// A name for it, unique in the file.
    pub id: String,
    /// The language that it is written in, as labelled: `en`, `zh`, `zh-Hant` or `mixed`.
    #[serde(default)]
    pub lang: String,
    /// What the user wrote.
    pub text: String,
    /// Ids of the articles that answer it, best first; empty if none should be suggested.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Its line in the file that it was read from, from 1.
    #[serde(skip)]
    pub line: usize,
}

impl GoldenTicket {
    /// The labelled language, where it is one that zhinan knows.
    pub fn text_lang(&self) -> Option<TextLang> {
        self.lang.parse().ok()
    }
}

/// Reads a JSONL file: the tickets, and line and reason of each line that is not one.
pub fn parse(text: &str) -> (Vec<GoldenTicket>, Vec<(usize, String)>) {
    let (mut tickets, mut problems) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        match serde_json::from_str::<GoldenTicket>(line) {
            Ok(ticket) => tickets.push(GoldenTicket { line: index + 1, ..ticket }),
            Err(error) => problems.push((index + 1, error.to_string())),
        }
    }
    (tickets, problems)
}
