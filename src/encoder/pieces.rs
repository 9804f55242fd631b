//! Pieces: a normalised text → the numbers of the vocabulary's pieces that it is most likely made of.
//!
//! A unigram language model (Kudo 2018): each piece has a log-probability, and the best sequence is
//! found by dynamic programming over the positions of the text (Viterbi). The vocabulary is a sorted
//! list; the pieces that start at a place are found by narrowing a range of it byte by byte.

use std::ops::Range;

use tantivy::directory::OwnedBytes;

use super::weights::Weights;

/// The number of pieces.
pub const PIECES: usize = 128_000;
/// A character that no piece has.
const UNKNOWN: u32 = 0;
/// The marks at a text's start and end.
const START: u32 = 1;
const END: u32 = 2;
/// How much less likely than the least likely piece an unknown character is.
const UNKNOWN_PENALTY: f32 = 10.0;

/// A vocabulary.
pub struct Pieces {
    /// All pieces one after the other, sorted by their bytes.
    text: OwnedBytes,
    /// Where each ends in `text`.
    ends: Vec<u32>,
    /// The number of each in the model.
    ids: Vec<u32>,
    scores: Vec<f32>,
    unknown: f32,
    /// First byte → the range of pieces that start with it.
    by_first: Vec<Range<usize>>,
}

/// The best way to a position: its score, where its last piece starts, and the number of that piece.
#[derive(Clone, Copy)]
struct Step {
    score: f32,
    start: usize,
    piece: u32,
}

impl Pieces {
    /// The vocabulary of a weights' file.
    pub fn read(weights: &Weights) -> Option<Pieces> {
        let text = weights.bytes("piece_text")?;
        let ends = weights.numbers("piece_ends", PIECES, u32::from_le_bytes)?;
        let ids = weights.numbers("piece_ids", PIECES, u32::from_le_bytes)?;
        let scores = weights.numbers("piece_scores", PIECES, f32::from_le_bytes)?;
        let unknown = scores.iter().copied().fold(0.0, f32::min) - UNKNOWN_PENALTY;
        let mut pieces = Pieces { text, ends, ids, scores, unknown, by_first: Vec::new() };
        let whole = 0..PIECES;
        pieces.by_first = (0..=u8::MAX).map(|byte| pieces.narrow(whole.clone(), 0, byte)).collect();
        Some(pieces)
    }

    fn piece(&self, at: usize) -> &[u8] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.text.get(start..end(at)).unwrap_or_default()
    }

    /// Of a range of pieces that agree in their first `depth` bytes, those that go on with `byte`.
    fn narrow(&self, range: Range<usize>, depth: usize, byte: u8) -> Range<usize> {
        let first = |wanted: u16| {
            let (mut low, mut high) = (range.start, range.end);
            while low < high {
                let middle = usize::midpoint(low, high);
                // A piece that ends here comes before all that go on.
                let next = self.piece(middle).get(depth).map_or(0, |b| u16::from(*b) + 1);
                if next < wanted {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        first(u16::from(byte) + 1)..first(u16::from(byte) + 2)
    }

    /// The numbers of a text's pieces, with the marks for its start and end.
    pub fn encode(&self, normalised: &str) -> Vec<u32> {
        let mut ids = vec![END];
        let steps = self.steps(normalised);
        let mut at = normalised.len();
        while at > 0 {
            let Some(step) = steps.get(at) else { break };
            ids.push(step.piece);
            at = step.start;
        }
        if normalised.is_empty() {
            ids.push(UNKNOWN);
        }
        ids.push(START);
        ids.reverse();
        ids
    }

    /// The best way to each position of the text.
    fn steps(&self, text: &str) -> Vec<Step> {
        let never = Step { score: f32::NEG_INFINITY, start: 0, piece: UNKNOWN };
        let mut steps = vec![never; text.len() + 1];
        if let Some(first) = steps.first_mut() {
            first.score = 0.0;
        }
        for (start, c) in text.char_indices() {
            let base = steps.get(start).map_or(0.0, |step| step.score);
            let single = start + c.len_utf8();
            let mut single_known = false;
            let mut reach = |end: usize, score: f32, piece: u32| {
                if let Some(step) = steps.get_mut(end).filter(|step| score > step.score) {
                    *step = Step { score, start, piece };
                }
            };
            self.starting_at(text.as_bytes().get(start..).unwrap_or_default(), |length, at| {
                single_known |= start + length == single;
                let score = self.scores.get(at).copied().unwrap_or(f32::NEG_INFINITY);
                let id = self.ids.get(at).copied().unwrap_or(UNKNOWN);
                reach(start + length, base + score, id);
            });
            if !single_known {
                reach(single, base + self.unknown, UNKNOWN);
            }
        }
        steps
    }

    /// Calls `found` with length and place of each piece that `text` starts with, the shortest first.
    fn starting_at(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        let Some((first, _)) = text.split_first() else { return };
        let Some(mut range) = self.by_first.get(usize::from(*first)).cloned() else { return };
        let mut depth = 1;
        while !range.is_empty() {
            if self.piece(range.start).len() == depth {
                found(depth, range.start);
            }
            let Some(byte) = text.get(depth) else { return };
            range = self.narrow(range, depth, *byte);
            depth += 1;
        }
    }
}
