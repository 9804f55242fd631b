//! Windows of time as people name them: `24h`, `7d`, or since a moment.

use jiff::SignedDuration;

use crate::time::Timestamp;

/// The longest window in days that can be asked for.
const DAYS_MAX: i64 = 3660;

/// The error of reading a window.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no span of time; write 24h, 7d or a moment like 2026-11-23T08:00:00Z")]
pub struct BadWindow(String);

/// The moment at which a window that ends now begins.
pub fn since(text: &str, now: Timestamp) -> Result<Timestamp, BadWindow> {
    let bad = || BadWindow(text.chars().take(40).collect());
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let (number, hours) = match (text.strip_suffix('h'), text.strip_suffix('d')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 24),
        _ => return Err(bad()),
    };
    let number: i64 = number.parse().map_err(|_| bad())?;
    let hours = number.checked_mul(hours).ok_or_else(bad)?;
    if !(1..=DAYS_MAX * 24).contains(&hours) {
        return Err(bad());
    }
    now.checked_sub(SignedDuration::from_hours(hours)).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spans_and_moments() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let check = |text: &str, expected: &str| {
            assert_eq!(since(text, now).unwrap().to_string(), expected, "{text}");
        };
        check("24h", "2026-11-22T12:00:00Z");
        check("7d", "2026-11-16T12:00:00Z");
        check("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z");
        for wrong in ["", "d", "0h", "-3d", "7w", "99999d", "9223372036854775807d"] {
            assert!(since(wrong, now).is_err(), "{wrong}");
        }
    }
}
