//! The figures of a run as a table, as JSON and as curves.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use serde::Serialize;

use crate::eval::curve::{precision_chart, reliability_chart};
use crate::eval::interval::{self, Interval, quantile_ms};
use crate::eval::metrics::{FIGURES, Metrics, Row, reliability};
use crate::lang::TextLang;

use super::labelled::Run;

/// The figures of some queries.
#[derive(Serialize)]
struct Slice {
    queries: usize,
    answerable: usize,
    out_of_scope: usize,
    success_at_1: f64,
    success_at_3: f64,
    mrr_at_10: f64,
    recall_at_10: f64,
    ndcg_at_10: f64,
    coverage: f64,
    precision: f64,
    in_scope_accuracy: f64,
    oos_recall: f64,
    mcc: f64,
    auroc: f64,
    ece: f64,
    /// 95 % by the bootstrap.
    intervals: BTreeMap<&'static str, Interval>,
}

impl Slice {
    fn of(rows: &[Row]) -> Slice {
        let m = Metrics::of_rows(rows);
        let names = FIGURES.iter().map(|(name, _)| *name);
        Slice {
            queries: m.queries,
            answerable: m.answerable,
            out_of_scope: m.out_of_scope,
            success_at_1: m.success_at_1,
            success_at_3: m.success_at_3,
            mrr_at_10: m.mrr_at_10,
            recall_at_10: m.recall_at_10,
            ndcg_at_10: m.ndcg_at_10,
            coverage: m.coverage,
            precision: m.precision,
            in_scope_accuracy: m.in_scope_accuracy,
            oos_recall: m.oos_recall,
            mcc: m.mcc,
            auroc: m.auroc,
            ece: m.ece,
            intervals: names.zip(interval::figures(rows)).collect(),
        }
    }
}

#[derive(Serialize)]
struct Figures {
    #[serde(flatten)]
    all: Slice,
    p50_ms: f64,
    p99_ms: f64,
    index_ms: f64,
    /// Which bilingual lexicon was used.
    lexicon: String,
    by_language: BTreeMap<&'static str, Slice>,
    reliability: Vec<BinView>,
}

#[derive(Serialize)]
struct BinView {
    confidence: f64,
    right: f64,
    queries: usize,
}

/// Prints the figures of a run.
pub fn print(run: &Run, rows: &[Row], json: bool) -> anyhow::Result<()> {
    let durations = &run.timed.durations;
    let mut all = Slice::of(rows);
    let quantiles = interval::quantiles(durations, &[0.5, 0.99]);
    all.intervals.extend(["p50_ms", "p99_ms"].into_iter().zip(quantiles));
    let by_language = slices(run, rows);
    let by_language = by_language.iter().map(|(lang, rows)| (lang.code(), Slice::of(rows)));
    let bin = |b: crate::eval::metrics::ReliabilityBin| BinView {
        confidence: b.confidence,
        right: b.right,
        queries: b.queries,
    };
    let figures = Figures {
        all,
        p50_ms: quantile_ms(durations, 0.5),
        p99_ms: quantile_ms(durations, 0.99),
        index_ms: run.index.as_secs_f64() * 1000.0,
        lexicon: run.lexicon.clone(),
        by_language: by_language.collect(),
        reliability: reliability(rows).into_iter().map(bin).collect(),
    };
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, &figures)?;
        writeln!(out)?;
        return Ok(());
    }
    table(&mut out, &figures, rows)
}

/// The rows of each labelled language, where there is more than one.
fn slices(run: &Run, rows: &[Row]) -> Vec<(TextLang, Vec<Row>)> {
    let of = |lang: TextLang| {
        let langs = rows.iter().zip(&run.truth.langs);
        (lang, langs.filter(|(_, l)| **l == Some(lang)).map(|(row, _)| *row).collect::<Vec<_>>())
    };
    let mut slices: Vec<_> = TextLang::ALL.into_iter().map(of).collect();
    slices.retain(|(_, own)| !own.is_empty() && own.len() < rows.len());
    slices
}

fn table(out: &mut impl Write, figures: &Figures, rows: &[Row]) -> anyhow::Result<()> {
    let all = &figures.all;
    for (name, count) in [
        ("queries", all.queries),
        ("answerable", all.answerable),
        ("out_of_scope", all.out_of_scope),
    ] {
        writeln!(out, "{name:18} {count}")?;
    }
    let m = Metrics::of_rows(rows);
    let timed = [("p50_ms", figures.p50_ms), ("p99_ms", figures.p99_ms)];
    let shares = FIGURES.iter().map(|(name, read)| (*name, read(&m)));
    for (name, value) in shares.chain(timed) {
        let [low, high] = all.intervals.get(name).copied().unwrap_or_default();
        writeln!(out, "{name:18} {value:.4}  [{low:.4}, {high:.4}]")?;
    }
    writeln!(out, "{:18} {:.4}", "index_ms", figures.index_ms)?;
    writeln!(out, "{:18} {}", "lexicon", figures.lexicon)?;
    if figures.by_language.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for lang in TextLang::ALL {
        let Some(own) = figures.by_language.get(lang.code()) else { continue };
        let cell = |name: &str, value: f64| {
            let [low, high] = own.intervals.get(name).copied().unwrap_or_default();
            format!("{value:.3} [{low:.3}, {high:.3}]")
        };
        writeln!(
            out,
            "{:8} n {:4}  success@1 {}  @3 {}  coverage {}\n                 precision {}  auroc {}  ece {}",
            lang.code(),
            own.queries,
            cell("success_at_1", own.success_at_1),
            cell("success_at_3", own.success_at_3),
            cell("coverage", own.coverage),
            cell("precision", own.precision),
            cell("auroc", own.auroc),
            cell("ece", own.ece),
        )?;
    }
    Ok(())
}

/// Draws `reliability.svg` and `precision-coverage.svg` into a folder, which is made if need be.
pub fn draw(dir: &Path, run: &Run, rows: &[Row], what: &str) -> anyhow::Result<()> {
    let context = || format!("cannot write the curves to `{}`", dir.display());
    let named = |(lang, rows): (TextLang, Vec<Row>)| (lang.code().to_owned(), rows);
    let mut by_language = vec![("all".to_owned(), rows.to_vec())];
    by_language.extend(slices(run, rows).into_iter().map(named));
    let charts = [
        ("reliability.svg", reliability_chart(rows, what)),
        ("precision-coverage.svg", precision_chart(&by_language, what)),
    ];
    std::fs::create_dir_all(dir).with_context(context)?;
    for (name, chart) in charts {
        std::fs::write(dir.join(name), chart.to_svg()).with_context(context)?;
    }
    Ok(())
}
