//! How long matching takes as a knowledge base grows, beside tantivy's own disjunction on the same
//! texts in the same run.
//!
//! `cargo bench --bench matching` prints a table (CPU time of this thread, medians, analysis
//! included) for 1,000, 10,000 and 100,000 generated articles, and then lets criterion measure the
//! same with its statistics at 1,000 and 10,000. `ZHINAN_BENCH_ARTICLES=1000,1000000` chooses other
//! sizes for the table; a million articles take some 20 GB and half an hour to prepare.
//!
//! A ticket is a question with chatter around it, cut at 57 different words; the short query is the
//! bare question. Refitting is measured over 100 articles with 10,000 confirmed tickets.
#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BenchmarkId, Criterion};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, Searcher, TantivyDocument, Term};

use zhinan::eval::chatter::{Generated, generate};
use zhinan::index::tokenizer::{ArticleTokenizer, NAME};
use zhinan::lang::Lang;
use zhinan::suggest::corpus::Field as Part;
use zhinan::suggest::{Corpus, Matcher};
use zhinan::text::Analyser;
use zhinan::text::segment::TermKind;

/// Different words of a ticket.
const TICKET_WORDS: usize = 57;
/// Texts that are asked in turn.
const ASKED: usize = 64;
/// Rounds over them for a median.
const ROUNDS: usize = 5;

/// One generated corpus with both engines over it.
struct Bench {
    analyser: Arc<Analyser>,
    matcher: Matcher,
    tantivy: Searcher,
    fields: [Field; 2],
    short: Vec<String>,
    tickets: Vec<String>,
}

impl Bench {
    fn new(lang: Lang, articles: usize) -> tantivy::Result<Bench> {
        let analyser = Arc::new(Analyser::default());
        let Generated { corpus, questions } = generate(lang, articles, ASKED, 11);
        let matcher = Matcher::new(&corpus, &analyser);
        let (tantivy, fields) = tantivy_index(&corpus, &analyser)?;
        let tickets = questions.iter().map(|q| ticket(&analyser, &q.bare, &q.wrapped)).collect();
        let short = questions.into_iter().map(|q| q.bare).collect();
        Ok(Bench { analyser, matcher, tantivy, fields, short, tickets })
    }

    fn own(&self, text: &str) -> usize {
        let analysis = self.analyser.analyse(text);
        self.matcher.rank(&self.analyser, &analysis, 10).ranked.len()
    }

    /// A flat disjunction of the text's words over title and body: Block-WAND.
    fn disjunction(&self, text: &str) -> usize {
        let mut words: Vec<String> = words(&self.analyser, text).collect();
        words.sort_unstable();
        words.dedup();
        let clause = |field: Field, word: &str| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(field, word);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        };
        let clauses = self.fields.iter().flat_map(|f| words.iter().map(|w| clause(*f, w)));
        let query = BooleanQuery::new(clauses.collect());
        let top = TopDocs::with_limit(10).order_by_score();
        self.tantivy.search(&query, &top).map_or(0, |found| found.len())
    }
}

/// The words of a text as tantivy is asked for them; single characters are left out, which spares
/// it work.
fn words(analyser: &Analyser, text: &str) -> impl Iterator<Item = String> {
    let terms = analyser.analyse(text).terms.into_iter();
    terms.filter(|t| t.kind != TermKind::Char).map(|t| t.text)
}

