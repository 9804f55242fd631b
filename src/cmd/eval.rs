//! `zhinan eval`: how good ranking and abstention are on a labelled set.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::Serialize;

use crate::cli;
use crate::eval::answer::{Answer, Timed, answer};
use crate::eval::metrics::{Judged, Metrics};
use crate::eval::set::{self, Relevant, SetDocument, SetPhrasing, SetQuery};
use crate::id::ArticleId;
use crate::kb::golden::GoldenTicket;
use crate::kb::library::Reader;
use crate::lang::TextLang;
use crate::suggest::{Corpus, Matcher, Said, fold};
use crate::text::Analyser;

use super::{encoder, jsonl, library, progress};

/// Runs the command.
pub fn run(args: &cli::Eval) -> anyhow::Result<ExitCode> {
    let (run, malformed) = match (&args.set, &args.tickets) {
        (Some(dir), _) => run_set(args, dir)?,
        (None, Some(tickets)) => run_tickets(args, tickets)?,
        (None, None) => return Ok(ExitCode::from(2)),
    };
    let lines: Vec<AnswerLine<'_>> = run.timed.answers.iter().map(line).collect();
    jsonl::write(&args.run, &lines)?;
    print(&run, args.json)?;
    Ok(ExitCode::from(u8::from(malformed > 0)))
}

#[expect(clippy::disallowed_methods, reason = "an evaluation set is read where it is named")]
fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Everything that a run came to.
struct Run {
    timed: Timed,
    relevant: Vec<Relevant>,
    langs: Vec<Option<TextLang>>,
    index: Duration,
}

#[derive(Serialize)]
struct AnswerLine<'a> {
    id: &'a str,
    decision: &'static str,
    confidence: f32,
    results: Vec<ResultView<'a>>,
}

#[derive(Serialize)]
struct ResultView<'a> {
    id: &'a str,
    score: f32,
}

fn line(answer: &Answer) -> AnswerLine<'_> {
    AnswerLine {
        id: &answer.id,
        decision: answer.decision.code(),
        confidence: answer.confidence,
        results: answer
            .results
            .iter()
            .map(|(id, score)| ResultView { id, score: *score })
            .collect(),
    }
}

