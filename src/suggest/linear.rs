//! The linear model: logistic regression over n-grams, one class a document.
//!
//! In: texts that are known to speak for a document (its title, its author's questions, confirmed
//! tickets), and tickets that staff said it does not answer. Out: what two heads ([`super::descent`])
//! say about documents for a new text, and how near it is to what was seen.

use rustc_hash::FxHashMap;

use super::descent::{self, Logits, Weights};
use super::ngram::{Counts, GROUPS, Key};

/// From this many examples on, what a single one has is left out: two thirds of all features, and
/// none of the figures on the golden tickets moves by more than .003.
const MANY_EXAMPLES: usize = 2000;
/// A text counts as a rejected one again from this cosine on: below, likeness is chance.
const REJECTION_NEAR: f32 = 0.4;

/// A text as the model sees it: features it knows, unit length, and what part it knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vector {
    features: Vec<(u32, f32)>,
    /// The known share of the text's squared weight, mean over words and spelling, 0..1.
    pub coverage: f32,
    /// What a sentence encoder makes of the text; empty without one. Its numbers are features
    /// too, after those of the words.
    meaning: Vec<f32>,
}

/// The share of the meaning in the squared length of a text that has both. On four intent sets .5
/// to .7 is a plateau; .3 costs a point.
const MEANING_SHARE: f32 = 0.65;

impl Vector {
    /// All features, together of length 1; those of the meaning are numbered from `words` on.
    fn all(&self, words: usize) -> Vec<(u32, f32)> {
        let share = if self.meaning.is_empty() { 0.0 } else { MEANING_SHARE };
        let (of_words, of_meaning) = ((1.0 - share).sqrt(), share.sqrt());
        let meant = self.meaning.iter().enumerate();
        let meant = meant.map(|(at, x)| ((words + at) as u32, x * of_meaning));
        self.features.iter().map(|(id, x)| (*id, x * of_words)).chain(meant).collect()
    }

    /// The cosine of the words of two vectors.
    fn dot(&self, other: &Vector) -> f32 {
        let (mut a, mut b) = (self.features.iter().peekable(), other.features.iter().peekable());
        let mut sum = 0.0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            match x.0.cmp(&y.0) {
                std::cmp::Ordering::Less => drop(a.next()),
                std::cmp::Ordering::Greater => drop(b.next()),
                std::cmp::Ordering::Equal => {
                    sum += x.1 * y.1;
                    a.next();
                    b.next();
                }
            }
        }
        sum
    }
}

/// A text with the class that it speaks for.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its features.
    pub counts: Counts,
    /// What a sentence encoder makes of it; empty without one.
    pub meaning: Vec<f32>,
    /// The class, 0 to the number of classes.
    pub class: u32,
    /// How much it counts beside the others.
    pub weight: f32,
}

/// The features that occur in the examples.
#[derive(Debug, Clone, Default)]
struct Features {
    /// Feature → number and value.
    known: FxHashMap<Key, (u32, f32)>,
    /// The value of a feature that no example has.
    unknown: f32,
}

impl Features {
    fn of(examples: &[Example], classes: usize) -> Features {
        // Feature → the last class that has it, how many classes do, how many examples do.
        let mut last_class: FxHashMap<Key, (u32, f32, u32)> = FxHashMap::default();
        let least = if examples.len() >= MANY_EXAMPLES { 2 } else { 1 };
        let mut by_class: Vec<&Example> = examples.iter().collect();
        by_class.sort_by_key(|e| e.class);
        for example in by_class {
            for (key, _) in example.counts.iter().flatten() {
                let entry = last_class.entry(*key).or_insert((u32::MAX, 0.0, 0));
                if entry.0 != example.class {
                    *entry = (example.class, entry.1 + 1.0, entry.2);
                }
                entry.2 += 1;
            }
        }
        let mut keys: Vec<(Key, f32)> = last_class
            .into_iter()
            .filter(|(_, (.., examples))| *examples >= least)
            .map(|(key, (_, classes, _))| (key, classes))
            .collect();
        keys.sort_unstable_by_key(|(key, _)| *key);
        // Rarity is counted in classes: a word of one document's every phrasing is no common word.
        let value = |with: f32| ((1.0 + classes as f32) / with).ln() + 1.0;
        let known = keys.into_iter().enumerate();
        let known = known.map(|(id, (key, with))| (key, (id as u32, value(with)))).collect();
        Features { known, unknown: value(1.0) }
    }

