//! The glossary: groups of words, in both languages, that mean one thing.
//!
//! In: the groups of `kb/glossary.toml` (read elsewhere). Out: which groups a text mentions and
//! where. A group that both a ticket and an article mention is a bridge between them, whatever
//! words and language each side uses. The glossary also feeds the segmenter's dictionary.

use std::ops::Range;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::fold::fold;
use super::segment::{Segmenter, Term, TermKind};

/// What a group names, where that matters to entity recognition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    /// An ordinary word of the domain.
    #[default]
    Term,
    /// A blockchain.
    Chain,
    /// A coin or token.
    Token,
    /// A company or product name that is not translated.
    Product,
    /// A part of the app: screen, button, setting.
    Screen,
}

/// One group: a preferred word in each language and the other ways to say it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The preferred English word.
    pub en: String,
    /// The preferred Chinese word; for names that stay untranslated the same as `en`.
    pub zh: String,
    /// Other English words: synonyms, slang, abbreviations, frequent misspellings.
    #[serde(default)]
    pub en_also: Vec<String>,
    /// Other Chinese words, also those of Taiwan and Hong Kong.
    #[serde(default)]
    pub zh_also: Vec<String>,
    /// Words that articles must not use for this, in either language.
    #[serde(default)]
    pub avoid: Vec<String>,
    /// What the group names.
    #[serde(default)]
    pub kind: GroupKind,
}

impl Group {
    /// What it is called where both languages are read: both words, apart by ` / `, or the one.
    pub fn name(&self) -> String {
        if self.en == self.zh { self.en.clone() } else { format!("{} / {}", self.en, self.zh) }
    }

    /// Every way to say it, preferred words first.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        [&self.en, &self.zh]
            .into_iter()
            .chain(&self.en_also)
            .chain(&self.zh_also)
            .map(String::as_str)
    }
}

/// A place where a text mentions a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The group's index in [`Glossary::groups`].
    pub group: usize,
    /// Bytes of the folded text.
    pub range: Range<usize>,
}

/// All groups, ready to be recognised in text.
#[derive(Default)]
pub struct Glossary {
    groups: Vec<Group>,
    /// First unit of a phrase → the phrases that begin with it, longest first.
    phrases: FxHashMap<String, Vec<Phrase>>,
}

struct Phrase {
    rest: Vec<String>,
    group: usize,
}

impl Glossary {
    /// A glossary of `groups`. A word in two groups belongs to the first.
    pub fn new(groups: Vec<Group>, segmenter: &Segmenter) -> Self {
        let mut phrases: FxHashMap<String, Vec<Phrase>> = FxHashMap::default();
        for (group, words) in groups.iter().enumerate() {
            for word in words.words() {
                let folded = fold(word);
                let units: Vec<String> =
                    units(&segmenter.terms(folded.text())).map(|t| t.text.clone()).collect();
                if let Some((first, rest)) = units.split_first() {
                    let known = phrases.entry(first.clone()).or_default();
                    if known.iter().all(|p| p.rest != rest) {
                        known.push(Phrase { rest: rest.to_vec(), group });
                    }
                }
            }
        }
        // The order in which the lists are sorted does not matter.
        phrases.values_mut().for_each(|l| l.sort_by_key(|p| std::cmp::Reverse(p.rest.len())));
        Glossary { groups, phrases }
    }

    /// The groups, in the order of the file.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Where `terms`, the terms of one text, mention a group: leftmost, then longest, never
    /// overlapping.
    pub fn mentions(&self, terms: &[Term]) -> Vec<Mention> {
        let units: Vec<&Term> = units(terms).collect();
        let mut mentions = Vec::new();
        let mut at = 0;
        while let Some(tail) = units.get(at..).filter(|t| !t.is_empty()) {
            let found = self.phrase_at(tail);
            if let Some((phrase, last)) = found {
                let start = tail.first().map_or(0, |t| t.range.start);
                mentions.push(Mention { group: phrase.group, range: start..last.range.end });
            }
            at += found.map_or(1, |(phrase, _)| phrase.rest.len() + 1);
        }
        mentions
    }

    fn phrase_at<'a>(&'a self, tail: &[&'a Term]) -> Option<(&'a Phrase, &'a Term)> {
        let (&first, following) = tail.split_first()?;
        self.phrases.get(&first.text)?.iter().find_map(|phrase| {
            let n = phrase.rest.len();
            let same = following.get(..n)?.iter().map(|t| &t.text).eq(phrase.rest.iter());
            same.then(|| {
                (phrase, following.get(..n).and_then(<[_]>::last).copied().unwrap_or(first))
            })
        })
    }
}

/// One term a position: the single character or the word or code as written. Overlapping words
/// and joined compounds are left out.
fn units(terms: &[Term]) -> impl Iterator<Item = &Term> {
    let mut next = 0;
    terms.iter().filter(move |t| {
        let unit = t.kind != TermKind::Word && t.position >= next;
        if unit {
            next = t.position + 1;
        }
        unit
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bridges_words_of_both_languages() {
        let group = |en: &str, zh: &str, en_also: &[&str], zh_also: &[&str]| Group {
            en: en.into(),
            zh: zh.into(),
            en_also: en_also.iter().map(|s| (*s).into()).collect(),
            zh_also: zh_also.iter().map(|s| (*s).into()).collect(),
            avoid: vec![],
            kind: GroupKind::Term,
        };
        let segmenter = Segmenter::default();
        let glossary = Glossary::new(
            vec![
                group("withdraw", "提币", &["cash out"], &["提现", "提领"]),
                group("BEP-20", "BEP-20", &["BEP20"], &[]),
            ],
            &segmenter,
        );
        let check = |text: &str, expected: &[usize]| {
            let folded = fold(text);
            let mentions = glossary.mentions(&segmenter.terms(folded.text()));
            let found: Vec<usize> = mentions.iter().map(|m| m.group).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("I was withdrawing", &[0]);
        check("我想提現，一直提領不了", &[0, 0]);
        check("cash out by bep20 or BEP-20", &[0, 1, 1]);
        check("提出现金", &[]);
    }
}
