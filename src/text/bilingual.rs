//! The bilingual lexicon: Chinese words → English stems with probabilities, from CC-CEDICT.
//!
//! In: the text of CC-CEDICT (read elsewhere; it is not part of the program). Out: for a folded
//! Chinese word the stems of what it may mean in English, and the way back. A first sense counts
//! more than a later one, and a gloss of several words is shared among them. It is a net below the
//! glossary, for words that no editor thought of: what the glossary says is certain, this is not.

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;

use super::fold::fold;

/// Translations below this probability are left out: the tails of long entries are noise.
const PROBABILITY_MIN: f32 = 0.05;
/// The most translations of one word that are kept.
const TRANSLATIONS_MAX: usize = 8;

/// Words of glosses that say nothing by themselves.
const STOP: [&str; 40] = [
    "a", "an", "the", "of", "to", "in", "on", "at", "for", "and", "or", "be", "is", "are", "sb",
    "sth", "ones", "oneself", "etc", "by", "with", "from", "as", "into", "s", "it", "that", "this",
    "not", "also", "used", "esp", "e", "g", "i", "one", "lit", "fig", "abbr", "eg",
];
/// Glosses that speak about the entry instead of translating it.
const NOTES: [&str; 12] = [
    "CL:",
    "variant of",
    "old variant",
    "see ",
    "see also",
    "abbr. for",
    "also written",
    "used in",
    "surname ",
    "Taiwan pr",
    "also pr",
    "erhua variant",
];

/// A word in the other language with its probability.
#[derive(Debug, Clone, PartialEq)]
struct Translation {
    /// The word's number in its list.
    word: u32,
    probability: f32,
}

/// The lexicon, both ways.
#[derive(Debug, Clone, Default)]
pub struct Bilingual {
    chinese: Vec<Box<str>>,
    english: Vec<Box<str>>,
    to_english: FxHashMap<Box<str>, Vec<Translation>>,
    to_chinese: FxHashMap<Box<str>, Vec<Translation>>,
    fingerprint: String,
}

impl Bilingual {
    /// Reads the text of CC-CEDICT; lines that are no entries are skipped.
    pub fn parse(text: &str) -> Bilingual {
        let stemmer = Stemmer::new(Algorithm::English);
        let mut senses: FxHashMap<String, Vec<Vec<String>>> = FxHashMap::default();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let Some((word, glosses)) = entry(line) else { continue };
            let parts = glosses.split('/').flat_map(|gloss| meanings(gloss, &stemmer));
            senses.entry(fold(word).text().to_owned()).or_default().extend(parts);
        }
        let mut words: Vec<(String, Vec<Vec<String>>)> = senses.into_iter().collect();
        words.sort_unstable();
        let mut made = Bilingual {
            fingerprint: blake3::hash(text.as_bytes()).to_hex().chars().take(16).collect(),
            ..Bilingual::default()
        };
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        for (word, senses) in words {
            let translations = probabilities(&senses);
            if translations.is_empty() {
                continue;
            }
            let own = made.chinese.len() as u32;
            made.chinese.push(word.as_str().into());
            let mut list = Vec::with_capacity(translations.len());
            for (stem, probability) in translations {
                let next = made.english.len() as u32;
                let number = *numbers.entry(stem.clone()).or_insert(next);
                if number == next {
                    made.english.push(stem.as_str().into());
                }
                list.push(Translation { word: number, probability });
                let back = made.to_chinese.entry(stem.into()).or_default();
                back.push(Translation { word: own, probability });
            }
            made.to_english.insert(word.into(), list);
        }
        // Each list is sorted by itself; the order of the lists does not matter.
        made.to_chinese.values_mut().for_each(|list| {
            list.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(a.word.cmp(&b.word)));
        });
        made
    }

    /// The number of Chinese words.
    pub fn len(&self) -> usize {
        self.chinese.len()
    }

    /// Returns true if and only if there are no words.
    pub fn is_empty(&self) -> bool {
        self.chinese.is_empty()
    }

    /// Names the text that it was read from.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Returns true if and only if the folded Chinese word has translations.
    pub fn knows(&self, word: &str) -> bool {
        self.to_english.contains_key(word)
    }

    /// The English stems that a folded Chinese word may mean, the most probable first.
    pub fn english(&self, word: &str) -> impl Iterator<Item = (&str, f32)> {
        listed(self.to_english.get(word), &self.english)
    }

    /// The Chinese words that may mean an English stem, the most probable first.
    pub fn chinese(&self, stem: &str) -> impl Iterator<Item = (&str, f32)> {
        listed(self.to_chinese.get(stem), &self.chinese)
    }
}

