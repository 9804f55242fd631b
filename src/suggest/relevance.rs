//! Relevance: one ticket against the lexical evidence of a corpus.
//!
//! A ticket is several sentences of which one or two carry the question. Each piece is scored
//! against the corpus on its own and gets a share by what it looks like: how far its best document
//! stands out, how much of it the corpus covers, whether its words belong to the corpus' subject
//! rather than to the language at large, whether it asks. Chatter that no model has seen keeps
//! over 85 % of the bare question's success@1 this way, where the whole ticket as one query keeps
//! 45 %. A text of one piece is scored as it stands.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::text::{Analyser, Analysis};

use super::gram::{Channel, Gram, grams, trigrams};
use super::lexical::{Lexical, PASSAGE_WEIGHT};
use super::lexicon::{GramId, GramStatistics};
use super::sentence::pieces;

/// Repetitions of a gram in a piece that still count, and the power at which they do.
const REPEATS_MAX: f32 = 3.0;
const REPEATS_POWER: f32 = 0.5;
/// Weights of what a piece looks like: peak, coverage, evidence, domain, question. Set on the
/// wrapped questions of six corpora with half of the chatter lines, confirmed on the other half;
/// dropping any one of them costs up to 8 points of what is kept, half or double up to 2.
const SHARE_WEIGHTS: [f32; 5] = [1.0, 3.0, 2.0, 6.0, 2.0];
/// Pieces from which on shares are taken at full strength; a ticket of two pieces is hardly chatter.
const PIECES_FULL: f32 = 6.0;
/// Pieces below this share are left out of the close look at candidates.
const SHARE_MIN: f32 = 0.03;
/// Documents that get the close look (trigrams and passages).
const CANDIDATES_MAX: usize = 50;
/// Documents for which the share of words they have is worked out.
const EVIDENCE_MAX: usize = 10;
/// The impact of a match that could not be better; scales the mass of a piece.
const FULL_IMPACT: f32 = 2.2;

/// One gram of a piece as it is looked up.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    gram: Gram,
    id: Option<GramId>,
    repeats: f32,
    statistics: GramStatistics,
    /// How much of the match counts, after the gate.
    gate: f32,
}

/// A piece of the ticket with what it came to.
pub struct Piece {
    /// Its terms.
    pub range: Range<usize>,
    /// Its share of the ticket's meaning, 0..1; the best piece has 1.
    pub share: f32,
    wanted: Vec<Wanted>,
    scores: Vec<f32>,
}

/// A document with the evidence for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Its number in the corpus.
    pub document: u32,
    /// All evidence together.
    pub score: f32,
    /// The passage that fits best, as its number, with its own score.
    pub passage: Option<(u32, f32)>,
}

/// What a ticket came to.
pub struct Relevance {
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// Documents with any evidence, best first.
    pub ranked: Vec<Scored>,
    /// The share of the ticket's weighted words that the corpus knows, 0..1.
    pub coverage: f32,
    /// Words in the pieces that matter, each by its share.
    pub length: f32,
    /// How much those words belong to the corpus' subject rather than to the language, 0..1.
    pub domain: f32,
    /// For each ranked document, the share of the ticket's weighted words that it has, 0..1.
    evidence: Vec<(u32, f32)>,
}

impl Relevance {
    /// The share of the ticket's weighted words that a document has, 0..1.
    pub fn evidence(&self, document: u32) -> f32 {
        self.evidence.iter().find(|(d, _)| *d == document).map_or(0.0, |(_, e)| *e)
    }
}

impl Lexical {
    /// Scores a ticket. At most `limit` documents.
    pub fn relevance(&self, analyser: &Analyser, analysis: &Analysis, limit: usize) -> Relevance {
        let ranges = pieces(analysis);
        let gated = ranges.len() > 1;
        let mut pieces: Vec<Piece> =
            ranges.into_iter().map(|r| self.piece(analyser, analysis, r, gated)).collect();
        if gated {
            self.share_out(analysis, &mut pieces);
        }
        let mut scores = vec![0.0_f32; self.len()];
        for piece in &pieces {
            for (score, own) in scores.iter_mut().zip(&piece.scores) {
                *score += piece.share * own;
            }
        }
        let Weighed { coverage, length, domain } = weigh(&pieces);
        let ranked = self.close_look(analysis, &pieces, &scores, limit);
        let evidence = ranked
            .iter()
            .take(EVIDENCE_MAX)
            .map(|r| (r.document, self.evidence(&pieces, r.document)))
            .collect();
        Relevance { pieces, ranked, coverage, length, domain, evidence }
    }

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

    fn evidence(&self, pieces: &[Piece], document: u32) -> f32 {
        let (mut has, mut all) = (0.0, 0.0);
        for piece in pieces {
            for w in piece.wanted.iter().filter(|w| is_word(w.gram.channel)) {
                let mass = piece.share * w.statistics.idf * w.gate;
                all += mass;
                let held = w.id.is_some_and(|id| self.documents.at(id, document) > 0.0);
                has += if held { mass } else { 0.0 };
            }
        }
        if all > 0.0 { has / all } else { 0.0 }
    }

