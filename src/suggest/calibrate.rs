//! Calibration: signals about the first candidate → the probability that it is right, and the
//! probability below which to be silent.
//!
//! In: examples of signals with whether the first candidate was right, from golden tickets or from
//! folds. Out: a logistic model (fitted by Newton's method, in a fixed order) and thresholds read
//! off the precision/coverage curve at a stated target, language by language.

use std::collections::BTreeMap;

use crate::kb::library::Reader;
use crate::lang::TextLang;

use super::meaning::Near;
use super::rank::Ranked;
use super::relevance::Relevance;

/// How many signals there are.
pub const SIGNALS: usize = 15;
/// Their names, for reading a fitted model.
pub const SIGNAL_NAMES: [&str; SIGNALS] = [
    "odds", "nearness", "coverage", "margin", "evidence", "domain", "logit", "alone", "fit",
    "cosine", "saying", "lead", "passage", "stray", "length",
];
/// Which way each signal may speak: for the first candidate (1), against it (-1), either way (0).
/// Likeness to a few titles is higher among near misses than the other signals lead one to expect,
/// so a free fit counts it against an article, and does so all the more once confirmed tickets make
/// it mean what it says.
const SIGNS: [i8; SIGNALS] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, 0];
/// The place of `length`.
const LENGTH: usize = SIGNALS - 1;
/// Strength of the penalty on the weights of standardised signals, on golden tickets and on folds of
/// phrasings. Most signals say much the same, and tickets to come are less like the phrasings than
/// a fold of phrasings is: a strong penalty lets all signals speak and none too loud.
pub const PENALTY_GOLDEN: f64 = 10.0;
/// See [`PENALTY_GOLDEN`].
pub const PENALTY_FOLDS: f64 = 30.0;
/// Steps of Newton's method; it is done after 5 to 8.
const STEPS_MAX: usize = 25;

/// Share of suggestions that must be right: end users are promised more than agents, who see why.
pub fn target_precision(reader: Reader) -> f64 {
    match reader {
        Reader::Public => 0.90,
        Reader::Staff => 0.70,
    }
}

/// The least probability at which anything is shown, however good the rest of the curve is. Where
/// nearly all tickets have an article, the target is met even by answering spam; a single wrong
/// suggestion is still worse than none. Readers are shown what is right in three of five cases,
/// agents, who see why, in two.
fn least_confidence(reader: Reader) -> f32 {
    match reader {
        Reader::Public => 0.6,
        Reader::Staff => 0.4,
    }
}

/// What tells a right first candidate from a wrong one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signals(pub [f32; SIGNALS]);

impl Signals {
    /// The signals of a ranking. `known` is the share of the text that the linear model knows,
    /// `stray` the log-odds that nothing answers it.
    pub fn of(
        ranked: &[Ranked],
        relevance: &Relevance,
        known: f32,
        near: &[Near],
        stray: f32,
    ) -> Signals {
        let Some(first) = ranked.first() else { return Signals::default() };
        let p = first.score.exp();
        let second = ranked.get(1);
        let nearest = first.nearest.map_or(0.0, |(_, cosine)| cosine);
        let alone = 1.0 / (1.0 + (-first.alone).exp());
        let lexical_margin = match second {
            Some(second) => first.lexical.score / (second.lexical.score + 1.0),
            None => 1.0,
        };
        Signals([
            ((p + 0.005) / (1.005 - p)).ln(),
            nearest * known.sqrt(),
            relevance.coverage,
            (lexical_margin + 0.1).ln(),
            relevance.evidence(first.document),
            (relevance.domain + 0.05).ln(),
            first.logit,
            first.alone,
            // Probability × nearness to what was said beats either, also within a linear model.
            alone * nearest,
            nearest,
            first.near.saying,
            lead(first, near),
            first.near.passage,
            stray,
            (relevance.length + 1.0).ln(),
        ])
    }
}

impl Signals {
    /// The same signals of a text whose length says nothing about tickets.
    #[must_use]
    pub fn without_length(mut self) -> Signals {
        if let Some(length) = self.0.get_mut(LENGTH) {
            *length = 0.0;
        }
        self
    }
}

/// How far the first candidate's meaning is before that of the next nearest document.
fn lead(first: &Ranked, near: &[Near]) -> f32 {
    let others = near.iter().enumerate().filter(|(at, _)| *at as u32 != first.document);
    let best = others.map(|(_, near)| near.saying.max(near.passage)).fold(0.0, f32::max);
    first.near.saying.max(first.near.passage) - best
}

