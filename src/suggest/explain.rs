//! Explanations: why a document was suggested, in the words of the ticket and of the article.
//!
//! In: a ranking and one of its candidates. Out: pieces of evidence with their shares of the score,
//! the heaviest first. Nothing is invented: every word stands in the ticket, every phrasing in the
//! corpus.

use std::collections::BTreeMap;

use crate::text::{Analyser, Analysis};

use super::decide::Evidence;
use super::gram::Channel;
use super::rank::{Matcher, Ranked, Ranking};

/// The most pieces of evidence for one suggestion.
const EVIDENCE_MAX: usize = 8;
/// A phrasing counts as evidence from this cosine on: below, likeness is chance.
const NEAR_MIN: f32 = 0.25;

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
        let mut by_word: BTreeMap<(&'static str, String), f32> = BTreeMap::new();
        let contributions = self.lexical().contributions(&ranking.relevance, candidate.document);
        for (gram, amount) in contributions {
            let Some(term) = analysis.terms.get(gram.term) else { continue };
            let key = match gram.channel {
                Channel::Bridge => ("bridge", bridge(analyser, analysis, term.range.start)),
                _ => ("word", word(analysis, term.range.clone())),
            };
            *by_word.entry(key).or_insert(0.0) += amount;
        }
        let mut evidence: Vec<Evidence> = by_word
            .into_iter()
            .map(|((feature, evidence), weight)| Evidence { feature, evidence, weight })
            .collect();
        let words: f32 = evidence.iter().map(|e| e.weight).sum();
        if let Some((number, cosine)) = candidate.nearest.filter(|(_, c)| *c >= NEAR_MIN) {
            let text = self.example(number).to_owned();
            // On a scale with the words: a cosine of 1 weighs as much as all of them.
            evidence.push(Evidence { feature: "phrasing", evidence: text, weight: cosine * words });
        }
        let total: f32 = evidence.iter().map(|e| e.weight).sum::<f32>().max(1e-9);
        evidence.iter_mut().for_each(|e| e.weight /= total);
        evidence.sort_by(|a, b| {
            let by_name = || (a.feature, &a.evidence).cmp(&(b.feature, &b.evidence));
            b.weight.total_cmp(&a.weight).then_with(by_name)
        });
        evidence.truncate(EVIDENCE_MAX);
        evidence
    }
}

/// The longest word of the ticket that covers a place: characters count for their word.
fn word(analysis: &Analysis, place: std::ops::Range<usize>) -> String {
    let covering = analysis
        .terms
        .iter()
        .filter(|t| t.range.start <= place.start && place.end <= t.range.end)
        .max_by_key(|t| (t.range.len(), std::cmp::Reverse(t.range.start)));
    let range = covering.map_or(place, |t| t.range.clone());
    analysis.folded.text().get(range).unwrap_or_default().to_owned()
}

/// A glossary group with what the ticket calls it.
fn bridge(analyser: &Analyser, analysis: &Analysis, start: usize) -> String {
    let Some(mention) = analysis.mentions.iter().find(|m| m.range.start == start) else {
        return String::new();
    };
    let written = analysis.folded.text().get(mention.range.clone()).unwrap_or_default();
    let group = analyser.glossary().groups().get(mention.group);
    group.map_or_else(String::new, |g| format!("{written} = {} / {}", g.en, g.zh))
}
