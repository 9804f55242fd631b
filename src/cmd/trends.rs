//! `zhinan trends`: replays a stream of tickets and writes down each alert when it is raised.
//!
//! The tickets' own times are the clock: at any moment nothing is known of what comes later. Tickets
//! are matched in parallel, chunk by chunk, and entered in their order, so that the answer does not
//! depend on the number of processors.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{BuildHasher, BuildHasherDefault};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};

use crate::cli;
use crate::kb::library::Reader;
use crate::suggest::Matcher;
use crate::text::redact::Redactor;
use crate::time::Timestamp;
use crate::trends::episode::{Alert, Change};
use crate::trends::ledger::{Ledger, Note, Sighting};
use crate::trends::sight::Sight;

use super::{jsonl, library, progress};

/// Tickets that are matched at a time.
const CHUNK: usize = 4_096;

#[derive(Deserialize)]
struct TicketLine {
    #[serde(deserialize_with = "moment")]
    at: Timestamp,
    text: String,
    #[serde(default)]
    from: Option<String>,
}

fn moment<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(from)?;
    text.parse().map_err(|_| serde::de::Error::custom("`at` must be a time in RFC 3339"))
}

#[derive(Serialize)]
struct AlertLine<'a> {
    at: String,
    kind: &'static str,
    episode: u64,
    article: Option<&'a str>,
    label: &'a str,
    langs: BTreeMap<&'static str, u64>,
    tickets: u64,
    expected: f64,
    surprise: f64,
    since: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<u64>,
    lines: &'a [u64],
}

/// Runs the command.
pub fn run(args: &cli::Trends) -> anyhow::Result<ExitCode> {
    let mut lines = jsonl::stream::<TicketLine>(&args.stream)?;
    let library = library::open(&args.kb.kb, None)?;
    let matcher = Matcher::of_library(&library, Reader::Public, &[]);
    let context = || format!("cannot write `{}`", args.out.display());
    let out = BufWriter::new(File::create(&args.out).with_context(context)?);
    let sight = Sight::new(&library.analyser, &matcher);
    let mut replay = Replay { ledger: Ledger::default(), out, stream: &args.stream };
    let bar = progress::bar(lines.estimate(), "trends");
    let mut chunk: Vec<(usize, TicketLine)> = lines.by_ref().take(CHUNK).collect();
    let mut seen = look(&sight, &chunk);
    while !seen.is_empty() {
        chunk = lines.by_ref().take(CHUNK).collect();
        bar.inc(seen.len() as u64);
        // The next chunk is matched while this one is entered.
        let (next, entered) = std::thread::scope(|scope| {
            let next = scope.spawn(|| look(&sight, &chunk));
            let entered = replay.enter(std::mem::take(&mut seen));
            (next.join(), entered)
        });
        entered.with_context(context)?;
        seen = next.map_err(|_| anyhow::anyhow!("matching failed"))?;
    }
    bar.finish_and_clear();
    replay.finish().with_context(context)?;
    Ok(ExitCode::from(u8::from(lines.malformed() > 0)))
}

/// Looks at tickets on all processors; the order stays.
fn look(sight: &Sight<'_>, tickets: &[(usize, TicketLine)]) -> Vec<Sighting> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = tickets.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = tickets
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(|t| sighting(sight, t)).collect()))
            .collect();
        parts.into_iter().flat_map(|p| p.join().unwrap_or_else(|_| Vec::new())).collect()
    })
}

fn sighting(sight: &Sight<'_>, (line, ticket): &(usize, TicketLine)) -> Sighting {
    let redacted = Redactor::default().redact(&ticket.text);
    let hash = |from: &String| BuildHasherDefault::<FxHasher>::default().hash_one(from);
    let sender = ticket.from.as_ref().map(hash);
    sight.sighting(&redacted.without_placeholders(), *line as u64, ticket.at, sender)
}

struct Replay<'a> {
    ledger: Ledger,
    out: BufWriter<File>,
    stream: &'a Path,
}

impl Replay<'_> {
    fn enter(&mut self, sightings: Vec<Sighting>) -> std::io::Result<()> {
        for sighting in sightings {
            for note in self.ledger.enter(sighting) {
                match note {
                    Note::Alert(alert) => self.write(&alert)?,
                    Note::OneSource { ticket, repeats, .. } => notice(self.stream, ticket, repeats),
                    Note::Echo { .. } => {}
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, alert: &Alert) -> std::io::Result<()> {
        let langs = alert.langs.iter().map(|(lang, count)| (lang.code(), *count)).collect();
        let kind = if alert.change == Change::Ended { "end" } else { alert.kind.code() };
        let line = AlertLine {
            at: alert.at.to_string(),
            kind,
            episode: alert.episode,
            article: alert.article.as_deref(),
            label: &alert.label,
            langs,
            tickets: alert.tickets,
            expected: (alert.expected * 100.0).round() / 100.0,
            surprise: (alert.surprise * 100.0).round() / 100.0,
            since: alert.since.to_string(),
            before: alert.before,
            lines: &alert.evidence,
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self) -> std::io::Result<()> {
        for alert in self.ledger.finish() {
            self.write(&alert)?;
        }
        self.out.flush()
    }
}

#[expect(clippy::print_stderr, reason = "notices of a command go to stderr")]
fn notice(stream: &Path, line: u64, repeats: u32) {
    eprintln!(
        "{}:{line}: one source has said the same {repeats} times in two days; it counts as one voice",
        stream.display()
    );
}
