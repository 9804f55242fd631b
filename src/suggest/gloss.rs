//! Glosses: what a Chinese word may mean in English, so that a ticket meets an article that exists
//! in the other language only.
//!
//! In: a text and the bilingual lexicon. Out: weighted grams. English is the meeting place both
//! ways: an article without an English version also holds the English stems of its Chinese words,
//! each counted by its probability (frequency and document frequency are summed over the words that
//! share a stem, as in the probabilistic structured queries of Darwish and Oard 2003), and a Chinese
//! ticket asks for the English stems of its words in articles without a Chinese version. What exists
//! in both languages is left alone: there, glosses cost 3 points of AUROC on tickets and gained
//! nothing. Without a lexicon there are none.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::lang::Lang;
use crate::text::bilingual::Bilingual;
use crate::text::segment::{Term, TermKind};
use crate::text::{Analyser, Analysis};

use super::gram::{Channel, Gram, key};

/// Power of a probability: below 1, an uncertain translation is not written off.
const POWER: f32 = 0.7;
/// Weight of a single character that no known word covers.
const CHAR_WEIGHT: f32 = 0.5;
/// Stems that an article's English words gave, and those that its Chinese words gave, are apart.
const FROM_ENGLISH: &str = "en";
const FROM_CHINESE: &str = "zh";

/// A gram with its weight and the English stem behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Gloss<'a> {
    /// The gram.
    pub gram: Gram,
    /// How much it counts, 0..1.
    pub weight: f32,
    /// The stem.
    pub stem: &'a str,
}

/// What a text of an article offers to tickets in a language in which the article does not exist;
/// one for each occurrence of a word.
pub fn of_article<'a>(
    analyser: &'a Analyser,
    analysis: &'a Analysis,
    range: Range<usize>,
    missing: Option<Lang>,
) -> Vec<Gloss<'a>> {
    match (analyser.bilingual(), missing) {
        (Some(_), Some(Lang::Zh)) => own(analysis, range, FROM_ENGLISH).collect(),
        (Some(lexicon), Some(Lang::En)) => translated(lexicon, analysis, range, FROM_CHINESE),
        _ => Vec::new(),
    }
}

/// What a ticket asks of articles that do not exist in its language: its English stems among the
/// glosses of Chinese articles, the translations of its Chinese words among the stems of English
/// ones. Each once.
pub fn of_ticket<'a>(
    analyser: &'a Analyser,
    analysis: &'a Analysis,
    range: Range<usize>,
) -> Vec<Gloss<'a>> {
    let Some(lexicon) = analyser.bilingual() else { return Vec::new() };
    let mut places: FxHashMap<u64, usize> = FxHashMap::default();
    let mut once: Vec<Gloss<'a>> = Vec::new();
    let translated = translated(lexicon, analysis, range.clone(), FROM_ENGLISH);
    for gloss in translated.into_iter().chain(own(analysis, range, FROM_CHINESE)) {
        let place = *places.entry(gloss.gram.key).or_insert(once.len());
        match once.get_mut(place) {
            Some(known) => known.weight = known.weight.max(gloss.weight),
            None => once.push(gloss),
        }
    }
    once
}

/// The stems of a text as they stand.
fn own<'a>(
    analysis: &'a Analysis,
    range: Range<usize>,
    origin: &'static str,
) -> impl Iterator<Item = Gloss<'a>> {
    let terms = terms(analysis, range);
    let terms = terms.filter(|(_, t)| matches!(t.kind, TermKind::Stem | TermKind::Code));
    terms.map(move |(at, term)| gloss(origin, &term.text, 1.0, at))
}

fn gloss<'a>(origin: &str, stem: &'a str, weight: f32, term: usize) -> Gloss<'a> {
    let key = key(Channel::Gloss, &[origin, stem]);
    Gloss { gram: Gram { channel: Channel::Gloss, key, term }, weight, stem }
}

/// The English stems of the Chinese words of a text.
fn translated<'a>(
    lexicon: &'a Bilingual,
    analysis: &Analysis,
    range: Range<usize>,
    origin: &'static str,
) -> Vec<Gloss<'a>> {
    let mut glosses = Vec::new();
    // Words come before the characters that they cover.
    let mut covered = 0;
    for (at, term) in terms(analysis, range) {
        let weight = match term.kind {
            TermKind::Word if lexicon.knows(&term.text) => 1.0,
            TermKind::Char if term.range.start >= covered => CHAR_WEIGHT,
            _ => continue,
        };
        covered = covered.max(term.range.end);
        let meant = lexicon.english(&term.text);
        glosses.extend(meant.map(|(stem, p)| gloss(origin, stem, weight * p.powf(POWER), at)));
    }
    glosses
}

fn terms(analysis: &Analysis, range: Range<usize>) -> impl Iterator<Item = (usize, &Term)> {
    let start = range.start;
    let terms = analysis.terms.get(range).unwrap_or_default();
    terms.iter().enumerate().map(move |(offset, term)| (start + offset, term))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn meets_in_english_only_where_a_language_is_missing() {
        let lexicon = Bilingual::parse("提現 提现 [ti2 xian4] /to withdraw funds/\n");
        let analyser = Analyser::default().with_bilingual(Some(Arc::new(lexicon)));
        let keys = |glosses: Vec<Gloss<'_>>| -> Vec<u64> {
            glosses.into_iter().map(|g| g.gram.key).collect()
        };
        let (en, zh) = (analyser.analyse("withdraw"), analyser.analyse("提现"));
        let all = |a: &Analysis| 0..a.terms.len();
        let article = |a: &Analysis, missing| keys(of_article(&analyser, a, all(a), missing));
        let asks = |a: &Analysis| keys(of_ticket(&analyser, a, all(a)));
        let meet = |a: &[u64], b: &[u64]| a.iter().any(|key| b.contains(key));
        assert!(meet(&asks(&en), &article(&zh, Some(Lang::En))));
        assert!(meet(&asks(&zh), &article(&en, Some(Lang::Zh))));
        // In its own language a ticket finds words, not glosses.
        assert!(!meet(&asks(&en), &article(&en, Some(Lang::Zh))));
        assert!(!meet(&asks(&zh), &article(&zh, Some(Lang::En))));
        assert!(article(&zh, None).is_empty());
        let without = Analyser::default();
        assert!(of_ticket(&without, &en, all(&en)).is_empty());
    }
}
