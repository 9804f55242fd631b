//! Calibration on folds: for a corpus with confirmed phrasings and no golden tickets.
//!
//! In: a corpus. Out: a calibration, learned from phrasings that were left out. In each of three
//! folds a third of the phrasings is asked of the others, and a third of the documents is left out
//! altogether: what belonged to them stands for tickets that nothing answers. Phrasings that a
//! designer copied with small changes stay in one fold, since real tickets are no copies. The
//! threshold is the lowest one with nearly the best Matthews correlation when half of all tickets are
//! out of scope, the least that one can assume without knowing.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::text::Analyser;
use crate::text::detect::detect;

use super::calibrate::{Calibration, Observation, PENALTY_FOLDS, Signals};
use super::corpus::{Corpus, Document};
use super::rank::Matcher;

/// Folds. Three leave enough phrasings to learn from and enough documents out.
const FOLDS: usize = 3;
/// Assumed share of tickets that nothing answers.
const OUT_OF_SCOPE: f64 = 0.5;
/// From this many phrasings on, one fold says enough.
const ONE_FOLD_FROM: usize = 4000;
/// Above this many phrasings a document, near copies chain whole documents together, so phrasings
/// are dealt out one by one.
const GROUPED_UP_TO: usize = 30;
/// Words in common, by Jaccard's coefficient, that make two phrasings near copies.
const COPY_SHARE: f32 = 0.5;
/// Thresholds that are tried.
const THRESHOLDS: usize = 60;
/// Thresholds within this of the best correlation are as good: folds cannot tell them apart. The
/// lowest is taken, since tickets to come are less like the phrasings than those of a fold are.
const CORRELATION_SLACK: f64 = 0.015;
/// The most texts that a fold asks; a curve needs no more.
const ASKED_MAX: usize = 1500;

/// An answer to a phrasing that was left out.
struct Tried {
    observation: Observation,
    predicted: String,
    /// The document that it belonged to; empty if that was left out too.
    truth: String,
}

/// Calibrates a matcher of `corpus` on folds of its phrasings. Leaves it as it is if there are too
/// few.
pub fn calibrate(matcher: &mut Matcher, corpus: &Corpus, analyser: &Analyser) {
    let phrasings: usize = corpus.documents.iter().map(|d| d.phrasings.len()).sum();
    if phrasings < 2 * FOLDS || corpus.documents.len() < FOLDS {
        return;
    }
    let folds = if phrasings > ONE_FOLD_FROM { 1 } else { FOLDS };
    let assigned = assign(corpus, analyser, phrasings);
    let mut tried = Vec::new();
    for fold in 0..folds {
        tried.extend(try_fold(corpus, analyser, &assigned, fold));
    }
    weigh(&mut tried);
    let observations: Vec<Observation> = tried.iter().map(|t| t.observation).collect();
    let mut calibration = Calibration::fit(&observations, PENALTY_FOLDS);
    calibration.set_threshold(best_threshold(&calibration, &tried));
    matcher.calibration = calibration;
}

/// The fold of each phrasing of each document.
fn assign(corpus: &Corpus, analyser: &Analyser, phrasings: usize) -> Vec<Vec<usize>> {
    let grouped = phrasings <= GROUPED_UP_TO * corpus.documents.len();
    let assign = |(number, document): (usize, &Document)| {
        let groups = if grouped {
            copies(document, analyser)
        } else {
            (0..document.phrasings.len()).collect()
        };
        let mut fold_of: FxHashMap<usize, usize> = FxHashMap::default();
        let mut next = number;
        groups
            .into_iter()
            .map(|group| {
                *fold_of.entry(group).or_insert_with(|| {
                    next += 1;
                    next % FOLDS
                })
            })
            .collect()
    };
    corpus.documents.iter().enumerate().map(assign).collect()
}

/// For each phrasing the number of the first one that it is linked to by near copies.
fn copies(document: &Document, analyser: &Analyser) -> Vec<usize> {
    let words: Vec<Vec<String>> = document
        .phrasings
        .iter()
        .map(|text| {
            let mut words: Vec<String> =
                analyser.analyse(text).terms.into_iter().map(|t| t.text).collect();
            words.sort_unstable();
            words.dedup();
            words
        })
        .collect();
    let mut group: Vec<usize> = (0..words.len()).collect();
    for (a, first) in words.iter().enumerate() {
        for (b, second) in words.iter().enumerate().skip(a + 1) {
            let common = first.iter().filter(|w| second.binary_search(w).is_ok()).count() as f32;
            let all = (first.len() + second.len()) as f32 - common;
            let (Some(&x), Some(&y)) = (group.get(a), group.get(b)) else { continue };
            if x != y && common >= COPY_SHARE * all.max(1.0) {
                group.iter_mut().filter(|g| **g == x.max(y)).for_each(|g| *g = x.min(y));
            }
        }
    }
    group
}

