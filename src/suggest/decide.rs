//! Deciding: a ranking → a probability for each suggestion, or silence.

use crate::kb::library::Reader;
use crate::lang::{Lang, TextLang};
use crate::text::{Analyser, Analysis};

use super::rank::{Matcher, Ranking};

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
    /// What kind of evidence: `word`, `bridge`, `phrasing`, `entity` …
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
        let candidates = ranking
            .ranked
            .iter()
            .map(|candidate| Suggestion {
                id: self.id(candidate.document).to_owned(),
                lang: analysis.lang.article_lang(),
                score: candidate.score,
                // The others share what the first leaves, in proportion to their own odds.
                confidence: confidence * (candidate.score - first).exp(),
                why: self.explain(analyser, analysis, &ranking, candidate),
                passage: self.passage(candidate),
            })
            .collect();
        Suggestions { lang: analysis.lang, decision, confidence, candidates }
    }
}
