//! Ranking: the evidence for each document, joined into one list.
//!
//! Two witnesses speak: the lexical score (what the article says) and the linear model (what
//! people said who meant it, and what staff said it does not answer). Each is put on a common scale
//! and they are added with fixed weights. Without examples the lexical score speaks alone. Where a
//! sentence encoder is at hand, nearness in meaning joins both.

use std::sync::Arc;

use crate::encoder::memo::Memo;
use crate::text::{Analyser, Analysis};

use super::calibrate::{Calibration, Signals};
use super::corpus::{Corpus, Document, Field};
use super::descent::Logits;
use super::lexical::Lexical;
use super::linear::{Example, Linear, Vector, softmax};
use super::meaning::{self, Meaning, Near};
use super::ngram;
use super::relevance::{Relevance, Scored};
use super::stray::Stray;

/// Weight of the lexical score's standard score beside the linear model's log-probability. Weights
/// refitted by conditional logit on out-of-fold rows of four sets came out between .05 and .7 with
/// no gain in accuracy over one fixed value.
const LEXICAL_WEIGHT: f32 = 0.45;
/// What a ticket that is the very one for which staff rejected a document costs it, in logits: from
/// near certainty to under a half.
const REJECTION_COST: f32 = 4.0;
/// Weights of the standard scores of the nearest saying and of the nearest passage, by an encoder:
/// beside a linear model, which knows the sayings, and where it is missing.
const SAYING_WEIGHT: f32 = 0.5;
const SAYING_WEIGHT_ALONE: f32 = 1.0;
const PASSAGE_WEIGHT: f32 = 1.0;
/// What is found by its meaning alone has at least this cosine: paraphrases have .6 to .8, and
/// two sentences about one subject .4.
const SEARCH_MIN: f32 = 0.5;
/// Documents that are looked at closely.
const CANDIDATES_MAX: usize = 50;
/// The most weights that a linear model may have, classes × features: 512 MB. Past it the lexical
/// score speaks alone.
const WEIGHTS_MAX: usize = 128 * 1024 * 1024;

/// A document with the evidence for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Its number in the corpus.
    pub document: u32,
    /// Log-probability among the candidates.
    pub score: f32,
    /// What the linear model says before it is compared with the others.
    pub logit: f32,
    /// What its head for this document alone says.
    pub alone: f32,
    /// What the words alone say, and the passage that fits best.
    pub lexical: Scored,
    /// For the first: the example that is nearest to the text, its number and the cosine.
    pub nearest: Option<(u32, f32)>,
    /// How near its meaning is; nothing without an encoder.
    pub near: Near,
}

/// Everything that is known about a text against a corpus.
pub struct Ranking {
    /// The lexical evidence with the text's pieces.
    pub relevance: Relevance,
    /// Documents, best first.
    pub ranked: Vec<Ranked>,
    /// What tells whether the first is right.
    pub signals: Signals,
    /// The text as the linear model sees it.
    vector: Vector,
}

/// Everything that is needed to rank a corpus for a ticket.
pub struct Matcher {
    ids: Vec<String>,
    lexical: Lexical,
    linear: Linear,
    meaning: Meaning,
    stray: Stray,
    memo: Option<Arc<Memo>>,
    /// The text of each example, for explanations.
    example_texts: Vec<String>,
    /// How signals become a probability, and where to be silent.
    pub calibration: Calibration,
}

impl Matcher {
    /// Prepares a corpus. Confidence is that of fixed defaults until it is calibrated.
    pub fn new(corpus: &Corpus, analyser: &Analyser) -> Matcher {
        let ids: Vec<String> = corpus.documents.iter().map(|d| d.id.clone()).collect();
        let lexical = Lexical::new(corpus, analyser);
        // An encoder that fails now is left out of this matcher, so that all its answers agree.
        let memo = corpus.memo.clone().filter(|memo| {
            let texts = meaning::texts(corpus);
            memo.learn(texts.iter().map(String::as_str))
        });
        let meaning = memo.as_ref().map(|memo| Meaning::new(corpus, memo)).unwrap_or_default();
        let (examples, example_texts) = examples(corpus, analyser, &lexical, memo.as_deref());
        let mut linear = Linear::default();
        if fits(&examples, ids.len()) {
            linear = Linear::fit(&examples, ids.len());
            for (class, document) in corpus.documents.iter().enumerate() {
                for text in &document.rejected {
                    linear.reject(class as u32, &counts(text, analyser, &lexical));
                }
            }
        }
        let calibration = Calibration::default();
        let stray = Stray::default();
        Matcher { ids, lexical, linear, meaning, stray, memo, example_texts, calibration }
    }

