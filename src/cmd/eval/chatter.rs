//! `zhinan eval --chatter ARTICLES`: how much of the ranking of a bare question is left when six
//! lines of chatter stand around it, on a generated corpus of another subject.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use serde::Serialize;

use crate::eval::chatter::{Generated, generate};
use crate::eval::interval::{Interval, bootstrap, quantile_ms};
use crate::lang::Lang;
use crate::suggest::Matcher;
use crate::text::Analyser;

use super::{now, progress};

/// Questions that are asked, each twice.
const QUESTIONS: usize = 500;
/// Fixed: the same corpus and the same chatter every time.
const SEED: u64 = 1;

#[derive(Serialize)]
struct Figures {
    lang: &'static str,
    articles: usize,
    questions: usize,
    /// Share of bare questions whose article came first.
    bare: f64,
    /// The same of the wrapped ones.
    wrapped: f64,
    /// The second as a share of the first.
    kept: f64,
    kept_interval: Interval,
    bare_p50_ms: f64,
    wrapped_p50_ms: f64,
    index_ms: f64,
}

/// Runs it for both languages.
pub fn run(articles: usize, json: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for lang in Lang::ALL {
        let kept = measure(lang, articles);
        if json {
            serde_json::to_writer(&mut out, &kept)?;
            writeln!(out)?;
            continue;
        }
        let [low, high] = kept.kept_interval;
        writeln!(
            out,
            "{}  {} articles  success@1 bare {:.3}  wrapped {:.3}  kept {:.1} % [{:.1}, {:.1}]  \
             p50 {:.3} → {:.3} ms  index {:.0} ms",
            kept.lang,
            kept.articles,
            kept.bare,
            kept.wrapped,
            kept.kept * 100.0,
            low * 100.0,
            high * 100.0,
            kept.bare_p50_ms,
            kept.wrapped_p50_ms,
            kept.index_ms
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(lang: Lang, articles: usize) -> Figures {
    let Generated { corpus, questions } = generate(lang, articles, QUESTIONS, SEED);
    let analyser = Analyser::default();
    let started = now();
    let matcher = Matcher::new(&corpus, &analyser);
    let index = started.elapsed();
    let first = |text: &str, document: &str| -> (bool, Duration) {
        let started = now();
        let ranking = matcher.rank(&analyser, &analyser.analyse(text), 1);
        let right = ranking.ranked.first().is_some_and(|r| matcher.id(r.document) == document);
        (right, started.elapsed())
    };
    let bar = progress::bar(questions.len(), "chatter");
    let (mut right, mut bare_times, mut wrapped_times) = (Vec::new(), Vec::new(), Vec::new());
    for question in &questions {
        let (bare, bare_time) = first(&question.bare, &question.document);
        let (wrapped, wrapped_time) = first(&question.wrapped, &question.document);
        right.push((bare, wrapped));
        bare_times.push(bare_time);
        wrapped_times.push(wrapped_time);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let share = |which: &dyn Fn(&(bool, bool)) -> bool, of: &[(bool, bool)]| {
        of.iter().filter(|r| which(r)).count() as f64 / of.len().max(1) as f64
    };
    let kept = |drawn: &[(bool, bool)]| {
        let bare = share(&|r| r.0, drawn);
        if bare > 0.0 { share(&|r| r.1, drawn) / bare } else { 0.0 }
    };
    let interval = bootstrap(&right, |drawn| vec![kept(drawn)]);
    Figures {
        lang: lang.code(),
        articles: corpus.documents.len(),
        questions: questions.len(),
        bare: share(&|r| r.0, &right),
        wrapped: share(&|r| r.1, &right),
        kept: kept(&right),
        kept_interval: interval.first().copied().unwrap_or_default(),
        bare_p50_ms: quantile_ms(&bare_times, 0.5),
        wrapped_p50_ms: quantile_ms(&wrapped_times, 0.5),
        index_ms: index.as_secs_f64() * 1000.0,
    }
}