    fn vector(&self, counts: &Counts, meaning: Vec<f32>) -> Vector {
        let mut features = Vec::new();
        let mut coverages = [0.0; GROUPS.len()];
        for ((group, counts), coverage) in GROUPS.iter().zip(counts).zip(&mut coverages) {
            let start = features.len();
            let (mut known, mut unknown) = (0.0, 0.0);
            for (key, count) in counts {
                let frequency = if *count >= 1.0 { 1.0 + count.ln() } else { *count };
                match self.known.get(key) {
                    Some((id, value)) => {
                        features.push((*id, frequency * value));
                        known += (frequency * value).powi(2);
                    }
                    None => unknown += (frequency * self.unknown).powi(2),
                }
            }
            let own = features.get_mut(start..).unwrap_or_default();
            let scale = group.weight().sqrt() / known.sqrt().max(1e-9);
            own.iter_mut().for_each(|(_, v)| *v *= scale);
            *coverage = known / (known + unknown).max(1e-9);
        }
        features.sort_unstable_by_key(|(id, _)| *id);
        let length = features.iter().map(|(_, v)| v * v).sum::<f32>().sqrt().max(1e-9);
        features.iter_mut().for_each(|(_, v)| *v /= length);
        let [words, _, _, spelling] = coverages;
        Vector { features, coverage: f32::midpoint(words, spelling), meaning }
    }
}

/// A fitted model.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    features: Features,
    weights: Weights,
    /// The examples, for nearness: class and vector.
    examples: Vec<(u32, Vector)>,
    /// Class → its examples.
    of_class: Vec<Vec<u32>>,
    /// Texts that a class was said not to answer, by class.
    rejected: Vec<(u32, Vector)>,
}

impl Linear {
    /// Fits a model to the examples of `classes` classes.
    pub fn fit(examples: &[Example], classes: usize) -> Linear {
        let features = Features::of(examples, classes);
        let vectors: Vec<(u32, Vector)> = examples
            .iter()
            .map(|e| (e.class, features.vector(&e.counts, e.meaning.clone())))
            .collect();
        let mut of_class = vec![Vec::new(); classes];
        for (number, (class, _)) in vectors.iter().enumerate() {
            if let Some(list) = of_class.get_mut(*class as usize) {
                list.push(number as u32);
            }
        }
        let words = features.known.len();
        let meant = vectors.iter().map(|(_, v)| v.meaning.len()).max().unwrap_or(0);
        let all: Vec<Vec<(u32, f32)>> = vectors.iter().map(|(_, v)| v.all(words)).collect();
        let seen: Vec<descent::Example<'_>> =
            all.iter().zip(examples).map(|(all, e)| (e.class, all.as_slice(), e.weight)).collect();
        let weights = descent::fit(&seen, words + meant, classes);
        Linear { features, weights, examples: vectors, of_class, rejected: Vec::new() }
    }

    /// Remembers that a class does not answer a text.
    pub fn reject(&mut self, class: u32, counts: &Counts) {
        self.rejected.push((class, self.features.vector(counts, Vec::new())));
    }

    /// How much a text is like one that a class was said not to answer: 0 to 1.
    pub fn rejection(&self, vector: &Vector, class: u32) -> f32 {
        let own = self.rejected.iter().filter(|(c, _)| *c == class);
        let nearest = own.map(|(_, rejected)| rejected.dot(vector)).fold(0.0_f32, f32::max);
        if nearest < REJECTION_NEAR { 0.0 } else { nearest }
    }

    /// Returns true if and only if the model was fitted to nothing.
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// A text as this model sees it.
    pub fn vector(&self, counts: &Counts, meaning: Vec<f32>) -> Vector {
        self.features.vector(counts, meaning)
    }

    /// What both heads say about some classes for a text.
    pub fn logits(&self, vector: &Vector, classes: &[u32]) -> Logits {
        self.weights.logits(&vector.all(self.features.known.len()), classes)
    }

    /// The example of a class that is nearest to a text: its number and the cosine.
    pub fn nearest(&self, vector: &Vector, class: u32) -> Option<(u32, f32)> {
        let examples = self.of_class.get(class as usize)?;
        let cosine = |n: &u32| self.examples.get(*n as usize).map_or(0.0, |(_, v)| v.dot(vector));
        examples
            .iter()
            .map(|n| (*n, cosine(n)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }
}

/// Logits → probabilities, in place.
pub fn softmax(values: &mut [f32]) {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in values.iter_mut() {
        *value = (*value - most).exp();
        sum += *value;
    }
    values.iter_mut().for_each(|v| *v /= sum);
}
