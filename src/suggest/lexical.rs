//! Lexical evidence: which documents share words with a ticket, and in which passages.
//!
//! In: a corpus, analysed once; then one ticket at a time. Out: a score for every document and, for
//! the best, the passage that fits. Three views of a document are summed: everything it says, what
//! its title says (saturating separately), and the best of its passages, since an answer stands in
//! one place. The parts are BM25 with a saturation of each (Robertson and Zaragoza 2009).

use crate::lang::Lang;
use crate::text::Analyser;

use super::background::Background;
use super::corpus::{Corpus, Document, Field};
use super::gloss;
use super::gram::{Channel, grams, trigrams};
use super::lexicon::{Counts, GramId, Lexicon};
use super::passages::Passages;
use super::postings::Postings;

/// Saturation and length normalisation of a view. BM25's usual values for whole documents; titles
/// saturate later (a title that says a word twice means it), passages earlier. The optimum is flat:
/// k1 of 1.0 or 1.5 moves the mean MRR over eight sets by .0003.
const WHOLE: Saturation = Saturation { k1: 1.2, b: 0.75 };
const TITLE: Saturation = Saturation { k1: 2.0, b: 0.75 };
const PASSAGE: Saturation = Saturation { k1: 1.0, b: 0.75 };

/// Weight of the title's own score beside that of the whole.
const TITLE_WEIGHT: f32 = 1.0;
/// What a document without a title gets for it, as a share of its score, so that it can compete.
const NO_TITLE_SHARE: f32 = 0.25;
/// Weight of the best passage.
pub(super) const PASSAGE_WEIGHT: f32 = 0.6;

struct Saturation {
    k1: f32,
    b: f32,
}

impl Saturation {
    fn impact(&self, count: f32, relative_length: f32) -> f32 {
        let norm = self.k1 * (1.0 - self.b + self.b * relative_length);
        (self.k1 + 1.0) * count / (count + norm)
    }
}

/// A corpus, analysed: postings of documents and passages.
pub struct Lexical {
    /// The grams of the corpus.
    pub lexicon: Lexicon,
    /// Background frequencies.
    pub background: Background,
    /// Gram → documents, trigrams left out.
    pub documents: Postings,
    /// The passages of each document, and its trigrams.
    pub passages: Passages,
    /// The text of each passage, for explanations.
    pub passage_texts: Vec<(Field, String)>,
}

/// The counts of one text, channel by channel.
type Bag = Vec<(GramId, f32)>;

struct DocumentBags {
    whole: Bag,
    title: Bag,
    passages: Vec<(Field, String, Bag)>,
    /// A language in which the document does not exist.
    missing: Option<Lang>,
}

impl Lexical {
    /// Analyses a corpus.
    pub fn new(corpus: &Corpus, analyser: &Analyser) -> Lexical {
        let background = Background::new(analyser.segmenter());
        let mut counts = Counts::default();
        let mut channels: Vec<Channel> = Vec::new();
        let mut bags: Vec<DocumentBags> = Vec::with_capacity(corpus.documents.len());
        for (number, document) in corpus.documents.iter().enumerate() {
            let mut reader = Reader {
                counts: &mut counts,
                channels: &mut channels,
                analyser,
                background: &background,
            };
            bags.push(reader.document(number, document));
        }
        let lexicon = counts.finish(corpus.documents.len());
        Builder { lexicon: &lexicon, channels: &channels, bags: &bags }
            .build(background)
            .with(lexicon)
    }

    fn with(mut self, lexicon: Lexicon) -> Lexical {
        self.lexicon = lexicon;
        self
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.passages.documents()
    }

    /// Returns true if and only if there are no documents.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

struct Reader<'a> {
    counts: &'a mut Counts,
    channels: &'a mut Vec<Channel>,
    analyser: &'a Analyser,
    background: &'a Background,
}

impl Reader<'_> {
    fn document(&mut self, number: usize, document: &Document) -> DocumentBags {
        let missing = Lang::ALL.into_iter().find(|lang| !document.views.contains_key(lang));
        let mut bags =
            DocumentBags { whole: Bag::new(), title: Bag::new(), passages: Vec::new(), missing };
        let views = document.views.values().flat_map(|view| &view.texts);
        for (field, texts) in views {
            for text in texts {
                self.text(number, *field, text, &mut bags);
            }
        }
        for phrasing in &document.phrasings {
            self.text(number, Field::Questions, phrasing, &mut bags);
        }
        bags.whole = joined(std::mem::take(&mut bags.whole));
        bags.title = joined(std::mem::take(&mut bags.title));
        bags
    }

    fn text(&mut self, number: usize, field: Field, text: &str, bags: &mut DocumentBags) {
        let analysis = self.analyser.analyse(text);
        for sentence in &analysis.sentences {
            let mut found = grams(&analysis, sentence.clone());
            found.extend(trigrams(&analysis, sentence.clone()));
            let tools = (self.background, self.analyser.segmenter());
            let ids = self.counts.add(number, &analysis, &found, tools);
            let glosses =
                gloss::of_article(self.analyser, &analysis, sentence.clone(), bags.missing);
            let gloss_ids = self.counts.add_glosses(number, &glosses, self.background);
            let counted = found.iter().map(|gram| (gram, 1.0)).zip(ids);
            let meant = glosses.iter().map(|g| (&g.gram, g.weight)).zip(gloss_ids);
            let mut bag = Bag::new();
            for ((gram, weight), id) in counted.chain(meant) {
                if id as usize == self.channels.len() {
                    self.channels.push(gram.channel);
                }
                bag.push((id, weight));
            }
            let bag = joined(bag);
            bags.whole.extend(&bag);
            if field == Field::Title {
                bags.title.extend(&bag);
            }
            let start = analysis.terms.get(sentence.start).map_or(0, |t| t.range.start);
            let end = analysis.terms.get(sentence.clone()).unwrap_or_default();
            let end = end.iter().map(|t| t.range.end).max().unwrap_or(start);
            let range = analysis.folded.original(start..end);
            let passage = text.get(range).unwrap_or_default().to_owned();
            bags.passages.push((field, passage, bag));
        }
    }
}

