//! `zhinan doctor`: what stands in the way of serving well, and what to do about it.
//!
//! Looks and measures; repairs nothing. Exit 0 when all is fine or there are warnings only, 1 when
//! something must be mended.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::cli::operate;
use crate::data::{DataDir, HoldError};
use crate::events::sqlite::copy::{self, Contents};
use crate::index::build;
use crate::kb::load;
use crate::time::{self, Timestamp};

/// Free space below which writing will soon fail: some days of a busy team.
const SPACE_WARNING: u64 = 1 << 30;
/// Free space below which it is about to fail: less than one rebuild of indexes and log.
const SPACE_FAILURE: u64 = 100 << 20;
/// A sync slower than this makes people who write a ticket wait.
const SYNC_WARNING: Duration = Duration::from_millis(30);
/// How many syncs are timed.
const SYNCS: usize = 15;
/// How far two honest clocks may be apart.
const CLOCK_SKEW: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);
/// No clock that is right shows an earlier time than this program's making.
const CLOCK_LEAST: &str = "2026-01-01T00:00:00Z";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Fine,
    Warning,
    Failure,
}

/// What one look came to.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
}

impl Finding {
    fn fine(check: &'static str, found: impl Into<String>) -> Finding {
        Finding { check, state: State::Fine, found: found.into(), advice: None }
    }

    fn warning(check: &'static str, found: impl Into<String>, advice: &'static str) -> Finding {
        Finding { check, state: State::Warning, found: found.into(), advice: Some(advice) }
    }

    fn failure(check: &'static str, found: impl Into<String>, advice: &'static str) -> Finding {
        Finding { check, state: State::Failure, found: found.into(), advice: Some(advice) }
    }
}

/// Runs the command.
pub fn run(args: &operate::Doctor) -> anyhow::Result<ExitCode> {
    let findings = examine(&DataDir::new(&args.data), &args.kb.kb, time::now());
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &findings)?;
        writeln!(out)?;
    } else {
        for finding in &findings {
            let mark = match finding.state {
                State::Fine => "ok  ",
                State::Warning => "warn",
                State::Failure => "FAIL",
            };
            writeln!(out, "{mark}  {:<12}{}", finding.check, finding.found)?;
            if let Some(advice) = finding.advice {
                writeln!(out, "      {:<12}{advice}", "")?;
            }
        }
    }
    let failed = findings.iter().any(|finding| finding.state == State::Failure);
    Ok(ExitCode::from(u8::from(failed)))
}

fn examine(data: &DataDir, kb: &Path, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![articles(kb)];
    if !data.path().is_dir() {
        let found = format!("there is no folder `{}`", data.path().display());
        findings.push(Finding::warning(
            "data",
            found,
            "`zhinan serve` makes it at its first start",
        ));
        return findings;
    }
    let contents = data.events().exists().then(|| copy::inspect(&data.events()));
    findings.push(at_work(data));
    findings.push(rights(data));
    findings.push(space(data.path()));
    findings.push(sync_time(data.path()));
    let newest = contents.as_ref().and_then(|c| c.as_ref().ok()).and_then(|c| c.newest);
    findings.push(match contents {
        None => Finding::warning("events", "none yet", "`zhinan serve` makes the store"),
        Some(Ok(Contents { schema, tickets, .. })) => {
            Finding::fine("events", format!("{tickets} tickets, schema {schema}, every page read"))
        }
        Some(Err(error)) => Finding::failure(
            "events",
            error.to_string(),
            "stop the server and put the latest backup in place with `zhinan restore`",
        ),
    });
    findings.push(indexes(data));
    findings.push(clock(newest, now));
    findings
}

fn articles(kb: &Path) -> Finding {
    match load::load(kb, None) {
        Err(error) => Finding::failure("articles", error.to_string(), "name the folder with --kb"),
        Ok(loaded) => {
            let errors = loaded.diagnostics.iter().filter(|d| d.is_error()).count();
            let found = format!("{} in `{}`", loaded.library.pairs.len(), kb.display());
            if errors == 0 {
                return Finding::fine("articles", found);
            }
            let found = format!("{found}, {errors} errors");
            Finding::warning("articles", found, "`zhinan check` names each with file and line")
        }
    }
}