fn listed<'a>(
    translations: Option<&'a Vec<Translation>>,
    words: &'a [Box<str>],
) -> impl Iterator<Item = (&'a str, f32)> {
    let word = |t: &Translation| Some((&**words.get(t.word as usize)?, t.probability));
    translations.into_iter().flatten().filter_map(word)
}

/// `傳統 传统 [chuan2 tong3] /tradition/traditional/` → the simplified word and its glosses.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (head, glosses) = line.trim_end().strip_suffix('/')?.split_once(" /")?;
    let word = head.split(' ').nth(1)?;
    let is_han = word.chars().all(super::han::is_han);
    is_han.then_some((word, glosses))
}

/// The meanings of a gloss, each as its words' stems.
fn meanings(gloss: &str, stemmer: &Stemmer) -> Vec<Vec<String>> {
    if NOTES.iter().any(|note| gloss.starts_with(note)) {
        return Vec::new();
    }
    let plain = without_brackets(gloss);
    let stems = |meaning: &str| -> Vec<String> {
        let lower = meaning.to_lowercase().replace('\'', "");
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|w| !w.is_empty() && !STOP.contains(w));
        words.map(|w| stemmer.stem(w).into_owned()).collect()
    };
    plain.split(';').map(stems).filter(|words| !words.is_empty()).collect()
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The probability of each stem; the most probable first.
fn probabilities(senses: &[Vec<String>]) -> Vec<(String, f32)> {
    let mut weights: FxHashMap<&str, f32> = FxHashMap::default();
    let mut total = 0.0;
    for (rank, words) in senses.iter().enumerate() {
        let weight = 1.0 / (1.0 + rank as f32).sqrt();
        total += weight;
        for word in words {
            *weights.entry(word).or_insert(0.0) += weight / words.len() as f32;
        }
    }
    let mut list: Vec<(String, f32)> = weights
        .into_iter()
        .map(|(word, weight)| (word.to_owned(), weight / total))
        .filter(|(_, probability)| *probability >= PROBABILITY_MIN)
        .collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list.truncate(TRANSLATIONS_MAX);
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translates_both_ways_and_leaves_notes_out() {
        let text = "# a comment\n\
            提現 提现 [ti2 xian4] /to withdraw funds/\n\
            退款 退款 [tui4 kuan3] /to refund/refund/\n\
            卡 卡 [ka3] /to stop/to block/card (loanword)/CL:張|张[zhang1]/\n\
            鎖 锁 [suo3] /to lock; a lock/variant of 鎖|锁[suo3]/\n\
            broken line\n";
        let lexicon = Bilingual::parse(text);
        assert_eq!(lexicon.len(), 4);
        let check = |word: &str, expected: &[&str]| {
            let found: Vec<&str> = lexicon.english(word).map(|(stem, _)| stem).collect();
            assert_eq!(found, expected, "{word}");
        };
        check("提现", &["fund", "withdraw"]);
        check("退款", &["refund"]);
        check("卡", &["stop", "block", "card"]);
        check("锁", &["lock"]);
        check("没有", &[]);
        let back: Vec<&str> = lexicon.chinese("refund").map(|(word, _)| word).collect();
        assert_eq!(back, ["退款"]);
        let sum: f32 = lexicon.english("卡").map(|(_, p)| p).sum();
        assert!((sum - 1.0).abs() < 1e-5);
    }
}
