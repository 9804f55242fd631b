//! Tails: how surprising a count is, as −log10 of the chance to see that many or more.
//!
//! The model is Gamma–Poisson: the rate of a slice is known only from what came before, so that a
//! count in a window follows a negative binomial distribution. Its shape is what was counted before
//! (a slice that was seen twice has an uncertain rate), bounded, since real rates wander.

/// The most terms of a tail that are summed; later ones do not change the sixth digit.
const TERMS_MAX: u32 = 400;

/// −log10 P(X ≥ `seen`) for a negative binomial X with mean `expected` and shape `shape`
/// (variance = mean + mean² / shape). Counts may be fractions of a voice.
pub fn surprise(seen: f64, expected: f64, shape: f64) -> f64 {
    if seen <= 0.0 || expected < 0.0 || shape <= 0.0 {
        return 0.0;
    }
    let expected = expected.max(1e-9);
    let (q, p) = (expected / (expected + shape), shape / (expected + shape));
    if seen <= expected {
        return 0.0;
    }
    let first = ln_gamma(seen + shape) - ln_gamma(shape) - ln_gamma(seen + 1.0)
        + shape * p.ln()
        + seen * q.ln();
    let (mut sum, mut term, mut k) = (1.0, 1.0, seen);
    for _ in 0..TERMS_MAX {
        term *= (k + shape) / (k + 1.0) * q;
        sum += term;
        k += 1.0;
        if term < sum * 1e-7 {
            break;
        }
    }
    (-(first + f64::ln(sum)) / std::f64::consts::LN_10).max(0.0)
}

/// The logarithm of the gamma function for positive x: Stirling's series after a shift to x ≥ 8,
/// good to ten digits.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 8.0 {
        shift -= x.ln();
        x += 1.0;
    }
    let (inverse, square) = (1.0 / x, 1.0 / (x * x));
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square / 1260.0));
    shift + (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_known_values() {
        let check = |value: f64, expected: f64| {
            assert!((value - expected).abs() < 1e-3, "{value} is not {expected}");
        };
        check(ln_gamma(0.5), 0.572_365);
        check(ln_gamma(10.0), 12.801_827);
        // With a large shape it is Poisson: P(X ≥ 10 | 2) = 4.65e-5.
        check(surprise(10.0, 2.0, 1e7), 4.333);
        // With shape 1 it is geometric: P(X ≥ n) = q^n, q = 1/2 for mean 1.
        check(surprise(10.0, 1.0, 1.0), 3.010);
        check(surprise(1.0, 2.0, 5.0), 0.0);
    }
}