    /// The id of a document.
    pub fn id(&self, document: u32) -> &str {
        self.ids.get(document as usize).map_or("", String::as_str)
    }

    /// The lexical evidence.
    pub fn lexical(&self) -> &Lexical {
        &self.lexical
    }

    /// Returns true if and only if a document of this id is ranked.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.ids.iter().any(|own| own == id)
    }

    /// The vectors of an encoder, if there is one.
    pub(super) fn memo(&self) -> Option<&Memo> {
        self.memo.as_deref()
    }

    /// Learns what texts look like that nothing here answers.
    pub(super) fn learn_stray(&mut self, corpus: &Corpus, analyser: &Analyser, texts: &[&str]) {
        self.stray = Stray::fit(corpus, analyser, &self.lexical, self.memo.as_deref(), texts);
    }

    /// The text of an example.
    pub fn example(&self, number: u32) -> &str {
        self.example_texts.get(number as usize).map_or("", String::as_str)
    }

    /// Ranks the documents for a text: at most `limit`, best first.
    pub fn rank(&self, analyser: &Analyser, analysis: &Analysis, limit: usize) -> Ranking {
        let relevance = self.lexical.relevance(analyser, analysis, CANDIDATES_MAX);
        let meant = self.memo.as_ref().and_then(|memo| memo.vector(analysis.folded.text()));
        let near = meant.as_ref().map(|vector| self.meaning.near(vector)).unwrap_or_default();
        let meant = meant.map(|vector| vector.to_vec()).unwrap_or_default();
        let counts = counted(analysis, &relevance);
        let stray = self.stray.log_odds(&counts, &meant);
        let vector = self.vector(&counts, meant);
        let candidates = self.candidates(&relevance, &near);
        let mut scores = standard_scores(&candidates, self.ids.len());
        self.add_meaning(&mut scores, &candidates, &near);
        let mut logits = Logits { joint: vec![0.0; scores.len()], alone: vec![0.0; scores.len()] };
        if !self.linear.is_empty() {
            logits = self.logits(&vector, &candidates);
            for (score, model) in scores.iter_mut().zip(log_probabilities(&logits)) {
                *score = *score * LEXICAL_WEIGHT + model;
            }
        }
        let mut probabilities = scores;
        softmax(&mut probabilities);
        let mut ranked: Vec<Ranked> = candidates
            .into_iter()
            .zip(probabilities.into_iter().zip(logits.joint.into_iter().zip(logits.alone)))
            .map(|(lexical, (p, (logit, alone)))| Ranked {
                near: near.get(lexical.document as usize).copied().unwrap_or_default(),
                document: lexical.document,
                score: p.max(1e-12).ln(),
                logit,
                alone,
                lexical,
                nearest: None,
            })
            .collect();
        ranked.sort_by(|a, b| {
            let by_lexical = || b.lexical.score.total_cmp(&a.lexical.score);
            b.score
                .total_cmp(&a.score)
                .then_with(by_lexical)
                .then_with(|| self.id(a.document).cmp(self.id(b.document)))
        });
        ranked.truncate(limit);
        if let Some(first) = ranked.first_mut() {
            first.nearest = self.linear.nearest(&vector, first.document);
        }
        let signals = Signals::of(&ranked, &relevance, vector.coverage, &near, stray);
        Ranking { relevance, ranked, signals, vector }
    }

    /// The example of a document that is nearest to the text of a ranking.
    pub(super) fn nearest(&self, ranking: &Ranking, document: u32) -> Option<(u32, f32)> {
        self.linear.nearest(&ranking.vector, document)
    }

    /// What the linear model says about each candidate, less what rejections cost it.
    fn logits(&self, vector: &Vector, candidates: &[Scored]) -> Logits {
        let documents: Vec<u32> = candidates.iter().map(|c| c.document).collect();
        let mut logits = self.linear.logits(vector, &documents);
        let Logits { joint, alone } = &mut logits;
        for ((joint, alone), document) in joint.iter_mut().zip(alone).zip(documents) {
            let cost = REJECTION_COST * self.linear.rejection(vector, document);
            *joint -= cost;
            *alone -= cost;
        }
        logits
    }

    /// The documents whose meaning is nearest to a folded text: at most `limit`, with the cosine.
    /// None without an encoder, or where nothing is near.
    pub fn nearest_in_meaning(&self, text: &str, limit: usize) -> Vec<(&str, f32)> {
        let vector = self.memo.as_ref().and_then(|memo| memo.vector(text));
        let near = vector.map(|vector| self.meaning.near(&vector)).unwrap_or_default();
        let best = |near: &Near| near.saying.max(near.passage);
        let mut nearest: Vec<(&str, f32)> = (0..)
            .map(|document| self.id(document))
            .zip(near.iter().map(best))
            .filter(|(_, cosine)| *cosine >= SEARCH_MIN)
            .collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        nearest.truncate(limit);
        nearest
    }

    /// Adds what an encoder says to the lexical scores of candidates.
    fn add_meaning(&self, scores: &mut [f32], candidates: &[Scored], near: &[Near]) {
        if self.meaning.has_sayings() {
            let alone = self.linear.is_empty();
            let weight = if alone { SAYING_WEIGHT_ALONE } else { SAYING_WEIGHT };
            add_standard(scores, candidates, near, |near| near.saying, weight);
        }
        if self.meaning.has_passages() {
            add_standard(scores, candidates, near, |near| near.passage, PASSAGE_WEIGHT);
        }
    }

    fn vector(&self, counts: &ngram::Counts, meaning: Vec<f32>) -> Vector {
        if self.linear.is_empty() {
            return Vector::default();
        }
        self.linear.vector(counts, meaning)
    }

    /// The leaders by words, those by meaning, and every class of a linear model that is small
    /// enough to look at.
    fn candidates(&self, relevance: &Relevance, near: &[Near]) -> Vec<Scored> {
        let mut candidates = relevance.ranked.clone();
        let mut add = |document: u32| {
            if candidates.iter().all(|c| c.document != document) {
                candidates.push(Scored { document, score: 0.0, passage: None });
            }
        };
        if !self.linear.is_empty() && self.ids.len() <= ALL_CLASSES_MAX {
            (0..self.ids.len() as u32).for_each(&mut add);
        }
        let best = |near: &Near| near.saying.max(near.passage);
        let mut nearest: Vec<(u32, f32)> = (0..).zip(near.iter().map(best)).collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        nearest.iter().take(CANDIDATES_MAX).for_each(|(document, _)| add(*document));
        candidates
    }
}

