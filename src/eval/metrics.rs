//! The figures, by the definitions of the field.
//!
//! Ranking figures (success, MRR, recall, nDCG) look at answerable queries and ignore the decision.
//! The others look at all queries with the decision applied. MCC is the multi-class Matthews
//! correlation (Gorodkin 2004) over documents and "abstain", as in HINT3 (Arora et al. 2020).

use std::collections::BTreeMap;

use crate::suggest::Decision;

use super::answer::Answer;
use super::set::Relevant;

/// All figures of one run.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Metrics {
    /// How many queries there are.
    pub queries: usize,
    /// How many of them have an answer in the corpus.
    pub answerable: usize,
    /// How many have none.
    pub out_of_scope: usize,
    /// Share of answerable queries whose first result is right.
    pub success_at_1: f64,
    /// Share of answerable queries with a right result among the first three.
    pub success_at_3: f64,
    /// Mean reciprocal rank of the first right result among ten.
    pub mrr_at_10: f64,
    /// Mean share of a query's right documents that are among the first ten.
    pub recall_at_10: f64,
    /// Normalised discounted cumulative gain of the first ten.
    pub ndcg_at_10: f64,
    /// Share of all queries for which something is suggested.
    pub coverage: f64,
    /// Share of the suggestions that are right.
    pub precision: f64,
    /// Share of answerable queries that are answered, and rightly.
    pub in_scope_accuracy: f64,
    /// Share of out-of-scope queries that get silence.
    pub oos_recall: f64,
    /// Multi-class Matthews correlation over documents and silence.
    pub mcc: f64,
    /// Probability that an answerable query has a higher confidence than one out of scope.
    pub auroc: f64,
    /// Expected calibration error of the confidence over ten bins of equal size.
    pub ece: f64,
}

/// A query's answer with what would have been right.
pub type Judged<'a> = (&'a Answer, &'a Relevant);

impl Metrics {
    /// The figures of a run.
    pub fn of(judged: &[Judged<'_>]) -> Metrics {
        let answerable: Vec<_> = judged.iter().filter(|(_, r)| !r.is_empty()).collect();
        let out_of_scope = judged.len() - answerable.len();
        let mean = |value: &dyn Fn(&Answer, &Relevant) -> f64| {
            share(answerable.iter().map(|(a, r)| value(a, r)).sum(), answerable.len())
        };
        let suggested = judged.iter().filter(|(a, _)| a.decision == Decision::Suggest);
        let shown = suggested.clone().count();
        let right = suggested.filter(|(a, r)| first_is_right(a, r)).count();
        let silent =
            judged.iter().filter(|(a, r)| r.is_empty() && a.decision == Decision::Abstain).count();
        Metrics {
            queries: judged.len(),
            answerable: answerable.len(),
            out_of_scope,
            success_at_1: mean(&|a, r| f64::from(u8::from(first_is_right(a, r)))),
            success_at_3: mean(&|a, r| f64::from(u8::from(rank(a, r).is_some_and(|k| k <= 3)))),
            mrr_at_10: mean(&|a, r| rank(a, r).map_or(0.0, |k| 1.0 / k as f64)),
            recall_at_10: mean(&recall),
            ndcg_at_10: mean(&ndcg),
            coverage: share(shown as f64, judged.len()),
            precision: share(right as f64, shown),
            in_scope_accuracy: share(right as f64, answerable.len()),
            oos_recall: share(silent as f64, out_of_scope),
            mcc: mcc(judged),
            auroc: auroc(judged),
            ece: ece(judged),
        }
    }
}

fn share(part: f64, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part / whole as f64 }
}

/// Returns true if and only if the first result answers the query.
pub fn first_is_right(answer: &Answer, relevant: &Relevant) -> bool {
    answer.results.first().is_some_and(|(id, _)| relevant.contains_key(id))
}

fn rank(answer: &Answer, relevant: &Relevant) -> Option<usize> {
    answer.results.iter().position(|(id, _)| relevant.contains_key(id)).map(|at| at + 1)
}

fn recall(answer: &Answer, relevant: &Relevant) -> f64 {
    let found = answer.results.iter().filter(|(id, _)| relevant.contains_key(id)).count();
    share(found as f64, relevant.len())
}

fn ndcg(answer: &Answer, relevant: &Relevant) -> f64 {
    let gain = |(at, grade): (usize, u32)| f64::from(grade) / (at as f64 + 2.0).log2();
    let grades = answer.results.iter().map(|(id, _)| relevant.get(id).copied().unwrap_or(0));
    let found: f64 = grades.enumerate().map(gain).sum();
    let mut ideal: Vec<u32> = relevant.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best: f64 = ideal.into_iter().take(10).enumerate().map(gain).sum();
    if best > 0.0 { found / best } else { 0.0 }
}

