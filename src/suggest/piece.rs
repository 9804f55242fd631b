//! Pieces of a ticket: each is scored by itself and gets a share of the ticket's meaning.
//!
//! In: an analysis and a range of its terms. Out: the grams that are looked up, with gates that let
//! little of the chatter through, a first score for every document, and a share by what the piece
//! looks like: how far its best document stands out, how much of it the corpus covers, whether its
//! words belong to the corpus' subject rather than to the language at large, whether it asks.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::text::{Analyser, Analysis};

use super::gloss;
use super::gram::{Channel, Gram, grams};
use super::lexical::Lexical;
use super::lexicon::{GramId, GramStatistics};
use super::sentence::pieces;

/// Repetitions of a gram in a piece that still count, and the power at which they do.
pub(super) const REPEATS_MAX: f32 = 3.0;
pub(super) const REPEATS_POWER: f32 = 0.5;
/// Weights of what a piece looks like: peak, coverage, evidence, domain, question. Set on the
/// wrapped questions of six corpora with half of the chatter lines, confirmed on the other half;
/// dropping any one of them costs up to 8 points of what is kept, half or double up to 2.
const SHARE_WEIGHTS: [f32; 5] = [1.0, 3.0, 2.0, 6.0, 2.0];
/// Pieces from which on shares are taken at full strength; a ticket of two pieces is hardly chatter.
const PIECES_FULL: f32 = 6.0;
/// The impact of a match that could not be better; scales the mass of a piece.
const FULL_IMPACT: f32 = 2.2;

/// One gram of a piece as it is looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) gram: Gram,
    pub(super) id: Option<GramId>,
    pub(super) repeats: f32,
    pub(super) statistics: GramStatistics,
    /// How much of the match counts, after the gate.
    pub(super) gate: f32,
}

/// A piece of the ticket with what it came to.
pub struct Piece {
    /// Its terms.
    pub range: Range<usize>,
    /// Its share of the ticket's meaning, 0..1; the best piece has 1.
    pub share: f32,
    pub(super) wanted: Vec<Wanted>,
    pub(super) scores: Vec<f32>,
}

impl Lexical {
    /// The pieces of a text with their shares.
    pub fn shares(&self, analyser: &Analyser, analysis: &Analysis) -> Vec<(Range<usize>, f32)> {
        let ranges = pieces(analysis);
        if ranges.len() < 2 {
            return ranges.into_iter().map(|r| (r, 1.0)).collect();
        }
        let mut pieces: Vec<Piece> =
            ranges.into_iter().map(|r| self.piece(analyser, analysis, r, true)).collect();
        self.share_out(analysis, &mut pieces);
        pieces.into_iter().map(|p| (p.range, p.share)).collect()
    }
    pub(super) fn piece(
        &self,
        analyser: &Analyser,
        analysis: &Analysis,
        range: Range<usize>,
        gated: bool,
    ) -> Piece {
        let background = (&self.background, analyser.segmenter());
        let mut repeats: FxHashMap<u64, (usize, f32)> = FxHashMap::default();
        let mut wanted: Vec<Wanted> = Vec::new();
        for gram in grams(analysis, range.clone()) {
            let known = repeats.entry(gram.key).or_insert((wanted.len(), 0.0));
            known.1 += 1.0;
            if known.1 > 1.0 {
                continue;
            }
            let id = self.lexicon.id(&gram);
            let statistics = match id {
                Some(id) => self.lexicon.statistics(id),
                None => self.lexicon.unseen(&gram, analysis, background),
            };
            wanted.push(Wanted { gram, id, repeats: 1.0, statistics, gate: 1.0 });
        }
        for (at, count) in repeats.into_values() {
            if let Some(w) = wanted.get_mut(at) {
                w.repeats = count.min(REPEATS_MAX).powf(REPEATS_POWER);
            }
        }
        for gloss in gloss::of_ticket(analyser, analysis, range.clone()) {
            let gram = gloss.gram;
            if let Some(id) = self.lexicon.id(&gram) {
                let statistics = self.lexicon.statistics(id);
                let repeats = gloss.weight;
                wanted.push(Wanted { gram, id: Some(id), repeats, statistics, gate: 1.0 });
            }
        }
        if gated {
            set_gates(&mut wanted);
        }
        let mut scores = vec![0.0; self.len()];
        for w in &wanted {
            if let Some(id) = w.id {
                self.documents.add(id, w.repeats * w.gate, &mut scores);
            }
        }
        Piece { range, share: 1.0, wanted, scores }
    }

