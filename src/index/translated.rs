//! A query in the other language: finds the articles that a reader does not have in their own.
//!
//! In: a query understood, and the bilingual lexicon. Out: weighted words of the other language, and
//! a query over the articles that exist in that language alone. Articles in both languages are
//! found in the reader's own; a translated word would only blur their order.

use rustc_hash::FxHashMap;
use tantivy::Term as IndexTerm;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::lang::Lang;
use crate::text::bilingual::Bilingual;
use crate::text::segment::TermKind;

use super::query::SearchQuery;
use super::schema::Fields;

/// Translations of one word that are looked up, the most probable first.
const TRANSLATIONS_MAX: usize = 40;
/// The most translated words of a query.
const WORDS_MAX: usize = 256;
/// Weight of a translation beside a word that the reader wrote: it may be the wrong one.
const WEIGHT: f32 = 0.6;

/// What a query may say in the other language.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Translated {
    /// Words with weights up to 1, in order.
    pub words: Vec<(String, f32)>,
}

impl Translated {
    /// The words of `other` that a query may mean.
    pub fn new(lexicon: &Bilingual, query: &SearchQuery, other: Lang) -> Translated {
        let mut best: FxHashMap<String, f32> = FxHashMap::default();
        let mut add = |word: &str, weight: f32| {
            let known = best.entry(word.to_owned()).or_insert(0.0);
            *known = known.max(weight);
        };
        for term in query.strong.iter().chain(query.unknown.iter().flatten()) {
            match (other, term.kind) {
                (Lang::Zh, TermKind::Stem) => {
                    let words = lexicon.chinese(&term.text).take(TRANSLATIONS_MAX);
                    words.for_each(|(word, probability)| add(word, probability));
                }
                (Lang::En, TermKind::Word | TermKind::Char) => {
                    let words = lexicon.english(&term.text).take(TRANSLATIONS_MAX);
                    words.for_each(|(word, probability)| add(word, probability));
                }
                // Names and numbers are the same in both languages.
                (_, TermKind::Stem | TermKind::Code) => add(&term.text, 1.0),
                _ => {}
            }
        }
        // What the glossary says is certain.
        query.bridged.iter().for_each(|word| add(word, 1.0));
        let mut words: Vec<(String, f32)> = best.into_iter().collect();
        words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(WORDS_MAX);
        Translated { words }
    }

    /// The query for tantivy: articles in `other` alone.
    pub fn to_tantivy(&self, fields: &Fields, other: Lang) -> Box<dyn Query> {
        let term = |field, text: &str| -> Box<dyn Query> {
            let term = IndexTerm::from_field_text(field, text);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        };
        let mut any: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (field, weight) in fields.text {
            for (word, probability) in &self.words {
                let boost = weight * probability * WEIGHT;
                any.push((Occur::Should, Box::new(BoostQuery::new(term(field, word), boost))));
            }
        }
        let only = |field, text: &str| -> (Occur, Box<dyn Query>) {
            (Occur::Must, Box::new(BoostQuery::new(term(field, text), 0.0)))
        };
        Box::new(BooleanQuery::new(vec![
            only(fields.sole, "1"),
            only(fields.lang, other.code()),
            (Occur::Must, Box::new(BooleanQuery::new(any))),
        ]))
    }
}
