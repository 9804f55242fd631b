//! A full disk under a server: reading goes on, writing is refused with 507, what makes room works,
//! and nothing has to be restarted when there is room again.

use std::fs;
use std::path::Path;

use serde_json::json;
use zhinan::backup;
use zhinan::data::DataDir;
use zhinan::events::sqlite::SqliteStore;
use zhinan::id::TicketId;
use zhinan::people::Role;

use super::disk::{BadDisk, Fault};
use crate::store::SmallDisk;
use crate::support::app::{TestApp, help_centre};

const DISK_BYTES: usize = 32 << 20;
/// What is left when the tickets begin: room for a few.
const LEFT_BYTES: u64 = 400 << 10;

#[test]
fn a_disk_that_says_that_it_is_full() {
    let disk = BadDisk::new();
    disk.set(Fault::Holds(DISK_BYTES as u64));
    fills_up(disk.path());
}

#[test]
fn a_small_disk() {
    match SmallDisk::mount(DISK_BYTES) {
        Some(disk) => fills_up(disk.path()),
        None => eprintln!("skipped: this user may not mount a tmpfs; the other test goes on"),
    }
}

/// The bytes of all files in a folder.
fn used(folder: &Path) -> u64 {
    let length = |path: std::path::PathBuf| {
        if path.is_dir() { used(&path) } else { path.metadata().map_or(0, |found| found.len()) }
    };
    fs::read_dir(folder).unwrap().map(|entry| length(entry.unwrap().path())).sum()
}

fn fills_up(disk: &Path) {
    let data = DataDir::new(disk.join("data"));
    fs::create_dir(data.path()).unwrap();
    data.keep_room().unwrap();
    let store = Box::new(SqliteStore::open(&data.events()).unwrap());
    let app = TestApp::on(help_centre(), store, |settings| settings.data = data.clone());
    let lead = app.person(Role::Lead);
    let first = app.ticket("my name is Euphrosyne");
    let filler = disk.join("filler");
    fs::write(&filler, vec![1; (DISK_BYTES as u64 - used(disk) - LEFT_BYTES) as usize]).unwrap();

    let mut kept = vec![first];
    let refused = loop {
        let text = format!("transfer {} pending {}", kept.len(), "a".repeat(40_000));
        let answer = app.post_json("/api/v1/tickets", &json!({ "text": text }));
        if answer.status != 201 {
            break answer;
        }
        kept.push(answer.json()["ticket"].as_u64().unwrap());
        assert!(kept.len() < 500, "the disk never filled");
    };
    assert_eq!(refused.status, 507, "{refused:?}");
    assert_eq!(refused.json()["type"], "urn:zhinan:problem:storage-full");
    assert!(!refused.header("retry-after").is_empty());
    assert!(kept.len() > 2, "it filled too soon to tell");

    let ticket = format!("/agent/tickets/{first}");
    for path in ["/en/", "/en/articles/card-declined", "/api/v1/search?q=card", "/livez"] {
        assert_eq!(app.get(path).status, 200, "{path}");
    }
    assert!(app.get_as(&lead, &ticket).body.contains("Euphrosyne"));
    assert_eq!(app.get_as(&lead, "/trends").status, 200);

    let elsewhere = tempfile::tempdir().unwrap();
    let to = elsewhere.path().join("backup");
    let all = kept.len() as u64;
    assert_eq!(backup::make(&data, &to, zhinan::time::now()).unwrap().tickets, all);
    let erased = app.post_as(&lead, &format!("{ticket}/erase"), "-");
    assert_eq!(erased.status, 303, "{erased:?}");
    assert_eq!(app.get_as(&lead, &ticket).status, 404);

    fs::remove_file(&filler).unwrap();
    let next = app.ticket("there is room again");
    assert!(next > *kept.last().unwrap());
    data.keep_room().unwrap();
    let store = app.engine().store();
    for id in &kept[1..] {
        assert!(store.ticket(TicketId(*id)).is_ok(), "ticket {id}");
    }
    assert_eq!(
        store.tickets(None, 1000).unwrap().len(),
        kept.len(),
        "what was refused was not kept"
    );
}
