//! What an edit does to tickets: who gains, who loses, and that a loss stops a pipeline.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use zhinan::engine::{Engine, Places, TicketRequest};
use zhinan::events::memory::MemoryStore;
use zhinan::text::redact::Redactor;
use zhinan::time::Timestamp;

use crate::support::kb::TestKb;

fn git(dir: &Path, arguments: &[&str]) {
    let names = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
    let status = Command::new("git").arg("-C").arg(dir).args(names).args(arguments).status();
    assert!(status.unwrap().success(), "git {arguments:?}");
}

fn replay(kb: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zhinan"))
        .args(["replay", "--past", "0", "--lexicon", "none", "--kb"])
        .arg(kb)
        .args(arguments)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The real one with a part of its tickets: enough to see an edit, few enough to be quick.
fn smaller() -> TestKb {
    let kb = TestKb::real();
    for file in ["tickets.jsonl", "phrasings.jsonl"] {
        let path = kb.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let kept = text.lines().enumerate().filter(|(n, l)| l.contains("card-") || n % 12 == 0);
        let kept: String = kept.map(|(_, line)| format!("{line}\n")).collect();
        std::fs::write(path, kept).unwrap();
    }
    kb
}

#[test]
fn an_edit_that_loses_golden_tickets_is_named_ticket_by_ticket() {
    let kb = smaller();
    git(kb.path(), &["init", "--quiet"]);
    git(kb.path(), &["add", "."]);
    git(kb.path(), &["commit", "--quiet", "--message", "as it was"]);

    let same = replay(kb.path(), &["--base", "HEAD", "--json"]);
    assert_eq!(same.status.code(), Some(0), "{}", String::from_utf8_lossy(&same.stderr));
    let same = json(&same);
    assert_eq!(same["golden"]["changes"], Value::Array(Vec::new()));
    assert!(same["golden"]["before"]["tickets"].as_u64().unwrap() > 100);

    // The article on declined cards speaks of something else from now on.
    let article = kb.path().join("payments/card-declined");
    assert!(article.is_dir(), "the sample knowledge base has an article on declined cards");
    std::fs::remove_dir_all(&article).unwrap();
    let edited = replay(kb.path(), &["--base", "HEAD", "--json"]);
    assert_eq!(edited.status.code(), Some(1));
    let edited = json(&edited);
    let changes = edited["golden"]["changes"].as_array().unwrap();
    let lost = changes
        .iter()
        .find(|c| c["change"] == "lost" && c["topics"][0] == "card-declined" && c["lang"] == "zh");
    let lost = lost.unwrap();
    assert_eq!(lost["before"]["articles"][0], "card-declined");
    assert!(lost["before"]["why"][0]["evidence"].as_str().is_some_and(|e| !e.is_empty()));
    assert_ne!(lost["after"]["articles"][0], "card-declined");
    assert!(edited["articles"]["card-declined"]["loses"].as_u64().unwrap() > 0);
    assert_eq!(edited["gone"], serde_json::json!(["card-declined"]));
    let (before, after) = (&edited["golden"]["before"], &edited["golden"]["after"]);
    assert!(before["top_1"].as_u64() > after["top_1"].as_u64());

    let told = replay(kb.path(), &["--base", "HEAD"]);
    let told = String::from_utf8(told.stdout).unwrap();
    for part in ["LOST  golden g-card-declined", "before", "now", "Golden tickets:", "(gone)"] {
        assert!(told.contains(part), "{part} in:\n{told}");
    }
}

#[test]
fn what_cannot_be_compared_is_said() {
    let kb = TestKb::real();
    git(kb.path(), &["init", "--quiet"]);
    for arguments in [
        &["--base", "no-such-revision"][..],
        &["--base", "--all"],
        &["--against", "no/such/folder"],
    ] {
        let output = replay(kb.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn the_engine_says_what_a_draft_would_change_and_changes_nothing() {
    let kb = smaller();
    let places = Places { kb: kb.path().to_owned(), indexes: None, bilingual: None };
    let store = Box::new(MemoryStore::default());
    let engine = Engine::open(places, store, Redactor::default()).unwrap();
    let text = "刷卡被拒绝了，提示 card declined，怎么办？".to_owned();
    let request = TicketRequest { text, ..TicketRequest::default() };
    engine.record(&request, Timestamp::from_second(1_790_000_000).unwrap()).unwrap();

    std::fs::remove_dir_all(kb.path().join("payments/card-declined")).unwrap();
    let draft = kb.library();
    let [made, _] = engine.replay(&draft, 10).unwrap();
    assert!(made.golden_lost() > 0);
    assert_eq!((made.past_before.tickets, made.past_after.tickets), (1, 1));
    assert!(made.gone.contains("card-declined"));
    let id = "card-declined".parse().unwrap();
    assert!(engine.snapshot().library.pairs.contains_key(&id));
}
