//! The sentence encoder: its vectors are those of the model that it implements, and always the same.

use std::path::Path;

use serde::Deserialize;
use zhinan::encoder::use3::Use3;
use zhinan::encoder::vectors::Vectors;
use zhinan::encoder::{Encoder, cosine};

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
    asked: std::sync::atomic::AtomicUsize,
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

    fn encode(
        &self,
        texts: &[&str],
    ) -> Result<Vec<zhinan::encoder::Vector>, zhinan::encoder::EncoderError> {
        self.asked.fetch_add(texts.len(), std::sync::atomic::Ordering::Relaxed);
        let vector = |text: &&str| [text.len() as f32, 1.0].into();
        Ok(texts.iter().map(vector).collect())
    }
}

#[test]
fn vectors_are_kept_and_not_computed_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vectors/public.bin");
    let encoder = Counting { version: "1", ..Counting::default() };
    let asked = || encoder.asked.load(std::sync::atomic::Ordering::Relaxed);
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