/// One observation: the signals, the language, whether the first candidate was right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// The signals.
    pub signals: Signals,
    /// The language of the text.
    pub lang: TextLang,
    /// Whether the first candidate answers.
    pub right: bool,
    /// How much it counts.
    pub weight: f64,
}

/// A probability model with thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    mean: [f64; SIGNALS],
    deviation: [f64; SIGNALS],
    weights: [f64; SIGNALS],
    bias: f64,
    /// Below these, silence; by reader and language.
    thresholds: BTreeMap<(Reader, TextLang), f32>,
}

/// Used where there is nothing to calibrate on (a set without confirmed tickets). The weights were
/// fitted on the golden tickets of the sample knowledge base.
impl Default for Calibration {
    fn default() -> Self {
        Calibration {
            mean: [0.0; SIGNALS],
            deviation: [1.0; SIGNALS],
            weights: [0.6, 3.0, 2.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            bias: -3.0,
            thresholds: BTreeMap::new(),
        }
    }
}

impl Calibration {
    /// Fits a model to observations and reads the thresholds off its own curve.
    pub fn fit(observations: &[Observation], penalty: f64) -> Calibration {
        let total: f64 = observations.iter().map(|o| o.weight).sum();
        if total <= 0.0 {
            return Calibration::default();
        }
        let mut calibration = Calibration::standardised(observations, total);
        calibration.fit_weights(observations, penalty);
        for reader in Reader::ALL {
            let all = calibration.threshold(observations, target_precision(reader));
            for lang in TextLang::ALL {
                let own: Vec<Observation> =
                    observations.iter().filter(|o| o.lang == lang).copied().collect();
                let threshold = if own.len() >= OWN_CURVE_MIN {
                    calibration.threshold(&own, target_precision(reader))
                } else {
                    all
                };
                let threshold = threshold.max(least_confidence(reader));
                calibration.thresholds.insert((reader, lang), threshold);
            }
        }
        calibration
    }

    /// The probability that the first candidate is right.
    pub fn confidence(&self, signals: &Signals) -> f32 {
        let z = self.standard(signals);
        sigmoid(self.bias + dot(&self.weights, &z)) as f32
    }

    /// Returns true if and only if a reader should see suggestions of this confidence.
    pub fn suggests(&self, reader: Reader, lang: TextLang, confidence: f32) -> bool {
        let default = target_precision(reader) as f32;
        confidence >= self.thresholds.get(&(reader, lang)).copied().unwrap_or(default)
    }

    /// Sets one threshold for every reader and language.
    pub fn set_threshold(&mut self, threshold: f32) {
        for reader in Reader::ALL {
            for lang in TextLang::ALL {
                self.thresholds.insert((reader, lang), threshold);
            }
        }
    }

    fn standardised(observations: &[Observation], total: f64) -> Calibration {
        let mean_of = |value: &dyn Fn(&Observation) -> f64| {
            observations.iter().map(|o| o.weight * value(o)).sum::<f64>() / total
        };
        let (mut mean, mut deviation) = ([0.0; SIGNALS], [1.0; SIGNALS]);
        for (at, (mean, deviation)) in mean.iter_mut().zip(&mut deviation).enumerate() {
            let signal = |o: &Observation| o.signals.0.get(at).map_or(0.0, |s| f64::from(*s));
            *mean = mean_of(&signal);
            *deviation = mean_of(&|o| (signal(o) - *mean).powi(2)).sqrt().max(1e-6);
        }
        Calibration {
            mean,
            deviation,
            weights: [0.0; SIGNALS],
            bias: 0.0,
            thresholds: BTreeMap::new(),
        }
    }

    fn standard(&self, signals: &Signals) -> [f64; SIGNALS] {
        let mut z = [0.0; SIGNALS];
        for (((z, s), mean), deviation) in
            z.iter_mut().zip(signals.0).zip(self.mean).zip(self.deviation)
        {
            *z = (f64::from(s) - mean) / deviation;
        }
        z
    }

    /// Fits the weights; a signal that would speak the wrong way is silenced, the worst first.
    fn fit_weights(&mut self, observations: &[Observation], penalty: f64) {
        let mut silent = [false; SIGNALS];
        loop {
            self.newton(observations, penalty, &silent);
            let wrong = self.weights.iter().zip(SIGNS).map(|(w, sign)| -w * f64::from(sign));
            let worst = wrong.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
            match worst.and_then(|(at, wrong)| (wrong > 0.0).then(|| silent.get_mut(at))) {
                Some(Some(worst)) => *worst = true,
                _ => return,
            }
            self.weights = [0.0; SIGNALS];
            self.bias = 0.0;
        }
    }

