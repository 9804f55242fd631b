//! Scanning again: what newer rules find in a store goes, from the file and from its log.

use std::fs;
use std::path::Path;

use zhinan::events::Store;
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::sqlite::rescan::{find, redact};
use zhinan::text::redact::Redactor;

use super::ticket;

const SECRET: &str =
    "burger sheriff physical bike dinner absent crash useful write brief gold skill";

/// A store as an older program may have left it: with a secret, here and there.
fn old_store(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path).unwrap();
    for n in 0..200 {
        let mut new = ticket(n, "nothing to see here", Some("fees"));
        if n == 40 || n == 120 {
            new.clean_text = format!("The words were:\n{SECRET}\nWhat can I do?");
        }
        if n == 60 {
            new.external_id =
                Some("L5UbngwDpqHFHFRKSkVjPBfXcxxJuwL5SE9nebimGMxW3pA62ZUV".to_owned());
        }
        store.record_ticket(&new).unwrap();
    }
    store
}

fn holds(dir: &Path, needle: &str) -> bool {
    fs::read_dir(dir).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        memchr::memmem::find(&bytes, needle.as_bytes()).is_some()
    })
}

#[test]
fn a_scan_finds_and_then_takes_out_every_byte() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.sqlite");
    drop(old_store(&path));
    let redactor = Redactor::default();
    let found = find(&path, &redactor).unwrap();
    assert_eq!(found.texts, 3);
    assert_eq!(found.tickets.iter().map(|id| id.0).collect::<Vec<_>>(), [41, 61, 121]);
    assert!(holds(dir.path(), "sheriff"), "looking changes nothing");

    assert_eq!(redact(&path, &redactor).unwrap(), found);
    assert!(!holds(dir.path(), "sheriff") && !holds(dir.path(), "L5UbngwDp"));
    let store = SqliteStore::open(&path).unwrap();
    let ticket = store.ticket(zhinan::id::TicketId(41)).unwrap().ticket;
    assert_eq!(
        ticket.clean_text,
        "The words were:\n«recovery phrase removed, 12 words»\nWhat can I do?"
    );
    assert_eq!(ticket.redacted.len(), 1);
    assert_eq!(ticket.redacted[0].kind, "mnemonic");
    let same = store.same_secret(zhinan::id::TicketId(41), 9).unwrap();
    assert_eq!(same, [zhinan::id::TicketId(121)], "the same phrase came twice");
    assert_eq!(store.tickets(None, 500).unwrap().len(), 200, "nothing else is lost");
    drop(store);
    assert_eq!(find(&path, &redactor).unwrap().texts, 0);
}

#[test]
fn what_an_interrupted_scan_left_in_the_log_goes_with_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.sqlite");
    let store = old_store(&path);
    // The state of a process that was killed: its log is still there.
    let crashed = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), crashed.path().join(entry.file_name())).unwrap();
    }
    drop(store);
    assert!(crashed.path().join("events.sqlite-wal").exists());
    redact(&crashed.path().join("events.sqlite"), &Redactor::default()).unwrap();
    assert!(!holds(crashed.path(), "sheriff"));
}

#[test]
fn a_store_in_use_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.sqlite");
    let _in_use = old_store(&path);
    let error = redact(&path, &Redactor::default()).unwrap_err().to_string();
    assert!(error.contains("stop `zhinan serve`"), "{error}");
    assert!(holds(dir.path(), "sheriff"));
}
