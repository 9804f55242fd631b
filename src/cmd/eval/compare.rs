//! `zhinan eval --compare A B`: do two runs over one set differ by more than chance?

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::Serialize;

use crate::eval::answer::Answer;
use crate::eval::compare::{Comparison, SWAPS, compare};
use crate::eval::interval::{Interval, RESAMPLES};
use crate::eval::metrics::{Classes, Judged};

use super::labelled::Truth;
use super::run_file;

#[derive(Serialize)]
struct ComparisonView {
    figures: BTreeMap<&'static str, DifferenceView>,
    mcnemar: McNemarView,
    methods: [&'static str; 3],
}

#[derive(Serialize)]
struct DifferenceView {
    a: f64,
    b: f64,
    difference: f64,
    interval: Interval,
    p: f64,
}

#[derive(Serialize)]
struct McNemarView {
    only_a_right: usize,
    only_b_right: usize,
    p: f64,
}

const METHODS: [&str; 3] = [
    "interval of the difference: paired percentile bootstrap, 95 % (Efron and Tibshirani 1993)",
    "p: paired randomisation, two-sided (Smucker, Allan and Carterette 2007)",
    "decisions: McNemar's exact test, two-sided (McNemar 1947)",
];

/// Compares two run files; gives back how many of their lines were malformed.
pub fn run(truth: &Truth, (a, b): (&Path, &Path), json: bool) -> anyhow::Result<usize> {
    let (first, bad_a) = run_file::read(a, &truth.ids)?;
    let (second, bad_b) = run_file::read(b, &truth.ids)?;
    let (first, second) = (judged(&first, truth), judged(&second, truth));
    let mut classes = Classes::default();
    let comparison = compare(&classes.rows(&first), &classes.rows(&second));
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, &view(&comparison))?;
        writeln!(out)?;
    } else {
        print(&mut out, &comparison)?;
    }
    Ok(bad_a + bad_b)
}

fn judged<'a>(answers: &'a [Answer], truth: &'a Truth) -> Vec<Judged<'a>> {
    answers.iter().zip(&truth.relevant).collect()
}

fn view(comparison: &Comparison) -> ComparisonView {
    let figures = comparison.differences.iter().map(|d| {
        let difference = d.b - d.a;
        (d.name, DifferenceView { a: d.a, b: d.b, difference, interval: d.interval, p: d.p })
    });
    ComparisonView {
        figures: figures.collect(),
        mcnemar: McNemarView {
            only_a_right: comparison.only_a,
            only_b_right: comparison.only_b,
            p: comparison.mcnemar_p,
        },
        methods: METHODS,
    }
}

fn print(out: &mut impl Write, comparison: &Comparison) -> std::io::Result<()> {
    writeln!(out, "{:18} {:>8} {:>8} {:>8}  {:19} {:>7}", "", "A", "B", "B − A", "95 %", "p")?;
    for d in &comparison.differences {
        let [low, high] = d.interval;
        writeln!(
            out,
            "{:18} {:8.4} {:8.4} {:+8.4}  [{low:+.4}, {high:+.4}]  {:7.4}",
            d.name,
            d.a,
            d.b,
            d.b - d.a,
            d.p
        )?;
    }
    let (a, b, p) = (comparison.only_a, comparison.only_b, comparison.mcnemar_p);
    writeln!(out, "\ndecisions that A alone has right: {a}, B alone: {b}, p {p:.4}\n")?;
    for method in METHODS {
        writeln!(out, "{method}")?;
    }
    writeln!(out, "{RESAMPLES} resamples, {SWAPS} random swaps, fixed seeds")
}
