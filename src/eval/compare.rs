//! Comparing two runs over the same queries: is the difference more than chance?
//!
//! In: what each query came to in either run. Out: for each figure the difference with its 95 %
//! interval (paired bootstrap, Efron and Tibshirani 1993) and a p-value (paired randomisation,
//! Smucker, Allan and Carterette 2007: the two runs' answers to a query are swapped at random; how
//! often is the difference as large?), and McNemar's exact test (1947) on which decisions were
//! right. All two-sided, with fixed seeds.

use fastrand::Rng;

use super::interval::{Interval, RESAMPLES, SEED, interval};
use super::metrics::{FIGURES, Metrics, Row};

/// How often answers are swapped; the least p-value is one in this many.
pub const SWAPS: usize = 2000;

/// One figure of both runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The figure.
    pub name: &'static str,
    /// Its value in the first run.
    pub a: f64,
    /// Its value in the second run.
    pub b: f64,
    /// The 95 % interval of `b` − `a`.
    pub interval: Interval,
    /// How probable a difference at least as large is if the runs are equally good.
    pub p: f64,
}

/// How two runs differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Each of [`FIGURES`].
    pub differences: Vec<Difference>,
    /// Queries that the first run alone decided rightly.
    pub only_a: usize,
    /// Queries that the second run alone decided rightly.
    pub only_b: usize,
    /// McNemar's exact p-value for these two.
    pub mcnemar_p: f64,
}

/// Compares two runs. Rows of one query stand at the same place, and their classes were numbered
/// together.
pub fn compare(a: &[Row], b: &[Row]) -> Comparison {
    let pairs: Vec<(Row, Row)> = a.iter().copied().zip(b.iter().copied()).collect();
    let differences = differences_of(&pairs);
    let mut rng = Rng::with_seed(SEED);
    let mut drawn = pairs.clone();
    let mut samples = vec![Vec::with_capacity(RESAMPLES); FIGURES.len()];
    for _ in 0..RESAMPLES {
        for place in &mut drawn {
            *place = pairs.get(rng.usize(0..pairs.len())).copied().unwrap_or_default();
        }
        let again = differences_of(&drawn);
        samples.iter_mut().zip(again).for_each(|(sample, (_, _, d))| sample.push(d));
    }
    let mut as_large = vec![0_usize; FIGURES.len()];
    for _ in 0..SWAPS {
        for (place, pair) in drawn.iter_mut().zip(&pairs) {
            *place = if rng.bool() { (pair.1, pair.0) } else { *pair };
        }
        let swapped = differences_of(&drawn);
        for (count, (swapped, seen)) in as_large.iter_mut().zip(swapped.iter().zip(&differences)) {
            // Sums in another order differ in their last digits.
            *count += usize::from(swapped.2.abs() >= seen.2.abs() - 1e-12);
        }
    }
    let difference = |((figure, (a, b, _)), (sample, count)): (_, (Vec<f64>, usize))| {
        let (name, _): &super::metrics::Figure = figure;
        let p = (count as f64 + 1.0) / (SWAPS as f64 + 1.0);
        Difference { name, a, b, interval: interval(sample), p }
    };
    let differences =
        FIGURES.iter().zip(differences).zip(samples.into_iter().zip(as_large)).map(difference);
    let only = |first: fn(&(Row, Row)) -> (bool, bool)| {
        pairs.iter().filter(|pair| first(pair) == (true, false)).count()
    };
    let only_a = only(|(a, b)| (a.decision_is_right(), b.decision_is_right()));
    let only_b = only(|(a, b)| (b.decision_is_right(), a.decision_is_right()));
    let mcnemar_p = mcnemar(only_a, only_b);
    Comparison { differences: differences.collect(), only_a, only_b, mcnemar_p }
}

/// For each figure its value in both runs and the difference.
fn differences_of(pairs: &[(Row, Row)]) -> Vec<(f64, f64, f64)> {
    let (a, b): (Vec<Row>, Vec<Row>) = pairs.iter().copied().unzip();
    let (a, b) = (Metrics::of_rows(&a), Metrics::of_rows(&b));
    FIGURES.iter().map(|(_, read)| (read(&a), read(&b), read(&b) - read(&a))).collect()
}

/// Twice the smaller tail of a fair coin thrown `a + b` times.
fn mcnemar(a: usize, b: usize) -> f64 {
    let (least, n) = (a.min(b), a + b);
    // ln of the binomial coefficient, built up term by term.
    let mut ln_choose = 0.0;
    let mut tail = 0.0;
    for k in 0..=least {
        if k > 0 {
            ln_choose += ((n - k + 1) as f64).ln() - (k as f64).ln();
        }
        tail += (ln_choose - n as f64 * std::f64::consts::LN_2).exp();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(right: impl Fn(usize) -> bool) -> Vec<Row> {
        let row = |n| Row { answerable: true, rank: usize::from(right(n)), ..Row::default() };
        (0..200).map(row).collect()
    }

    #[test]
    fn tells_a_difference_from_chance() {
        let (good, bad) = (run(|n| n % 10 != 0), run(|n| n % 10 > 2));
        let found = compare(&bad, &good);
        let success = found.differences[0];
        assert_eq!((success.a, success.b), (0.7, 0.9));
        assert!(success.interval[0] > 0.13 && success.interval[1] < 0.27 && success.p < 0.001);
        let same = compare(&good, &good);
        assert!(same.differences.iter().all(|d| d.p > 0.99 && d.interval == [0.0, 0.0]));
        // As many won as lost: no difference.
        let even = compare(&run(|n| n % 2 == 0), &run(|n| n % 2 == 1));
        assert!(even.differences[0].p > 0.9);
    }

    #[test]
    fn agrees_with_published_values_of_the_exact_test() {
        // 2 × P(X ≤ 2), X ~ B(12, ½) = 2 × 79/4096.
        assert!((mcnemar(2, 10) - 2.0 * 79.0 / 4096.0).abs() < 1e-12);
        assert!((mcnemar(0, 0) - 1.0).abs() < 1e-12 && (mcnemar(5, 5) - 1.0).abs() < 1e-12);
        assert!(mcnemar(1000, 3000) < 1e-100);
    }
}
