//! The layers that the encoder is made of, on rows of numbers.
//!
//! Sums run in a fixed order (see [`super::product`]), and tanh is computed here, since that of the
//! platform's library differs in the last bits from one to the next.

use super::product::{Matrix, Rows};

/// What keeps a division from failing where all numbers are the same.
const EPSILON: f32 = 1e-12;

/// A matrix with a bias.
pub struct Dense {
    /// The matrix.
    pub matrix: Matrix,
    /// Added to each row.
    pub bias: Vec<f32>,
}

impl Dense {
    /// The rows times the matrix, plus the bias.
    pub fn apply(&self, rows: &Rows) -> Rows {
        let mut out = self.matrix.times(rows);
        for row in out.each_mut() {
            add(row, &self.bias);
        }
        out
    }
}

/// Layer normalisation (Ba et al. 2016): each row to mean 0 and variance 1, then scaled and moved.
pub struct Normalisation {
    /// The scale of each column.
    pub scale: Vec<f32>,
    /// What is added to each column.
    pub shift: Vec<f32>,
}

impl Normalisation {
    /// Normalises every row in place.
    pub fn apply(&self, rows: &mut Rows) {
        for row in rows.each_mut() {
            let width = row.len().max(1) as f32;
            let mean = sum(row, |x| x) / width;
            row.iter_mut().for_each(|x| *x -= mean);
            let factor = 1.0 / (sum(row, |x| x * x) / width + EPSILON).sqrt();
            for ((x, scale), shift) in row.iter_mut().zip(&self.scale).zip(&self.shift) {
                *x = *x * factor * scale + shift;
            }
        }
    }
}

/// A convolution over neighbouring rows with what it is given added to its outcome.
pub struct Convolution {
    /// For each row of the window its part of the matrix, one below the other.
    pub dense: Dense,
    /// Rows of the window before the one in its place.
    pub before: usize,
    /// Rows of the window in all.
    pub length: usize,
}

impl Convolution {
    /// Looks at each row with its neighbours; sentences, given by their lengths, do not see each
    /// other.
    pub fn apply(&self, rows: &Rows, sentences: &[usize]) -> Rows {
        let mut windows = Rows::zeros(rows.count(), rows.width * self.length);
        let mut start = 0;
        let mut targets = windows.each_mut();
        for length in sentences {
            for (at, target) in (start..start + length).zip(&mut targets) {
                for (part, target) in target.chunks_exact_mut(rows.width).enumerate() {
                    let row = (at + part).checked_sub(self.before);
                    let inside = row.filter(|row| (start..start + length).contains(row));
                    if let Some(row) = inside {
                        target.copy_from_slice(rows.row(row));
                    }
                }
            }
            start += length;
        }
        let mut out = self.dense.apply(&windows);
        for (out, row) in out.each_mut().zip(rows.each()) {
            rectify(out);
            add(out, row);
        }
        out
    }
}

/// `a += b`
pub fn add(a: &mut [f32], b: &[f32]) {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
}

/// Negative numbers to 0.
pub fn rectify(row: &mut [f32]) {
    row.iter_mut().for_each(|x| *x = x.max(0.0));
}

/// Brings a row to length 1.
pub fn to_unit(row: &mut [f32]) {
    let factor = 1.0 / sum(row, |x| x * x).max(EPSILON).sqrt();
    row.iter_mut().for_each(|x| *x *= factor);
}

/// The sum of a function over a row: eight sums side by side, then those in order.
fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0.0_f32; 8];
    for chunk in row.chunks(8) {
        sums.iter_mut().zip(chunk).for_each(|(sum, x)| *sum += of(*x));
    }
    sums.iter().sum()
}

/// The hyperbolic tangent, by e^2x.
pub fn tanh(x: f32) -> f32 {
    // Past 10 the nearest number to the tangent is 1.
    let power = exp(2.0 * f64::from(x.clamp(-10.0, 10.0)));
    ((power - 1.0) / (power + 1.0)) as f32
}

/// e^x for x of -20 to 20: 2^k · e^r with |r| ≤ ln 2 / 2, the latter by its Taylor series.
fn exp(x: f64) -> f64 {
    let k = (x * std::f64::consts::LOG2_E).round();
    let r = x - k * std::f64::consts::LN_2;
    let series = (1..=13).rev().fold(1.0, |series, n| 1.0 + series * r / f64::from(n));
    let power = f64::from_bits(((1023 + k as i64) as u64) << 52);
    power * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tangent_is_the_tangent() {
        for n in -2000..2000 {
            let x = n as f32 / 150.0;
            assert!((tanh(x) - x.tanh()).abs() < 2e-7, "{x}");
        }
    }
}
