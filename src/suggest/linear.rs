//! The linear model: multinomial logistic regression over n-grams, one class a document.
//!
//! In: texts that are known to speak for a document (its title, its author's questions, confirmed
//! tickets). Out: log-probabilities of documents for a new text, and how near it is to what was
//! seen. Fitted by stochastic gradient descent with a fixed number of steps, a fixed shuffle and
//! feature dropout (Srivastava et al. 2014), so the same examples give the same model, bit by bit.

use rustc_hash::FxHashMap;

use super::ngram::{Counts, GROUPS, Key};

/// Strength of the L2 penalty: 1 / (this × examples).
const INVERSE_PENALTY: f32 = 100.0;
/// First step length; it falls in a straight line to nothing.
const STEP: f32 = 8.0;
/// Share of feature occurrences that a step does not see.
const DROPOUT: f32 = 0.5;
/// Steps that are worth taking in all, and the bounds of passes over the examples.
const STEPS: usize = 30_000;
const PASSES_MIN: usize = 10;
const PASSES_MAX: usize = 40;
/// From this many examples on, what a single one has is left out: two thirds of all features, and
/// none of the figures on the golden tickets moves by more than .003.
const MANY_EXAMPLES: usize = 2000;
/// The bias learns this much slower than the weights.
const BIAS_STEP: f32 = 0.1;

/// A text as the model sees it: features it knows, unit length, and what part it knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vector {
    features: Vec<(u32, f32)>,
    /// The known share of the text's squared weight, mean over words and spelling, 0..1.
    pub coverage: f32,
}

impl Vector {
    /// The cosine of two vectors.
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

    fn vector(&self, counts: &Counts) -> Vector {
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
        Vector { features, coverage: f32::midpoint(words, spelling) }
    }
}

/// A fitted model.
#[derive(Debug, Clone, Default)]
pub struct Linear {
    features: Features,
    classes: usize,
    /// Weights by feature, then class, each as a share of its feature's largest: 8 bits hold what
    /// the ranking needs in a quarter of the memory.
    weights: Vec<i8>,
    /// What a weight of 1 stands for, by feature.
    scales: Vec<f32>,
    bias: Vec<f32>,
    /// The examples, for nearness: class and vector.
    examples: Vec<(u32, Vector)>,
    /// Class → its examples.
    of_class: Vec<Vec<u32>>,
}

impl Linear {
    /// Fits a model to the examples of `classes` classes.
    pub fn fit(examples: &[Example], classes: usize) -> Linear {
        let features = Features::of(examples, classes);
        let vectors: Vec<(u32, Vector)> =
            examples.iter().map(|e| (e.class, features.vector(&e.counts))).collect();
        let mut of_class = vec![Vec::new(); classes];
        for (number, (class, _)) in vectors.iter().enumerate() {
            if let Some(list) = of_class.get_mut(*class as usize) {
                list.push(number as u32);
            }
        }
        let weights_of: Vec<f32> = examples.iter().map(|e| e.weight).collect();
        let mut descent = Descent::new(features.known.len(), classes, vectors.len());
        descent.run(&vectors, &weights_of);
        let (weights, scales, bias) = descent.finish();
        Linear { features, classes, weights, scales, bias, examples: vectors, of_class }
    }

    /// Returns true if and only if the model was fitted to nothing.
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// A text as this model sees it.
    pub fn vector(&self, counts: &Counts) -> Vector {
        self.features.vector(counts)
    }

