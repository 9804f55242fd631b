//! Every call to the disk fails: the first, then the second, … until a flow ends untouched; each
//! once alone, and once with all that come after it (as SQLite's own tests do).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use zhinan::backup::{self, BackupError};
use zhinan::data::DataDir;
use zhinan::engine::{Engine, EngineError, Places};
use zhinan::erasure::Erasures;
use zhinan::events::memory::MemoryStore;
use zhinan::events::sqlite::SqliteStore;
use zhinan::events::sqlite::copy;
use zhinan::events::store::Recorded;
use zhinan::events::{Outcome, Store, StoreError};
use zhinan::id::{ArticleId, TicketId};
use zhinan::index::search::Wanted;
use zhinan::kb::library::Reader;
use zhinan::lang::Lang;
use zhinan::studio::draft::{Draft, Drafts};
use zhinan::studio::publish::{self, PublishError};
use zhinan::studio::{Studio, Texts};
use zhinan::text::redact::Redactor;

use super::disk::{BadDisk, Fault};
use crate::store::{at, feedback, keyed, ticket};
use crate::support::kb::{TestKb, article_file};

/// Runs a flow again and again until no call is left to fail. It sets the fault on its disk, mends
/// that when it is done and says how many calls failed.
pub(super) fn let_every_call_fail(least: usize, flow: impl Fn(Fault) -> usize) {
    for for_ever in [false, true] {
        let mut call = 1;
        while flow(Fault::At { call, for_ever, errno: libc::EIO }) > 0 {
            call += 1;
        }
        // Fewer would mean that the disk was not asked.
        assert!(call > least, "only {call} calls");
    }
}

/// What is in a store, counted anew from its rows, and that the store's own counts agree.
pub(super) fn recounted(store: &SqliteStore) -> BTreeMap<String, Vec<u64>> {
    let tickets = store.tickets(None, usize::MAX).unwrap();
    let numbers: Vec<u64> = tickets.iter().rev().map(|t| t.id.0).collect();
    assert_eq!(numbers, (1..=tickets.len() as u64).collect::<Vec<_>>(), "numbers have gaps");
    let counted: u64 =
        store.issue_counts(at(0), at(100_000)).unwrap().iter().map(|c| c.tickets).sum();
    assert_eq!(counted, tickets.len() as u64);
    assert_eq!(store.state_counts().unwrap().iter().sum::<u64>(), tickets.len() as u64);
    let outcomes: u64 = store.outcome_counts(at(0)).unwrap().iter().map(|(_, _, n)| n).sum();
    let said = tickets.iter().map(|t| store.ticket_feedback(t.id).unwrap().len() as u64);
    assert_eq!(outcomes, said.sum::<u64>());
    let mut by_text: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for ticket in tickets {
        by_text.entry(ticket.ticket.clean_text).or_default().push(ticket.id.0);
    }
    by_text
}

/// Tickets, feedback and a state, as far as the disk lets them; what was acknowledged.
fn ingest(store: &SqliteStore, from: i64) -> (Vec<(String, u64)>, Vec<StoreError>) {
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for n in from..from + 4 {
        let key = format!("key-{n}");
        match store.record_ticket(&keyed(ticket(n, &key, Some("fees")), &key, &key)) {
            Ok(Recorded::New(id)) => kept.push((key, id.0)),
            Ok(Recorded::Again(ticket)) => kept.push((key, ticket.id.0)),
            Err(error) => refused.push(error),
        }
    }
    if let Some((_, id)) = kept.last() {
        let said = feedback(from + 10, "fees", Some(*id), Outcome::Used);
        refused.extend(store.record_feedback(&said).err());
    }
    (kept, refused)
}