    fn piece(
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
    fn share_out(&self, analysis: &Analysis, pieces: &mut [Piece]) {
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
        for w in &piece.wanted {
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

    /// Adds trigrams and the best passage for the documents that lead, and ranks.
    fn close_look(
        &self,
        analysis: &Analysis,
        pieces: &[Piece],
        scores: &[f32],
        limit: usize,
    ) -> Vec<Scored> {
        let mut leaders: Vec<u32> = (0..scores.len() as u32).collect();
        let score = |document: &u32| scores.get(*document as usize).copied().unwrap_or(0.0);
        leaders.retain(|d| score(d) > 0.0);
        let by_score = |a: &u32, b: &u32| score(b).total_cmp(&score(a)).then(a.cmp(b));
        if leaders.len() > CANDIDATES_MAX {
            leaders.select_nth_unstable_by(CANDIDATES_MAX - 1, by_score);
            leaders.truncate(CANDIDATES_MAX);
        }
        let wanted = self.wanted_grams(analysis, pieces);
        let mut ranked: Vec<Scored> = leaders
            .into_iter()
            .map(|document| {
                let spelling = wanted.sum(self.trigrams.row(document));
                let passage = self
                    .passages_of(document)
                    .map(|passage| (passage, wanted.sum(self.passages.row(passage))))
                    .fold(None, |best: Option<(u32, f32)>, next| {
                        best.filter(|b| b.1 >= next.1).or(Some(next))
                    });
                let best_passage = passage.map_or(0.0, |(_, score)| score);
                let score = score(&document) + spelling + PASSAGE_WEIGHT * best_passage;
                Scored { document, score, passage }
            })
            .collect();
        ranked
            .sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.document.cmp(&b.document)));
        ranked.truncate(limit);
        ranked
    }

    fn wanted_grams(&self, analysis: &Analysis, pieces: &[Piece]) -> WantedGrams {
        let mut wanted = WantedGrams(vec![0.0; self.lexicon.len()]);
        for piece in pieces.iter().filter(|p| p.share >= SHARE_MIN) {
            for w in &piece.wanted {
                if let Some(id) = w.id {
                    wanted.add(id, piece.share * w.repeats * w.gate);
                }
            }
            let trigrams = trigrams(analysis, piece.range.clone());
            let mut ids: Vec<GramId> =
                trigrams.iter().filter_map(|gram| self.lexicon.id(gram)).collect();
            ids.sort_unstable();
            for same in ids.chunk_by(|a, b| a == b) {
                let repeats = (same.len() as f32).min(REPEATS_MAX).powf(REPEATS_POWER);
                if let Some(id) = same.first() {
                    wanted.add(*id, piece.share * repeats);
                }
            }
        }
        wanted
    }

    /// What each gram of the ticket gives a document, for explanations: gram and amount.
    pub fn contributions(&self, relevance: &Relevance, document: u32) -> Vec<(Gram, f32)> {
        let mut all = Vec::new();
        for piece in &relevance.pieces {
            for w in &piece.wanted {
                let Some(id) = w.id else { continue };
                let amount = piece.share * w.repeats * w.gate * self.documents.at(id, document);
                if amount > 0.0 {
                    all.push((w.gram, amount));
                }
            }
        }
        all
    }
}

/// The weight of each gram of the corpus in a ticket; most have none. A table over all grams costs
/// less to clear than a hash table costs to ask.
struct WantedGrams(Vec<f32>);

impl WantedGrams {
    fn add(&mut self, id: GramId, weight: f32) {
        if let Some(known) = self.0.get_mut(id as usize) {
            *known += weight;
        }
    }

    fn sum(&self, (grams, impacts): (&[GramId], &[f32])) -> f32 {
        let weight = |id: &GramId| self.0.get(*id as usize).copied().unwrap_or(0.0);
        grams.iter().zip(impacts).map(|(id, impact)| weight(id) * impact).sum()
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

fn is_word(channel: Channel) -> bool {
    matches!(channel, Channel::Stem | Channel::Word)
}

/// What the words of a ticket come to, each by its piece's share.
struct Weighed {
    coverage: f32,
    length: f32,
    domain: f32,
}

fn weigh(pieces: &[Piece]) -> Weighed {
    let (mut known, mut gated, mut mass, mut domain, mut length) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for piece in pieces {
        for w in piece.wanted.iter().filter(|w| is_word(w.gram.channel)) {
            let idf = piece.share * w.statistics.idf;
            mass += idf;
            domain += idf * w.statistics.domain;
            gated += idf * w.gate;
            known += if w.id.is_some() { idf * w.gate } else { 0.0 };
            length += piece.share;
        }
    }
    let share = |part: f32, whole: f32| if whole > 0.0 { part / whole } else { 0.0 };
    Weighed { coverage: share(known, gated), length, domain: share(domain, mass) }
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
