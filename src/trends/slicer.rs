//! Slicing: the slices that a ticket belongs to.
//!
//! In: the analysis of a ticket and the article that fits it best. Out: its slices, each once, in a
//! fixed order. Words that everybody uses about everything name no slice.

use std::collections::BTreeSet;

use crate::suggest::background::Background;
use crate::text::entity::EntityKind;
use crate::text::glossary::GroupKind;
use crate::text::segment::{Term, TermKind};
use crate::text::{Analyser, Analysis};

use super::slice::{Slice, SliceKind, key};

/// The most slices of one ticket: a long e-mail is about no more things than a short one.
pub const SLICES_MAX: usize = 64;
/// Words above this Zipf value are chatter in any ticket.
const ENGLISH_ZIPF_MAX: f32 = 5.6;
const CHINESE_ZIPF_MAX: f32 = 5.9;
/// The longest name of a slice, in characters.
const NAME_CHARS_MAX: usize = 40;

/// Finds the slices of tickets.
pub struct Slicer<'a> {
    analyser: &'a Analyser,
    background: Background,
}

impl<'a> Slicer<'a> {
    /// A slicer that reads as `analyser` does.
    pub fn new(analyser: &'a Analyser) -> Self {
        Slicer { analyser, background: Background::new(analyser.segmenter()) }
    }

    /// The slices of a ticket whose best article is `article`.
    pub fn slices(&self, analysis: &Analysis, article: Option<&str>) -> Vec<Slice> {
        let mut slices = Vec::with_capacity(32);
        self.mentions(analysis, &mut slices);
        entities(analysis, &mut slices);
        self.words(analysis, &mut slices);
        let mut known = BTreeSet::new();
        slices.retain(|slice| known.insert(slice.key));
        slices.truncate(SLICES_MAX);
        if let Some(article) = article {
            let with = |slice: &Slice| Slice {
                key: key(SliceKind::ArticleWith, &[article, &slice.key.to_string()]),
                of: Some(slice.key),
                kind: SliceKind::ArticleWith,
                name: slice.name.clone(),
            };
            let joined: Vec<Slice> = slices.iter().map(with).collect();
            slices.extend(joined);
            let lang = analysis.lang.article_lang().code();
            slices.push(own(SliceKind::ArticleInLanguage, &[article, lang]));
            slices.push(own(SliceKind::Article, &[article]));
        }
        slices
    }

    fn mentions(&self, analysis: &Analysis, slices: &mut Vec<Slice>) {
        for mention in &analysis.mentions {
            let Some(group) = self.analyser.glossary().groups().get(mention.group) else {
                continue;
            };
            let kind = match group.kind {
                GroupKind::Chain => SliceKind::Chain,
                GroupKind::Token => SliceKind::Token,
                GroupKind::Product => SliceKind::Product,
                GroupKind::Term | GroupKind::Screen => SliceKind::Term,
            };
            slices.push(Slice { key: key(kind, &[&group.en]), of: None, kind, name: group.name() });
        }
    }

    fn words(&self, analysis: &Analysis, slices: &mut Vec<Slice>) {
        let mentioned = |term: &Term| {
            let covers = |range: &std::ops::Range<usize>| {
                range.start <= term.range.start && term.range.end <= range.end
            };
            analysis.mentions.iter().any(|m| covers(&m.range))
        };
        let entity = |term: &Term| {
            let range = analysis.folded.original(term.range.clone());
            analysis
                .entities
                .iter()
                .any(|e| e.range.start <= range.start && range.end <= e.range.end)
        };
        let terms = || analysis.terms.iter().filter(|t| !mentioned(t) && !entity(t));
        for term in terms().filter(|t| self.tells(t)) {
            let name = analysis.folded.text().get(term.range.clone()).unwrap_or(&term.text);
            slices.push(word(&term.text, name));
        }
        // Two characters that stand side by side and in no word: a name that no dictionary knows.
        let covered = |at: usize| {
            let words = analysis.terms.iter().filter(|t| t.kind == TermKind::Word);
            words.clone().any(|t| t.range.start <= at && at < t.range.end)
        };
        let lone: Vec<&Term> =
            terms().filter(|t| t.kind == TermKind::Char && !covered(t.range.start)).collect();
        for pair in lone.windows(2) {
            if let [first, second] = pair {
                if first.position + 1 == second.position && self.rare(first) && self.rare(second) {
                    let name = format!("{}{}", first.text, second.text);
                    slices.push(word(&name, &name));
                }
            }
        }
    }

    fn rare(&self, character: &Term) -> bool {
        self.background.zipf(self.analyser.segmenter(), character) < CHINESE_ZIPF_MAX + 0.6
    }

    /// Whether a word can tell what a ticket is about.
    fn tells(&self, term: &Term) -> bool {
        let zipf = self.background.zipf(self.analyser.segmenter(), term);
        match term.kind {
            TermKind::Char => false,
            TermKind::Word => zipf < CHINESE_ZIPF_MAX,
            TermKind::Stem => term.text.chars().count() > 2 && zipf < ENGLISH_ZIPF_MAX,
            TermKind::Code => term.text.chars().any(char::is_alphabetic),
        }
    }
}

fn entities(analysis: &Analysis, slices: &mut Vec<Slice>) {
    for entity in &analysis.entities {
        let kind = match entity.kind {
            EntityKind::Version => SliceKind::Version,
            EntityKind::ErrorCode => SliceKind::ErrorCode,
            EntityKind::Domain => SliceKind::Domain,
            EntityKind::Address => SliceKind::Address,
            // Chains and tokens come from the glossary; the others are of one ticket only.
            EntityKind::Chain
            | EntityKind::Token
            | EntityKind::TxHash
            | EntityKind::OrderId
            | EntityKind::TicketNumber
            | EntityKind::Amount => continue,
        };
        slices.push(own(kind, &[&entity.value]));
    }
}

fn word(identity: &str, name: &str) -> Slice {
    let name = name.chars().take(NAME_CHARS_MAX).collect();
    let key = key(SliceKind::Word, &[identity]);
    Slice { key, of: None, kind: SliceKind::Word, name }
}

fn own(kind: SliceKind, parts: &[&str]) -> Slice {
    let name = parts.join(" ").chars().take(NAME_CHARS_MAX * 2).collect();
    Slice { key: key(kind, parts), of: None, kind, name }
}
