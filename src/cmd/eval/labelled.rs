//! Labelled texts: an evaluation set or a file of tickets, and how they are answered.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::cli;
use crate::encoder::memo::Memo;
use crate::eval::answer::{Answer, Timed, answer};
use crate::eval::set::{self, Relevant, SetDocument, SetPhrasing, SetQuery};
use crate::id::ArticleId;
use crate::kb::golden::GoldenTicket;
use crate::kb::library::{Library, Reader};
use crate::lang::TextLang;
use crate::suggest::{Corpus, Matcher, Said, fold};
use crate::text::Analyser;
use crate::text::bilingual::Bilingual;

use super::{jsonl, now, progress, read};
use crate::cmd::{encoder, lexicon, library};

/// What is asked and what would be right.
pub struct Truth {
    /// The query's id.
    pub ids: Vec<String>,
    /// What is asked.
    pub texts: Vec<String>,
    /// Which documents answer it.
    pub relevant: Vec<Relevant>,
    /// Its language, as labelled.
    pub langs: Vec<Option<TextLang>>,
}

/// Labelled texts with what answers them.
pub struct Labelled {
    /// The texts.
    pub truth: Truth,
    /// How many lines were malformed.
    pub malformed: usize,
    lexicon: Option<Arc<Bilingual>>,
    encoder: Option<Arc<Memo>>,
    source: Source,
}

enum Source {
    Set(Corpus),
    Kb { library: Box<Library>, reader: Reader, learned: Vec<(String, ArticleId)>, folds: usize },
}

/// Everything that a run came to.
pub struct Run {
    /// What was asked.
    pub truth: Truth,
    /// What was answered.
    pub timed: Timed,
    /// How long it took to prepare.
    pub index: Duration,
    /// The lexicon that was used, or `none`.
    pub lexicon: String,
}

/// Reads an evaluation set.
pub fn set(
    args: &cli::Eval,
    dir: &Path,
    lexicon: Option<Arc<Bilingual>>,
) -> anyhow::Result<Labelled> {
    let documents = jsonl::read::<SetDocument>(&dir.join("corpus.jsonl"))?;
    let queries = jsonl::read::<SetQuery>(&dir.join("queries.jsonl"))?;
    let qrels = dir.join("qrels.tsv");
    let (mut relevant, bad) = set::qrels(&read(&qrels)?);
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
    let mut truth = Truth { ids: vec![], texts: vec![], relevant: vec![], langs: vec![] };
    for query in queries.records {
        truth.relevant.push(relevant.remove(&query.id).unwrap_or_default());
        truth.langs.push(query.lang.parse().ok());
        truth.ids.push(query.id);
        truth.texts.push(query.text);
    }
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let encoder = encoder::memo(&args.encoder, &args.lexicon.data, &format!("eval-{name}"))?;
    let corpus = set::corpus(&documents.records, &phrasings.records).with_memo(encoder.clone());
    Ok(Labelled { truth, malformed, lexicon, encoder, source: Source::Set(corpus) })
}

/// Reads labelled tickets and the knowledge base that answers them.
pub fn tickets(
    args: &cli::Eval,
    tickets: &Path,
    lexicon: Option<Arc<Bilingual>>,
) -> anyhow::Result<Labelled> {
    let library = library::open(&args.kb.kb, lexicon.as_ref())?;
    let (learned, bad) = library::learned(args.learned.as_deref())?;
    let tickets = jsonl::read::<GoldenTicket>(tickets)?;
    let reader = Reader::from(args.audience);
    // An article that this reader may not see cannot be the right answer.
    let visible: Vec<&ArticleId> = library.visible(reader).collect();
    let mut truth = Truth { ids: vec![], texts: vec![], relevant: vec![], langs: vec![] };
    for ticket in tickets.records {
        truth.relevant.push(graded(&ticket.topics, &visible));
        truth.langs.push(ticket.text_lang());
        truth.ids.push(ticket.id);
        truth.texts.push(ticket.text);
    }
    let malformed = tickets.malformed + bad;
    let folds = args.folds.unwrap_or(1).max(1);
    let encoder = encoder::memo(
        &args.encoder,
        &args.lexicon.data,
        &format!("eval-{}", args.audience.code()),
    )?;
    let source = Source::Kb { library: Box::new(library), reader, learned, folds };
    Ok(Labelled { truth, malformed, lexicon, encoder, source })
}

/// The topics of a ticket as grades: the first one answers best.
fn graded(topics: &[String], visible: &[&ArticleId]) -> Relevant {
    let known = topics.iter().filter(|t| visible.iter().any(|id| id.as_str() == t.as_str()));
    known.enumerate().map(|(at, topic)| (topic.clone(), if at == 0 { 2 } else { 1 })).collect()
}

impl Labelled {
    /// Answers everything.
    pub fn answer(self) -> anyhow::Result<Run> {
        let Labelled { truth, lexicon, encoder: memo, source, .. } = self;
        let used = lexicon::name(lexicon.as_deref());
        let mut answers: BTreeMap<usize, (Answer, Duration)> = BTreeMap::new();
        let mut index = Duration::ZERO;
        let bar = progress::bar(truth.ids.len(), "eval");
        let mut ask = |n: usize, matcher: &Matcher, analyser: &Analyser, reader: Reader| {
            if let (Some(id), Some(text)) = (truth.ids.get(n), truth.texts.get(n)) {
                let started = now();
                let answer = answer(matcher, analyser, reader, id, text);
                answers.insert(n, (answer, started.elapsed()));
            }
            bar.inc(1);
        };
        let all = 0..truth.ids.len();
        match source {
            Source::Set(corpus) => {
                let started = now();
                let analyser = Analyser::new(Vec::new()).with_bilingual(lexicon);
                let mut matcher = Matcher::new(&corpus, &analyser);
                fold::calibrate(&mut matcher, &corpus, &analyser);
                index += started.elapsed();
                all.for_each(|n| ask(n, &matcher, &analyser, Reader::Public));
            }
            Source::Kb { library, reader, learned, folds } => {
                for fold in 0..folds {
                    let mut phrasings = learned.clone();
                    let others = all.clone().filter(|n| n % folds != fold);
                    phrasings.extend(others.filter_map(|n| confirmed(&truth, n)));
                    let started = now();
                    let said = Said { confirmed: phrasings, rejected: Vec::new() };
                    let corpus = Corpus::of_library(&library, reader, &said);
                    let corpus = corpus.with_memo(memo.clone());
                    let matcher = Matcher::of_corpus(&corpus, &library, reader);
                    index += started.elapsed();
                    let own = all.clone().filter(|n| n % folds == fold);
                    own.for_each(|n| ask(n, &matcher, &library.analyser, reader));
                }
            }
        }
        encoder::keep(memo.as_ref());
        bar.finish_and_clear();
        let (answers, durations) = answers.into_values().unzip();
        Ok(Run { truth, timed: Timed { answers, durations }, index, lexicon: used })
    }
}

/// A ticket as a phrasing of the article that answers it best.
fn confirmed(truth: &Truth, n: usize) -> Option<(String, ArticleId)> {
    let best = truth.relevant.get(n)?.iter().max_by_key(|(_, grade)| **grade)?;
    Some((truth.texts.get(n)?.clone(), best.0.parse().ok()?))
}

#[expect(clippy::print_stderr, reason = "findings of a command go to stderr")]
fn complain(path: &Path, line: usize) {
    eprintln!("{}:{line}: malformed line skipped", path.display());
}
