//! Five hundred secrets through every entry of the real program, then a search of every byte that it
//! left behind.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bip39::Language;

use super::cards::card;
use super::case::Dice;
use super::keys::{extended, hex, stellar, wif};
use super::phrases::phrase;

const SECRETS: usize = 500;
/// The ways in that [`send`] knows.
const ENTRIES: usize = 17;

/// A secret with the words that people put around it.
pub(super) struct Canary {
    pub(super) secret: String,
    pub(super) text: String,
}

pub(super) fn canaries() -> Vec<Canary> {
    let mut dice = Dice::new(500);
    (0..SECRETS)
        .map(|n| {
            let d = &mut dice;
            let (secret, frame) = match n % 12 {
                0 => (phrase(Language::English, 12, d).join(" "), "my words are {} please restore"),
                1 => (phrase(Language::English, 24, d).join(" "), "我的助记词是 {} 导入失败"),
                2 => {
                    (phrase(Language::SimplifiedChinese, 12, d).join(" "), "助记词 {} 提示校验失败")
                }
                3 => (hex(&d.bytes(32)), "private key {} will not import"),
                4 => (format!("0x{}", hex(&d.bytes(32))), "私钥：{}"),
                5 => (wif(0x80, true, d), "sweep {} please"),
                6 => (extended([0x04, 0x88, 0xAD, 0xE4], true, d), "{}"),
                7 => (stellar(0x90, d), "stellar {}"),
                8 => (card("4", 16, d), "card {} exp 09/27 cvv 123 declined"),
                9 => (
                    format!("Tuna!{}x{}", d.text("abcdefgh", 5), d.text("0123456789", 4)),
                    "my password is {}",
                ),
                10 => (format!("ghp_{}", d.text("ABCDEFabcdef0123456789", 36)), "token {}"),
                _ => (phrase(Language::French, 12, d).join(" "), "mots: {}"),
            };
            Canary { text: frame.replace("{}", &secret), secret }
        })
        .collect()
}

pub(super) struct Served {
    child: Child,
    root: String,
    ops: String,
    agent: ureq::Agent,
    /// The session of whoever has signed in.
    pub(super) cookie: String,
}

