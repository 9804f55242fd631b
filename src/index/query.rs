//! A reader's words → tantivy queries, built by hand.
//!
//! tantivy's own parser makes a phrase of unspaced Chinese and finds nothing. Here a query is a
//! flat disjunction of words, which Block-WAND answers fast. Single Han characters alone are too
//! weak to make a hit (点 is no reason to find 经典 for 景点): a stretch that holds no dictionary
//! word must be found as a phrase. Text in quotation marks must be found as it stands.

use rustc_hash::FxHashSet;
use tantivy::Term as IndexTerm;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::text::fold::fold;
use crate::text::segment::{Term, TermKind};
use crate::text::{Analyser, Analysis};

use super::schema::Fields;

/// The most terms of a query that are looked up; a search box needs no more.
pub const TERMS_MAX: usize = 64;

/// A query understood: what must match and what is looked for.
#[derive(Debug, Clone)]
pub struct SearchQuery {
    /// Terms that make a hit.
    pub strong: Vec<Term>,
    /// Stretches of Han characters that no dictionary word covers, as single characters.
    pub unknown: Vec<Vec<Term>>,
    /// Stretches in quotation marks, as units.
    pub quoted: Vec<Vec<Term>>,
    /// Words of the glossary that mean what the query says, in either language.
    pub bridged: Vec<String>,
}

/// Weight of a word that the reader did not write but that means the same.
const BRIDGE_WEIGHT: f32 = 0.4;

impl SearchQuery {
    /// Reads a query from its analysis.
    pub fn new(analyser: &Analyser, analysis: &Analysis) -> Self {
        let mut seen = FxHashSet::default();
        let covered = |c: &Term| {
            analysis.terms.iter().any(|w| {
                w.kind == TermKind::Word
                    && w.range.start <= c.range.start
                    && c.range.end <= w.range.end
            })
        };
        let mut unknown: Vec<Vec<Term>> = Vec::new();
        let mut strong = Vec::new();
        for term in &analysis.terms {
            if term.kind != TermKind::Char {
                if seen.insert(term.text.as_str()) && strong.len() < TERMS_MAX {
                    strong.push(term.clone());
                }
            } else if !covered(term) {
                let room = unknown.len() < TERMS_MAX;
                match unknown.last_mut() {
                    Some(run) if follows(run, term) => run.push(term.clone()),
                    _ if room => unknown.push(vec![term.clone()]),
                    _ => {}
                }
            }
        }
        let bridged = bridged(analyser, analysis);
        SearchQuery { strong, unknown, quoted: quoted(analysis), bridged }
    }

    /// Adds the words that the last one may become; they count like words that mean the same.
    pub fn complete(&mut self, analyser: &Analyser, words: &[&str]) {
        let stems = words.iter().map(|word| analyser.segmenter().stem(word).into_owned());
        self.bridged.extend(stems);
        self.bridged.sort_unstable();
        self.bridged.dedup();
    }

    /// Returns true if and only if nothing in the query can be looked up.
    pub fn is_empty(&self) -> bool {
        self.strong.is_empty() && self.unknown.is_empty()
    }

    /// The query for tantivy.
    pub fn to_tantivy(&self, fields: &Fields) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (field, weight) in fields.text {
            for term in &self.strong {
                clauses.push((Occur::Should, boosted(term_query(field, &term.text), weight)));
            }
            for word in &self.bridged {
                let query = term_query(field, word);
                clauses.push((Occur::Should, boosted(query, weight * BRIDGE_WEIGHT)));
            }
            for run in &self.unknown {
                // Beside known words, a single left-over character (的, 了) says nothing.
                if run.len() > 1 || self.strong.is_empty() {
                    clauses.push((Occur::Should, boosted(phrase_query(field, run), weight)));
                }
            }
        }
        for phrase in &self.quoted {
            let fields = fields.text.iter().map(|(field, _)| phrase_query(*field, phrase));
            let anywhere = BooleanQuery::new(fields.map(|q| (Occur::Should, q)).collect());
            clauses.push((Occur::Must, Box::new(anywhere)));
        }
        Box::new(BooleanQuery::new(clauses))
    }
}

/// Words of one term that the glossary puts beside those of the query. Longer phrases are left out:
/// their single words mean something else.
fn bridged(analyser: &Analyser, analysis: &Analysis) -> Vec<String> {
    let mut bridged = Vec::new();
    for mention in &analysis.mentions {
        let Some(group) = analyser.glossary().groups().get(mention.group) else { continue };
        for word in group.words() {
            let folded = fold(word);
            let terms = analyser.segmenter().terms(folded.text());
            let whole = terms.iter().find(|t| t.range.len() == folded.text().len());
            let written = |t: &&Term| analysis.terms.iter().all(|own| own.text != t.text);
            bridged.extend(whole.filter(written).map(|t| t.text.clone()));
        }
    }
    bridged.sort_unstable();
    bridged.dedup();
    bridged.truncate(TERMS_MAX);
    bridged
}

fn follows(run: &[Term], term: &Term) -> bool {
    run.last().is_some_and(|last| last.range.end == term.range.start)
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}

fn term_query(field: Field, text: &str) -> Box<dyn Query> {
    let term = IndexTerm::from_field_text(field, text);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn phrase_query(field: Field, units: &[Term]) -> Box<dyn Query> {
    if let [only] = units {
        return term_query(field, &only.text);
    }
    let first = units.first().map_or(0, |t| t.position);
    let terms = units
        .iter()
        .map(|t| ((t.position - first) as usize, IndexTerm::from_field_text(field, &t.text)))
        .collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

/// The stretches in quotation marks, each as the units that must stand side by side.
fn quoted(analysis: &Analysis) -> Vec<Vec<Term>> {
    let text = analysis.folded.text();
    let mut spans = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('"' | '“' | '”' | '「' | '」', Some(start)) => {
                spans.push(start..at);
                open = None;
            }
            ('"' | '“' | '「', None) => open = Some(at + c.len_utf8()),
            _ => {}
        }
    }
    let units = |span: &std::ops::Range<usize>| {
        let mut next = 0;
        let inside = analysis.terms.iter().filter(|t| {
            span.start <= t.range.start && t.range.end <= span.end && t.kind != TermKind::Word
        });
        // One term a position: a joined compound (erc20) gives way to its parts.
        inside
            .filter(|t| {
                let new = t.position >= next;
                next = if new { t.position + 1 } else { next };
                new
            })
            .take(TERMS_MAX)
            .cloned()
            .collect::<Vec<_>>()
    };
    spans.iter().map(units).filter(|u| !u.is_empty()).collect()
}