#[test]
fn tickets_are_kept_once_or_refused() {
    let_every_call_fail(40, |fault| {
        let disk = BadDisk::new();
        let path = disk.path().join("events.sqlite");
        disk.set(fault);
        let store = SqliteStore::open(&path);
        let (kept, refused) = store.as_ref().map(|s| ingest(s, 0)).unwrap_or_default();
        let (_, failed) = disk.mend();
        for error in &refused {
            // SQLite does not say why its shared index could not grow.
            let told = matches!(error, StoreError::Failed(_) | StoreError::Full);
            assert!(told, "{fault:?}: {error}");
        }
        if let Ok(store) = &store {
            let (again, refused) = ingest(store, 0);
            assert_eq!((again.len(), refused), (4, vec![]), "well again, {fault:?}");
            recounted(store);
        }
        drop(store);
        let store = SqliteStore::open(&path).unwrap();
        let (all, refused) = ingest(&store, 0);
        assert_eq!(refused, []);
        let found = recounted(&store);
        for (key, id) in all.iter().chain(&kept) {
            assert_eq!(found[key], [*id], "{fault:?}");
        }
        assert_eq!(found.len(), 4, "{fault:?}");
        drop(store);
        assert_eq!(copy::inspect(&path).unwrap().tickets, 4);
        failed
    });
}

#[test]
fn closing_the_store_and_opening_it_again_loses_nothing() {
    let_every_call_fail(20, |fault| {
        let disk = BadDisk::new();
        let path = disk.path().join("events.sqlite");
        let store = SqliteStore::open(&path).unwrap();
        let (kept, _) = ingest(&store, 0);
        disk.set(fault);
        // Folds the log into the file, or does not.
        drop(store);
        drop(SqliteStore::open(&path));
        let (_, failed) = disk.mend();
        let found = recounted(&SqliteStore::open(&path).unwrap());
        assert_eq!(found.len(), 4);
        assert!(kept.iter().all(|(key, id)| found[key] == [*id]), "{fault:?}");
        failed
    });
}

#[test]
fn an_erasure_is_carried_out_or_carried_out_later() {
    let_every_call_fail(20, |fault| {
        let disk = BadDisk::new();
        let data = DataDir::new(disk.path());
        let store = SqliteStore::open(&data.events()).unwrap();
        ingest(&store, 0);
        disk.set(fault);
        let erased = Erasures::new(&data).ticket(&store, TicketId(2), at(50));
        let (_, failed) = disk.mend();
        drop(store);
        let store = SqliteStore::open(&data.events()).unwrap();
        let gone = || store.ticket(TicketId(2)) == Err(StoreError::NoTicket(TicketId(2)));
        assert!(erased.is_err() || gone(), "{fault:?}");
        // As every start does.
        Erasures::new(&data).apply(&store, at(51)).unwrap();
        if !gone() {
            Erasures::new(&data).ticket(&store, TicketId(2), at(52)).unwrap();
        }
        assert!(gone(), "{fault:?}");
        assert_eq!(store.tickets(None, 9).unwrap().len(), 3);
        drop(store);
        assert!(!holds(disk.path(), "key-1"), "the words are in no file, {fault:?}");
        failed
    });
}

/// Whether any file below a folder holds a text.
fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_backup_is_whole_or_not_there() {
    let_every_call_fail(30, |fault| {
        let disk = BadDisk::new();
        let (data, to) = (DataDir::new(disk.path().join("data")), disk.path().join("backup"));
        fs::create_dir(data.path()).unwrap();
        fs::write(data.redaction_key(), [7; 32]).unwrap();
        let store = SqliteStore::open(&data.events()).unwrap();
        ingest(&store, 0);
        disk.set(fault);
        let made = backup::make(&data, &to, at(9));
        let (_, failed) = disk.mend();
        if to.exists() {
            assert_eq!(backup::verify(&to).unwrap().tickets, 4, "{fault:?}");
        } else {
            assert!(made.is_err());
            // Nothing is in the way of the next one.
            assert_eq!(backup::make(&data, &to, at(9)).unwrap().tickets, 4, "{fault:?}");
        }
        let (_, refused) = ingest(&store, 4);
        assert_eq!(refused, [], "the server beside it does not mind");
        failed
    });
}

