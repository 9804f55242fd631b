//! The figures, by the definitions of the field.
//!
//! Ranking figures (success, MRR, recall, nDCG) look at answerable queries and ignore the decision.
//! The others look at all queries with the decision applied. MCC is the multi-class Matthews
//! correlation (Gorodkin 2004) over documents and "abstain", as in HINT3 (Arora et al. 2020). Each
//! query is first boiled down to a [`Row`], so that resampling a run costs no look at its lists.

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

/// A figure's name and how it is read.
pub type Figure = (&'static str, fn(&Metrics) -> f64);

/// The figures that are shares or means, in the order in which they are printed.
pub const FIGURES: [Figure; 12] = [
    ("success_at_1", |m| m.success_at_1),
    ("success_at_3", |m| m.success_at_3),
    ("mrr_at_10", |m| m.mrr_at_10),
    ("recall_at_10", |m| m.recall_at_10),
    ("ndcg_at_10", |m| m.ndcg_at_10),
    ("coverage", |m| m.coverage),
    ("precision", |m| m.precision),
    ("in_scope_accuracy", |m| m.in_scope_accuracy),
    ("oos_recall", |m| m.oos_recall),
    ("mcc", |m| m.mcc),
    ("auroc", |m| m.auroc),
    ("ece", |m| m.ece),
];

/// What one query came to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Row {
    /// Whether anything in the corpus answers it.
    pub answerable: bool,
    /// Whether anything was suggested.
    pub suggested: bool,
    /// The place of the first right result, from 1; 0 if there is none.
    pub rank: usize,
    /// The confidence in the first result.
    pub confidence: f32,
    /// The share of its right documents that are among the first ten.
    pub recall: f64,
    /// Its normalised discounted cumulative gain.
    pub ndcg: f64,
    /// The number of the document that was suggested first; 0 for silence.
    pub predicted: usize,
    /// The number of the document that would have been right; 0 for silence.
    pub truth: usize,
}

impl Row {
    /// Returns true if and only if the first result answers the query.
    pub fn first_is_right(&self) -> bool {
        self.rank == 1
    }

    /// Returns true if and only if the decision was right: the right document shown, or silence
    /// where nothing answers.
    pub fn decision_is_right(&self) -> bool {
        self.predicted == self.truth
    }
}

/// Numbers for document ids; silence is 0. Runs that are compared share them.
#[derive(Debug, Default)]
pub struct Classes<'a>(BTreeMap<&'a str, usize>);

impl<'a> Classes<'a> {
    fn number(&mut self, id: &'a str) -> usize {
        let next = self.0.len() + 1;
        if id.is_empty() { 0 } else { *self.0.entry(id).or_insert(next) }
    }

