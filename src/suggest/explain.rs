//! Explanations: why a document was suggested, in the words of the ticket and of the article.
//!
//! In: a ranking and one of its candidates. Out: pieces of evidence with their shares of the score,
//! the heaviest first: entities, glossary groups, words, the phrasing that is nearest, and the one
//! that means much the same. Words that say nothing to a reader (common ones of the language or of
//! the corpus, Chinese function words) are counted and not shown. Nothing is invented: every word
//! stands in the ticket, every phrasing in the corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::text::segment::{Term, TermKind};
use crate::text::{Analyser, Analysis};

use super::decide::Evidence;
use super::gram::Channel;
use super::piece::is_word;
use super::rank::{Matcher, Ranked, Ranking};
use super::relevance::Contribution;

/// The most pieces of evidence for one suggestion.
const EVIDENCE_MAX: usize = 8;
/// A phrasing counts as evidence from this cosine on: below, likeness is chance. Where there is no
/// other evidence, half of it will do.
const NEAR_MIN: f32 = 0.25;
/// A meaning counts as similar from this cosine on: unrelated sentences have .1 to .25.
const MEANING_MIN: f32 = 0.45;
/// A share below this explains nothing.
const SHARE_MIN: f32 = 0.02;
/// Words as common as this (`have`, `please`, `still`; Zipf value) are reasons only where the
/// corpus uses them far more than the language does.
const COMMON: f32 = 5.6;
/// How much a common word must belong to the corpus' subject, and any word at all, to be a reason.
const DOMAIN_COMMON: f32 = 0.9;
const DOMAIN_MIN: f32 = 0.35;
/// A word that more than a quarter of all documents have tells none of them from the others.
const IDF_MIN: f32 = 1.3;

