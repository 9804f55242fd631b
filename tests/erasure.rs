//! Erasing a person: every byte goes, from the file, from what was learned, from the pages, and
//! again after a restore; counts and what is confirmed knowledge stay.

use std::fs;
use std::path::Path;

use zhinan::backup;
use zhinan::data::DataDir;
use zhinan::erasure::{Erasures, all};
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::{Erase, NewTicket, Outcome, Store};
use zhinan::id::TicketId;
use zhinan::people::Role;

use crate::console::soon;
use crate::store::{at, feedback, ticket};
use crate::support::app::{TestApp, help_centre, with_runbooks};

const WORDS: &str = "my grandmother Euphrosyne bought doge with the blue card";

fn holds(dir: &Path, needle: &str) -> bool {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        path.is_file()
            && memchr::memmem::find(&fs::read(&path).unwrap(), needle.as_bytes()).is_some()
    })
}

/// A data folder in which one sender wrote the tickets 40 and 80 of 120.
fn data() -> (tempfile::TempDir, DataDir) {
    let dir = tempfile::tempdir().unwrap();
    let data = DataDir::new(dir.path().join("data"));
    fs::create_dir(data.path()).unwrap();
    let store = SqliteStore::open(&data.events()).unwrap();
    for n in 1..=120 {
        let ordinary = ticket(n, &format!("where is transfer {n}"), Some("fees"));
        let new = if n % 40 == 0 && n < 120 {
            let clean_text = WORDS.to_owned();
            NewTicket { clean_text, sender: Some("mark".to_owned()), ..ordinary }
        } else {
            ordinary
        };
        store.record_ticket(&new).unwrap();
    }
    store.record_feedback(&feedback(200, "fees", Some(40), Outcome::Used)).unwrap();
    (dir, data)
}

#[test]
fn every_byte_of_a_sender_goes_while_others_read_and_the_counts_stay() {
    let (_dir, data) = data();
    let serving = SqliteStore::open(&data.events()).unwrap();
    let before = serving.issue_counts(at(0), at(1_000)).unwrap();
    assert!(holds(data.path(), "Euphrosyne"));
    let other = SqliteStore::open(&data.events()).unwrap();
    let erased = Erasures::new(&data).sender(&other, "mark".to_owned(), at(300)).unwrap();
    assert_eq!(erased.iter().map(|e| e.ticket.0).collect::<Vec<_>>(), [40, 80]);
    assert!(!holds(data.path(), "Euphrosyne"), "neither in the file nor in its log");
    assert!(serving.ticket(TicketId(40)).is_err() && serving.phrasings().unwrap().is_empty());
    assert_eq!(serving.tickets(None, 500).unwrap().len(), 118);
    assert_eq!(serving.issue_counts(at(0), at(1_000)).unwrap(), before);
    assert_eq!(serving.erasures().unwrap(), (2, Some(at(300))));
}

#[test]
fn a_restored_backup_forgets_again_but_not_a_stranger_with_the_same_number() {
    let (dir, data) = data();
    let backup = dir.path().join("backup");
    backup::make(&data, &backup, at(250)).unwrap();
    let store = SqliteStore::open(&data.events()).unwrap();
    let erasures = Erasures::new(&data);
    erasures.ticket(&store, TicketId(40), at(300)).unwrap();
    drop(store);
    backup::restore(&backup, &data, at(400)).unwrap();
    let store = SqliteStore::open(&data.events()).unwrap();
    assert_eq!(store.ticket(TicketId(40)).unwrap().ticket.clean_text, WORDS);
    assert_eq!(erasures.apply(&store, at(500)).unwrap().len(), 1);
    assert!(store.ticket(TicketId(40)).is_err() && store.ticket(TicketId(80)).is_ok());
    drop(store);
    // Other tickets under the same numbers: what was erased is not among them.
    let elsewhere = DataDir::new(dir.path().join("elsewhere"));
    fs::create_dir(elsewhere.path()).unwrap();
    fs::copy(data.path().join("erasures.jsonl"), elsewhere.path().join("erasures.jsonl")).unwrap();
    let store = SqliteStore::open(&elsewhere.events()).unwrap();
    (0..50).for_each(|n| drop(store.record_ticket(&ticket(9_000 + n, "another", None)).unwrap()));
    assert!(Erasures::new(&elsewhere).apply(&store, at(600)).unwrap().is_empty());
}

#[test]
fn age_takes_words_but_not_confirmed_phrasings_until_they_are_withdrawn() {
    let (_dir, data) = data();
    let store = SqliteStore::open(&data.events()).unwrap();
    assert_eq!(all(&store, &Erase::Before(at(100)), at(300)).unwrap().len(), 99);
    assert_eq!(store.tickets(None, 500).unwrap().len(), 21);
    assert_eq!(store.phrasings().unwrap().len(), 1, "a confirmed phrasing is knowledge");
    assert!(!holds(data.path(), "where is transfer 7"));
    // Its writer may still ask, and a lead may still withdraw it.
    store.record_feedback(&feedback(400, "fees", Some(40), Outcome::Withdrawn)).unwrap();
    assert!(store.phrasings().unwrap().is_empty());
    all(&store, &Erase::Sender("mark".to_owned()), at(500)).unwrap();
    assert!(!holds(data.path(), "Euphrosyne"));
}

#[test]
fn a_lead_erases_a_ticket_and_its_phrasing_is_unlearned() {
    let app = TestApp::new(with_runbooks(help_centre()));
    let (agent, lead) = (app.person(Role::Agent), app.person(Role::Lead));
    let id = app.ticket("zorblax quuxified my card");
    let outcome = format!("/agent/tickets/{id}/outcome");
    app.post_as(&agent, &outcome, "article=card-declined&outcome=linked");
    soon("the phrasing is learned", || {
        app.get_as(&lead, "/agent/learned").body.contains("zorblax")
    });
    let path = format!("/agent/tickets/{id}");
    assert!(!app.get_as(&agent, &path).body.contains("/erase"), "an agent is not offered it");
    assert!(app.get_as(&lead, &path).body.contains("/erase"));
    app.post_as(&lead, &format!("{path}/erase"), "-");
    assert_eq!(app.get_as(&lead, &path).status, 404);
    for list in ["/agent/learned", "/agent?state=answered", "/agent", "/trends"] {
        assert!(!app.get_as(&lead, list).body.contains("zorblax"), "{list}");
    }
    let audit = app.get_as(&app.person(Role::Admin), "/audit").body;
    assert!(audit.contains("ticket-erased"), "{audit}");
}