impl Served {
    /// Serves `kb`; `more` are further arguments.
    pub(super) fn start(dir: &Path, kb: &Path, more: &[&str]) -> Served {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (public, ops) = (free(), free());
        let log = |name: &str| Stdio::from(File::create(dir.join(name)).unwrap());
        let child = Command::new(env!("CARGO_BIN_EXE_zhinan"))
            .args(["serve", "--rate-limit", "off", "--listen", &public.to_string()])
            .args(["--ops-listen", &ops.to_string(), "--kb"])
            .arg(kb)
            .arg("--data")
            .arg(dir.join("data"))
            .args(more)
            .env("RUST_LOG", "trace")
            .stdout(log("stdout.log"))
            .stderr(log("stderr.log"))
            .spawn()
            .unwrap();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        let served = Served {
            child,
            root: format!("http://{public}"),
            ops: format!("http://{ops}"),
            agent: config.into(),
            cookie: String::new(),
        };
        let begun = Instant::now();
        while served.agent.get(format!("{}/livez", served.root)).call().is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not come up");
            std::thread::sleep(Duration::from_millis(100));
        }
        served
    }

    pub(super) fn get(&self, path: &str, headers: &[(&str, &str)]) -> String {
        let mut request = self.agent.get(format!("{}{path}", self.root));
        for (name, value) in headers.iter().chain(&self.session()) {
            request = request.header(*name, *value);
        }
        body(request.call().unwrap())
    }

    fn session(&self) -> Option<(&str, &str)> {
        (!self.cookie.is_empty()).then_some(("cookie", self.cookie.as_str()))
    }

    fn post(&self, path: &str, media: &str, headers: &[(&str, &str)], sent: &str) -> String {
        let mut request = self.agent.post(format!("{}{path}", self.root));
        let own = [("content-type", media), ("sec-fetch-site", "same-origin")];
        for (name, value) in headers.iter().chain(&own).chain(&self.session()) {
            request = request.header(*name, *value);
        }
        body(request.send(sent).unwrap())
    }

    pub(super) fn json(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        value: &serde_json::Value,
    ) -> String {
        self.post(path, "application/json", headers, &value.to_string())
    }

    pub(super) fn form(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let fields: Vec<String> =
            fields.iter().map(|(n, v)| format!("{n}={}", encoded(v))).collect();
        self.post(path, "application/x-www-form-urlencoded", &[], &fields.join("&"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Killed, not stopped: what a crash leaves behind is searched as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn body(mut response: ureq::http::Response<ureq::Body>) -> String {
    let mut text: String = response
        .headers()
        .iter()
        .map(|(n, v)| format!("{n}: {}\n", String::from_utf8_lossy(v.as_bytes())))
        .collect();
    text.push_str(&String::from_utf8_lossy(&response.body_mut().read_to_vec().unwrap()));
    text
}

pub(super) fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// Sends a canary through one entry; answers what came back, unless an echo is the browser's own.
fn send(served: &Served, n: usize, canary: &Canary) -> String {
    let (secret, text) = (canary.secret.as_str(), canary.text.as_str());
    let ascii: String = secret.chars().filter(char::is_ascii_graphic).collect();
    let key = format!("key-{n}");
    let (key, ascii_key) = (key.as_str(), ascii.as_str());
    let ticket = serde_json::json!({ "text": "card declined" });
    match n % ENTRIES {
        0 | 1 => served.json(
            "/api/v1/tickets",
            &[("idempotency-key", key)],
            &serde_json::json!({ "text": text }),
        ),
        2 => served.json("/api/v1/suggest", &[], &serde_json::json!({ "text": text })),
        3 => served.form("/en/contact", &[("key", key), ("step", "write"), ("text", text)]),
        4 => served.form("/zh/contact", &[("key", key), ("step", "send"), ("text", text)]),
        5 => served.get(&format!("/en/search?q={}", encoded(text)), &[]),
        6 => served.get(&format!("/api/v1/search?q={}", encoded(text)), &[]),
        7 => served.get(&format!("/en/articles/{}", encoded(text)), &[]),
        8 => served.get("/zh/", &[("user-agent", ascii_key)]),
        9 => {
            let from = format!("https://example.com/?q={}", encoded(text));
            served.get("/en/", &[("referer", from.as_str())])
        }
        10 => served.json("/api/v1/tickets", &[("idempotency-key", ascii_key)], &ticket),
        11 => served.json(
            "/api/v1/tickets",
            &[],
            &serde_json::json!({ "text": "card declined", "external_id": text }),
        ),
        12 => served.json(
            "/api/v1/tickets",
            &[],
            &serde_json::json!({ "text": "转账没到账", "channel": text }),
        ),
        13 => served.json(
            "/api/v1/feedback",
            &[],
            &serde_json::json!({ "article": text, "outcome": text }),
        ),
        14 => served.form("/sign-in", &[("name", text), ("password", text)]),
        15 => served.post(
            "/api/v1/tickets",
            "application/json",
            &[("cookie", ascii_key)],
            &format!("{{\"text\": {text}"),
        ),
        _ => {
            let out = Command::new(env!("CARGO_BIN_EXE_zhinan"))
                .args([
                    "suggest",
                    "--kb",
                    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/kb_small"),
                    text,
                ])
                .output()
                .unwrap();
            format!(
                "{}{}",
                String::from_utf8_lossy(&out.stdout),
                String::from_utf8_lossy(&out.stderr)
            )
        }
    }
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Which secrets lie in which files below `dir`.
pub(super) fn hits(dir: &Path, secrets: &[Canary], entries: usize) -> Vec<String> {
    let mut paths = Vec::new();
    files(dir, &mut paths);
    let mut hits = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        for (n, canary) in secrets.iter().enumerate() {
            if spellings(&canary.secret).iter().any(|s| holds(&bytes, s)) {
                hits.push(format!("entry {} in {}: {}", n % entries, path.display(), canary.text));
            }
        }
    }
    hits
}

/// The forms in which a secret could lie in a file.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    // Three words of a phrase in a row are a leak too.
    let words: Vec<&str> = secret.split(' ').collect();
    let part = if words.len() > 3 { words[3..6].join(" ") } else { secret.to_owned() };
    let utf16 = part.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        part.as_bytes().to_vec(),
        utf16,
        encoded(&part).into_bytes(),
        encoded(&part).replace("%20", "+").into_bytes(),
        base64(part.as_bytes()),
    ]
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: String = bytes.iter().map(|b| format!("{b:08b}")).collect();
    // The last letters depend on what follows.
    let whole = bits.len() / 24 * 4;
    bits.as_bytes()
        .chunks(6)
        .take(whole)
        .map(|six| letters[six.iter().fold(0, |v, b| v * 2 + usize::from(b - b'0'))])
        .collect()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}

/// What the operators' listener says, put where it is searched too.
pub(super) fn keep_figures(served: &Served, dir: &Path) {
    let figures = ["metrics", "readyz"]
        .map(|name| body(served.agent.get(format!("{}/{name}", served.ops)).call().unwrap()));
    fs::write(dir.join("ops.txt"), figures.concat()).unwrap();
}

#[test]
fn no_secret_is_left_behind_by_any_entry() {
    let dir = tempfile::tempdir().unwrap();
    let kb = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kb_small");
    let served = Served::start(dir.path(), &kb, &[]);
    let canaries = canaries();
    for (n, canary) in canaries.iter().enumerate() {
        let answer = send(&served, n, canary);
        assert!(
            !answer.contains(&canary.secret),
            "entry {} echoes a secret: {answer}",
            n % ENTRIES
        );
    }
    keep_figures(&served, dir.path());
    drop(served);
    assert!(dir.path().join("data/events.sqlite-wal").exists(), "a killed server leaves its log");
    let hits = hits(dir.path(), &canaries, ENTRIES);
    assert!(hits.is_empty(), "{hits:#?}");
}
