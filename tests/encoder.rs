//! The sentence encoder: its vectors are those of the model that it implements, and always the same.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;
use zhinan::encoder::use3::Use3;
use zhinan::encoder::vectors::Vectors;
use zhinan::encoder::{Encoder, EncoderError, Vector, cosine};
use zhinan::engine::{Engine, Places};
use zhinan::events::memory::MemoryStore;
use zhinan::kb::library::Reader;
use zhinan::text::redact::Redactor;

use crate::support::kb::{TestKb, article_file};

/// What another implementation of the same model makes of a text.
#[derive(Deserialize)]
struct Reference {
    text: String,
    pieces: Vec<u32>,
    every_eighth: Vec<f32>,
}

fn references() -> Vec<Reference> {
    let text = include_str!("fixtures/encoder/reference.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The encoder, or `None` with a message where its weights could not be fetched. Where the whole
/// suite must run, that is a failure.
#[expect(clippy::print_stderr, reason = "says why a test did not run")]
fn encoder() -> Option<Use3> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/models");
    if Use3::is_there(&models) {
        return Some(Use3::open(&models).unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "run scripts/fetch-encoder first");
    eprintln!("skipped: no weights in {}; run scripts/fetch-encoder", models.display());
    None
}

#[test]
fn agrees_with_the_reference_piece_by_piece_and_number_by_number() {
    let Some(encoder) = encoder() else { return };
    for reference in references() {
        assert_eq!(encoder.pieces(&reference.text), reference.pieces, "{}", reference.text);
        let vector = encoder.encode(&[&reference.text]).unwrap().remove(0);
        assert_eq!(vector.len(), encoder.dimension());
        assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-5);
        for (ours, theirs) in vector.iter().step_by(8).zip(&reference.every_eighth) {
            assert!((ours - theirs).abs() < 1e-3, "{}: {ours} {theirs}", reference.text);
        }
    }
}

#[test]
fn a_vector_does_not_depend_on_company_or_thread() {
    let Some(encoder) = encoder() else { return };
    let references = references();
    let texts: Vec<&str> = references.iter().step_by(3).map(|r| r.text.as_str()).collect();
    let together = encoder.encode(&texts).unwrap();
    let alone: Vec<_> =
        texts.iter().map(|text| encoder.encode(&[text]).unwrap().remove(0)).collect();
    assert_eq!(together, alone);
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    let threads: Vec<Vec<_>> = std::thread::scope(|scope| {
        let run = || encoder.encode(&reversed).unwrap();
        let running: Vec<_> = (0..3).map(|_| scope.spawn(run)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for mut vectors in threads {
        vectors.reverse();
        assert_eq!(vectors, together);
    }
}

#[test]
fn says_the_same_in_two_languages() {
    let Some(encoder) = encoder() else { return };
    let close = |a: &str, b: &str| {
        let vectors = encoder.encode(&[a, b]).unwrap();
        cosine(&vectors[0], &vectors[1])
    };
    let same = close("How do I change my email address?", "怎么修改绑定的邮箱地址？");
    let other = close("How do I change my email address?", "提现多久到账？");
    assert!(same > 0.5 && other < 0.3, "{same} {other}");
}

/// An encoder of two dimensions that counts how often it is asked.
#[derive(Default)]
struct Counting {
    version: &'static str,
    asked: AtomicUsize,
}

impl Encoder for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn dimension(&self) -> usize {
        2
    }

    fn version(&self) -> &str {
        self.version
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vector>, EncoderError> {
        self.asked.fetch_add(texts.len(), Ordering::Relaxed);
        let vector = |text: &&str| [text.len() as f32, 1.0].into();
        Ok(texts.iter().map(vector).collect())
    }
}

#[test]
fn vectors_are_kept_and_not_computed_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vectors/public.bin");
    let encoder = Counting { version: "1", ..Counting::default() };
    let asked = || encoder.asked.load(Ordering::Relaxed);
    let texts = ["card", "银行卡", "card"];
    let mut vectors = Vectors::load(&path, &encoder);
    let missing = vectors.missing(texts);
    assert_eq!(missing, ["card", "银行卡"]);
    vectors.fill(&encoder, &missing).unwrap();
    vectors.save(&path, &encoder).unwrap();

    let mut again = Vectors::load(&path, &encoder);
    assert_eq!(again, vectors);
    assert_eq!(again.get("银行卡").map(|v| v.to_vec()), Some(vec![9.0, 1.0]));
    let missing = again.missing(["银行卡", "fee"]);
    again.fill(&encoder, &missing).unwrap();
    assert_eq!(asked(), 3);
    again.keep(["fee"]);
    assert_eq!(again.missing(texts).len(), 2);

    let other = Counting { version: "2", ..Counting::default() };
    assert!(Vectors::load(&path, &other).is_empty(), "another version of the encoder");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[60] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(Vectors::load(&path, &encoder).is_empty(), "a damaged file");
}

/// An encoder for which a few words of two languages mean the same, and that counts.
#[derive(Default)]
struct Subjects {
    asked: AtomicUsize,
}

impl Encoder for Subjects {
    fn name(&self) -> &'static str {
        "subjects"
    }

    fn dimension(&self) -> usize {
        4
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vector>, EncoderError> {
        self.asked.fetch_add(texts.len(), Ordering::Relaxed);
        let subjects: [&[&str]; 3] =
            [&["card", "银行卡", "plastic"], &["pending", "转账"], &["outage", "故障"]];
        let vector = |text: &&str| {
            let about = |words: &&[&str]| words.iter().any(|word| text.contains(word));
            let mut vector = [0.0; 4];
            vector[subjects.iter().position(about).unwrap_or(3)] = 1.0;
            Vector::from(vector)
        };
        Ok(texts.iter().map(vector).collect())
    }
}

fn engine(kb: &TestKb, data: &Path, encoder: &Arc<dyn Encoder>) -> Engine {
    let places =
        Places { kb: kb.path().to_owned(), indexes: Some(data.join("indexes")), bilingual: None };
    let store = Box::new(MemoryStore::default());
    Engine::open_with(places, store, Redactor::default(), Some(encoder)).unwrap()
}

fn small() -> TestKb {
    TestKb::new()
        .article("card-declined", "en", "My card is refused", "Call the bank.")
        .article("card-declined", "zh", "银行卡被拒", "请联系银行。")
        .article("stuck", "en", "A transfer stays pending", "Wait for the network.")
        .article("stuck", "zh", "转账一直处理中", "请等待网络确认。")
        .runbook("card-outage", "en", "Acquirer outage", "Switch to the second acquirer.")
        .runbook("card-outage", "zh", "收单机构故障", "切换到备用收单机构。")
}

/// Waits until the vectors have been kept: they are computed in the background.
fn soon(what: impl Fn() -> bool) {
    for _ in 0..200 {
        if what() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("not within ten seconds");
}

#[test]
fn finds_by_meaning_where_no_word_is_shared_and_says_so() {
    let (kb, data) = (small(), tempfile::tempdir().unwrap());
    let encoder: Arc<dyn Encoder> = Arc::new(Subjects::default());
    let answer = engine(&kb, data.path(), &encoder).suggest(Reader::Public, "plastic kaput");
    let first = &answer.suggestions.candidates[0];
    assert_eq!(first.id, "card-declined");
    let why: Vec<(&str, &str)> =
        first.why.iter().map(|w| (w.feature, w.evidence.as_str())).collect();
    assert_eq!(why, [("meaning", "My card is refused")], "no word is claimed");
}

#[test]
fn vectors_of_public_articles_know_nothing_of_internal_ones_and_an_edit_costs_only_itself() {
    let (kb, data) = (small(), tempfile::tempdir().unwrap());
    let subjects = Arc::new(Subjects::default());
    let encoder: Arc<dyn Encoder> = subjects.clone();
    let asked = || subjects.asked.load(Ordering::Relaxed);
    let file = |name: &str| data.path().join("vectors").join(name);
    drop(engine(&kb, data.path(), &encoder));
    soon(|| file("staff.bin").exists());
    let public = Vectors::load(&file("public.bin"), encoder.as_ref());
    let staff = Vectors::load(&file("staff.bin"), encoder.as_ref());
    assert!(public.get("my card is refused").is_some());
    assert!(public.get("acquirer outage").is_none() && staff.get("acquirer outage").is_some());

    let before = asked();
    let opened = engine(&kb, data.path(), &encoder);
    let known = opened.suggest(Reader::Staff, "outage");
    assert_eq!(known.suggestions.candidates[0].id, "card-outage");
    assert_eq!(asked(), before + 1, "the ticket alone is new");
    kb.put("help/stuck/en.md", &article_file("A transfer hangs", "public", "Wait."));
    opened.reload().unwrap();
    opened.suggest(Reader::Staff, "outage");
    let texts = ["a transfer hangs", "wait.", "outage"];
    soon(|| asked() >= before + 1 + texts.len());
    // Public and staff may each have computed what is new; nothing old was.
    assert!(asked() <= before + 1 + 2 * texts.len() + 2, "{} {before}", asked());
}

/// Answers one request after another with the given bodies, on a free port.
fn embeddings_server(bodies: Vec<String>) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for body in bodies {
            let (mut stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap() > 2 {
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            std::io::Read::read_exact(&mut reader, &mut vec![0; length]).unwrap();
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
            write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    format!("http://{address}/v1#small")
}

#[test]
fn a_server_gives_unit_vectors_or_a_clear_error() {
    let one = |numbers: &str| format!("{{\"data\":[{{\"index\":0,\"embedding\":{numbers}}}]}}");
    let two = "{\"data\":[{\"index\":1,\"embedding\":[0,2]},{\"index\":0,\"embedding\":[3,4]}]}";
    let bodies = vec![one("[1,1]"), two.to_owned(), one("[1,2,3]"), "no".to_owned()];
    let url = embeddings_server(bodies);
    let encoder = zhinan::encoder::open(&url, Path::new("nowhere")).unwrap().unwrap();
    assert_eq!(encoder.dimension(), 2);
    let vectors = encoder.encode(&["a", "b"]).unwrap();
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
    assert!(near(&vectors[0], &[0.6, 0.8]) && near(&vectors[1], &[0.0, 1.0]), "{vectors:?}");
    for _ in 0..3 {
        // Another size, no JSON, nobody there.
        let error = encoder.encode(&["a"]).unwrap_err().to_string();
        assert!(error.contains("/v1/embeddings"), "{error}");
    }
    assert!(zhinan::encoder::open("ftp://x", Path::new("nowhere")).is_err());
    assert!(zhinan::encoder::open("auto", Path::new("nowhere")).unwrap().is_none());
}
