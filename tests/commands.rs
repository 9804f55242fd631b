//! Commands for whoever runs a server: bringing old events up, completions, manual pages.

use std::path::Path;
use std::process::{Command, Output};

use rusqlite::Connection;
use zhinan::data::DataDir;

const SCHEMA_1: &str = include_str!("../src/events/sqlite/schema_1.sql");

fn zhinan(args: &[&str], data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.args(args).arg("--data").arg(data).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn old_events_are_brought_up_but_not_beneath_a_server() {
    let dir = tempfile::tempdir().unwrap();
    let data = DataDir::new(dir.path());
    let conn = Connection::open(data.events()).unwrap();
    conn.execute_batch(SCHEMA_1).unwrap();
    conn.execute_batch("PRAGMA application_id = 0x7a68696e; PRAGMA user_version = 1").unwrap();
    drop(conn);
    let check = || zhinan(&["migrate", "--check"], dir.path());
    assert_eq!(check().status.code(), Some(1));

    let hold = data.hold().unwrap();
    for command in [&["migrate"][..], &["user", "list"], &["scan-store", "--dry-run"]] {
        let refused = zhinan(command, dir.path());
        assert_eq!(refused.status.code(), Some(2), "{command:?}");
        assert!(said(&refused).contains("stop it first"), "{}", said(&refused));
    }
    assert_eq!(check().status.code(), Some(1), "nothing has changed");
    drop(hold);

    let migrated = zhinan(&["migrate"], dir.path());
    assert_eq!(migrated.status.code(), Some(0), "{}", said(&migrated));
    assert!(said(&migrated).contains("events.schema-1.sqlite"), "{}", said(&migrated));
    assert!(dir.path().join("events.schema-1.sqlite").exists());
    assert_eq!(check().status.code(), Some(0));
    let hold = data.hold().unwrap();
    assert!(zhinan(&["user", "list"], dir.path()).status.success(), "beside a server");
    drop(hold);
}

#[test]
fn shells_and_man_know_every_command() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_zhinan")).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for shell in ["bash", "zsh", "fish"] {
        let text = run(&["completions", shell]);
        assert!(text.contains("scan-store") && text.contains("rate-limit"), "{shell}");
    }
    run(&["man", dir.path().to_str().unwrap()]);
    for page in ["zhinan.1", "zhinan-serve.1", "zhinan-restore.1"] {
        let text = std::fs::read_to_string(dir.path().join(page)).unwrap();
        assert!(text.contains(".TH zhinan"), "{page}");
    }
}
