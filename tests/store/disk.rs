//! The disk: what is in the file after reopening, and files and disks that cannot be used.
#![expect(clippy::disallowed_methods, reason = "these tests are about a file, so they read it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::{Outcome, Store, StoreError};
use zhinan::id::TicketId;

use super::{at, feedback, keyed, ticket};

fn fresh() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.db");
    (dir, path)
}

/// Why the file at a path was refused.
#[expect(clippy::panic, reason = "a test that cannot go on should fail where it stands")]
fn refused(path: &Path) -> String {
    match SqliteStore::open(path).err().unwrap() {
        StoreError::Open { path: named, reason } => {
            assert_eq!(named, path.display().to_string());
            reason
        }
        other => panic!("{other}"),
    }
}

#[test]
fn reopening_finds_everything() {
    let (_dir, path) = fresh();
    let store = SqliteStore::open(&path).unwrap();
    for second in 0..50 {
        let key = format!("k{second}");
        store.record_ticket(&keyed(ticket(second, "hello", Some("fees")), &key, "r")).unwrap();
    }
    store.record_feedback(&feedback(60, "fees", Some(7), Outcome::Used)).unwrap();
    let all = |store: &SqliteStore| {
        let counts = store.issue_counts(at(0), at(100)).unwrap();
        let outcomes = store.outcome_counts(at(0)).unwrap();
        (store.tickets(None, 100).unwrap(), counts, outcomes, store.phrasings().unwrap())
    };
    let before = all(&store);
    drop(store);
    assert!(!path.with_extension("db-wal").exists(), "closing folds the log into the file");
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(all(&store), before);
    assert_eq!(store.ticket(TicketId(50)).unwrap().ticket.at, at(49));
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let (_dir, path) = fresh();
    drop(SqliteStore::open(&path).unwrap());
    let version = |conn: Connection| -> i64 {
        conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    let known = version(Connection::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let reason = refused(&path);
    assert!(reason.contains("schema 99") && reason.contains("newer zhinan"), "{reason}");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", known).unwrap();
    SqliteStore::open(&path).unwrap();
}

#[test]
fn the_database_of_another_program_is_refused_and_left_alone() {
    let (_dir, path) = fresh();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE songs (title)").unwrap();
    let before = fs::read(&path).unwrap();
    assert!(refused(&path).contains("another program"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_damaged_file_is_refused() {
    let (_dir, path) = fresh();
    let store = SqliteStore::open(&path).unwrap();
    for second in 0..200 {
        store.record_ticket(&ticket(second, &"x".repeat(500), Some("fees"))).unwrap();
    }
    drop(store);
    let whole = fs::read(&path).unwrap();
    let garbage = |range: std::ops::Range<usize>| {
        let mut bytes = whole.clone();
        bytes[range].iter_mut().enumerate().for_each(|(i, b)| *b ^= (i % 251 + 1) as u8);
        bytes
    };
    let all = whole.len();
    for damaged in [garbage(0..100), garbage(100..4096), garbage(0..all), whole[..all / 2].to_vec()]
    {
        fs::write(&path, damaged).unwrap();
        assert!(!refused(&path).is_empty());
    }
    // Deeper damage shows when it is read: an error, and the store lives.
    fs::write(&path, garbage(4096..all)).unwrap();
    if let Ok(store) = SqliteStore::open(&path) {
        assert!(matches!(store.tickets(None, 500), Err(StoreError::Failed(_))));
    }
    fs::write(&path, whole).unwrap();
    assert_eq!(SqliteStore::open(&path).unwrap().tickets(None, 500).unwrap().len(), 200);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let (dir, _) = fresh();
    refused(&dir.path().join("nowhere").join("events.db"));
    refused(dir.path());
}

#[test]
fn callers_that_wait_together_are_committed_together() {
    let (_dir, path) = fresh();
    let store = SqliteStore::open(&path).unwrap();
    store.record_ticket(&ticket(0, "before", None)).unwrap();
    let before = store.commits();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let calling = AtomicUsize::new(0);
    thread::scope(|scope| {
        for second in 0..64 {
            let (store, calling) = (&store, &calling);
            scope.spawn(move || {
                calling.fetch_add(1, Ordering::Relaxed);
                store.record_ticket(&ticket(second, "hello", None)).unwrap()
            });
        }
        // Nobody can commit while the other connection holds the file, so all of them queue up.
        while calling.load(Ordering::Relaxed) < 64 {
            thread::yield_now();
        }
        thread::sleep(Duration::from_millis(300));
        other.execute_batch("ROLLBACK").unwrap();
    });
    assert_eq!(store.tickets(None, 100).unwrap().len(), 65);
    let commits = store.commits() - before;
    assert!(commits <= 8, "64 tickets took {commits} commits");
}

#[test]
fn dropping_the_store_writes_what_is_queued() {
    let (_dir, path) = fresh();
    for round in 0..5 {
        let store = SqliteStore::open(&path).unwrap();
        store.record_ticket(&ticket(round, "hello", None)).unwrap();
    }
    assert_eq!(SqliteStore::open(&path).unwrap().tickets(None, 10).unwrap().len(), 5);
}

/// A small disk of its own, taken away when dropped.
pub(crate) struct SmallDisk(TempDir);

impl SmallDisk {
    /// One that holds so many bytes; none if this user may not mount.
    pub(crate) fn mount(bytes: usize) -> Option<SmallDisk> {
        let dir = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"]).arg(dir.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then(|| SmallDisk(dir))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_told_and_survived() {
    let Some(disk) = SmallDisk::mount(2 << 20) else {
        eprintln!("skipped: this user may not mount a tmpfs, so no disk can be filled");
        return;
    };
    let path = disk.0.path().join("events.db");
    let store = SqliteStore::open(&path).unwrap();
    let text = "x".repeat(20_000);
    let mut kept = 0;
    let full = loop {
        match store.record_ticket(&ticket(kept, &text, Some("fees"))) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 1000, "the disk never filled");
    };
    assert_eq!(full, StoreError::Full);
    let (kept, listed) = (kept as usize, || store.tickets(None, 1000).unwrap().len());
    assert_eq!(listed(), kept, "reading goes on");
    thread::scope(|scope| {
        let send = || store.record_ticket(&ticket(0, &text, Some("fees")));
        let senders: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        for sender in senders {
            assert_eq!(sender.join().unwrap(), Err(StoreError::Full));
        }
    });
    let bigger = Command::new("mount").args(["-o", "remount,size=16m"]).arg(disk.0.path()).status();
    assert!(bigger.unwrap().success());
    store.record_ticket(&ticket(1, &text, Some("fees"))).unwrap();
    assert_eq!(listed(), kept + 1, "what was refused was not kept");
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.tickets(None, 1000).unwrap().first().unwrap().id.0, kept as u64 + 1);
}
