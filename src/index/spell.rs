//! Did you mean: another spelling for a query that found nothing, and the words that a reader may be
//! in the middle of typing.
//!
//! Latin words are corrected here, within one edit (two from eight letters on), towards words that
//! the reader's own articles use (a public reader is never led to a word of an internal article);
//! Chinese ones in [`super::homophone`].

use std::collections::BTreeMap;

use crate::kb::library::{Library, Reader};
use crate::text::Analysis;
use crate::text::fold::fold;
use crate::text::han::is_han;
use crate::text::script::{Script, runs};

use super::homophone::Homophones;

/// Words shorter than this are not corrected: too many others are one edit away.
const WORD_CHARS_MIN: usize = 4;
/// Beginnings shorter than this may become anything.
const PREFIX_CHARS_MIN: usize = 3;
/// The most words that a beginning is taken for.
const COMPLETIONS_MAX: usize = 8;

/// The Latin words of a reader's articles with how often they occur.
pub struct Vocabulary {
    words: BTreeMap<String, u32>,
    homophones: Homophones,
}

impl Vocabulary {
    /// Collects the words of every article that `reader` may see.
    pub fn new(library: &Library, reader: Reader) -> Self {
        let mut words = BTreeMap::new();
        for article in library.pairs.values().flat_map(super::super::kb::library::Pair::versions) {
            if !reader.may_read(article) {
                continue;
            }
            let meta = &article.meta;
            let texts = [&meta.title, &meta.summary].into_iter().chain(&meta.questions);
            for text in texts.chain(article.body.blocks.iter().map(|b| &b.text)) {
                for word in latin_words(fold(text).text()) {
                    *words.entry(word.to_owned()).or_insert(0) += 1;
                }
            }
        }
        Vocabulary { words, homophones: Homophones::new(library, reader) }
    }

    /// The query with its unknown words corrected; `None` if there is nothing to correct.
    pub fn correct(&self, analysis: &Analysis) -> Option<String> {
        let text = analysis.folded.text();
        let mut corrected = text.to_owned();
        for word in latin_words(text) {
            if let Some(other) = self.nearest(word) {
                corrected = corrected.replace(word, other);
            }
        }
        let corrected = self.homophones.correct(&corrected);
        (corrected != text).then_some(corrected)
    }

    /// The words that the last word of a query may become, the most frequent first: none if it is
    /// a word already, or if something follows it. Letters that stand against a Han character are
    /// what an input method shows while it composes; they become no English word.
    pub fn completions(&self, analysis: &Analysis) -> Vec<&str> {
        let text = analysis.folded.text();
        let Some(last) = latin_words(text).last().filter(|last| text.ends_with(last)) else {
            return Vec::new();
        };
        let before = text.strip_suffix(last).and_then(|rest| rest.chars().next_back());
        let composing = before.is_some_and(is_han);
        if composing || last.len() < PREFIX_CHARS_MIN || self.words.contains_key(last) {
            return Vec::new();
        }
        let mut found: Vec<(&String, &u32)> = self
            .words
            .range(last.to_owned()..)
            .take_while(|(word, _)| word.starts_with(last))
            .collect();
        found.sort_by_key(|(word, count)| (std::cmp::Reverse(**count), *word));
        found.into_iter().take(COMPLETIONS_MAX).map(|(word, _)| word.as_str()).collect()
    }

    fn nearest(&self, word: &str) -> Option<&str> {
        let length = word.chars().count();
        if length < WORD_CHARS_MIN || self.words.contains_key(word) {
            return None;
        }
        let most = if length >= 8 { 2 } else { 1 };
        self.words
            .iter()
            .filter(|(other, _)| other.len().abs_diff(word.len()) <= most)
            .map(|(other, count)| (strsim::osa_distance(word, other), count, other))
            .filter(|(edits, ..)| *edits <= most)
            // The fewest edits, then the most frequent word, then the first in the alphabet.
            .min_by_key(|(edits, count, other)| (*edits, std::cmp::Reverse(**count), *other))
            .map(|(_, _, other)| other.as_str())
    }
}

fn latin_words(folded: &str) -> impl Iterator<Item = &str> {
    runs(folded)
        .into_iter()
        .filter(|run| run.script == Script::Alnum)
        .filter_map(|run| folded.get(run.range))
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
}
