//! Rates: a part and what it is of, with the interval that says how much is known.
//!
//! Below [`KNOWN_MIN`] there is no figure: the interval would be wider than any difference that a
//! help centre makes.

/// How many a rate must be of before it is a figure.
pub const KNOWN_MIN: u64 = 30;
/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_964;

/// A part of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// The part.
    pub part: u64,
    /// What it is of.
    pub of: u64,
}

impl Rate {
    /// The share with its 95 % score interval (Wilson 1927), each 0..1; `None` below [`KNOWN_MIN`].
    pub fn estimate(self) -> Option<(f64, f64, f64)> {
        if self.of < KNOWN_MIN {
            return None;
        }
        let (n, p) = (self.of as f64, self.part as f64 / self.of as f64);
        let middle = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        Some((p, ((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_the_one_that_newcombe_printed() {
        // Newcombe 1998, Statistics in Medicine 17: 81 of 263, method 3.
        let (p, low, high) = Rate { part: 81, of: 263 }.estimate().unwrap();
        assert!((p - 0.308).abs() < 1e-3);
        assert!((low - 0.2553).abs() < 1e-4 && (high - 0.3662).abs() < 1e-4, "{low} {high}");
        let (_, low, high) = Rate { part: 0, of: 30 }.estimate().unwrap();
        assert!(low == 0.0 && high > 0.1);
        assert_eq!(Rate { part: 29, of: 29 }.estimate(), None);
    }
}
