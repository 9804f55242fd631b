//! Bars: counts over time, laid out for a small picture that the page draws in its own colours.
//!
//! In: labels and counts. Out: a bar each in units of the view box. The same numbers stand in a
//! table below the picture, so nothing has to be read off it.

use serde::Serialize;

/// The picture's height and the room of one bar with its gap, in units of the view box.
const HEIGHT: f64 = 100.0;
const STEP: f64 = 12.0;
const WIDTH: f64 = 9.0;
/// A count of one must be seen beside thousands.
const SEEN_MIN: f64 = 1.5;

/// One bar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    label: String,
    count: u64,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// A picture of counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bars {
    steps: Vec<Bar>,
    width: f64,
    height: f64,
    /// The highest count, and where it stands.
    peak: u64,
    peak_label: String,
    total: u64,
}

impl Bars {
    /// The picture of counts in order.
    pub fn new(counts: &[(String, u64)]) -> Bars {
        // Of equal counts the first is the peak.
        let peak = counts.iter().rev().max_by_key(|(_, count)| *count);
        let (peak_label, peak) = peak.map_or((String::new(), 0), |(l, c)| (l.clone(), *c));
        let bar = |(at, (label, count)): (usize, &(String, u64))| {
            let tall = HEIGHT * *count as f64 / peak.max(1) as f64;
            let tall = if *count > 0 { tall.max(SEEN_MIN) } else { 0.0 };
            let height = (tall * 10.0).round() / 10.0;
            Bar {
                label: label.clone(),
                count: *count,
                x: at as f64 * STEP,
                y: ((HEIGHT - height) * 10.0).round() / 10.0,
                width: WIDTH,
                height,
            }
        };
        Bars {
            steps: counts.iter().enumerate().map(bar).collect(),
            width: (counts.len() as f64 * STEP - (STEP - WIDTH)).max(1.0),
            height: HEIGHT,
            peak,
            peak_label,
            total: counts.iter().map(|(_, count)| count).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_full_height_and_one_ticket_can_still_be_seen() {
        let counts: Vec<(String, u64)> =
            [0, 1, 4_000, 4_000].iter().enumerate().map(|(i, n)| (i.to_string(), *n)).collect();
        let bars = Bars::new(&counts);
        let heights: Vec<f64> = bars.steps.iter().map(|b| b.height).collect();
        assert_eq!(heights, [0.0, SEEN_MIN, HEIGHT, HEIGHT]);
        assert_eq!((bars.peak_label.as_str(), bars.total), ("2", 8_001));
        assert_eq!(Bars::new(&[]).total, 0);
    }
}