type Reason = (&'static str, String);

impl Matcher {
    /// The passage of a candidate that fits best.
    pub(super) fn passage(&self, candidate: &Ranked) -> Option<String> {
        let (number, _) = candidate.lexical.passage?;
        self.lexical().passage_texts.get(number as usize).map(|(_, text)| text.clone())
    }

    /// The evidence for a candidate.
    pub(super) fn explain(
        &self,
        analyser: &Analyser,
        analysis: &Analysis,
        ranking: &Ranking,
        candidate: &Ranked,
    ) -> Vec<Evidence> {
        let contributions = self.lexical().contributions(&ranking.relevance, candidate.document);
        let words: f32 = contributions.iter().map(|c| c.amount).sum();
        let mut reasons: BTreeMap<Reason, f32> = BTreeMap::new();
        let telling = self.telling(analyser, analysis, &contributions);
        for contribution in &contributions {
            if let Some(reason) = reason(analyser, analysis, contribution, &telling) {
                *reasons.entry(reason).or_insert(0.0) += contribution.amount;
            }
        }
        let nearest = candidate.nearest.or_else(|| self.nearest(ranking, candidate.document));
        let least = if reasons.is_empty() { NEAR_MIN / 2.0 } else { NEAR_MIN };
        let nearest = nearest.filter(|(_, cosine)| *cosine >= least);
        // On a scale with the words: a cosine of 1 weighs as much as all of them.
        let phrasing = nearest.map_or(0.0, |(_, cosine)| cosine * words.max(1.0));
        if let Some((number, _)) = nearest {
            reasons.insert(("phrasing", self.example(number).to_owned()), phrasing);
        }
        let meaning = similar(candidate, nearest.map(|(number, _)| number));
        let similar = meaning.map_or(0.0, |(_, cosine)| cosine * words.max(1.0));
        if let Some((number, _)) = meaning {
            reasons.insert(("meaning", self.example(number).to_owned()), similar);
        }
        let total = (words + phrasing + similar).max(1e-9);
        let mut evidence: Vec<Evidence> = reasons
            .into_iter()
            .map(|((feature, evidence), amount)| Evidence {
                feature,
                evidence,
                weight: amount / total,
            })
            .filter(|e| e.weight >= SHARE_MIN)
            .collect();
        evidence.sort_by(|a, b| {
            let by_name = || (a.feature, &a.evidence).cmp(&(b.feature, &b.evidence));
            b.weight.total_cmp(&a.weight).then_with(by_name)
        });
        evidence.truncate(EVIDENCE_MAX);
        evidence
    }

    /// Where the words stand that are reasons by themselves; neighbours and characters count for
    /// them.
    fn telling(
        &self,
        analyser: &Analyser,
        analysis: &Analysis,
        contributions: &[Contribution],
    ) -> BTreeSet<usize> {
        let words = contributions.iter().filter(|c| is_word(c.gram.channel));
        words
            .filter_map(|c| Some((analysis.terms.get(c.gram.term)?, c)))
            .filter(|(word, c)| c.idf >= IDF_MIN && self.tells(analyser, word, c.domain))
            .map(|(word, _)| word.range.start)
            .collect()
    }

    /// Whether a word is a reason that a human would accept.
    fn tells(&self, analyser: &Analyser, word: &Term, domain: f32) -> bool {
        let segmenter = analyser.segmenter();
        let common = self.lexical().background.zipf(segmenter, word) >= COMMON;
        let says_something = match word.kind {
            TermKind::Char => false,
            TermKind::Word => !segmenter.is_function_word(&word.text),
            TermKind::Stem | TermKind::Code => word.text.len() > 1,
        };
        says_something && domain >= if common { DOMAIN_COMMON } else { DOMAIN_MIN }
    }
}

/// What a gram stands for in the eyes of a reader; `None` for filler.
fn reason(
    analyser: &Analyser,
    analysis: &Analysis,
    contribution: &Contribution,
    telling: &BTreeSet<usize>,
) -> Option<Reason> {
    let term = analysis.terms.get(contribution.gram.term)?;
    if let Some(value) = entity(analysis, term) {
        return Some(("entity", value));
    }
    // What the glossary knows is told once, by its group.
    if let Some(group) = group(analyser, analysis, &term.range) {
        return Some(("bridge", group));
    }
    let word = covering(analysis, term);
    if contribution.gram.channel == Channel::Gloss {
        return Some(("translation", written(analysis, &word.range)));
    }
    telling.contains(&word.range.start).then(|| ("word", written(analysis, &word.range)))
}

/// The saying that means much the same, if it is not named for its words anyway.
fn similar(candidate: &Ranked, named: Option<u32>) -> Option<(u32, f32)> {
    let number = candidate.near.number.filter(|number| Some(*number) != named)?;
    (candidate.near.saying >= MEANING_MIN).then_some((number, candidate.near.saying))
}

/// The entity that a term is part of, if it is a thing by itself: chains and coins are in the
/// glossary.
fn entity(analysis: &Analysis, term: &Term) -> Option<String> {
    let place = analysis.folded.original(term.range.clone());
    let inside = |range: &Range<usize>| range.start <= place.start && place.end <= range.end;
    let found = analysis.entities.iter().find(|e| inside(&e.range))?;
    Some(found.value.clone())
}

/// The glossary group that a place belongs to, with what the ticket calls it.
fn group(analyser: &Analyser, analysis: &Analysis, place: &Range<usize>) -> Option<String> {
    let inside = |range: &Range<usize>| range.start <= place.start && place.end <= range.end;
    let mention = analysis.mentions.iter().find(|m| inside(&m.range))?;
    let group = analyser.glossary().groups().get(mention.group)?;
    let written = written(analysis, &mention.range);
    let other = |name: &str| !name.eq_ignore_ascii_case(&written);
    let names: Vec<&str> =
        [group.en.as_str(), group.zh.as_str()].into_iter().filter(|n| other(n)).collect();
    Some(if names.is_empty() { written } else { format!("{written} = {}", names.join(" / ")) })
}

/// The longest word of the ticket that covers a term: characters count for their word.
fn covering<'a>(analysis: &'a Analysis, term: &'a Term) -> &'a Term {
    let place = &term.range;
    analysis
        .terms
        .iter()
        .filter(|t| t.range.start <= place.start && place.end <= t.range.end)
        .max_by_key(|t| (t.range.len(), std::cmp::Reverse(t.range.start)))
        .unwrap_or(term)
}

fn written(analysis: &Analysis, range: &Range<usize>) -> String {
    analysis.folded.text().get(range.clone()).unwrap_or_default().to_owned()
}