fn run_set(args: &cli::Eval, dir: &Path) -> anyhow::Result<(Run, usize)> {
    let documents = jsonl::read::<SetDocument>(&dir.join("corpus.jsonl"))?;
    let queries = jsonl::read::<SetQuery>(&dir.join("queries.jsonl"))?;
    let qrels = dir.join("qrels.tsv");
    let text = read(&qrels)?;
    let (mut relevant, bad) = set::qrels(&text);
    for line in &bad {
        complain(&qrels, *line);
    }
    let train = dir.join("train.jsonl");
    let phrasings = if train.exists() {
        jsonl::read::<SetPhrasing>(&train)?
    } else {
        jsonl::Lines { records: Vec::new(), malformed: 0 }
    };
    let malformed = documents.malformed + queries.malformed + phrasings.malformed + bad.len();

    let started = now();
    let analyser = Analyser::new(Vec::new());
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let memo = encoder::memo(&args.encoder, &format!("eval-{name}"))?;
    let corpus = set::corpus(&documents.records, &phrasings.records).with_memo(memo.clone());
    let mut matcher = Matcher::new(&corpus, &analyser);
    fold::calibrate(&mut matcher, &corpus, &analyser);
    encoder::keep(memo.as_ref());
    let index = started.elapsed();

    let mut timed = Timed::default();
    let bar = progress::bar(queries.records.len(), "eval");
    for query in &queries.records {
        ask(&mut timed, &matcher, &analyser, Reader::Public, (&query.id, &query.text));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let relevant =
        queries.records.iter().map(|q| relevant.remove(&q.id).unwrap_or_default()).collect();
    let langs = queries.records.iter().map(|q| q.lang.parse().ok()).collect();
    Ok((Run { timed, relevant, langs, index }, malformed))
}

fn run_tickets(args: &cli::Eval, tickets: &Path) -> anyhow::Result<(Run, usize)> {
    let library = library::open(&args.kb.kb)?;
    let (learned, bad) = library::learned(args.learned.as_deref())?;
    let tickets = jsonl::read::<GoldenTicket>(tickets)?;
    let reader = Reader::from(args.audience);
    let memo = encoder::memo(&args.encoder, &format!("eval-{}", args.audience.code()))?;
    let folds = args.folds.unwrap_or(1).max(1);
    let mut run = Run {
        timed: Timed::default(),
        relevant: Vec::new(),
        langs: Vec::new(),
        index: Duration::ZERO,
    };
    let bar = progress::bar(tickets.records.len(), "eval");
    let mut answers: BTreeMap<usize, (Answer, Duration)> = BTreeMap::new();
    for fold in 0..folds {
        let mut phrasings = learned.clone();
        let others = tickets.records.iter().enumerate().filter(|(n, _)| n % folds != fold);
        phrasings.extend(others.filter_map(|(_, t)| confirmed(t)));
        let started = now();
        let said = Said { confirmed: phrasings, rejected: Vec::new() };
        let corpus = Corpus::of_library(&library, reader, &said).with_memo(memo.clone());
        let matcher = Matcher::of_corpus(&corpus, &library, reader);
        run.index += started.elapsed();
        for (n, ticket) in tickets.records.iter().enumerate().filter(|(n, _)| n % folds == fold) {
            let mut timed = Timed::default();
            ask(&mut timed, &matcher, &library.analyser, reader, (&ticket.id, &ticket.text));
            let taken = timed.answers.into_iter().zip(timed.durations);
            answers.extend(taken.map(|answered| (n, answered)));
            bar.inc(1);
        }
    }
    encoder::keep(memo.as_ref());
    bar.finish_and_clear();
    for (answer, duration) in answers.into_values() {
        run.timed.answers.push(answer);
        run.timed.durations.push(duration);
    }
    // An article that this reader may not see cannot be the right answer.
    let visible: Vec<&ArticleId> = library.visible(reader).collect();
    for ticket in &tickets.records {
        run.relevant.push(graded(&ticket.topics, &visible));
        run.langs.push(ticket.text_lang());
    }
    Ok((run, tickets.malformed + bad))
}

fn confirmed(ticket: &GoldenTicket) -> Option<(String, ArticleId)> {
    let article = ticket.topics.first()?.parse().ok()?;
    Some((ticket.text.clone(), article))
}

/// The topics of a ticket as grades: the first one answers best.
fn graded(topics: &[String], visible: &[&ArticleId]) -> Relevant {
    let known = topics.iter().filter(|t| visible.iter().any(|id| id.as_str() == t.as_str()));
    known.enumerate().map(|(at, topic)| (topic.clone(), if at == 0 { 2 } else { 1 })).collect()
}

fn ask(
    timed: &mut Timed,
    matcher: &Matcher,
    analyser: &Analyser,
    reader: Reader,
    (id, text): (&str, &str),
) {
    let started = now();
    timed.answers.push(answer(matcher, analyser, reader, id, text));
    timed.durations.push(started.elapsed());
}

#[expect(clippy::disallowed_methods, reason = "measuring how long an answer takes")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stderr, reason = "findings of a command go to stderr")]
fn complain(path: &Path, line: usize) {
    eprintln!("{}:{line}: malformed line skipped", path.display());
}

#[derive(Serialize)]
struct Figures {
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
    p50_ms: f64,
    p99_ms: f64,
    index_ms: f64,
}

impl Figures {
    fn of(run: &Run) -> Figures {
        let judged: Vec<Judged<'_>> = run.timed.answers.iter().zip(&run.relevant).collect();
        let m = Metrics::of(&judged);
        let mut durations = run.timed.durations.clone();
        durations.sort();
        let quantile = |q: f64| {
            let at = (durations.len().saturating_sub(1) as f64 * q).round() as usize;
            durations.get(at).map_or(0.0, |d| milliseconds(*d))
        };
        Figures {
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
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
            index_ms: milliseconds(run.index),
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn print(run: &Run, json: bool) -> anyhow::Result<()> {
    let figures = Figures::of(run);
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, &figures)?;
        writeln!(out)?;
        return Ok(());
    }
    for (name, value) in serde_json::to_value(&figures)?.as_object().into_iter().flatten() {
        match value.as_u64() {
            Some(count) => writeln!(out, "{name:18} {count}")?,
            None => writeln!(out, "{name:18} {:.4}", value.as_f64().unwrap_or(0.0))?,
        }
    }
    by_language(run, &mut out)
}

fn by_language(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    for lang in TextLang::ALL {
        let judged: Vec<Judged<'_>> = run
            .timed
            .answers
            .iter()
            .zip(&run.relevant)
            .zip(&run.langs)
            .filter(|(_, l)| **l == Some(lang))
            .map(|(judged, _)| judged)
            .collect();
        if judged.is_empty() || judged.len() == run.relevant.len() {
            continue;
        }
        let m = Metrics::of(&judged);
        writeln!(
            out,
            "{:8} n {:4}  success@1 {:.3}  @3 {:.3}  coverage {:.3}  precision {:.3}  auroc {:.3}",
            lang.code(),
            m.queries,
            m.success_at_1,
            m.success_at_3,
            m.coverage,
            m.precision,
            m.auroc
        )?;
    }
    Ok(())
}
