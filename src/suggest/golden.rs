//! Golden tickets: what a matcher learns from them about its own confidence.
//!
//! In: a library with golden tickets and the corpus of one reader. Out: a matcher that is calibrated
//! on them. They teach no article anything: those that have one tell how sure to be, those that have
//! none tell what a stray ticket looks like ([`super::stray`]), each third judged by a model that has
//! seen the other two.

use crate::id::ArticleId;
use crate::kb::golden::GoldenTicket;
use crate::kb::library::{Library, Reader};

use super::calibrate::{Calibration, Observation, PENALTY_GOLDEN};
use super::corpus::{Corpus, Said};
use super::meaning;
use super::rank::Matcher;

/// Parts of the golden tickets; each is judged by what the others teach.
const FOLDS: usize = 3;

impl Matcher {
    /// Prepares the articles of a reader, with tickets that were confirmed for them.
    pub fn of_library(
        library: &Library,
        reader: Reader,
        confirmed: &[(String, ArticleId)],
    ) -> Matcher {
        let said = Said { confirmed: confirmed.to_vec(), rejected: Vec::new() };
        Matcher::taught(library, reader, &said)
    }

    /// Prepares the articles of a reader with all that was said about them, and calibrates
    /// confidence on the golden tickets.
    pub fn taught(library: &Library, reader: Reader, said: &Said) -> Matcher {
        Matcher::of_corpus(&Corpus::of_library(library, reader, said), library, reader)
    }

    /// Prepares articles that were made into a corpus, perhaps with an encoder, and calibrates.
    pub fn of_corpus(corpus: &Corpus, library: &Library, reader: Reader) -> Matcher {
        let mut matcher = Matcher::new(corpus, &library.analyser);
        if let Some(memo) = matcher.memo() {
            let golden: Vec<String> =
                library.golden.iter().map(|ticket| meaning::folded(&ticket.text)).collect();
            memo.learn(golden.iter().map(String::as_str));
        }
        if !library.golden.is_empty() {
            let observations = Matcher::strangers(corpus, library, reader);
            matcher.calibration = Calibration::fit(&observations, PENALTY_GOLDEN);
            matcher.teach_stray(corpus, library, |_| true);
        }
        matcher
    }

    /// What is seen of each golden ticket as that of a stranger, in their order.
    ///
    /// They were written by those who wrote the phrasings, and are far more like them than the
    /// tickets of strangers will be. To the articles alone they are as new.
    pub fn strangers(corpus: &Corpus, library: &Library, reader: Reader) -> Vec<Observation> {
        let mut untaught = Matcher::new(&corpus.untaught(), &library.analyser);
        let mut observed = Vec::with_capacity(library.golden.len());
        for fold in 0..FOLDS {
            untaught.teach_stray(corpus, library, |number| number % FOLDS != fold);
            let own = library.golden.iter().enumerate().skip(fold).step_by(FOLDS);
            observed
                .extend(own.map(|(at, ticket)| (at, untaught.observe(library, reader, ticket))));
        }
        observed.sort_by_key(|(at, _)| *at);
        observed.into_iter().map(|(_, observation)| observation).collect()
    }

    /// Learns what stray tickets look like from those golden tickets, by number, that are wanted.
    fn teach_stray(&mut self, corpus: &Corpus, library: &Library, wanted: impl Fn(usize) -> bool) {
        let golden = library.golden.iter().enumerate().filter(|(number, _)| wanted(*number));
        let stray = golden.filter(|(_, ticket)| ticket.topics.is_empty());
        let texts: Vec<&str> = stray.map(|(_, ticket)| ticket.text.as_str()).collect();
        self.learn_stray(corpus, &library.analyser, &texts);
    }

    fn observe(&self, library: &Library, reader: Reader, ticket: &GoldenTicket) -> Observation {
        let analysis = library.analyser.analyse(&ticket.text);
        let ranking = self.rank(&library.analyser, &analysis, SIGNAL_RANKS);
        let first = ranking.ranked.first().map(|r| self.id(r.document));
        let right = first.is_some_and(|id| ticket.topics.iter().any(|topic| topic == id));
        let out_of_scope = ticket.topics.is_empty();
        let here = ticket.topics.iter().any(|topic| self.knows(topic));
        let weight = match reader {
            _ if out_of_scope => stray_weight(library),
            Reader::Public if !here => STAFF_TICKET_WEIGHT,
            Reader::Public | Reader::Staff => 1.0,
        };
        Observation { signals: ranking.signals, lang: analysis.lang, right, weight }
    }
}

/// The share of stray tickets in what comes in: spam, greetings and other companies' business make
/// up a tenth to a fifth of a support inbox. The golden tickets hold as many as it takes to know
/// them, which says nothing about how often they come.
const STRAY_SHARE: f64 = 0.15;

/// What one stray golden ticket counts, so that all together have their share.
fn stray_weight(library: &Library) -> f64 {
    let stray = library.golden.iter().filter(|ticket| ticket.topics.is_empty()).count();
    let others = (library.golden.len() - stray) as f64;
    STRAY_SHARE / (1.0 - STRAY_SHARE) * others / stray.max(1) as f64
}

/// What a golden ticket that only staff could have written counts when readers are calibrated: few
/// of those reach a public form.
const STAFF_TICKET_WEIGHT: f64 = 0.5;
/// Ranks that signals look at.
const SIGNAL_RANKS: usize = 2;
