//! How good the clusters are: `cargo run --release --example cluster_quality FILE…`
//!
//! FILE holds labelled texts: JSON lines {"text", "label"}, or `label<TAB>text` lines. Labels are
//! used to score only. Prints zhinan's clusters (their number unknown) beside TF-IDF with k-means
//! that is told the true number, the mean of three seeds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::Context;
use zhinan::eval::clustering::{Agreement, agreement, k_means};
use zhinan::text::segment::TermKind;
use zhinan::text::{Analyser, Analysis};
use zhinan::trends::cluster::{Vector, clusters, unit};

#[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads and prints")]
fn main() -> anyhow::Result<()> {
    let analyser = Analyser::default();
    for path in std::env::args().skip(1) {
        let (texts, labels) = read(&fs::read_to_string(&path).with_context(|| path.clone())?)?;
        let known = labels.iter().collect::<BTreeSet<_>>().len();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = clusters(&analyser, &texts, &[], 1);
        let mut places = vec![0; texts.len()];
        for (number, cluster) in found.iter().enumerate() {
            for member in &cluster.members {
                if let Some(place) = places.get_mut(*member) {
                    *place = number;
                }
            }
        }
        println!("{path}: {} texts, {known} labels", texts.len());
        print_line(&format!("zhinan, {} clusters", found.len()), agreement(&places, &labels));
        let vectors = tf_idf(&texts.iter().map(|t| analyser.analyse(t)).collect::<Vec<_>>());
        for seed in 1..=3 {
            let places = k_means(&vectors, known, seed);
            print_line(&format!("TF-IDF, k-means, k = {known}"), agreement(&places, &labels));
        }
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example prints")]
fn print_line(what: &str, figures: Agreement) {
    let Agreement { ari, nmi, v_measure } = figures;
    println!("  {what}: ARI {ari:.3}, NMI {nmi:.3}, V-measure {v_measure:.3}");
}

fn read(file: &str) -> anyhow::Result<(Vec<String>, Vec<usize>)> {
    let (mut texts, mut labels) = (Vec::new(), Vec::new());
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for line in file.lines() {
        let (label, text) = if line.starts_with('{') {
            let value: serde_json::Value = serde_json::from_str(line)?;
            let field = |name: &str| value.get(name).and_then(|v| v.as_str()).map(str::to_owned);
            (field("label").context("no label")?, field("text").context("no text")?)
        } else {
            let (label, text) = line.split_once('\t').context("neither JSON nor a tab")?;
            (label.to_owned(), text.to_owned())
        };
        let next = numbers.len();
        labels.push(*numbers.entry(label).or_insert(next));
        texts.push(text);
    }
    Ok((texts, labels))
}

/// Plain TF-IDF over words, as the textbook has it.
fn tf_idf(analyses: &[Analysis]) -> Vec<Vector> {
    let mut numbers: BTreeMap<String, (u32, f32)> = BTreeMap::new();
    let mut counts: Vec<BTreeMap<String, f32>> = Vec::new();
    for analysis in analyses {
        let mut own: BTreeMap<String, f32> = BTreeMap::new();
        for term in analysis.terms.iter().filter(|t| t.kind != TermKind::Char) {
            *own.entry(term.text.clone()).or_insert(0.0) += 1.0;
        }
        for word in own.keys() {
            let next = numbers.len() as u32;
            numbers.entry(word.clone()).or_insert((next, 0.0)).1 += 1.0;
        }
        counts.push(own);
    }
    let texts = analyses.len() as f32;
    let weigh = |(word, count): (&String, &f32)| {
        let (number, with) = numbers.get(word).copied().unwrap_or((0, 1.0));
        (number, (1.0 + count.ln()) * ((1.0 + texts) / (1.0 + with)).ln())
    };
    let vector = |own: &BTreeMap<String, f32>| {
        let mut vector: Vector = own.iter().map(weigh).collect();
        vector.sort_by_key(|(number, _)| *number);
        unit(vector)
    };
    counts.iter().map(vector).collect()
}
