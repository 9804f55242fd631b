//! Relevance: one ticket against the lexical evidence of a corpus.
//!
//! In: a ticket. Out: documents ranked by what its pieces ([`super::piece`]) say together, each
//! with the passage that fits best. A ticket is several sentences of which one or two carry the
//! question, so each piece is scored on its own and counts by its share: chatter that no model has
//! seen keeps over 85 % of the bare question's success@1 this way, where the whole ticket as one
//! query keeps 45 %. A text of one piece is scored as it stands.

use crate::text::{Analyser, Analysis};

use super::gram::{Gram, trigrams};
use super::lexical::{Lexical, PASSAGE_WEIGHT};
use super::lexicon::{GramId, GramStatistics};
use super::passages::WantedGrams;
use super::piece::{Piece, REPEATS_MAX, REPEATS_POWER, is_word};
use super::sentence::pieces;

/// Pieces below this share are left out of the close look at candidates.
const SHARE_MIN: f32 = 0.03;
/// Documents that get the close look (trigrams and passages).
const CANDIDATES_MAX: usize = 50;
/// Documents for which the share of words they have is worked out.
const EVIDENCE_MAX: usize = 10;

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
    /// The piece that speaks most for a document, as its number.
    pub fn piece_of(&self, document: u32) -> Option<usize> {
        let amount = |piece: &Piece| {
            piece.share * piece.scores.get(document as usize).copied().unwrap_or(0.0)
        };
        let numbered = self.pieces.iter().enumerate().map(|(at, piece)| (at, amount(piece)));
        // The first of equals: a question stands before what is said about it.
        numbered.rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
    }

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
        let mut room = Vec::new();
        let mut ranked: Vec<Scored> = leaders
            .into_iter()
            .map(|document| {
                let (spelling, passage) = self.passages.look(document, &wanted, &mut room);
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
        let mut wanted = WantedGrams::none(self.lexicon.len());
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

    /// What each gram of the ticket gives a document, for explanations.
    pub fn contributions(&self, relevance: &Relevance, document: u32) -> Vec<Contribution> {
        let mut all = Vec::new();
        for piece in &relevance.pieces {
            for w in &piece.wanted {
                let Some(id) = w.id else { continue };
                let amount = piece.share * w.repeats * w.gate * self.documents.at(id, document);
                if amount > 0.0 {
                    let GramStatistics { idf, domain, .. } = w.statistics;
                    all.push(Contribution { gram: w.gram, amount, idf, domain });
                }
            }
        }
        all
    }
}

/// What one gram of a ticket gives a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// The gram.
    pub gram: Gram,
    /// How much of the score.
    pub amount: f32,
    /// How rare the gram is among the documents: its inverse document frequency.
    pub idf: f32,
    /// How much the gram speaks of the corpus' subject, 0..1.
    pub domain: f32,
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
