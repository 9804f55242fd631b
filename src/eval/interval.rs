//! Intervals: how far a figure would move if the set had been drawn again.
//!
//! In: what each query came to. Out: the 95 % interval of each figure by the percentile bootstrap
//! (Efron and Tibshirani 1993, chapter 13): queries are drawn with replacement, as many as there
//! are. The seed is fixed, so the same run has the same intervals.

use std::time::Duration;

use fastrand::Rng;

use super::metrics::{FIGURES, Metrics, Row};

/// How often a set is drawn again. The bounds move by about a tenth of the interval's width from
/// seed to seed.
pub const RESAMPLES: usize = 1000;
/// Fixed, so that the same run has the same intervals.
pub(super) const SEED: u64 = 20_231_123;

/// Lower and upper bound.
pub type Interval = [f64; 2];

/// The intervals of all [`FIGURES`], in their order.
pub fn figures(rows: &[Row]) -> Vec<Interval> {
    bootstrap(rows, |drawn| {
        let metrics = Metrics::of_rows(drawn);
        FIGURES.map(|(_, read)| read(&metrics)).to_vec()
    })
}

/// The intervals of quantiles of durations, in milliseconds.
pub fn quantiles(durations: &[Duration], wanted: &[f64]) -> Vec<Interval> {
    bootstrap(durations, |drawn| wanted.iter().map(|q| quantile_ms(drawn, *q)).collect())
}

/// A quantile of durations, in milliseconds.
pub fn quantile_ms(durations: &[Duration], q: f64) -> f64 {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len().saturating_sub(1) as f64 * q).round() as usize;
    sorted.get(at).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
}

/// The 95 % percentile interval of each of some figures of `items`.
pub fn bootstrap<T: Copy>(items: &[T], figures: impl Fn(&[T]) -> Vec<f64>) -> Vec<Interval> {
    let mut rng = Rng::with_seed(SEED);
    let mut samples: Vec<Vec<f64>> = Vec::new();
    let mut drawn = Vec::with_capacity(items.len());
    for _ in 0..RESAMPLES {
        drawn.clear();
        drawn.extend((0..items.len()).filter_map(|_| items.get(rng.usize(0..items.len()))));
        let values = figures(&drawn);
        samples.resize(values.len(), Vec::new());
        samples.iter_mut().zip(values).for_each(|(sample, value)| sample.push(value));
    }
    samples.into_iter().map(interval).collect()
}

/// The middle 95 % of a sample.
pub(super) fn interval(mut sample: Vec<f64>) -> Interval {
    sample.sort_unstable_by(f64::total_cmp);
    let last = sample.len().saturating_sub(1) as f64;
    let at = |q: f64| sample.get((last * q).round() as usize).copied().unwrap_or(0.0);
    [at(0.025), at(0.975)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_a_share_as_wide_as_theory_says() {
        // Of 400, 80 % are right: the standard error is .02.
        let rows: Vec<Row> = (0..400)
            .map(|n| Row { answerable: true, rank: usize::from(n % 5 != 0), ..Row::default() })
            .collect();
        let all = figures(&rows);
        let [low, high] = all[0];
        assert!((low - 0.76).abs() < 0.01 && (high - 0.84).abs() < 0.01, "{low} {high}");
        assert_eq!(figures(&rows), all, "the same run has the same intervals");
        assert_eq!(figures(&[]).len(), FIGURES.len());
    }

    #[test]
    fn finds_the_middle_of_durations() {
        let durations: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert!((quantile_ms(&durations, 0.5) - 51.0).abs() < 1.5);
        let [low, high] = quantiles(&durations, &[0.5])[0];
        assert!(low > 35.0 && low < 51.0 && high > 51.0 && high < 67.0, "{low} {high}");
    }
}