fn at_work(data: &DataDir) -> Finding {
    match data.hold() {
        Ok(_) => Finding::fine("server", "none is at work on the data folder"),
        Err(HoldError::Held(_)) => Finding::fine("server", "one is at work on the data folder"),
        Err(error) => Finding::failure(
            "server",
            error.to_string(),
            "run as the user that serves, or give it the folder with chown",
        ),
    }
}

#[cfg(unix)]
fn rights(data: &DataDir) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let key = data.redaction_key();
    let Ok(found) = std::fs::metadata(&key) else {
        return Finding::fine("rights", "there is no redaction key yet");
    };
    if found.permissions().mode() & 0o077 != 0 {
        let found = format!("others can read `{}`", key.display());
        return Finding::failure("rights", found, "chmod 600 it: it tells equal secrets apart");
    }
    if found.len() != 32 {
        let found = format!("`{}` has {} bytes, not 32", key.display(), found.len());
        return Finding::failure("rights", found, "restore it, or move it away to make a new one");
    }
    Finding::fine("rights", "the redaction key is readable by its owner only")
}

#[cfg(not(unix))]
fn rights(_: &DataDir) -> Finding {
    Finding::fine("rights", "not looked at on this system")
}

fn space(path: &Path) -> Finding {
    let advice = "free some space; reading goes on without, writing does not";
    match fs4::available_space(path) {
        Err(error) => Finding::warning("space", error.to_string(), advice),
        Ok(bytes) => {
            let found = format!("{} MB free", bytes >> 20);
            match bytes {
                0..SPACE_FAILURE => Finding::failure("space", found, advice),
                SPACE_FAILURE..SPACE_WARNING => Finding::warning("space", found, advice),
                _ => Finding::fine("space", found),
            }
        }
    }
}

/// Times what every acknowledged ticket waits for.
fn sync_time(path: &Path) -> Finding {
    let file = path.join(format!("doctor-{}.tmp", std::process::id()));
    let times = syncs(&file);
    drop(std::fs::remove_file(&file));
    match times {
        Err(error) => Finding::failure(
            "disk",
            format!("cannot write in `{}`: {error}", path.display()),
            "give the user that serves the right to write there",
        ),
        Ok(mut times) => {
            times.sort_unstable();
            let median = times.get(times.len() / 2).copied().unwrap_or_default();
            let found =
                format!("a write is safe after {:.1} ms (median)", 1e3 * median.as_secs_f64());
            if median > SYNC_WARNING {
                return Finding::warning("disk", found, "move the data folder to a faster disk");
            }
            Finding::fine("disk", found)
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the duration is what is asked for")]
fn syncs(path: &Path) -> io::Result<Vec<Duration>> {
    let mut file = File::create(path)?;
    let mut times = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let begun = Instant::now();
        file.write_all(&[0; 512])?;
        file.sync_data()?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn indexes(data: &DataDir) -> Finding {
    let damaged = build::damaged(&data.indexes());
    if damaged.is_empty() {
        return Finding::fine("indexes", "no damage found");
    }
    let names: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
    Finding::warning("indexes", format!("damaged: {}", names.join(", ")), "restart to rebuild them")
}

fn clock(newest: Option<Timestamp>, now: Timestamp) -> Finding {
    let advice = "set the clock, best by NTP: recurrence is counted by it";
    if CLOCK_LEAST.parse().is_ok_and(|least: Timestamp| now < least) {
        return Finding::failure("clock", format!("it shows {now}"), advice);
    }
    match newest {
        Some(newest) if newest > now + CLOCK_SKEW => Finding::failure(
            "clock",
            format!("it shows {now}, but there is a ticket of {newest}"),
            advice,
        ),
        _ => Finding::fine("clock", now.to_string()),
    }
}