    /// Gives each piece its share: a softmax over what it looks like.
    pub(super) fn share_out(&self, analysis: &Analysis, pieces: &mut [Piece]) {
        let sharpness = ((pieces.len() as f32 - 1.0) / PIECES_FULL).min(1.0);
        let logits: Vec<f32> = pieces
            .iter()
            .map(|piece| {
                let looks = self.looks(analysis, piece);
                let sum: f32 = looks.iter().zip(SHARE_WEIGHTS).map(|(l, w)| l * w).sum();
                sum * sharpness
            })
            .collect();
        let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for (piece, logit) in pieces.iter_mut().zip(logits) {
            piece.share = (logit - best).exp();
        }
    }

    /// What a piece looks like: log of its peak, log of the covered share at the peak, how much
    /// evidence the peak has beyond what chance gives, log of its domain share, whether it asks.
    fn looks(&self, analysis: &Analysis, piece: &Piece) -> [f32; 5] {
        let top = best(&piece.scores);
        let peak = top.map_or(0.0, |at| piece.scores.get(at).copied().unwrap_or(0.0));
        let (mut mass, mut evidence) = (0.0, 0.0);
        let (mut domain, mut words) = (0.0, 0.0);
        // Glosses are guesses: what they add shows in the peak alone.
        for w in piece.wanted.iter().filter(|w| w.gram.channel != Channel::Gloss) {
            let channel = w.gram.channel;
            let idf = w.statistics.idf;
            mass += channel.weight() * w.repeats * idf * FULL_IMPACT;
            let (in_evidence, in_domain) = match channel {
                Channel::Stem => (1.0, 1.0),
                Channel::Word => (0.6, 1.0),
                Channel::Char => (0.6, 0.05),
                _ => (0.0, 0.0),
            };
            domain += in_domain * idf * w.statistics.domain;
            words += in_domain * idf;
            let matches = match (w.id, top) {
                (Some(id), Some(top)) if in_evidence > 0.0 => {
                    self.documents.at(id, top as u32) > 0.0
                }
                _ => false,
            };
            if matches {
                evidence += in_evidence * channel.weight() * idf * w.gate;
            }
        }
        let chance = (self.len().max(2) as f32).ln();
        [
            (peak + 0.1).ln(),
            (peak / (mass + 1e-9) + 0.02).ln(),
            evidence / chance - 1.0,
            (domain / (words + 1e-9) + 0.05).ln(),
            asks(analysis, &piece.range),
        ]
    }
}

/// Shuts the gates of chatter: words by themselves, a pair by the mean of its words.
fn set_gates(wanted: &mut [Wanted]) {
    let words: FxHashMap<usize, f32> = wanted
        .iter()
        .filter(|w| w.gram.channel == Channel::Stem)
        .map(|w| (w.gram.term, w.statistics.gate))
        .collect();
    for w in wanted.iter_mut() {
        w.gate = match w.gram.channel {
            Channel::StemPair => {
                let gate = |term: usize| words.get(&term).copied().unwrap_or(0.5);
                (gate(w.gram.term) * gate(w.gram.term + 1)).sqrt()
            }
            _ => w.statistics.gate,
        };
    }
}

fn best(scores: &[f32]) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (at, score) in scores.iter().enumerate() {
        if best.is_none_or(|(_, most)| *score > most) {
            best = Some((at, *score));
        }
    }
    best.map(|(at, _)| at)
}

pub(super) fn is_word(channel: Channel) -> bool {
    matches!(channel, Channel::Stem | Channel::Word)
}

/// Words that mark a question or a complaint, by their stems; Chinese ones as they are written.
const ASKING: [&str; 46] = [
    "how",
    "what",
    "whi",
    "where",
    "when",
    "which",
    "who",
    "whose",
    "unabl",
    "cannot",
    "cant",
    "doesnt",
    "dont",
    "wont",
    "didnt",
    "isnt",
    "couldnt",
    "possibl",
    "should",
    "怎么",
    "怎样",
    "如何",
    "为什么",
    "为何",
    "什么",
    "哪里",
    "哪个",
    "哪些",
    "多久",
    "多少",
    "是否",
    "能否",
    "可否",
    "能不能",
    "可不可以",
    "是不是",
    "怎么办",
    "几天",
    "无法",
    "不能",
    "不了",
    "没有",
    "失败",
    "咋办",
    "请问",
    "想问",
];

/// How much a piece asks: half for a question mark, half for a word that asks.
fn asks(analysis: &Analysis, range: &Range<usize>) -> f32 {
    let terms = analysis.terms.get(range.clone()).unwrap_or_default();
    let text = analysis.folded.text();
    let end = terms.iter().map(|t| t.range.end).max().unwrap_or(0);
    let after: Option<char> = text.get(end..).and_then(|t| t.trim_start().chars().next());
    let mark = if after == Some('?') { 0.5 } else { 0.0 };
    let word = terms.iter().any(|t| ASKING.contains(&t.text.as_str()));
    mark + if word { 0.5 } else { 0.0 }
}
