//! Passages: where in a document the answer to a ticket stands.
//!
//! In: for each document the impacts of its trigrams and of the grams of each of its passages. Out:
//! for a document and the weights of a ticket's grams, what its spelling comes to and the passage
//! that fits best. The passages of a document share most of their grams, and a ticket has a few
//! hundred of them, so impacts are kept gram by gram inside each document: what the ticket does not
//! say is passed over once, not in every passage. All sums run in ascending order of the grams.

use super::lexicon::GramId;
use super::postings::Postings;

/// Grams with their impacts.
type Row = Vec<(GramId, f32)>;

/// The passages of all documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Passages {
    /// Document → its first place in `grams`; one more at the end.
    starts: Vec<u32>,
    /// The grams of each document, ascending.
    grams: Vec<GramId>,
    /// At the same places: what the gram counts as spelling of the whole document.
    spelling: Vec<f32>,
    /// Place in `grams` → passages, counted from the document's first.
    within: Postings,
    /// Document → its first passage; one more at the end.
    first: Vec<u32>,
}

impl Default for Passages {
    fn default() -> Self {
        Passages {
            starts: vec![0],
            grams: Vec::new(),
            spelling: Vec::new(),
            within: Postings::default(),
            first: vec![0],
        }
    }
}

impl Passages {
    /// Adds the next document: the impacts of its trigrams, and those of each passage.
    pub fn push(&mut self, trigrams: &Row, passages: &[Row]) {
        let numbered = (0..).zip(passages);
        let mut entries: Vec<(GramId, Option<u32>, f32)> = numbered
            .flat_map(|(n, row)| row.iter().map(move |(gram, impact)| (*gram, Some(n), *impact)))
            .chain(trigrams.iter().map(|(gram, impact)| (*gram, None, *impact)))
            .collect();
        // The spelling, which has no passage, comes first among the entries of a gram.
        entries.sort_unstable_by_key(|(gram, passage, _)| (*gram, *passage));
        for same in entries.chunk_by(|a, b| a.0 == b.0) {
            let Some((gram, passage, impact)) = same.first() else { continue };
            self.grams.push(*gram);
            self.spelling.push(if passage.is_none() { *impact } else { 0.0 });
            self.within.push(same.iter().filter_map(|(_, n, impact)| Some(((*n)?, *impact))));
        }
        self.starts.push(self.grams.len() as u32);
        let last = self.first.last().copied().unwrap_or(0);
        self.first.push(last + passages.len() as u32);
    }

    /// The number of documents.
    pub fn documents(&self) -> usize {
        self.starts.len() - 1
    }

    /// What a document comes to: its spelling, and the first of the passages that fit best with its
    /// own score. `scores` is room to work in.
    pub(super) fn look(
        &self,
        document: u32,
        wanted: &WantedGrams,
        scores: &mut Vec<f32>,
    ) -> (f32, Option<(u32, f32)>) {
        let at = |all: &[u32], n: usize| all.get(n).copied().unwrap_or(0);
        let document = document as usize;
        let places = at(&self.starts, document)..at(&self.starts, document + 1);
        let (first, next) = (at(&self.first, document), at(&self.first, document + 1));
        scores.clear();
        scores.resize((next - first) as usize, 0.0);
        let mut spelling = 0.0;
        let grams = self.grams.get(places.start as usize..places.end as usize).unwrap_or_default();
        for (place, gram) in places.zip(grams).filter(|(_, gram)| wanted.holds(**gram)) {
            let weight = wanted.weight(*gram);
            spelling += weight * self.spelling.get(place as usize).copied().unwrap_or(0.0);
            self.within.add(place, weight, scores);
        }
        let numbered = (first..).zip(scores.iter().copied());
        let best = numbered.fold(None, |best: Option<(u32, f32)>, next| {
            best.filter(|b| b.1 >= next.1).or(Some(next))
        });
        (spelling, best)
    }
}

/// The weight of each gram of the corpus in a ticket; most have none. A table over all grams costs
/// less to clear than a hash table costs to ask, and one bit for each fits into the fastest cache.
pub(super) struct WantedGrams {
    weights: Vec<f32>,
    held: Vec<u64>,
}

impl WantedGrams {
    /// No gram of `grams` in all.
    pub(super) fn none(grams: usize) -> WantedGrams {
        WantedGrams { weights: vec![0.0; grams], held: vec![0; grams.div_ceil(64)] }
    }

    /// Adds to the weight of a gram.
    pub(super) fn add(&mut self, gram: GramId, weight: f32) {
        if let Some(known) = self.weights.get_mut(gram as usize) {
            *known += weight;
        }
        if let Some(held) = self.held.get_mut(gram as usize / 64) {
            *held |= 1 << (gram % 64);
        }
    }

    fn holds(&self, gram: GramId) -> bool {
        self.held.get(gram as usize / 64).is_some_and(|held| held >> (gram % 64) & 1 == 1)
    }

    fn weight(&self, gram: GramId) -> f32 {
        self.weights.get(gram as usize).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_passage_that_says_most_of_the_ticket_is_found() {
        let mut passages = Passages::default();
        passages.push(&vec![], &[]);
        passages.push(&vec![(1, 0.5), (7, 9.0)], &[vec![(0, 1.0)], vec![(1, 1.0), (2, 2.0)]]);
        let mut wanted = WantedGrams::none(8);
        let mut room = Vec::new();
        assert_eq!(passages.look(1, &wanted, &mut room), (0.0, Some((0, 0.0))));
        wanted.add(1, 2.0);
        wanted.add(2, 0.5);
        assert_eq!(passages.look(1, &wanted, &mut room), (1.0, Some((1, 3.0))));
        assert_eq!(passages.look(0, &wanted, &mut room), (0.0, None));
        assert_eq!(passages.documents(), 2);
    }
}
