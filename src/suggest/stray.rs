//! Stray tickets: how much a text is like those that nothing here answers.
//!
//! In: what the articles themselves say they answer, and golden tickets that no article answers.
//! Out: one number for a new text, the log-odds that it belongs to the second. A linear model of two
//! classes over the same n-grams (and meaning) as [`super::linear`]: "reset my password" speaks for
//! an article until somebody else's name stands beside it, which only examples can teach. It is one
//! signal among others for confidence and never moves an article up or down. Confirmed tickets are
//! left out, so that it does not change with every outcome.

use super::corpus::Corpus;
use super::lexical::Lexical;
use super::linear::{Example, Linear};
use super::meaning;
use super::ngram::Counts;
use super::rank::{counts, spoken};
use crate::encoder::memo::Memo;
use crate::text::Analyser;

/// What the stray examples count together, beside those of the articles: whatever their number, so
/// that a part of them says the same as all.
const STRAY_SHARE: f32 = 0.5;
/// Fewer stray examples than this teach nothing but their own words.
const EXAMPLES_MIN: usize = 30;
const ANSWERED: u32 = 0;
const STRAY: u32 = 1;

/// The model; empty without examples.
#[derive(Debug, Default)]
pub(super) struct Stray {
    linear: Linear,
}

impl Stray {
    /// Fits the model to a corpus and to texts that nothing in it answers.
    pub(super) fn fit(
        corpus: &Corpus,
        analyser: &Analyser,
        lexical: &Lexical,
        memo: Option<&Memo>,
        texts: &[&str],
    ) -> Stray {
        if texts.len() < EXAMPLES_MIN {
            return Stray::default();
        }
        let example = |text: &str, class: u32, weight: f32| {
            let meaning = memo.and_then(|memo| memo.recall(&meaning::folded(text)));
            let meaning = meaning.map(|vector| vector.to_vec()).unwrap_or_default();
            Example { counts: counts(text, analyser, lexical), meaning, class, weight }
        };
        let untaught = corpus.untaught();
        let answered = untaught.documents.iter().flat_map(spoken);
        let mut examples: Vec<Example> =
            answered.map(|(text, weight)| example(text, ANSWERED, weight)).collect();
        let weight = STRAY_SHARE * examples.len() as f32 / texts.len() as f32;
        examples.extend(texts.iter().map(|text| example(text, STRAY, weight)));
        Stray { linear: Linear::fit(&examples, 2) }
    }

    /// The log-odds that nothing answers a text; 0 if nothing is known.
    pub(super) fn log_odds(&self, counts: &Counts, meaning: &[f32]) -> f32 {
        if self.linear.is_empty() {
            return 0.0;
        }
        let vector = self.linear.vector(counts, meaning.to_vec());
        let logits = self.linear.logits(&vector, &[ANSWERED, STRAY]);
        let difference = |l: &[f32]| l.last().unwrap_or(&0.0) - l.first().unwrap_or(&0.0);
        difference(&logits.joint)
    }
}