/// With at most this many documents, the linear model may name one that no word points to.
const ALL_CLASSES_MAX: usize = 200;

/// The mean log-probability of the two heads: they err on different tickets.
fn log_probabilities(logits: &Logits) -> Vec<f32> {
    let mut joint = logits.joint.clone();
    softmax(&mut joint);
    let mut alone: Vec<f32> = logits.alone.iter().map(|l| 1.0 / (1.0 + (-l).exp())).collect();
    let sum: f32 = alone.iter().sum();
    alone.iter_mut().for_each(|p| *p /= sum.max(1e-9));
    let log = |p: f32| p.max(1e-12).ln();
    joint.into_iter().zip(alone).map(|(j, a)| f32::midpoint(log(j), log(a))).collect()
}

/// Scores as distances from the mean over all documents, in standard deviations.
fn standard_scores(candidates: &[Scored], documents: usize) -> Vec<f32> {
    let n = documents.max(1) as f32;
    let sum: f32 = candidates.iter().map(|c| c.score).sum();
    let mean = sum / n;
    let squares: f32 = candidates.iter().map(|c| (c.score - mean).powi(2)).sum();
    // Documents that are no candidates have a score near nothing.
    let rest = (n - candidates.len() as f32).max(0.0) * mean * mean;
    let deviation = ((squares + rest) / n).sqrt().max(1e-6);
    candidates.iter().map(|c| (c.score - mean) / deviation).collect()
}

