//! Analysis: everything that later stages need to know about a text, found once.
//!
//! In: a text that has been redacted. Out: [`Analysis`] with language, terms, sentences, glossary
//! mentions and entities. The same [`Analyser`] reads articles and tickets.

use std::ops::Range;
use std::sync::Arc;

use crate::lang::TextLang;

use super::bilingual::Bilingual;
use super::detect::detect;
use super::entity::{Entity, EntityKind, entities};
use super::fold::{Folded, fold};
use super::glossary::{Glossary, Group, GroupKind, Mention};
use super::segment::{Segmenter, Term};

/// The chain of text steps with its dictionary and glossary. Built once, shared everywhere.
#[derive(Default)]
pub struct Analyser {
    segmenter: Segmenter,
    glossary: Glossary,
    bilingual: Option<Arc<Bilingual>>,
}

/// What is known about one text.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The language that it is written in.
    pub lang: TextLang,
    /// Its language if that is surely neither English nor Chinese.
    pub foreign: Option<&'static str>,
    /// The folded text with the way back to the original.
    pub folded: Folded,
    /// Terms in order; ranges are in the folded text.
    pub terms: Vec<Term>,
    /// Sentences as ranges of `terms`.
    pub sentences: Vec<Range<usize>>,
    /// Glossary groups that are mentioned; ranges are in the folded text.
    pub mentions: Vec<Mention>,
    /// Entities; ranges are in the original text.
    pub entities: Vec<Entity>,
}

impl Analyser {
    /// An analyser whose dictionary knows the words of `groups`.
    pub fn new(groups: Vec<Group>) -> Self {
        let segmenter = Segmenter::new(groups.iter().flat_map(Group::words));
        let glossary = Glossary::new(groups, &segmenter);
        Analyser { segmenter, glossary, bilingual: None }
    }

    /// The same with a bilingual lexicon.
    #[must_use]
    pub fn with_bilingual(self, bilingual: Option<Arc<Bilingual>>) -> Self {
        Analyser { bilingual, ..self }
    }

    /// The bilingual lexicon, if there is one.
    pub fn bilingual(&self) -> Option<&Arc<Bilingual>> {
        self.bilingual.as_ref()
    }

    /// The segmenter, for those who need words alone.
    pub fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// The glossary.
    pub fn glossary(&self) -> &Glossary {
        &self.glossary
    }

    /// Analyses a text.
    pub fn analyse(&self, text: &str) -> Analysis {
        let detected = detect(text);
        let folded = fold(text);
        let terms = self.segmenter.terms(folded.text());
        let sentences = sentences(folded.text(), &terms);
        let mentions = self.glossary.mentions(&terms);
        let entities = self.entities(text, &folded, &mentions);
        let (lang, foreign) = (detected.lang, detected.foreign);
        Analysis { lang, foreign, folded, terms, sentences, mentions, entities }
    }

    fn entities(&self, text: &str, folded: &Folded, mentions: &[Mention]) -> Vec<Entity> {
        let mut all = entities(text);
        for mention in mentions {
            let Some(group) = self.glossary.groups().get(mention.group) else { continue };
            let kind = match group.kind {
                GroupKind::Chain => EntityKind::Chain,
                GroupKind::Token => EntityKind::Token,
                GroupKind::Term | GroupKind::Product | GroupKind::Screen => continue,
            };
            let range = folded.original(mention.range.clone());
            all.push(Entity { kind, range, value: group.en.clone() });
        }
        all.sort_by_key(|e| (e.range.start, e.range.end, e.kind));
        all
    }
}

/// Sentences as ranges of terms: cut at line ends and at the marks that end a sentence.
fn sentences(folded: &str, terms: &[Term]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut reached = 0;
    for (index, term) in terms.iter().enumerate() {
        // Terms that overlap lie before `reached`: there is no gap to look at.
        if let Some(gap) = folded.get(reached..term.range.start) {
            if ends_sentence(gap) && index > start {
                sentences.push(start..index);
                start = index;
            }
        }
        reached = reached.max(term.range.end);
    }
    if start < terms.len() {
        sentences.push(start..terms.len());
    }
    sentences
}

fn ends_sentence(gap: &str) -> bool {
    // Folding has turned ！？； into their ASCII forms; a point ends a sentence if a space follows.
    gap.chars().any(|c| matches!(c, '\n' | '\r' | '。' | '!' | '?' | ';' | '…'))
        || gap.contains(". ")
        || gap.trim_end() == "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_sentences_where_people_end_them() {
        let check = |text: &str, expected: usize| {
            let analysis = Analyser::default().analyse(text);
            assert_eq!(analysis.sentences.len(), expected, "{text}");
        };
        check("Hi there. My card was declined! Why?", 3);
        check("你好，卡被拒了。怎么办？\n谢谢", 3);
        check("app 5.21.3 on iOS 17.5.1", 1);
        check("", 0);
    }
}