    /// The logits of some classes for a text.
    pub fn logits(&self, vector: &Vector, classes: &[u32]) -> Vec<f32> {
        let bias = |class: &u32| self.bias.get(*class as usize).copied().unwrap_or(0.0);
        let mut logits: Vec<f32> = classes.iter().map(bias).collect();
        for (feature, value) in &vector.features {
            let row = *feature as usize * self.classes;
            let Some(row) = self.weights.get(row..row + self.classes) else { continue };
            let value = value * self.scales.get(*feature as usize).copied().unwrap_or(0.0);
            for (logit, class) in logits.iter_mut().zip(classes) {
                *logit += value * f32::from(row.get(*class as usize).copied().unwrap_or(0));
            }
        }
        logits
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

/// One descent: weights on their way.
struct Descent {
    weights: Vec<f32>,
    /// All weights are to be multiplied by this: the penalty shrinks them all at every step.
    scale: f32,
    bias: Vec<f32>,
    classes: usize,
    random: Random,
    passes: usize,
}

impl Descent {
    fn new(features: usize, classes: usize, examples: usize) -> Descent {
        let passes = (STEPS / examples.max(1)).clamp(PASSES_MIN, PASSES_MAX);
        Descent {
            weights: vec![0.0; features * classes],
            scale: 1.0,
            bias: vec![0.0; classes],
            classes,
            random: Random(0x9E37_79B9_7F4A_7C15),
            passes,
        }
    }

    fn run(&mut self, examples: &[(u32, Vector)], weights: &[f32]) {
        let steps = (self.passes * examples.len()) as f32;
        let penalty = 1.0 / (INVERSE_PENALTY * examples.len().max(1) as f32);
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut kept: Vec<(u32, f32)> = Vec::new();
        let mut step = 0.0;
        for _ in 0..self.passes {
            self.random.shuffle(&mut order);
            for at in &order {
                let (Some((class, vector)), Some(weight)) = (examples.get(*at), weights.get(*at))
                else {
                    continue;
                };
                kept.clear();
                let up = 1.0 / (1.0 - DROPOUT).sqrt();
                for (feature, value) in &vector.features {
                    if self.random.unit() >= DROPOUT {
                        kept.push((*feature, value * up));
                    }
                }
                let rate = STEP * (1.0 - step / steps);
                self.step(&kept, *class as usize, (rate * weight, rate * penalty));
                step += 1.0;
            }
        }
    }

    fn step(&mut self, features: &[(u32, f32)], class: usize, (rate, shrink): (f32, f32)) {
        let mut gradient = vec![0.0_f32; self.classes];
        for (feature, value) in features {
            let start = *feature as usize * self.classes;
            let Some(row) = self.weights.get(start..start + self.classes) else { continue };
            for (sum, weight) in gradient.iter_mut().zip(row) {
                *sum += value * weight;
            }
        }
        for (logit, bias) in gradient.iter_mut().zip(&self.bias) {
            *logit = *logit * self.scale + bias;
        }
        softmax(&mut gradient);
        if let Some(own) = gradient.get_mut(class) {
            *own -= 1.0;
        }
        self.scale *= 1.0 - shrink;
        for (bias, g) in self.bias.iter_mut().zip(&gradient) {
            *bias -= BIAS_STEP * rate * g;
        }
        for (feature, value) in features {
            let start = *feature as usize * self.classes;
            let Some(row) = self.weights.get_mut(start..start + self.classes) else { continue };
            let step = rate * value / self.scale;
            for (weight, g) in row.iter_mut().zip(&gradient) {
                *weight -= step * g;
            }
        }
        if self.scale < 1e-4 {
            self.weights.iter_mut().for_each(|w| *w *= self.scale);
            self.scale = 1.0;
        }
    }

    fn finish(self) -> (Vec<i8>, Vec<f32>, Vec<f32>) {
        let mut weights = Vec::with_capacity(self.weights.len());
        let mut scales = Vec::new();
        for row in self.weights.chunks(self.classes.max(1)) {
            let largest = row.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
            let step = (largest / f32::from(i8::MAX)).max(1e-12);
            weights.extend(row.iter().map(|w| (w / step).round() as i8));
            scales.push(step * self.scale);
        }
        (weights, scales, self.bias)
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

/// Xorshift64* (Marsaglia; Vigna 2016): a fixed sequence, for shuffling and dropout only.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for at in (1..order.len()).rev() {
            let other = (self.next() % (at as u64 + 1)) as usize;
            order.swap(at, other);
        }
    }
}
