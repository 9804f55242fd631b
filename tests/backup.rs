//! Backups: what comes back is what was there, and nothing damaged ever replaces anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;
use zhinan::backup::{BackupError, make, restore, verify};
use zhinan::data::{DataDir, HoldError};
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::{Store, Ticket};

use crate::store::{at, ticket};

const KEY: [u8; 32] = [7; 32];

/// A data folder with some tickets, and room for backups beside it.
struct Data {
    dir: TempDir,
    data: DataDir,
}

impl Data {
    fn with(tickets: i64) -> Data {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().join("data"));
        fs::create_dir(data.path()).unwrap();
        fs::write(data.redaction_key(), KEY).unwrap();
        let made = Data { dir, data };
        made.add(tickets);
        made
    }

    fn add(&self, tickets: i64) {
        let store = SqliteStore::open(&self.data.events()).unwrap();
        for n in 0..tickets {
            store.record_ticket(&ticket(n, &format!("ticket {n}"), Some("fees"))).unwrap();
        }
    }

    fn tickets(&self) -> Vec<Ticket> {
        SqliteStore::open(&self.data.events()).unwrap().tickets(None, usize::MAX).unwrap()
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// Every file below a folder with its content.
fn files(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(path)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path)
            } else {
                vec![(path.clone(), fs::read(&path).unwrap())]
            }
        })
        .collect();
    found.sort();
    found
}

#[test]
fn what_was_backed_up_comes_back_on_an_empty_machine() {
    let (old, new) = (Data::with(25), Data::with(0));
    let backup = old.beside("backup");
    let manifest = make(&old.data, &backup, at(0)).unwrap();
    assert_eq!((manifest.tickets, manifest.files.len()), (25, 2));
    assert_eq!(verify(&backup).unwrap(), manifest);
    fs::remove_dir_all(new.data.path()).unwrap();
    let (_, kept) = restore(&backup, &new.data, at(1)).unwrap();
    assert_eq!((kept, new.tickets()), (None, old.tickets()));
    assert_eq!(fs::read(new.data.redaction_key()).unwrap(), KEY);
}

#[test]
fn a_backup_made_while_tickets_come_in_is_one_moment() {
    let data = Data::with(0);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let store = SqliteStore::open(&data.data.events()).unwrap();
            for n in 0..300 {
                store.record_ticket(&ticket(n, "hello", None)).unwrap();
            }
            done.store(true, Ordering::Release);
        });
        for round in 0.. {
            let to = data.beside(&format!("backup-{round}"));
            if data.data.events().exists() {
                // Before its first commit the file has no schema, which is no backup yet.
                if let Ok(manifest) = make(&data.data, &to, at(0)) {
                    assert_eq!(verify(&to).unwrap(), manifest);
                }
            }
            if done.load(Ordering::Acquire) {
                break;
            }
        }
    });
    let last = data.beside("last");
    assert_eq!(make(&data.data, &last, at(0)).unwrap().tickets, 300);
}

#[test]
fn what_a_restore_replaces_is_kept() {
    let data = Data::with(3);
    let backup = data.beside("backup");
    make(&data.data, &backup, at(0)).unwrap();
    data.add(4);
    let before = data.tickets();
    let (_, kept) = restore(&backup, &data.data, at(1)).unwrap();
    assert_eq!(data.tickets().len(), 3);
    let kept = SqliteStore::open(&kept.unwrap().join("events.sqlite")).unwrap();
    assert_eq!(kept.tickets(None, usize::MAX).unwrap(), before);
}

#[test]
fn a_damaged_store_can_be_replaced() {
    let data = Data::with(3);
    let backup = data.beside("backup");
    make(&data.data, &backup, at(0)).unwrap();
    fs::write(data.data.events(), "not a database").unwrap();
    let (_, kept) = restore(&backup, &data.data, at(1)).unwrap();
    assert_eq!(data.tickets().len(), 3);
    assert_eq!(fs::read(kept.unwrap().join("events.sqlite")).unwrap(), b"not a database");
}

#[test]
fn no_damage_to_a_backup_goes_unseen_and_nothing_is_touched() {
    let data = Data::with(40);
    let backup = data.beside("backup");
    make(&data.data, &backup, at(0)).unwrap();
    let untouched = files(data.data.path());
    let events = fs::read(backup.join("events.sqlite")).unwrap();
    let mut damages: Vec<(&str, Option<Vec<u8>>)> = (0..60)
        .map(|n| {
            let mut bytes = events.clone();
            let place = n * bytes.len() / 60;
            bytes[place] ^= 1 << (n % 8);
            ("events.sqlite", Some(bytes))
        })
        .collect();
    damages.push(("events.sqlite", Some(events[..events.len() - 1].to_vec())));
    damages.push(("events.sqlite", Some(Vec::new())));
    damages.push(("events.sqlite", None));
    damages.push(("redaction.key", Some(vec![8; 32])));
    damages.push(("redaction.key", None));
    damages.push(("manifest.json", Some(b"{}".to_vec())));
    damages.push(("manifest.json", None));
    for (number, (name, content)) in damages.into_iter().enumerate() {
        let good = fs::read(backup.join(name)).unwrap();
        match content {
            Some(bytes) => fs::write(backup.join(name), bytes).unwrap(),
            None => fs::remove_file(backup.join(name)).unwrap(),
        }
        let refused = restore(&backup, &data.data, at(1));
        assert!(matches!(refused, Err(BackupError::Damaged { .. })), "damage {number} to {name}");
        fs::write(backup.join(name), good).unwrap();
    }
    assert_eq!(files(data.data.path()), untouched);
}

#[test]
fn nothing_is_overwritten_or_restored_under_a_server() {
    let data = Data::with(1);
    let backup = data.beside("backup");
    make(&data.data, &backup, at(0)).unwrap();
    assert!(matches!(make(&data.data, &backup, at(1)), Err(BackupError::Exists(_))));
    let hold = data.data.hold().unwrap();
    let refused = restore(&backup, &data.data, at(2));
    assert!(matches!(refused, Err(BackupError::Held(HoldError::Held(_)))));
    drop(hold);
    restore(&backup, &data.data, at(3)).unwrap();
}
