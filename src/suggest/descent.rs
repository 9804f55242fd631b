//! Descent: the weights of both heads of the linear model, fitted to examples.
//!
//! In: sparse vectors with their classes. Out: quantised weights. Two heads are fitted in one pass
//! over the same features: a softmax over all classes, which says which class fits best, and a
//! logistic model for each class alone, which says whether it fits at all and so tells what is out
//! of scope (area under the curve .86 → .90 on chatbot traffic). Stochastic gradient descent with a
//! fixed number of steps, a fixed shuffle and feature dropout (Srivastava et al. 2014): the same
//! examples give the same weights, bit by bit.

use super::linear::softmax;

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
/// The bias learns this much slower than the weights.
const BIAS_STEP: f32 = 0.1;

/// The weights of two heads, 8 bits each: a quarter of the memory holds what the ranking needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Weights {
    classes: usize,
    /// By feature: first the joint head's weights by class, then the other's, each as a share of
    /// the feature's largest.
    rows: Vec<i8>,
    /// What a weight of 1 stands for, by feature.
    scales: Vec<f32>,
    /// The bias of each class in the joint head, then in the other.
    bias: Vec<f32>,
}

/// What both heads say about some classes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Logits {
    /// Among all classes.
    pub joint: Vec<f32>,
    /// Each class by itself.
    pub alone: Vec<f32>,
}

impl Weights {
    /// The logits of some classes for a sparse vector.
    pub(super) fn logits(&self, features: &[(u32, f32)], classes: &[u32]) -> Logits {
        let at = |place: usize| self.bias.get(place).copied().unwrap_or(0.0);
        let mut logits = Logits {
            joint: classes.iter().map(|c| at(*c as usize)).collect(),
            alone: classes.iter().map(|c| at(self.classes + *c as usize)).collect(),
        };
        for (feature, value) in features {
            let start = *feature as usize * self.classes * 2;
            let Some(row) = self.rows.get(start..start + self.classes * 2) else { continue };
            let (joint, alone) = row.split_at(self.classes);
            let value = value * self.scales.get(*feature as usize).copied().unwrap_or(0.0);
            let weight = |row: &[i8], class: u32| {
                value * f32::from(row.get(class as usize).copied().unwrap_or(0))
            };
            for ((j, a), class) in logits.joint.iter_mut().zip(&mut logits.alone).zip(classes) {
                *j += weight(joint, *class);
                *a += weight(alone, *class);
            }
        }
        logits
    }
}

/// An example: its class, its features, how much it counts beside the others.
pub(super) type Example<'a> = (u32, &'a [(u32, f32)], f32);

/// Fits both heads.
pub(super) fn fit(examples: &[Example<'_>], features: usize, classes: usize) -> Weights {
    let mut descent = Descent::new(features, classes);
    descent.run(examples);
    descent.finish()
}

/// Weights on their way.
struct Descent {
    /// By feature; both heads side by side, so that a feature is fetched once.
    weights: Vec<f32>,
    /// All weights are to be multiplied by this: the penalty shrinks them all at every step.
    scale: f32,
    bias: Vec<f32>,
    classes: usize,
    gradient: Vec<f32>,
    random: Random,
}

impl Descent {
    fn new(features: usize, classes: usize) -> Descent {
        Descent {
            weights: vec![0.0; features * classes * 2],
            scale: 1.0,
            bias: vec![0.0; classes * 2],
            classes,
            gradient: vec![0.0; classes * 2],
            random: Random(0x9E37_79B9_7F4A_7C15),
        }
    }

    fn run(&mut self, examples: &[Example<'_>]) {
        let passes = (STEPS / examples.len().max(1)).clamp(PASSES_MIN, PASSES_MAX);
        let steps = (passes * examples.len()) as f32;
        let penalty = 1.0 / (INVERSE_PENALTY * examples.len().max(1) as f32);
        let up = 1.0 / (1.0 - DROPOUT).sqrt();
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut kept: Vec<(u32, f32)> = Vec::new();
        let mut step = 0.0;
        for _ in 0..passes {
            self.random.shuffle(&mut order);
            for at in &order {
                let Some((class, features, weight)) = examples.get(*at) else { continue };
                kept.clear();
                for (feature, value) in *features {
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
        let width = self.classes * 2;
        self.gradient.fill(0.0);
        for (feature, value) in features {
            let start = *feature as usize * width;
            let Some(row) = self.weights.get(start..start + width) else { continue };
            for (sum, weight) in self.gradient.iter_mut().zip(row) {
                *sum += value * weight;
            }
        }
        for (logit, bias) in self.gradient.iter_mut().zip(&self.bias) {
            *logit = *logit * self.scale + bias;
        }
        let (joint, alone) = self.gradient.split_at_mut(self.classes);
        softmax(joint);
        alone.iter_mut().for_each(|logit| *logit = 1.0 / (1.0 + (-*logit).exp()));
        for head in [joint, alone] {
            if let Some(own) = head.get_mut(class) {
                *own -= 1.0;
            }
        }
        self.scale *= 1.0 - shrink;
        for (bias, g) in self.bias.iter_mut().zip(&self.gradient) {
            *bias -= BIAS_STEP * rate * g;
        }
        for (feature, value) in features {
            let start = *feature as usize * width;
            let Some(row) = self.weights.get_mut(start..start + width) else { continue };
            let step = rate * value / self.scale;
            for (weight, g) in row.iter_mut().zip(&self.gradient) {
                *weight -= step * g;
            }
        }
        if self.scale < 1e-4 {
            self.weights.iter_mut().for_each(|w| *w *= self.scale);
            self.scale = 1.0;
        }
    }

    fn finish(self) -> Weights {
        let mut rows = Vec::with_capacity(self.weights.len());
        let mut scales = Vec::new();
        for row in self.weights.chunks((self.classes * 2).max(1)) {
            let largest = row.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
            let step = (largest / f32::from(i8::MAX)).max(1e-12);
            rows.extend(row.iter().map(|w| (w / step).round() as i8));
            scales.push(step * self.scale);
        }
        Weights { classes: self.classes, rows, scales, bias: self.bias }
    }
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
