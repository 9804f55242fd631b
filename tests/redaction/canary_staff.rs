//! The same secrets through what staff fill in, then a search of every byte: the data folder, what
//! a webhook was sent, the knowledge base, a backup, the report.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::canary::{Canary, Served, canaries, encoded, hits, keep_figures};
use crate::support::kb::copy;

const PASSWORD: &str = "blue bicycle key ring";
/// The ways in that [`send`] knows.
const ENTRIES: usize = 14;

/// A tool that takes whatever a webhook sends, and remembers it.
fn tool() -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/hook", listener.local_addr().unwrap());
    let got = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&got);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
            let mut bytes = [0; 8192];
            while let Ok(read @ 1..) = stream.read(&mut bytes) {
                kept.lock().unwrap().extend(&bytes[..read]);
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        }
    });
    (address, got)
}

fn command(args: &[&str], dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.args(args).arg("--data").arg(dir.join("data"));
    command
}

fn add_admin(dir: &Path) {
    let mut child = command(&["user", "add", "lin", "--role", "admin"], dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success());
}

fn sign_in(served: &mut Served) {
    let answer = served.form("/sign-in", &[("name", "lin"), ("password", PASSWORD)]);
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    cookie.and_then(|c| c.split(';').next()).unwrap().clone_into(&mut served.cookie);
}

/// An article as the studio's form sends it, with `text` in one of its fields.
fn article(text: &str, n: usize) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("action", "save".to_owned()),
        ("version", "0".to_owned()),
        ("en.title", "A title".to_owned()),
        ("en.body", "Words.".to_owned()),
    ];
    let field = ["en.body", "zh.body", "en.reply", "zh.title", "en.questions", "owner"][n % 6];
    fields.retain(|(name, _)| *name != field);
    fields.push((field, text.to_owned()));
    fields
}

/// Tries to import articles with secrets beyond doubt: what comes of it must say why and not what.
fn import(dir: &Path, kb: &Path, canaries: &[Canary]) {
    for (n, canary) in canaries.iter().enumerate().take(40).filter(|(n, _)| n % 12 < 9) {
        let source = tempfile::tempdir().unwrap();
        let table = source.path().join("answers.csv");
        let text = canary.text.replace('"', "'");
        let rows = format!("question,answer,section\nWhy {n}?,\"{text}\",help\n");
        fs::write(&table, rows).unwrap();
        let source = table.to_str().unwrap();
        let mut command = command(&["import", source, "--kb", kb.to_str().unwrap()], dir);
        let out = command.output().unwrap();
        let said = [out.stdout, out.stderr].concat();
        assert!(!out.status.success(), "{}", String::from_utf8_lossy(&said));
        fs::write(dir.join(format!("import-{n}.txt")), said).unwrap();
    }
}

fn send(served: &Served, n: usize, canary: &Canary) -> String {
    let text = canary.text.as_str();
    let ticket = format!("/agent/tickets/{}", n % 30 + 1);
    let episode = format!("/trends/episodes/{}", n % 3);
    match n % ENTRIES {
        0 => served.form("/agent", &[("text", text)]),
        1 => served.form("/agent/pasted", &[("text", text), ("outcome", "record")]),
        2 => served.get(&format!("/agent/panel?text={}", encoded(text)), &[]),
        3 => served.form(
            &format!("{ticket}/escalation"),
            &[("severity", "S2"), ("send", "yes"), ("note", text)],
        ),
        4 => served.form(&format!("{ticket}/outcome"), &[("article", text), ("outcome", text)]),
        5 => served.form(&episode, &[("acknowledged", "yes"), ("incident", text)]),
        6 => {
            let fields = article(text, n / ENTRIES);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            served.form("/studio/articles/card-declined", &fields)
        }
        7 => served.form("/studio/articles", &[("id", text), ("section", text)]),
        8 => served.form("/people", &[("name", text), ("display", text), ("role", "agent")]),
        9 => served.form("/account/tokens", &[("name", text), ("scope", "suggest")]),
        10 => served.json("/api/v1/staff/suggest", &[], &json!({ "text": text })),
        11 => served.json(
            "/api/v1/sessions/0123456789abcdef0123456789abcdef/suggest",
            &[],
            &json!({ "text": text, "from": text }),
        ),
        12 => served.get(&format!("/agent?topic={0}&in={0}", encoded(text)), &[]),
        _ => served.get(&format!("/studio?gone={0}&sort={0}", encoded(text)), &[]),
    }
}

#[test]
fn no_secret_is_left_behind_by_what_staff_fill_in() {
    let dir = tempfile::tempdir().unwrap();
    let kb = dir.path().join("kb");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kb_small"), &kb);
    add_admin(dir.path());
    let (address, got) = tool();
    let settings = dir.path().join("zhinan.toml");
    let target = format!("[[notify]]\nkind = \"slack\"\nurl = \"{address}\"\n");
    fs::write(&settings, target).unwrap();
    let mut served = Served::start(dir.path(), &kb, &["--config", settings.to_str().unwrap()]);
    sign_in(&mut served);
    let ticket = json!({ "text": "my card was declined in a shop" });
    (0..30).for_each(|_| drop(served.json("/api/v1/tickets", &[], &ticket)));
    let canaries = canaries();
    for (n, canary) in canaries.iter().enumerate() {
        let answer = send(&served, n, canary);
        let entry = n % ENTRIES;
        assert!(!answer.starts_with("location: /sign-in"), "entry {entry} is not signed in");
        assert!(!answer.contains(&canary.secret), "entry {entry} echoes a secret: {answer}");
    }
    keep_figures(&served, dir.path());
    let backup = dir.path().join("backup");
    let report = dir.path().join("report.md");
    let made = command(&["backup", backup.to_str().unwrap()], dir.path()).status().unwrap();
    assert!(made.success());
    let out = command(&["report", "--since", "7d", "--kb", kb.to_str().unwrap()], dir.path());
    fs::write(report, { out }.output().unwrap().stdout).unwrap();
    drop(served);
    import(dir.path(), &kb, &canaries);
    let sent = got.lock().unwrap().clone();
    assert!(!sent.is_empty(), "an escalation reaches the webhook");
    fs::write(dir.path().join("webhook.txt"), sent).unwrap();
    let hits = hits(dir.path(), &canaries, ENTRIES);
    assert!(hits.is_empty(), "{hits:#?}");
}
