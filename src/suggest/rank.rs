//! Ranking: the evidence for each document, joined.

use rustc_hash::FxHashMap;

use crate::text::segment::TermKind;
use crate::text::{Analyser, Analysis};

use super::corpus::{Corpus, Document, Field};
use super::postings::{Postings, Row};

/// How much a term in each field counts, and how strongly the field's length is normalised.
fn field_weight(field: Field) -> (f32, f32) {
    match field {
        Field::Title => (2.0, 0.3),
        Field::Questions => (2.0, 0.5),
        Field::Headings => (1.0, 0.5),
        Field::Body => (0.7, 0.75),
        Field::Tags => (1.0, 0.3),
    }
}

/// Weight of a single Han character beside that of a word: a net for unknown words, no more.
const CHAR_WEIGHT: f32 = 0.3;
/// Weight of a glossary group that text and document share.
const BRIDGE_WEIGHT: f32 = 1.0;

/// A document with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The document's number in the corpus.
    pub document: usize,
    /// Higher is better; comparable within one ticket.
    pub score: f32,
}

/// Everything that is needed to rank a corpus for a ticket.
pub struct Matcher {
    ids: Vec<String>,
    postings: Postings,
}

impl Matcher {
    /// Prepares a corpus.
    pub fn new(corpus: &Corpus, analyser: &Analyser) -> Matcher {
        let fields: Vec<FieldTerms> =
            corpus.documents.iter().map(|d| field_terms(d, analyser)).collect();
        let average = average_lengths(&fields);
        let rows: Vec<Row> = fields.iter().map(|f| row(f, &average)).collect();
        let ids = corpus.documents.iter().map(|d| d.id.clone()).collect();
        Matcher { ids, postings: Postings::new(&rows) }
    }

    /// The id of a document.
    pub fn id(&self, document: usize) -> &str {
        self.ids.get(document).map_or("", String::as_str)
    }

    /// The postings, for explanations.
    pub fn postings(&self) -> &Postings {
        &self.postings
    }

    /// Documents that share any evidence with the text, best first, at most `limit`.
    pub fn rank(&self, analysis: &Analysis, limit: usize) -> Vec<Ranked> {
        let mut scores = vec![0.0; self.postings.len()];
        for (term, weight) in query_terms(analysis) {
            if let Some(id) = self.postings.term(&term) {
                self.postings.add(id, weight, &mut scores);
            }
        }
        let mut ranked: Vec<Ranked> = scores
            .into_iter()
            .enumerate()
            .filter(|(_, score)| *score > 0.0)
            .map(|(document, score)| Ranked { document, score })
            .collect();
        ranked.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| self.id(a.document).cmp(self.id(b.document)))
        });
        ranked.truncate(limit);
        ranked
    }
}

/// The terms of a text as evidence: words, characters, stems, codes and glossary groups, each with
/// its weight.
pub fn evidence(analysis: &Analysis) -> Vec<(String, f32)> {
    let terms = analysis.terms.iter().map(|t| {
        let weight = if t.kind == TermKind::Char { CHAR_WEIGHT } else { 1.0 };
        (t.text.clone(), weight)
    });
    let bridges = analysis.mentions.iter().map(|m| (bridge(m.group), BRIDGE_WEIGHT));
    terms.chain(bridges).collect()
}

/// The term that stands for a glossary group. The mark keeps it apart from every written word.
pub fn bridge(group: usize) -> String {
    format!("\u{1}{group}")
}

/// Evidence of a ticket with repeated terms joined; a word said often counts once and a half at most.
fn query_terms(analysis: &Analysis) -> Vec<(String, f32)> {
    let mut counts: FxHashMap<String, (usize, f32, f32)> = FxHashMap::default();
    for (order, (term, weight)) in evidence(analysis).into_iter().enumerate() {
        counts.entry(term).or_insert((order, 0.0, weight)).1 += 1.0;
    }
    let mut terms: Vec<(usize, String, f32)> = counts
        .into_iter()
        .map(|(term, (order, count, weight))| (order, term, weight * 1.5 * count / (count + 0.5)))
        .collect();
    terms.sort_unstable_by_key(|(order, ..)| *order);
    terms.into_iter().map(|(_, term, weight)| (term, weight)).collect()
}

/// Term frequencies of one document by field.
type FieldTerms = Vec<(Field, FxHashMap<String, f32>)>;

fn field_terms(document: &Document, analyser: &Analyser) -> FieldTerms {
    let mut fields: FieldTerms = Vec::new();
    for view in document.views.values() {
        for (field, texts) in &view.texts {
            fields.push((*field, frequencies(texts, analyser)));
        }
    }
    if !document.phrasings.is_empty() {
        fields.push((Field::Questions, frequencies(&document.phrasings, analyser)));
    }
    fields
}

fn frequencies(texts: &[String], analyser: &Analyser) -> FxHashMap<String, f32> {
    let mut frequencies = FxHashMap::default();
    for text in texts {
        for (term, weight) in evidence(&analyser.analyse(text)) {
            *frequencies.entry(term).or_insert(0.0) += weight;
        }
    }
    frequencies
}

fn length(frequencies: &FxHashMap<String, f32>) -> f32 {
    frequencies.len() as f32
}

fn average_lengths(documents: &[FieldTerms]) -> FxHashMap<Field, f32> {
    let mut totals: FxHashMap<Field, (f32, f32)> = FxHashMap::default();
    for (field, frequencies) in documents.iter().flatten() {
        let total = totals.entry(*field).or_insert((0.0, 0.0));
        *total = (total.0 + length(frequencies), total.1 + 1.0);
    }
    totals.into_iter().map(|(field, (sum, n))| (field, (sum / n).max(1.0))).collect()
}

fn row(fields: &FieldTerms, average: &FxHashMap<Field, f32>) -> Row {
    let mut row = Row::default();
    for (field, frequencies) in fields {
        let (weight, b) = field_weight(*field);
        let relative = length(frequencies) / average.get(field).copied().unwrap_or(1.0);
        let norm = weight / (1.0 - b + b * relative);
        for (term, frequency) in frequencies {
            *row.entry(term.clone()).or_insert(0.0) += norm * frequency;
        }
    }
    row
}