#[test]
fn a_restore_brings_all_or_leaves_all() {
    let elsewhere = tempfile::tempdir().unwrap();
    let (old, backup) = (DataDir::new(elsewhere.path()), elsewhere.path().join("backup"));
    fs::write(old.redaction_key(), [1; 32]).unwrap();
    ingest(&SqliteStore::open(&old.events()).unwrap(), 100);
    backup::make(&old, &backup, at(9)).unwrap();
    let_every_call_fail(30, |fault| {
        let disk = BadDisk::new();
        let data = DataDir::new(disk.path());
        fs::write(data.redaction_key(), [2; 32]).unwrap();
        ingest(&SqliteStore::open(&data.events()).unwrap(), 0);
        disk.set(fault);
        let restored = backup::restore(&backup, &data, at(9));
        let (_, failed) = disk.mend();
        let refused = restored.as_ref().err();
        let finished = backup::finish(&data).unwrap();
        let key = fs::read(data.redaction_key()).unwrap()[0];
        let found = recounted(&SqliteStore::open(&data.events()).unwrap());
        let first = found.keys().next().unwrap().as_str();
        match refused {
            None => assert_eq!((first, key), ("key-100", 1), "{fault:?}"),
            Some(BackupError::Unfinished { .. }) if finished => {
                assert_eq!((first, key), ("key-100", 1), "{fault:?}");
            }
            Some(BackupError::Unfinished { .. }) => {
                assert!([("key-0", 2), ("key-100", 1)].contains(&(first, key)), "{fault:?}");
            }
            Some(_) => assert_eq!((first, key), ("key-0", 2), "{fault:?}"),
        }
        backup::restore(&backup, &data, at(10)).unwrap();
        let found = recounted(&SqliteStore::open(&data.events()).unwrap());
        assert_eq!(found.keys().next().unwrap(), "key-100");
        failed
    });
}

pub(super) fn texts(word: &str) -> Texts {
    let file = |title| Some(article_file(title, "public", word));
    Texts { en: file("Card declined"), zh: file("银行卡被拒") }
}

pub(super) fn place() -> (ArticleId, ArticleId) {
    ("help".parse().unwrap(), "card-declined".parse().unwrap())
}

/// A knowledge base on the disk with one article in both languages, and perhaps its indexes.
fn engine_on(disk: &BadDisk, word: &str, indexes: Option<PathBuf>) -> Engine {
    let kb = disk.path().join("kb");
    let template = TestKb::new();
    let (section, id) = place();
    let folder = kb.join(section.as_str()).join(id.as_str());
    fs::create_dir_all(&folder).unwrap();
    fs::copy(template.path().join("sections.toml"), kb.join("sections.toml")).unwrap();
    for lang in Lang::ALL {
        fs::write(folder.join(format!("{lang}.md")), texts(word).get(lang).unwrap()).unwrap();
    }
    let places = Places { kb, indexes, bilingual: None };
    Engine::open(places, Box::new(MemoryStore::default()), Redactor::new([7; 32])).unwrap()
}

/// The word that readers of each language find in the article.
fn served(engine: &Engine, words: [&str; 2]) -> Vec<String> {
    let found = |lang, word: &&&str| {
        let hits = engine.search(Reader::Public, word, lang, Wanted::best(5)).unwrap().hits;
        hits.iter().any(|hit| hit.article.lang == lang)
    };
    let word = |lang| words.iter().filter(|word| found(lang, word)).copied().collect();
    Lang::ALL.map(word).to_vec()
}

/// Why nothing was published.
#[derive(Debug)]
enum Refused {
    Publish(PublishError),
    Engine(EngineError),
}

impl From<EngineError> for Refused {
    fn from(error: EngineError) -> Self {
        Refused::Engine(error)
    }
}

