//! An evaluation set: documents, queries and which document answers which query.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::lang::Lang;
use crate::suggest::Corpus;
use crate::suggest::corpus::{Document, Field, View};

/// A line of `corpus.jsonl`.
#[derive(Debug, Clone, Deserialize)]
pub struct SetDocument {
    /// The document's id.
    pub id: String,
    /// Its language, `en` or `zh`.
    #[serde(default)]
    pub lang: String,
    /// Its title; may be empty.
    #[serde(default)]
    pub title: String,
    /// Its body; may be empty.
    #[serde(default)]
    pub body: String,
}

/// A line of `queries.jsonl`.
#[derive(Debug, Clone, Deserialize)]
pub struct SetQuery {
    /// The query's id.
    pub id: String,
    /// What is asked.
    pub text: String,
    /// The language, as labelled.
    #[serde(default)]
    pub lang: String,
}

/// A line of `train.jsonl`: a ticket that was confirmed for a document.
#[derive(Debug, Clone, Deserialize)]
pub struct SetPhrasing {
    /// The ticket.
    pub text: String,
    /// The id of the document.
    pub label: String,
}

/// Which documents answer a query, with their grades; empty means that nothing does.
pub type Relevant = BTreeMap<String, u32>;

/// The corpus of a set. Where there are phrasings, the body, which repeats them, is left out.
pub fn corpus(documents: &[SetDocument], phrasings: &[SetPhrasing]) -> Corpus {
    let mut by_label: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for phrasing in phrasings {
        by_label.entry(&phrasing.label).or_default().push(phrasing.text.clone());
    }
    let mut made: Vec<Document> = documents
        .iter()
        .map(|d| {
            let mut view = View::default();
            if !d.title.trim().is_empty() {
                view.texts.insert(Field::Title, vec![d.title.clone()]);
            }
            if phrasings.is_empty() && !d.body.trim().is_empty() {
                view.texts.insert(Field::Body, d.body.lines().map(str::to_owned).collect());
            }
            let lang = d.lang.parse().unwrap_or(Lang::En);
            Document {
                id: d.id.clone(),
                views: BTreeMap::from([(lang, view)]),
                phrasings: by_label.get(d.id.as_str()).cloned().unwrap_or_default(),
                quotable: usize::MAX,
                rejected: Vec::new(),
            }
        })
        .collect();
    made.sort_by(|a, b| a.id.cmp(&b.id));
    made.dedup_by(|a, b| a.id == b.id);
    Corpus { documents: made, memo: None }
}

/// Reads `qrels.tsv`: query, document, grade. Gives the number of each line that is not one.
pub fn qrels(text: &str) -> (BTreeMap<String, Relevant>, Vec<usize>) {
    let mut relevant: BTreeMap<String, Relevant> = BTreeMap::new();
    let mut bad = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let parts: Vec<&str> = line.split('\t').collect();
        match parts.as_slice() {
            [query, document, grade] if grade.trim().parse::<u32>().is_ok() => {
                let grade = grade.trim().parse().unwrap_or(0);
                if grade > 0 {
                    let known = relevant.entry((*query).to_owned()).or_default();
                    known.insert((*document).to_owned(), grade);
                }
            }
            // A first line of column names is usual.
            _ if index == 0 => {}
            _ => bad.push(index + 1),
        }
    }
    (relevant, bad)
}