    /// Boils a run down to rows.
    pub fn rows(&mut self, judged: &[Judged<'a>]) -> Vec<Row> {
        judged.iter().map(|(answer, relevant)| self.row(answer, relevant)).collect()
    }

    fn row(&mut self, answer: &'a Answer, relevant: &'a Relevant) -> Row {
        let suggested = answer.decision == Decision::Suggest;
        let first = answer.results.first().filter(|_| suggested);
        let predicted = first.map_or("", |(id, _)| id.as_str());
        let best = relevant.iter().max_by_key(|(_, grade)| **grade).map_or("", |(id, _)| id);
        // Where several documents are right, any of them is.
        let truth = if relevant.contains_key(predicted) { predicted } else { best };
        let rank = answer.results.iter().position(|(id, _)| relevant.contains_key(id));
        Row {
            answerable: !relevant.is_empty(),
            suggested,
            rank: rank.map_or(0, |at| at + 1),
            confidence: answer.confidence,
            recall: recall(answer, relevant),
            ndcg: ndcg(answer, relevant),
            predicted: self.number(predicted),
            truth: self.number(truth),
        }
    }
}

impl Metrics {
    /// The figures of a run.
    pub fn of(judged: &[Judged<'_>]) -> Metrics {
        Metrics::of_rows(&Classes::default().rows(judged))
    }

    /// The figures of a run that has been boiled down.
    pub fn of_rows(rows: &[Row]) -> Metrics {
        let answerable = rows.iter().filter(|r| r.answerable).count();
        let out_of_scope = rows.len() - answerable;
        let mean = |value: &dyn Fn(&Row) -> f64| {
            share(rows.iter().filter(|r| r.answerable).map(value).sum(), answerable)
        };
        let among = |row: &Row, first: usize| f64::from(u8::from((1..=first).contains(&row.rank)));
        let shown = rows.iter().filter(|r| r.suggested).count();
        let right = rows.iter().filter(|r| r.suggested && r.first_is_right()).count();
        let silent = rows.iter().filter(|r| !r.answerable && !r.suggested).count();
        Metrics {
            queries: rows.len(),
            answerable,
            out_of_scope,
            success_at_1: mean(&|r| among(r, 1)),
            success_at_3: mean(&|r| among(r, 3)),
            mrr_at_10: mean(&|r| if r.rank > 0 { 1.0 / r.rank as f64 } else { 0.0 }),
            recall_at_10: mean(&|r| r.recall),
            ndcg_at_10: mean(&|r| r.ndcg),
            coverage: share(shown as f64, rows.len()),
            precision: share(right as f64, shown),
            in_scope_accuracy: share(right as f64, answerable),
            oos_recall: share(silent as f64, out_of_scope),
            mcc: mcc(rows),
            auroc: auroc(rows),
            ece: ece(rows),
        }
    }
}

fn share(part: f64, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part / whole as f64 }
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

fn mcc(rows: &[Row]) -> f64 {
    // For each class, how often it was predicted and how often it was true.
    let classes = rows.iter().map(|r| r.predicted.max(r.truth) + 1).max().unwrap_or(0);
    let mut counts = vec![(0.0, 0.0); classes];
    let mut correct = 0.0;
    for row in rows {
        if let Some(count) = counts.get_mut(row.predicted) {
            count.0 += 1.0;
        }
        if let Some(count) = counts.get_mut(row.truth) {
            count.1 += 1.0;
        }
        correct += f64::from(u8::from(row.decision_is_right()));
    }
    let n = rows.len() as f64;
    let sum = |value: &dyn Fn(&(f64, f64)) -> f64| counts.iter().map(value).sum::<f64>();
    let numerator = correct * n - sum(&|(p, t)| p * t);
    let denominator = (n * n - sum(&|(p, _)| p * p)) * (n * n - sum(&|(_, t)| t * t));
    if denominator > 0.0 { numerator / denominator.sqrt() } else { 0.0 }
}

/// Area under the ROC curve as the Mann-Whitney statistic; ties count half.
fn auroc(rows: &[Row]) -> f64 {
    let mut by_confidence: Vec<(f32, bool)> =
        rows.iter().map(|r| (r.confidence, r.answerable)).collect();
    by_confidence.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
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

/// A bin of the reliability curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityBin {
    /// Mean confidence.
    pub confidence: f64,
    /// Share of first results that were right.
    pub right: f64,
    /// How many queries.
    pub queries: usize,
}

/// The reliability curve over ten bins of equal size.
pub fn reliability(rows: &[Row]) -> Vec<ReliabilityBin> {
    let mut points: Vec<(f32, bool)> =
        rows.iter().map(|r| (r.confidence, r.first_is_right())).collect();
    points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let size = points.len().div_ceil(10).max(1);
    points
        .chunks(size)
        .map(|bin| {
            let confidence: f64 = bin.iter().map(|(c, _)| f64::from(*c)).sum();
            let right = bin.iter().filter(|(_, right)| *right).count() as f64;
            ReliabilityBin {
                confidence: share(confidence, bin.len()),
                right: share(right, bin.len()),
                queries: bin.len(),
            }
        })
        .collect()
}

fn ece(rows: &[Row]) -> f64 {
    let bins = reliability(rows).into_iter();
    let gaps = bins.map(|bin| (bin.confidence - bin.right).abs() * bin.queries as f64);
    share(gaps.sum(), rows.len())
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