#[test]
fn a_publish_is_in_both_languages_or_in_none() {
    let (section, id) = place();
    let disk = BadDisk::new();
    let engine = engine_on(&disk, "walrus", None);
    let kb = disk.path().join("kb");
    let journal = Studio::new(&disk.path().join("studio")).journal;
    let publish = |word, tag: &str| {
        engine.change_files(|kb| {
            publish::write(kb, &journal, (&section, &id), &texts(word), tag)
                .map_err(Refused::Publish)
        })
    };
    let_every_call_fail(20, |fault| {
        disk.set(fault);
        let published = publish("zebra", &texts("walrus").tag());
        let (_, failed) = disk.mend();
        let words = served(&engine, ["walrus", "zebra"]);
        match &published {
            Ok((_, snapshot)) if !snapshot.unread => assert_eq!(words, ["zebra"; 2], "{fault:?}"),
            // Shown as soon as the files can be read.
            Ok(_) => assert_eq!(words[0], words[1], "{fault:?}"),
            Err(error) => assert_eq!(words, ["walrus"; 2], "{fault:?} {error:?}"),
        }
        // The next reload.
        publish::recover(&kb, &journal).unwrap();
        let now = publish::read(&kb, &section, &id).unwrap();
        match &published {
            Ok(_) | Err(Refused::Engine(EngineError::Unread(_))) => {
                assert!(now == texts("zebra"), "{fault:?}");
            }
            Err(Refused::Publish(PublishError::Unfinished { .. })) => {
                assert!([texts("walrus"), texts("zebra")].contains(&now), "{fault:?}");
            }
            Err(error) => assert!(now == texts("walrus"), "{fault:?} {error:?}"),
        }
        publish("heron", &now.tag()).unwrap();
        assert_eq!(served(&engine, ["heron", "zebra"]), ["heron", "heron"]);
        publish("walrus", &texts("heron").tag()).unwrap();
        failed
    });
}

#[test]
fn a_new_article_is_there_in_both_languages_or_not_at_all() {
    let (section, id) = place();
    let_every_call_fail(15, |fault| {
        let disk = BadDisk::new();
        let (kb, journal) = (disk.path().join("kb"), disk.path().join("studio/journal"));
        fs::create_dir(&kb).unwrap();
        disk.set(fault);
        let none = Texts::default();
        let written = publish::write(&kb, &journal, (&section, &id), &texts("zebra"), &none.tag());
        let (_, failed) = disk.mend();
        publish::recover(&kb, &journal).unwrap();
        let now = publish::read(&kb, &section, &id).unwrap();
        match written {
            Ok(_) => assert!(now == texts("zebra"), "{fault:?}"),
            Err(PublishError::Unfinished { .. }) => {
                assert!([none, texts("zebra")].contains(&now), "{fault:?}");
            }
            Err(_) => assert!(now == none, "{fault:?}"),
        }
        failed
    });
}

#[test]
fn a_reload_answers_from_the_old_files_or_the_new() {
    let disk = BadDisk::new();
    let engine = engine_on(&disk, "walrus", Some(disk.path().join("indexes")));
    let (section, id) = place();
    let write = |word| {
        for lang in Lang::ALL {
            let path = format!("kb/{section}/{id}/{lang}.md");
            fs::write(disk.path().join(path), texts(word).get(lang).unwrap()).unwrap();
        }
    };
    let_every_call_fail(10, |fault| {
        write("zebra");
        disk.set(fault);
        let reloaded = engine.reload();
        let (_, failed) = disk.mend();
        let words = served(&engine, ["walrus", "zebra"]);
        if reloaded.is_ok_and(|snapshot| !snapshot.unread) {
            assert_eq!(words, ["zebra", "zebra"], "{fault:?}");
        } else {
            assert!([["walrus"; 2], ["zebra"; 2]].iter().any(|one| words == one), "{fault:?}");
        }
        engine.reload().unwrap();
        assert_eq!(served(&engine, ["walrus", "zebra"]), ["zebra", "zebra"]);
        write("walrus");
        engine.reload().unwrap();
        failed
    });
}

#[test]
fn a_draft_is_saved_or_as_it_was() {
    let id: ArticleId = "card-declined".parse().unwrap();
    let_every_call_fail(5, |fault| {
        let disk = BadDisk::new();
        let drafts = Drafts::new(disk.path().join("drafts"));
        let begin = || Draft::begin("help", &texts("walrus"));
        drafts.change(&id, 0, begin, |d| d.write(texts("walrus"), "lin", "")).unwrap();
        disk.set(fault);
        let saved = drafts.change(&id, 1, begin, |d| d.write(texts("zebra"), "lin", ""));
        let (_, failed) = disk.mend();
        let now = drafts.get(&id).unwrap().unwrap();
        match saved {
            Ok(saved) => assert_eq!(now, saved),
            // The file may be new and its name not yet safe: that is an error too.
            Err(_) => assert!([texts("walrus"), texts("zebra")].contains(&now.texts), "{fault:?}"),
        }
        drafts.change(&id, now.version, begin, |d| d.write(texts("heron"), "lin", "")).unwrap();
        failed
    });
}
