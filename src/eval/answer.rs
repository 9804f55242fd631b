//! Letting a matcher answer queries, with the time that each answer took.

use std::time::Duration;

use crate::kb::library::Reader;
use crate::suggest::rank::Ranked;
use crate::suggest::{Decision, Matcher};
use crate::text::Analyser;

/// How many results are kept for a query.
pub const RESULTS_MAX: usize = 10;

/// What was answered to one query.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The query's id.
    pub id: String,
    /// Whether anything is suggested.
    pub decision: Decision,
    /// The probability that the first result is right.
    pub confidence: f32,
    /// Documents with scores, best first; filled even when the decision is to abstain.
    pub results: Vec<(String, f32)>,
}

/// Answers one text.
pub fn answer(
    matcher: &Matcher,
    analyser: &Analyser,
    reader: Reader,
    id: &str,
    text: &str,
) -> Answer {
    let analysis = analyser.analyse(text);
    let ranking = matcher.rank(analyser, &analysis, RESULTS_MAX);
    let (decision, confidence) = matcher.decide(&analysis, &ranking, reader);
    let result = |r: &Ranked| (matcher.id(r.document).to_owned(), r.score);
    let results = ranking.ranked.iter().map(result).collect();
    Answer { id: id.to_owned(), decision, confidence, results }
}

/// Answers with the time that each took.
#[derive(Debug, Clone, Default)]
pub struct Timed {
    /// One for each query, in order.
    pub answers: Vec<Answer>,
    /// How long each took, analysis included.
    pub durations: Vec<Duration>,
}