/// Adds to each candidate's score the standard score of its nearness among all documents.
fn add_standard(
    scores: &mut [f32],
    candidates: &[Scored],
    near: &[Near],
    of: impl Fn(&Near) -> f32,
    weight: f32,
) {
    let n = near.len().max(1) as f32;
    let mean = near.iter().map(&of).sum::<f32>() / n;
    let variance = near.iter().map(|near| (of(near) - mean).powi(2)).sum::<f32>() / n;
    let deviation = variance.sqrt().max(1e-6);
    for (score, candidate) in scores.iter_mut().zip(candidates) {
        let own = near.get(candidate.document as usize).map_or(mean, &of);
        *score += weight * (own - mean) / deviation;
    }
}

fn fits(examples: &[Example], classes: usize) -> bool {
    let speaks = examples.iter().any(|e| e.weight > TITLE_ALONE);
    let features: usize =
        examples.iter().map(|e| e.counts.iter().map(Vec::len).sum::<usize>()).sum();
    // Two heads; an upper bound, since features that examples share are counted again.
    speaks && features * classes <= WEIGHTS_MAX
}

/// Weight of a title or a summary as an example; below a phrasing's 1 marks "no phrasing".
const TITLE_ALONE: f32 = 0.99;

/// The texts that speak for each document, as people would say them.
fn examples(
    corpus: &Corpus,
    analyser: &Analyser,
    lexical: &Lexical,
    memo: Option<&Memo>,
) -> (Vec<Example>, Vec<String>) {
    let (mut examples, mut texts) = (Vec::new(), Vec::new());
    for (class, document) in corpus.documents.iter().enumerate() {
        let spoken = spoken(document);
        let own = spoken.len() - document.phrasings.len();
        let quotable = own.saturating_add(document.quotable);
        for (number, (text, weight)) in spoken.iter().copied().enumerate() {
            let counts = counts(text, analyser, lexical);
            let meaning = memo.and_then(|memo| memo.recall(&meaning::folded(text)));
            let meaning = meaning.map(|vector| vector.to_vec()).unwrap_or_default();
            examples.push(Example { counts, meaning, class: class as u32, weight });
            // A reason that may not be quoted is told by the title.
            let told = if number < quotable { text } else { spoken.first().map_or("", |s| s.0) };
            texts.push(told.to_owned());
        }
    }
    (examples, texts)
}

/// The n-grams of a text, each piece by its share.
fn counted(analysis: &Analysis, relevance: &Relevance) -> ngram::Counts {
    let pieces: Vec<_> = relevance.pieces.iter().map(|p| (p.range.clone(), p.share)).collect();
    ngram::count(analysis, &pieces)
}

/// A confirmed ticket has chatter of its own, so its pieces are weighed as those of a new one.
pub(super) fn counts(text: &str, analyser: &Analyser, lexical: &Lexical) -> ngram::Counts {
    let analysis = analyser.analyse(text);
    let pieces = lexical.shares(analyser, &analysis);
    ngram::count(&analysis, &pieces)
}

/// What people would say who mean a document, each with its weight as an example.
pub(super) fn spoken(document: &Document) -> Vec<(&str, f32)> {
    let mut spoken = Vec::new();
    for view in document.views.values() {
        let of = |field| view.texts.get(&field).into_iter().flatten();
        spoken.extend(of(Field::Title).map(|t| (t.as_str(), TITLE_ALONE)));
        spoken.extend(of(Field::Questions).map(|t| (t.as_str(), 1.0)));
    }
    spoken.extend(document.phrasings.iter().map(|t| (t.as_str(), 1.0)));
    spoken
}
