//! Crashes: a process is killed while it writes; every ticket that it was told is kept, is.
//!
//! The writing process is this test binary again, told by [`WRITE_TO`] to write. SIGKILL takes the
//! process only: power loss, where the disk forgets what was not synced, is not tried here.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use zhinan::events::sqlite::SqliteStore;
use zhinan::events::store::Recorded;
use zhinan::events::{NewTicket, Store};

use super::{keyed, ticket};

/// The variable that names the file to write to: `<run>:<path>`.
const WRITE_TO: &str = "STORE_CRASH_WRITE_TO";

const KILLS: usize = 10;

fn sent(key: &str) -> NewTicket {
    keyed(ticket(1, key, Some("fees")), key, key)
}

/// Writes until it is killed, with a line for each ticket after it was acknowledged. Does nothing
/// in an ordinary run of the tests.
#[test]
#[expect(clippy::disallowed_methods, reason = "the only way to tell a test what to do")]
fn writes_until_killed() {
    let Ok(told) = std::env::var(WRITE_TO) else { return };
    let (run, path) = told.split_once(':').unwrap();
    let store = SqliteStore::open(Path::new(path)).unwrap();
    thread::scope(|scope| {
        for writer in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for n in 0.. {
                    let key = format!("{run}-{writer}-{n}");
                    let Recorded::New(id) = store.record_ticket(&sent(&key)).unwrap() else {
                        panic!("`{key}` was there already");
                    };
                    let line = format!("acknowledged {} {key}\n", id.0);
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}

/// Runs the writer, kills it after so many acknowledged tickets, returns all that it was told.
fn killed_after(lines: usize, run: usize, path: &Path) -> Vec<(u64, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::crash::writes_until_killed", "--nocapture"])
        .env(WRITE_TO, format!("{run}:{}", path.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        // The last line may be cut off.
        let whole = line.strip_suffix('\n').and_then(|line| line.split_once("acknowledged "));
        if let Some((id, key)) = whole.and_then(|(_, words)| words.split_once(' ')) {
            told.push((id.parse().unwrap(), key.to_owned()));
        }
        if told.len() == lines {
            child.kill().unwrap();
        }
        line.clear();
    }
    let status = child.wait().unwrap();
    assert!(told.len() >= lines, "it ended by itself, {status}");
    told
}

#[test]
fn every_acknowledged_ticket_is_there_once_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.db");
    let mut told = Vec::new();
    for run in 0..KILLS {
        // From kills in the first transactions to kills after the log was folded into the file.
        told.extend(killed_after(1 + run * run * 8, run, &path));
        let store = SqliteStore::open(&path).unwrap();
        let kept = store.tickets(None, usize::MAX).unwrap();
        let numbers: Vec<u64> = kept.iter().rev().map(|t| t.id.0).collect();
        assert_eq!(numbers, (1..=kept.len() as u64).collect::<Vec<u64>>(), "numbers have gaps");
        let mut by_text: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for ticket in &kept {
            by_text.entry(&ticket.ticket.clean_text).or_default().push(ticket.id.0);
        }
        for (id, key) in &told {
            assert_eq!(by_text.get(key.as_str()), Some(&vec![*id]), "`{key}` after kill {run}");
        }
        let (id, key) = told.last().unwrap();
        let again = store.record_ticket(&sent(key)).unwrap();
        assert!(matches!(again, Recorded::Again(ticket) if ticket.id.0 == *id));
    }
}