    /// Newton's method on the penalised log-likelihood; the last row and column are the bias.
    fn newton(&mut self, observations: &[Observation], penalty: f64, silent: &[bool; SIGNALS]) {
        const N: usize = SIGNALS + 1;
        for _ in 0..STEPS_MAX {
            let mut gradient = [0.0; N];
            let mut hessian = [[0.0; N]; N];
            for o in observations {
                let z = self.standard(&o.signals);
                let mut x = [1.0; N];
                x.iter_mut()
                    .zip(z)
                    .zip(silent)
                    .for_each(|((x, z), s)| *x = if *s { 0.0 } else { z });
                let p = sigmoid(self.bias + dot(&self.weights, &z));
                let error = o.weight * (p - f64::from(u8::from(o.right)));
                let curvature = o.weight * (p * (1.0 - p)).max(1e-9);
                for ((g, row), a) in gradient.iter_mut().zip(&mut hessian).zip(x) {
                    *g += error * a;
                    row.iter_mut().zip(x).for_each(|(h, b)| *h += curvature * a * b);
                }
            }
            for ((at, (g, row)), w) in
                gradient.iter_mut().zip(&mut hessian).enumerate().zip(self.weights)
            {
                *g += penalty * w;
                if let Some(diagonal) = row.get_mut(at) {
                    *diagonal += penalty;
                }
            }
            let step = solve(hessian, gradient);
            let largest = step.iter().fold(0.0_f64, |most, s| most.max(s.abs()));
            self.weights.iter_mut().zip(step).for_each(|(w, s)| *w -= s);
            self.bias -= step.last().copied().unwrap_or(0.0);
            if largest < 1e-9 {
                return;
            }
        }
    }

    /// The lowest confidence from which on the share of right suggestions meets the target.
    fn threshold(&self, observations: &[Observation], target: f64) -> f32 {
        let mut curve: Vec<(f32, f64, f64)> = observations
            .iter()
            .map(|o| {
                let right = if o.right { o.weight } else { 0.0 };
                (self.confidence(&o.signals), right, o.weight)
            })
            .collect();
        curve.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut right, mut all) = (0.0, 0.0);
        let mut lowest = None;
        for (confidence, own, weight) in curve {
            right += own;
            all += weight;
            if right >= target * all {
                lowest = Some(confidence);
            }
        }
        // Where no threshold meets the target, only near certainty may speak.
        lowest.unwrap_or(0.99)
    }
}

/// A language with fewer observations than this shares the common curve.
const OWN_CURVE_MIN: usize = 80;

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn dot(a: &[f64; SIGNALS], b: &[f64; SIGNALS]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves a small symmetric positive system by Gaussian elimination.
fn solve<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for at in 0..N {
        let (Some(row), Some(value)) = (a.get(at).copied(), b.get(at).copied()) else { continue };
        let pivot = row.get(at).copied().unwrap_or(1.0);
        for below in at + 1..N {
            let (Some(other), Some(own)) = (a.get_mut(below), b.get_mut(below)) else { continue };
            let factor = other.get(at).copied().unwrap_or(0.0) / pivot;
            other.iter_mut().zip(row).for_each(|(o, r)| *o -= factor * r);
            *own -= factor * value;
        }
    }
    let mut x = [0.0; N];
    for at in (0..N).rev() {
        let Some(row) = a.get(at) else { continue };
        let known: f64 = row.iter().zip(x).skip(at + 1).map(|(a, x)| a * x).sum();
        let pivot = row.get(at).copied().unwrap_or(1.0);
        if let (Some(x), Some(b)) = (x.get_mut(at), b.get(at)) {
            *x = (b - known) / pivot;
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_the_share_that_is_right_and_where_to_be_silent() {
        let observations: Vec<Observation> = (0..400)
            .map(|n| {
                let signal = (n % 20) as f32 / 10.0 - 1.0;
                // Right in 5 % of cases at the low end, 95 % at the high end.
                let right = (n * 7919 % 400) as f32 / 400.0 < 0.5 + 0.45 * signal;
                let mut signals = Signals::default();
                signals.0[0] = signal;
                Observation { signals, lang: TextLang::En, right, weight: 1.0 }
            })
            .collect();
        let calibration = Calibration::fit(&observations, 1.0);
        let at = |signal: f32| {
            let mut signals = Signals::default();
            signals.0[0] = signal;
            calibration.confidence(&signals)
        };
        assert!(at(0.9) > 0.85 && at(-0.9) < 0.15 && (at(0.0) - 0.5).abs() < 0.1);
        assert!(calibration.suggests(Reader::Staff, TextLang::En, at(0.9)));
        assert!(!calibration.suggests(Reader::Public, TextLang::En, at(0.0)));
    }
}
