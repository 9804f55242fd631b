//! Deciding: a ranking → a probability for each suggestion, or silence.

use std::ops::Range;

use crate::kb::library::Reader;
use crate::lang::{Lang, TextLang};
use crate::text::{Analyser, Analysis};

use super::rank::{Matcher, Ranked, Ranking};

/// Whether anything is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The suggestions are worth showing.
    Suggest,
    /// Nothing fits well enough to be shown.
    Abstain,
}

impl Decision {
    /// The name used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Decision::Suggest => "suggest",
            Decision::Abstain => "abstain",
        }
    }
}

/// Why a document was suggested: one piece of evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// What kind of evidence: `word`, `bridge` (a glossary group), `phrasing`, `entity`,
    /// `meaning` (a phrasing that means much the same, by a sentence encoder).
    pub feature: &'static str,
    /// What it is, as the writer or the article says it.
    pub evidence: String,
    /// Its share of the score, 0..1.
    pub weight: f32,
}

/// One suggested document.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Its id.
    pub id: String,
    /// The language version to show.
    pub lang: Lang,
    /// The raw score, comparable within one ticket.
    pub score: f32,
    /// The calibrated probability that it answers the ticket.
    pub confidence: f32,
    /// Why.
    pub why: Vec<Evidence>,
    /// The piece of the text that it answers, in bytes of the text that was analysed.
    pub span: Range<usize>,
    /// The passage that answers, in whichever language fits best.
    pub passage: Option<String>,
}

/// The answer to a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestions {
    /// The language that the ticket is written in.
    pub lang: TextLang,
    /// Whether to show them.
    pub decision: Decision,
    /// The probability that the first one answers.
    pub confidence: f32,
    /// Candidates, best first; filled even when the decision is to abstain.
    pub candidates: Vec<Suggestion>,
}

/// Least confidence of a suggestion beside the first: one in twenty may be a second problem, less
/// is noise.
const BESIDE_MIN: f32 = 0.05;

impl Suggestions {
    /// The suggestions to show; none if zhinan abstains.
    pub fn shown(&self) -> impl Iterator<Item = &Suggestion> {
        let shown = self.decision == Decision::Suggest;
        let worth = |(at, s): &(usize, &Suggestion)| *at == 0 || s.confidence >= BESIDE_MIN;
        self.candidates.iter().enumerate().filter(move |c| shown && worth(c)).map(|(_, s)| s)
    }
}

impl Matcher {
    /// How sure the first of a ranking is, and whether that is enough to show it to `reader`.
    pub fn decide(
        &self,
        analysis: &Analysis,
        ranking: &Ranking,
        reader: Reader,
    ) -> (Decision, f32) {
        let confidence = self.calibration.confidence(&ranking.signals);
        let shown = !ranking.ranked.is_empty()
            && analysis.foreign.is_none()
            && self.calibration.suggests(reader, analysis.lang, confidence);
        (if shown { Decision::Suggest } else { Decision::Abstain }, confidence)
    }

    /// The documents that answer a ticket, at most `limit`, with reasons, and whether to show them
    /// to `reader`.
    pub fn suggest(
        &self,
        analyser: &Analyser,
        analysis: &Analysis,
        reader: Reader,
        limit: usize,
    ) -> Suggestions {
        let ranking = self.rank(analyser, analysis, limit);
        let (decision, confidence) = self.decide(analysis, &ranking, reader);
        let first = ranking.ranked.first().map_or(0.0, |r| r.score);
        let suggestion = |candidate: &Ranked| Suggestion {
            id: self.id(candidate.document).to_owned(),
            lang: analysis.lang.article_lang(),
            score: candidate.score,
            // The others share what the first leaves, in proportion to their own odds.
            confidence: confidence * (candidate.score - first).exp(),
            why: self.explain(analyser, analysis, &ranking, candidate),
            span: span(analysis, &ranking, candidate.document),
            passage: self.passage(candidate),
        };
        let mut candidates: Vec<Suggestion> = ranking.ranked.iter().map(suggestion).collect();
        if decision == Decision::Suggest {
            for other in self.answer_apart((analyser, analysis), &ranking, reader) {
                put(&mut candidates, other);
            }
            candidates.truncate(limit);
        }
        Suggestions { lang: analysis.lang, decision, confidence, candidates }
    }

    /// Other problems of the ticket: what a piece of it asks by itself, with the confidence that the
    /// piece alone gives.
    fn answer_apart(
        &self,
        (analyser, analysis): (&Analyser, &Analysis),
        ranking: &Ranking,
        reader: Reader,
    ) -> Vec<Suggestion> {
        let Some(first) = ranking.ranked.first().map(|r| r.document) else { return Vec::new() };
        let pieces = &ranking.relevance.pieces;
        let main = ranking.relevance.piece_of(first);
        let share = |at: &usize| pieces.get(*at).map_or(0.0, |p| p.share);
        let mut others: Vec<usize> = (0..pieces.len())
            .filter(|at| Some(*at) != main && share(at) >= APART_SHARE_MIN)
            .collect();
        others.sort_by(|a, b| share(b).total_cmp(&share(a)).then(a.cmp(b)));
        let mut found = Vec::new();
        for piece in others.into_iter().take(APART_MAX).filter_map(|at| pieces.get(at)) {
            let range = place(analysis, piece.range.clone());
            let text = analysis.folded.text().get(range.clone()).unwrap_or_default();
            let alone = analyser.analyse(text);
            let ranking = self.rank(analyser, &alone, 2);
            let confidence = self.calibration.confidence(&ranking.signals);
            let best = ranking.ranked.first().filter(|b| b.document != first);
            if let Some(best) = best
                && self.calibration.suggests(reader, analysis.lang, confidence)
            {
                found.push(Suggestion {
                    id: self.id(best.document).to_owned(),
                    lang: analysis.lang.article_lang(),
                    score: best.score,
                    confidence,
                    why: self.explain(analyser, &alone, &ranking, best),
                    span: analysis.folded.original(range),
                    passage: self.passage(best),
                });
            }
        }
        found
    }
}

/// Puts a suggestion behind the first, by confidence; of two of an article the surer one stays.
fn put(candidates: &mut Vec<Suggestion>, other: Suggestion) {
    if let Some(known) = candidates.iter().position(|c| c.id == other.id) {
        if candidates.get(known).is_some_and(|c| known == 0 || c.confidence >= other.confidence) {
            return;
        }
        candidates.remove(known);
    }
    let surer = |c: &Suggestion| c.confidence >= other.confidence;
    let place = 1 + candidates.iter().skip(1).take_while(|c| surer(c)).count();
    candidates.insert(place.min(candidates.len()), other);
}

/// A piece with less of the ticket's meaning than this is not asked by itself, and at most so many
/// are: a ticket with more than three problems needs a human anyway.
const APART_SHARE_MIN: f32 = 0.15;
const APART_MAX: usize = 3;

/// Where some terms stand in the folded text.
fn place(analysis: &Analysis, terms: Range<usize>) -> Range<usize> {
    let terms = analysis.terms.get(terms).unwrap_or_default();
    let start = terms.first().map_or(0, |t| t.range.start);
    start..terms.iter().map(|t| t.range.end).max().unwrap_or(start)
}

/// The piece of the original text that speaks most for a document.
fn span(analysis: &Analysis, ranking: &Ranking, document: u32) -> Range<usize> {
    let piece = ranking.relevance.piece_of(document);
    let piece = piece.and_then(|at| ranking.relevance.pieces.get(at));
    let terms = piece.map_or(0..0, |p| p.range.clone());
    analysis.folded.original(place(analysis, terms))
}
