//! The lexicon: every gram of a corpus with its statistics.
//!
//! For each gram its number, its inverse document frequency and two gates: how much it belongs to
//! this corpus rather than to the language at large. Gates are what makes chatter weigh little:
//! "nobody answered" is rare in a knowledge base, yet common in the language.

use rustc_hash::FxHashMap;

use crate::text::Analysis;
use crate::text::segment::Segmenter;

use super::background::Background;
use super::gloss::Gloss;
use super::gram::{Channel, Gram};

/// Power of the inverse document frequency: a little flatter than 1 was best or even on seven of
/// eight evaluation sets.
const IDF_POWER: f32 = 0.9;
/// Occurrences that a gram is taken to have that the corpus lacks.
const UNSEEN_COUNT: f32 = 0.3;
/// Where a gate is half open: this far below the language's own frequency, in powers of ten.
const GATE_CENTRE: f32 = -0.3;
/// What a gate lets through when it is shut: chatter words still say a little.
const GATE_FLOOR: f32 = 0.3;

/// The number of a gram in a corpus.
pub type GramId = u32;

/// What the corpus as a whole says about a gram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GramStatistics {
    /// Inverse document frequency, flattened.
    pub idf: f32,
    /// How much of its weight a match keeps, [`GATE_FLOOR`]..1.
    pub gate: f32,
    /// How much it speaks of this corpus' subject, 0..1; used to weigh sentences.
    pub domain: f32,
}

/// The grams of a corpus.
#[derive(Default)]
pub struct Lexicon {
    ids: FxHashMap<u64, GramId>,
    statistics: Vec<GramStatistics>,
    /// Occurrences in the corpus by channel.
    totals: [f32; Channel::ALL.len()],
    documents: f32,
}

/// Counts for a [`Lexicon`] while a corpus is read.
#[derive(Default)]
pub struct Counts {
    ids: FxHashMap<u64, GramId>,
    grams: Vec<Count>,
    totals: [f32; Channel::ALL.len()],
}

struct Count {
    channel: Channel,
    documents: f32,
    occurrences: f32,
    zipf: f32,
    last_document: usize,
    /// What the last document has given `documents`, at most 1.
    in_document: f32,
}

impl Counts {
    /// Counts the grams of a text of a document; documents come one after another.
    pub fn add(
        &mut self,
        document: usize,
        analysis: &Analysis,
        grams: &[Gram],
        (background, segmenter): (&Background, &Segmenter),
    ) -> Vec<GramId> {
        let one = |gram: &Gram| {
            self.count(document, gram, 1.0, || zipf(gram, analysis, background, segmenter))
        };
        grams.iter().map(one).collect()
    }

    /// Counts the glosses of a text of a document, each by its weight.
    pub fn add_glosses(
        &mut self,
        document: usize,
        glosses: &[Gloss<'_>],
        background: &Background,
    ) -> Vec<GramId> {
        let one = |gloss: &Gloss<'_>| {
            self.count(document, &gloss.gram, gloss.weight, || background.stem_zipf(gloss.stem))
        };
        glosses.iter().map(one).collect()
    }

    fn count(
        &mut self,
        document: usize,
        gram: &Gram,
        weight: f32,
        zipf: impl FnOnce() -> f32,
    ) -> GramId {
        let next = self.grams.len() as GramId;
        let id = *self.ids.entry(gram.key).or_insert(next);
        if id == next {
            self.grams.push(Count {
                channel: gram.channel,
                documents: 0.0,
                occurrences: 0.0,
                zipf: zipf(),
                last_document: usize::MAX,
                in_document: 0.0,
            });
        }
        if let Some(count) = self.grams.get_mut(id as usize) {
            count.occurrences += weight;
            if count.last_document != document {
                (count.last_document, count.in_document) = (document, 0.0);
            }
            let more = weight.min(1.0 - count.in_document);
            count.in_document += more;
            count.documents += more;
        }
        if let Some(total) = self.totals.get_mut(gram.channel.index()) {
            *total += weight;
        }
        id
    }

    /// The lexicon of what was counted over `documents` documents.
    pub fn finish(self, documents: usize) -> Lexicon {
        let totals = self.totals;
        let documents = documents as f32;
        let statistics = self.grams.iter().map(|count| {
            let total = totals.get(count.channel.index()).copied().unwrap_or(1.0);
            statistics(count.documents, count.occurrences, count.zipf, (documents, total))
        });
        Lexicon { statistics: statistics.collect(), ids: self.ids, totals, documents }
    }
}

impl Lexicon {
    /// The number of different grams.
    pub fn len(&self) -> usize {
        self.statistics.len()
    }

    /// Returns true if and only if the corpus has no grams at all.
    pub fn is_empty(&self) -> bool {
        self.statistics.is_empty()
    }

    /// The number of a gram, if the corpus has it.
    pub fn id(&self, gram: &Gram) -> Option<GramId> {
        self.ids.get(&gram.key).copied()
    }

    /// The statistics of a gram of the corpus.
    pub fn statistics(&self, id: GramId) -> GramStatistics {
        let unknown = GramStatistics { idf: 0.0, gate: 1.0, domain: 1.0 };
        self.statistics.get(id as usize).copied().unwrap_or(unknown)
    }

    /// The statistics of a gram that the corpus lacks.
    pub fn unseen(
        &self,
        gram: &Gram,
        analysis: &Analysis,
        background: (&Background, &Segmenter),
    ) -> GramStatistics {
        let zipf = zipf(gram, analysis, background.0, background.1);
        let total = self.totals.get(gram.channel.index()).copied().unwrap_or(1.0);
        let unseen = statistics(0.0, UNSEEN_COUNT, zipf, (self.documents, total));
        GramStatistics { idf: (2.0 * self.documents.max(1.0)).ln().powf(IDF_POWER), ..unseen }
    }
}

/// Only words have a frequency in the language at large; pairs and trigrams are gated through them.
fn zipf(gram: &Gram, analysis: &Analysis, background: &Background, segmenter: &Segmenter) -> f32 {
    match gram.channel {
        Channel::Stem | Channel::Word | Channel::Char => {
            analysis.terms.get(gram.term).map_or(0.0, |term| background.zipf(segmenter, term))
        }
        Channel::HanPair => {
            let text = |at: usize| analysis.terms.get(at).map_or("", |t| t.text.as_str());
            let second = analysis.terms.get(gram.term + 1..).unwrap_or_default();
            let second = second.iter().find(|t| t.text.chars().count() == 1);
            second.map_or(0.0, |s| segmenter.zipf(&format!("{}{}", text(gram.term), s.text)))
        }
        Channel::StemPair | Channel::Trigram | Channel::Bridge | Channel::Gloss => 0.0,
    }
}

fn statistics(
    documents_with: f32,
    occurrences: f32,
    zipf: f32,
    (documents, total): (f32, f32),
) -> GramStatistics {
    // Lucene's form of BM25's idf: positive for every frequency.
    let idf = (1.0 + (documents - documents_with + 0.5) / (documents_with + 0.5)).ln();
    let here = (1e9 * occurrences.max(UNSEEN_COUNT) / total.max(1.0)).log10();
    let open = |slope: f32| 1.0 / (1.0 + (-slope * (here - zipf - GATE_CENTRE)).exp());
    GramStatistics {
        idf: idf.max(0.0).powf(IDF_POWER),
        gate: GATE_FLOOR + (1.0 - GATE_FLOOR) * open(1.0),
        domain: open(2.0),
    }
}
