//! Labelled tickets in the knowledge base: golden ones to be replayed, phrasings to learn from.
//!
//! Golden tickets (`kb/tickets.jsonl`) guard the matching: they are replayed against an edit before
//! it is published, and calibration learns from them. They are never indexed: an exam that was
//! copied out beforehand proves nothing. Phrasings (`kb/phrasings.jsonl`) are tickets that were
//! confirmed for an article; the matching learns from them. No ticket is both.

use serde::de::DeserializeOwned;
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

/// A ticket that was confirmed for an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrasing {
    /// What the user wrote, without secrets.
    pub text: String,
    /// The id of the article that answered.
    pub article: String,
    /// Its line in the file that it was read from, from 1.
    #[serde(skip)]
    pub line: usize,
}

/// A record with the line on which it stands, from 1.
pub type Numbered<T> = (usize, T);

/// Reads JSON lines: the records, and line and reason of each line that is not one.
pub fn parse<T: DeserializeOwned>(text: &str) -> (Vec<Numbered<T>>, Vec<Numbered<String>>) {
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(record) => records.push((index + 1, record)),
            Err(error) => problems.push((index + 1, error.to_string())),
        }
    }
    (records, problems)
}
