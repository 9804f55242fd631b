//! Curves: is the confidence true, and what does precision cost in coverage?
//!
//! In: what each query came to. Out: the reliability curve (ten bins of equal size, each with its
//! 95 % interval by Wilson 1927) and the precision/coverage curve of every slice as charts.

use super::chart::{Chart, Guide, Line};
use super::metrics::{Metrics, Row, reliability};

/// The most points that a line is drawn with.
const POINTS_MAX: usize = 300;
/// The share of right suggestions that readers and staff are promised, with names.
const TARGETS: [(f64, &str); 2] = [(0.9, "readers: 90 %"), (0.7, "staff: 70 %")];

/// The reliability curve.
pub fn reliability_chart(rows: &[Row], what: &str) -> Chart {
    let bins = reliability(rows);
    let metrics = Metrics::of_rows(rows);
    let marks = bins.iter().map(|bin| (bin.confidence, bin.right, wilson(bin.right, bin.queries)));
    let line = Line {
        name: format!("ECE {:.3}", metrics.ece),
        points: bins.iter().map(|bin| (bin.confidence, bin.right)).collect(),
        marks: marks.collect(),
    };
    let words: Vec<String> = bins
        .iter()
        .map(|bin| {
            let (confidence, right) = (bin.confidence * 100.0, bin.right * 100.0);
            format!("at {confidence:.0} % confidence {right:.0} % are right")
        })
        .collect();
    Chart {
        title: format!("Reliability: {what}"),
        description: format!(
            "How often the first result is right at each confidence, over {} queries in ten bins: {}. \
             The expected calibration error is {:.3}.",
            rows.len(),
            words.join(", "),
            metrics.ece
        ),
        x: "confidence",
        y: "share that is right",
        lines: vec![line],
        guides: vec![Guide { from: (0.0, 0.0), to: (1.0, 1.0), name: "perfect".to_owned() }],
    }
}

/// Precision against coverage as the threshold falls: a line for each slice, with a mark where the
/// decisions of the run stand.
pub fn precision_chart(slices: &[(String, Vec<Row>)], what: &str) -> Chart {
    let mut words = Vec::new();
    let mut lines = Vec::new();
    for (name, rows) in slices {
        let m = Metrics::of_rows(rows);
        words.push(format!(
            "{name}: {:.0} % of {} queries get a suggestion and {:.0} % of those are right",
            m.coverage * 100.0,
            m.queries,
            m.precision * 100.0
        ));
        let shown = (m.coverage * m.queries as f64).round() as usize;
        let mark = (m.coverage, m.precision, wilson(m.precision, shown));
        let marks = if shown > 0 { vec![mark] } else { Vec::new() };
        let name = format!("{name} (n {})", m.queries);
        lines.push(Line { name, points: precision_coverage(rows), marks });
    }
    Chart {
        title: format!("Precision and coverage: {what}"),
        description: format!("{}. Dots mark the thresholds in use.", words.join("; ")),
        x: "coverage: share of all queries that get a suggestion",
        y: "precision: share of suggestions that are right",
        lines,
        guides: TARGETS
            .map(|(at, name)| Guide { from: (0.0, at), to: (1.0, at), name: name.to_owned() })
            .to_vec(),
    }
}

/// Coverage and precision at every threshold, the highest first.
pub fn precision_coverage(rows: &[Row]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<(f32, bool)> =
        rows.iter().map(|r| (r.confidence, r.first_is_right())).collect();
    sorted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let step = sorted.len().div_ceil(POINTS_MAX).max(1);
    let mut right = 0.0;
    let mut points = Vec::new();
    for (at, (_, is_right)) in sorted.iter().enumerate() {
        right += f64::from(u8::from(*is_right));
        let shown = at as f64 + 1.0;
        if (at + 1).is_multiple_of(step) || at + 1 == sorted.len() {
            points.push((shown / sorted.len() as f64, right / shown));
        }
    }
    points
}

/// Wilson's 95 % interval of a share.
pub fn wilson(share: f64, n: usize) -> [f64; 2] {
    const Z: f64 = 1.96;
    if n == 0 {
        return [0.0, 1.0];
    }
    let n = n as f64;
    let centre = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    [(centre - half).max(0.0), (centre + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_the_rows_say() {
        let row = |n: usize| Row {
            answerable: true,
            suggested: n < 50,
            rank: usize::from(n < 60),
            confidence: 1.0 - n as f32 / 100.0,
            ..Row::default()
        };
        let rows: Vec<Row> = (0..100).map(row).collect();
        let curve = precision_coverage(&rows);
        assert_eq!((curve.len(), curve[59], curve[99]), (100, (0.6, 1.0), (1.0, 0.6)));
        let chart = precision_chart(&[("all".into(), rows.clone())], "a test");
        assert!(chart.description.contains("50 % of 100 queries get a suggestion and 100 % of"));
        let chart = reliability_chart(&rows, "a test");
        assert!(chart.description.contains("100 % are right") && chart.lines[0].marks.len() == 10);
        // Newcombe 1998, table I: 81 of 263.
        let [low, high] = wilson(81.0 / 263.0, 263);
        assert!((low - 0.2553).abs() < 1e-3 && (high - 0.3662).abs() < 1e-3, "{low} {high}");
    }
}
