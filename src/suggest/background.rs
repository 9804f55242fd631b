//! Background: how common a word is in the language at large, whatever a knowledge base says.
//!
//! In: one folded word. Out: its Zipf value, log10 of its occurrences in a billion words (van Heuven
//! et al. 2014). Chinese words take it from the counts of jieba's dictionary, English ones from our
//! own table of common words. What is common in the language but rare in a knowledge base is
//! chatter.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::text::segment::{Segmenter, Term, TermKind};

/// Lines of `ZIPF word word …`.
const ENGLISH: &str = include_str!("common_english.txt");

/// Zipf values by word as it is written.
static ENGLISH_ZIPF: LazyLock<Vec<(&'static str, f32)>> = LazyLock::new(|| {
    let mut words = Vec::new();
    for line in ENGLISH.lines().filter(|l| !l.starts_with('#')) {
        let mut parts = line.split_whitespace();
        let Some(zipf) = parts.next().and_then(|z| z.parse::<f32>().ok()) else { continue };
        words.extend(parts.map(|word| (word, zipf)));
    }
    words
});

/// How common words are in the language at large.
pub struct Background {
    stems: FxHashMap<String, f32>,
}

impl Background {
    /// The table, stemmed as articles and tickets are. Words that share a stem add up.
    pub fn new(segmenter: &Segmenter) -> Background {
        let mut counts: FxHashMap<String, f32> = FxHashMap::default();
        for (word, zipf) in ENGLISH_ZIPF.iter() {
            let plain = word.replace('\'', "");
            *counts.entry(segmenter.stem(&plain).into_owned()).or_insert(0.0) += 10_f32.powf(*zipf);
        }
        let stems = counts.into_iter().map(|(stem, count)| (stem, count.log10())).collect();
        Background { stems }
    }

    /// The Zipf value of a term; 0 for what is not common at all.
    pub fn zipf(&self, segmenter: &Segmenter, term: &Term) -> f32 {
        match term.kind {
            TermKind::Word | TermKind::Char => segmenter.zipf(&term.text),
            TermKind::Stem | TermKind::Code => self.stem_zipf(&term.text),
        }
    }

    /// The Zipf value of an English stem.
    pub fn stem_zipf(&self, stem: &str) -> f32 {
        self.stems.get(stem).copied().unwrap_or(0.0)
    }
}
