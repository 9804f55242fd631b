//! Measures the store on disk: durable tickets a second and latency for 1, 8 and 64 callers, beside
//! raw append + fdatasync in the same folder; with a number, queries over so many tickets.
//!
//! `cargo run --release --example store_rate -- FOLDER [TICKETS]`
#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use zhinan::events::event::{Idempotency, Suggested};
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::{Feedback, NewTicket, Outcome, Store};
use zhinan::id::TicketId;
use zhinan::lang::TextLang;
use zhinan::time::Timestamp;

const SPAN: Duration = Duration::from_secs(4);
const TEXT: &str =
    "I sent USDT to my exchange two hours ago and it still has not arrived. 提币两小时了还没到账。";

fn ticket(n: i64) -> Result<NewTicket, Box<dyn std::error::Error>> {
    let slug = format!("article-{}", n * 7919 % 200);
    let suggested = Suggested { article: slug.parse()?, confidence: 0.75 };
    let idempotency = Idempotency { key: format!("key-{n}"), request: format!("{n:064}") };
    Ok(NewTicket {
        at: Timestamp::from_second(1_790_000_000 + n)?,
        clean_text: TEXT.repeat(3),
        lang: TextLang::Mixed,
        channel: "form".to_owned(),
        external_id: None,
        suggested: if n % 5 == 0 { Vec::new() } else { vec![suggested] },
        redacted: Vec::new(),
        sender: None,
        idempotency: Some(idempotency),
    })
}

#[expect(clippy::disallowed_methods, reason = "a measurement")]
fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = run();
    (answer, start.elapsed())
}

/// Repeats something for the span; prints the rate and the latency over all callers.
#[expect(clippy::disallowed_methods, reason = "a measurement")]
fn repeat(name: &str, callers: i64, run: impl Fn(i64) + Sync) {
    let start = Instant::now();
    let call = |caller: i64| {
        let mut took = Vec::new();
        while start.elapsed() < SPAN {
            let n = caller + callers * took.len() as i64;
            took.push(timed(|| run(n)).1);
        }
        took
    };
    let mut took: Vec<Duration> = thread::scope(|scope| {
        let calls: Vec<_> = (0..callers).map(|caller| scope.spawn(move || call(caller))).collect();
        calls.into_iter().flat_map(|call| call.join().unwrap_or_default()).collect()
    });
    took.sort();
    let at = |part: usize| took.get(took.len() * part / 1000).copied().unwrap_or_default();
    let rate = took.len() as f64 / start.elapsed().as_secs_f64();
    println!("{name}: {rate:.0}/s, p50 {:?}, p99 {:?}, p99.9 {:?}", at(500), at(990), at(999));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("name a folder")?;
    let dir = tempfile::tempdir_in(Path::new(&folder))?;
    if let Some(tickets) = args.next() {
        return queries(dir.path(), tickets.parse()?);
    }
    let log = OpenOptions::new().create(true).append(true).open(dir.path().join("raw"))?;
    let line = [b'x'; 512];
    repeat("raw append + fdatasync, 1 caller", 1, |_| {
        if (&log).write_all(&line).and_then(|()| log.sync_data()).is_err() {
            println!("the raw append failed");
        }
    });
    for callers in [1, 8, 64] {
        let store = SqliteStore::open(&dir.path().join(format!("{callers}.db")))?;
        repeat(&format!("store, {callers} callers"), callers, |n| {
            let recorded = ticket(n).map(|ticket| store.record_ticket(&ticket));
            if !matches!(recorded, Ok(Ok(_))) {
                println!("{recorded:?}");
            }
        });
        let tickets = store.tickets(None, 1)?.first().map_or(0, |t| t.id.0);
        println!("  {:.1} tickets a commit", tickets as f64 / store.commits().max(1) as f64);
    }
    Ok(())
}

fn queries(dir: &Path, tickets: i64) -> Result<(), Box<dyn std::error::Error>> {
    let path = dir.join("many.db");
    let store = SqliteStore::open(&path)?;
    let fill = |caller: i64| -> Result<(), String> {
        for n in (caller..tickets).step_by(256) {
            let new = ticket(n).map_err(|e| e.to_string())?;
            let best = new.suggested.first().map(|s| s.article.clone());
            store.record_ticket(&new).map_err(|e| e.to_string())?;
            if let (Some(article), true) = (best, n % 2 == 1) {
                let outcome = Outcome::ALL.into_iter().cycle().nth(n as usize / 2 % 8);
                let id = TicketId(n as u64 / 512 + 1);
                let outcome = outcome.unwrap_or(Outcome::Opened);
                let feedback = Feedback { at: new.at, article, ticket: Some(id), outcome };
                store.record_feedback(&feedback).map_err(|e| e.to_string())?;
            }
        }
        Ok(())
    };
    let ((), took) = timed(|| {
        thread::scope(|scope| {
            for caller in 0..256 {
                scope.spawn(move || fill(caller).inspect_err(|error| println!("{error}")));
            }
        });
    });
    println!("{tickets} tickets written in {took:?}, {} commits", store.commits());
    let (first, last) = (Timestamp::MIN, Timestamp::MAX);
    let week = Timestamp::from_second(1_790_000_000 + tickets - 7 * 1440)?;
    let middle = TicketId(tickets as u64 / 2);
    println!("issue_counts, all: {:?}", timed(|| store.issue_counts(first, last)).1);
    println!(
        "issue_counts, the last 10,080 tickets: {:?}",
        timed(|| store.issue_counts(week, last)).1
    );
    println!("outcome_counts, all: {:?}", timed(|| store.outcome_counts(first)).1);
    println!("outcome_counts, latest: {:?}", timed(|| store.outcome_counts(week)).1);
    println!("tickets, 50 from the middle: {:?}", timed(|| store.tickets(Some(middle), 50)).1);
    let (phrasings, took) = timed(|| store.phrasings());
    println!("phrasings, {}: {took:?}", phrasings?.len());
    drop(store);
    println!("open: {:?}, {} bytes", timed(|| SqliteStore::open(&path)).1, path.metadata()?.len());
    Ok(())
}