/// Sorts by gram and adds equal ones up.
fn joined(mut bag: Bag) -> Bag {
    bag.sort_unstable_by_key(|(id, _)| *id);
    bag.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    bag
}

struct Builder<'a> {
    lexicon: &'a Lexicon,
    channels: &'a [Channel],
    bags: &'a [DocumentBags],
}

type Lengths = [f32; Channel::ALL.len()];

impl Builder<'_> {
    fn build(&self, background: Background) -> Lexical {
        let average = |bags: &mut dyn Iterator<Item = &Bag>| self.average(bags);
        let whole = average(&mut self.bags.iter().map(|b| &b.whole));
        let title = average(&mut self.bags.iter().map(|b| &b.title));
        let passage =
            average(&mut self.bags.iter().flat_map(|b| b.passages.iter().map(|(.., bag)| bag)));
        let titled = self.bags.iter().any(|b| !b.title.is_empty());
        let (mut documents, mut passages) = (Postings::default(), Passages::default());
        let mut passage_texts = Vec::new();
        for bags in self.bags {
            let row = self.document(bags, (&whole, &title), titled);
            let is_trigram = |id: GramId| self.channel(id) == Channel::Trigram;
            documents.push(row.iter().copied().filter(|(id, _)| !is_trigram(*id)));
            let spelling = row.into_iter().filter(|(id, _)| is_trigram(*id)).collect();
            let own = bags.passages.iter();
            let own: Vec<Bag> =
                own.map(|(.., bag)| self.impacts(bag, &passage, &PASSAGE, 1.0)).collect();
            passages.push(&spelling, &own);
            passage_texts.extend(bags.passages.iter().map(|(field, t, _)| (*field, t.clone())));
        }
        Lexical {
            lexicon: Lexicon::default(),
            background,
            documents: documents.transposed(self.lexicon.len()),
            passages,
            passage_texts,
        }
    }

    fn channel(&self, id: GramId) -> Channel {
        self.channels.get(id as usize).copied().unwrap_or(Channel::Stem)
    }

    fn lengths(&self, bag: &Bag) -> Lengths {
        let mut lengths = Lengths::default();
        for (id, count) in bag {
            if let Some(length) = lengths.get_mut(self.channel(*id).index()) {
                *length += count;
            }
        }
        lengths
    }

    /// Mean length in each channel over the bags that have anything in it.
    fn average(&self, bags: &mut dyn Iterator<Item = &Bag>) -> Lengths {
        let (mut sums, mut counts) = (Lengths::default(), Lengths::default());
        for bag in bags {
            let lengths = self.lengths(bag);
            for ((sum, count), length) in sums.iter_mut().zip(&mut counts).zip(lengths) {
                *sum += length;
                *count += f32::from(u8::from(length > 0.0));
            }
        }
        let mut average = sums;
        for (mean, count) in average.iter_mut().zip(counts) {
            *mean = if count > 0.0 { *mean / count } else { 1.0 };
        }
        average
    }

    /// The weighted impacts of a bag: channel weight × idf × saturated frequency.
    fn impacts(
        &self,
        bag: &Bag,
        average: &Lengths,
        saturation: &Saturation,
        weight: f32,
    ) -> Vec<(GramId, f32)> {
        let lengths = self.lengths(bag);
        let impact = |(id, count): &(GramId, f32)| {
            let channel = self.channel(*id);
            let at = |table: &Lengths| table.get(channel.index()).copied().unwrap_or(1.0);
            let saturated = saturation.impact(*count, at(&lengths) / at(average).max(1e-6));
            let statistics = self.lexicon.statistics(*id);
            (*id, weight * channel.weight() * statistics.idf * saturated)
        };
        bag.iter().map(impact).collect()
    }

    fn document(
        &self,
        bags: &DocumentBags,
        (whole, title): (&Lengths, &Lengths),
        titled: bool,
    ) -> Vec<(GramId, f32)> {
        let lacks_title = titled && bags.title.is_empty();
        let weight = if lacks_title { 1.0 + NO_TITLE_SHARE * TITLE_WEIGHT } else { 1.0 };
        let mut row = self.impacts(&bags.whole, whole, &WHOLE, weight);
        row.extend(self.impacts(&bags.title, title, &TITLE, TITLE_WEIGHT));
        joined(row)
    }
}