fn try_fold(
    corpus: &Corpus,
    analyser: &Analyser,
    assigned: &[Vec<usize>],
    fold: usize,
) -> Vec<Tried> {
    let left_out = |number: usize| (number * 7 + fold).is_multiple_of(FOLDS);
    let mut kept = Corpus { memo: corpus.memo.clone(), ..Corpus::default() };
    let mut asked: Vec<(&str, &str)> = Vec::new();
    for ((number, document), folds) in corpus.documents.iter().enumerate().zip(assigned) {
        let here = |wanted: bool| {
            let texts = document.phrasings.iter().zip(folds);
            texts.filter(move |(_, f)| (**f == fold) == wanted).map(|(text, _)| text)
        };
        if left_out(number) {
            asked.extend(document.phrasings.iter().map(|text| (text.as_str(), "")));
            continue;
        }
        asked.extend(here(true).map(|text| (text.as_str(), document.id.as_str())));
        let phrasings = here(false).cloned().collect();
        kept.documents.push(Document { phrasings, ..document.clone() });
    }
    let matcher = Matcher::new(&kept, analyser);
    let every = asked.len().div_ceil(ASKED_MAX).max(1);
    asked
        .into_iter()
        .step_by(every)
        .map(|(text, truth)| try_one(&matcher, analyser, text, truth))
        .collect()
}

fn try_one(matcher: &Matcher, analyser: &Analyser, text: &str, truth: &str) -> Tried {
    let analysis = analyser.analyse(text);
    let ranking = matcher.rank(analyser, &analysis, 2);
    let predicted = ranking.ranked.first().map_or("", |r| matcher.id(r.document)).to_owned();
    // Phrasings are made as short as a designer likes; tickets are not.
    let signals: Signals = ranking.signals.without_length();
    let right = !truth.is_empty() && predicted == truth;
    let observation = Observation { signals, lang: detect(text).lang, right, weight: 1.0 };
    Tried { observation, predicted, truth: truth.to_owned() }
}

/// Makes what is out of scope count for its assumed share.
fn weigh(tried: &mut [Tried]) {
    let out = tried.iter().filter(|t| t.truth.is_empty()).count() as f64;
    let all = tried.len() as f64;
    for t in tried.iter_mut() {
        t.observation.weight = if t.truth.is_empty() {
            OUT_OF_SCOPE * all / out.max(1.0)
        } else {
            (1.0 - OUT_OF_SCOPE) * all / (all - out).max(1.0)
        };
    }
}

fn best_threshold(calibration: &Calibration, tried: &[Tried]) -> f32 {
    let confidences: Vec<f32> =
        tried.iter().map(|t| calibration.confidence(&t.observation.signals)).collect();
    let mut sorted = confidences.clone();
    sorted.sort_by(f32::total_cmp);
    let quantile = |step: usize| sorted.get(step * sorted.len() / THRESHOLDS).copied();
    let curve: Vec<(f32, f64)> = (0..THRESHOLDS)
        .filter_map(quantile)
        .map(|threshold| (threshold, correlation(tried, &confidences, threshold)))
        .collect();
    let best = curve.iter().fold(f64::NEG_INFINITY, |best, (_, c)| best.max(*c));
    let near = curve.iter().find(|(_, c)| *c >= best - CORRELATION_SLACK);
    near.map_or(0.5, |(threshold, _)| *threshold)
}

/// The weighted multi-class Matthews correlation with silence below a threshold.
fn correlation(tried: &[Tried], confidences: &[f32], threshold: f32) -> f64 {
    let mut classes: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let (mut correct, mut all) = (0.0, 0.0);
    for (t, confidence) in tried.iter().zip(confidences) {
        let weight = t.observation.weight;
        let predicted = if *confidence >= threshold { t.predicted.as_str() } else { "" };
        classes.entry(predicted).or_default().0 += weight;
        classes.entry(&t.truth).or_default().1 += weight;
        correct += if predicted == t.truth { weight } else { 0.0 };
        all += weight;
    }
    let sum = |value: &dyn Fn(&(f64, f64)) -> f64| classes.values().map(value).sum::<f64>();
    let numerator = correct * all - sum(&|(p, t)| p * t);
    let denominator = (all * all - sum(&|(p, _)| p * p)) * (all * all - sum(&|(_, t)| t * t));
    if denominator > 0.0 { numerator / denominator.sqrt() } else { 0.0 }
}