fn mcc(judged: &[Judged<'_>]) -> f64 {
    // For each class, how often it was predicted and how often it was true. "" stands for silence.
    let mut classes: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let mut correct = 0.0;
    for (answer, relevant) in judged {
        let predicted = match (answer.decision, answer.results.first()) {
            (Decision::Suggest, Some((id, _))) => id.as_str(),
            _ => "",
        };
        let best = relevant.iter().max_by_key(|(_, grade)| **grade).map_or("", |(id, _)| id);
        // Where several documents are right, any of them is.
        let truth = if relevant.contains_key(predicted) { predicted } else { best };
        classes.entry(predicted).or_default().0 += 1.0;
        classes.entry(truth).or_default().1 += 1.0;
        correct += f64::from(u8::from(predicted == truth));
    }
    let n = judged.len() as f64;
    let sum = |value: &dyn Fn(&(f64, f64)) -> f64| classes.values().map(value).sum::<f64>();
    let numerator = correct * n - sum(&|(p, t)| p * t);
    let denominator = (n * n - sum(&|(p, _)| p * p)) * (n * n - sum(&|(_, t)| t * t));
    if denominator > 0.0 { numerator / denominator.sqrt() } else { 0.0 }
}

/// Area under the ROC curve as the Mann-Whitney statistic; ties count half.
fn auroc(judged: &[Judged<'_>]) -> f64 {
    let mut by_confidence: Vec<(f32, bool)> =
        judged.iter().map(|(a, r)| (a.confidence, !r.is_empty())).collect();
    by_confidence.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = by_confidence.iter().filter(|(_, answerable)| *answerable).count();
    let negatives = by_confidence.len() - positives;
    let mut rank_sum = 0.0;
    let mut start = 0;
    for tie in by_confidence.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let mean_rank = start as f64 + f64::midpoint(tie.len() as f64, 1.0);
        rank_sum += mean_rank * tie.iter().filter(|(_, answerable)| *answerable).count() as f64;
        start += tie.len();
    }
    if positives == 0 || negatives == 0 {
        return 0.0;
    }
    let pairs = positives as f64 * negatives as f64;
    (rank_sum - positives as f64 * (positives as f64 + 1.0) / 2.0) / pairs
}

/// A point of the reliability curve: mean confidence, share that was right, how many.
pub type ReliabilityBin = (f64, f64, usize);

/// The reliability curve over ten bins of equal size.
pub fn reliability(judged: &[Judged<'_>]) -> Vec<ReliabilityBin> {
    let mut points: Vec<(f32, bool)> =
        judged.iter().map(|(a, r)| (a.confidence, first_is_right(a, r))).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let size = points.len().div_ceil(10).max(1);
    points
        .chunks(size)
        .map(|bin| {
            let confidence: f64 = bin.iter().map(|(c, _)| f64::from(*c)).sum();
            let right = bin.iter().filter(|(_, right)| *right).count() as f64;
            (share(confidence, bin.len()), share(right, bin.len()), bin.len())
        })
        .collect()
}

fn ece(judged: &[Judged<'_>]) -> f64 {
    let gaps = reliability(judged).into_iter().map(|(c, r, n)| (c - r).abs() * n as f64);
    share(gaps.sum(), judged.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(decision: Decision, confidence: f32, results: &[&str]) -> Answer {
        let results = results.iter().map(|id| ((*id).to_owned(), 1.0)).collect();
        Answer { id: String::new(), decision, confidence, results }
    }

    fn relevant(ids: &[&str]) -> Relevant {
        ids.iter().map(|id| ((*id).to_owned(), 1)).collect()
    }

    #[test]
    fn scores_ranking_and_abstention_apart() {
        let right = answer(Decision::Suggest, 0.9, &["a", "b"]);
        let second = answer(Decision::Suggest, 0.6, &["b", "a"]);
        let silent = answer(Decision::Abstain, 0.1, &["a"]);
        let (a, none) = (relevant(&["a"]), relevant(&[]));
        let metrics = Metrics::of(&[(&right, &a), (&second, &a), (&silent, &none), (&silent, &a)]);
        let close = |got: f64, want: f64| assert!((got - want).abs() < 1e-9, "{got} {metrics:?}");
        close(metrics.success_at_1, 2.0 / 3.0);
        close(metrics.mrr_at_10, (1.0 + 0.5 + 1.0) / 3.0);
        close(metrics.coverage, 0.5);
        close(metrics.precision, 0.5);
        close(metrics.in_scope_accuracy, 1.0 / 3.0);
        close(metrics.oos_recall, 1.0);
        close(metrics.auroc, (1.0 + 1.0 + 0.5) / 3.0);
    }

    #[test]
    fn gives_full_marks_for_a_perfect_run() {
        let answers =
            [answer(Decision::Suggest, 1.0, &["a"]), answer(Decision::Suggest, 1.0, &["b"])];
        let silent = answer(Decision::Abstain, 0.0, &["b"]);
        let truth = [relevant(&["a"]), relevant(&["b"]), relevant(&[])];
        let metrics = Metrics::of(&[
            (&answers[0], &truth[0]),
            (&answers[1], &truth[1]),
            (&silent, &truth[2]),
        ]);
        assert!((metrics.mcc - 1.0).abs() < 1e-9);
        assert!(metrics.ece < 1e-9);
        assert!((metrics.ndcg_at_10 - 1.0).abs() < 1e-9);
    }
}