fn tantivy_index(
    corpus: &Corpus,
    analyser: &Arc<Analyser>,
) -> tantivy::Result<(Searcher, [Field; 2])> {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(NAME)
        .set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let fields = ["title", "body"].map(|name| builder.add_text_field(name, options.clone()));
    let index = Index::create_in_ram(builder.build());
    index.tokenizers().register(NAME, ArticleTokenizer(analyser.clone()));
    let mut writer = index.writer_with_num_threads(1, 256 * 1024 * 1024)?;
    for document in &corpus.documents {
        let mut made = TantivyDocument::new();
        for view in document.views.values() {
            for (field, part) in fields.iter().zip([Part::Title, Part::Body]) {
                let texts = view.texts.get(&part).map_or(&[][..], Vec::as_slice);
                made.add_text(*field, texts.join("\n"));
            }
        }
        writer.add_document(made)?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    Ok((index.reader()?.searcher(), fields))
}

/// A question followed by chatter, up to [`TICKET_WORDS`] different words.
fn ticket(analyser: &Analyser, bare: &str, wrapped: &str) -> String {
    let mut ticket = bare.to_owned();
    for line in wrapped.lines().filter(|line| *line != bare) {
        let mut all: Vec<String> = words(analyser, &ticket).collect();
        all.sort_unstable();
        all.dedup();
        if all.len() >= TICKET_WORDS {
            break;
        }
        ticket.push('\n');
        ticket.push_str(line);
    }
    ticket
}

/// The median CPU time of a call, in milliseconds.
fn median(texts: &[String], call: impl Fn(&str) -> usize) -> f64 {
    for text in texts.iter().take(8) {
        black_box(call(text));
    }
    let mut times: Vec<Duration> = Vec::new();
    for text in texts.iter().cycle().take(texts.len() * ROUNDS) {
        let started = ThreadTime::now();
        black_box(call(text));
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |t| t.as_secs_f64() * 1000.0)
}

fn curve() -> tantivy::Result<()> {
    println!("CPU ms a text, median; analysis included");
    println!("lang  articles  ticket   tantivy  ratio   short    tantivy  ratio   index s");
    for articles in sizes() {
        for lang in Lang::ALL {
            let started = ThreadTime::now();
            let bench = Bench::new(lang, articles)?;
            let seconds = started.elapsed().as_secs_f64();
            let pair = |texts: &[String]| {
                (median(texts, |t| bench.own(t)), median(texts, |t| bench.disjunction(t)))
            };
            let (ticket, short) = (pair(&bench.tickets), pair(&bench.short));
            println!(
                "{lang:4} {articles:9}  {:7.3}  {:7.3}  {:5.2}  {:7.3}  {:7.3}  {:5.2}  {seconds:8.1}",
                ticket.0,
                ticket.1,
                ticket.1 / ticket.0,
                short.0,
                short.1,
                short.1 / short.0,
            );
        }
    }
    let (corpus, analyser) = (confirmed(), Analyser::default());
    let started = ThreadTime::now();
    black_box(Matcher::new(&corpus, &analyser));
    let seconds = started.elapsed().as_secs_f64();
    println!("refit, 100 articles, 10,000 confirmed tickets: {seconds:.1} s");
    Ok(())
}

/// 100 articles with a hundred confirmed tickets each.
fn confirmed() -> Corpus {
    let Generated { mut corpus, questions } = generate(Lang::En, 100, 10_000, 5);
    for question in questions {
        let document = corpus.documents.iter_mut().find(|d| d.id == question.document);
        if let Some(document) = document {
            document.phrasings.push(question.wrapped);
        }
    }
    corpus
}

#[expect(clippy::disallowed_methods, reason = "sizes of a measurement")]
fn sizes() -> Vec<usize> {
    let given = std::env::var("ZHINAN_BENCH_ARTICLES").ok();
    let given = given.iter().flat_map(|text| text.split(',')).filter_map(|n| n.trim().parse().ok());
    let given: Vec<usize> = given.collect();
    if given.is_empty() { vec![1000, 10_000, 100_000] } else { given }
}

/// CPU time of the measuring thread: other programs on the machine do not count.
struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }

    fn end(&self, started: ThreadTime) -> Duration {
        started.elapsed()
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        // Nanoseconds are nanoseconds, whoever counts them.
        static WALL: WallTime = WallTime;
        WALL.formatter()
    }
}

fn matching(criterion: &mut Criterion<CpuTime>) -> tantivy::Result<()> {
    for articles in [1000, 10_000] {
        let bench = Bench::new(Lang::En, articles)?;
        for (name, texts) in [("ticket", &bench.tickets), ("short", &bench.short)] {
            let mut group = criterion.benchmark_group(name);
            let mut next = texts.iter().cycle();
            group.bench_function(BenchmarkId::new("zhinan", articles), |b| {
                b.iter(|| next.next().map(|text| bench.own(text)));
            });
            group.bench_function(BenchmarkId::new("tantivy", articles), |b| {
                b.iter(|| next.next().map(|text| bench.disjunction(text)));
            });
            group.finish();
        }
    }
    Ok(())
}

fn main() -> tantivy::Result<()> {
    // Test runners list and run benches too, to see that they still build.
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return Ok(());
    }
    curve()?;
    let criterion = Criterion::default().with_measurement(CpuTime).sample_size(30);
    let mut criterion = criterion.configure_from_args();
    matching(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}
