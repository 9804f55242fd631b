//! How fast secrets are looked for: megabytes a second over the sample tickets, and how the time for
//! hostile texts grows with their length.
//!
//! `cargo bench --bench redaction` prints both. The bars: 20 MB/s on one core for ordinary text, a
//! hostile megabyte under 250 ms, and ten times the text in about ten times the time.
#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads its texts and the clock")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should stop")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use zhinan::text::han::is_han;
use zhinan::text::redact::Redactor;

const ROUNDS: usize = 7;

/// What costs a careless redactor most.
const HOSTILE: [&str; 34] = [
    "abandon ",
    "abandon\nx ",
    "abandonability",
    "zoo zoo the ",
    "7",
    "4111 1111 ",
    "af09",
    "0x",
    "12, ",
    "[1,",
    "[{(\"",
    "{\"ciphertext\":\"",
    "-----begin private key",
    "private key ",
    "password ",
    "密码是",
    "验证码123456 ",
    "助记词 ",
    "一",
    "雪 ",
    "的",
    "第1个词",
    "1. a\n",
    "<li>",
    "&nbsp;",
    "%20",
    "«",
    "Ａ",
    "e\u{301}",
    "\u{200B}",
    "한",
    "eyJ.",
    "://a:b@",
    "S6c56bnX ",
];

fn main() {
    let texts = tickets();
    let redactor = Redactor::new([7; 32]);
    black_box(redactor.redact("tables are made at first use: 密码 password abandon 7"));
    for (name, wanted) in [("English", false), ("Chinese", true)] {
        let some: Vec<&String> = texts.iter().filter(|t| t.chars().any(is_han) == wanted).collect();
        let bytes: usize = some.iter().map(|t| t.len()).sum();
        let time = best(|| some.iter().for_each(|text| drop(black_box(redactor.redact(text)))));
        let rate = bytes as f64 / time.as_secs_f64() / 1e6;
        println!("{name}: {} texts, {bytes} bytes, {rate:.1} MB/s", some.len());
    }
    println!("\n{:>24}  {:>9}  {:>9}  times", "hostile", "100 kB", "1 MB");
    for unit in HOSTILE {
        let of = |bytes: usize| {
            let text = unit.repeat(bytes / unit.len());
            best(|| drop(black_box(redactor.redact(&text)))).as_secs_f64() * 1000.0
        };
        let (small, large) = (of(100_000), of(1_000_000));
        println!("{unit:>24?}  {small:6.1} ms  {large:6.1} ms  {:5.1}", large / small);
    }
}

fn best(mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..ROUNDS).map(once).min().unwrap_or_default()
}

/// The texts of the sample knowledge base: labelled tickets and phrasings.
fn tickets() -> Vec<String> {
    let kb = Path::new(env!("CARGO_MANIFEST_DIR")).join("kb");
    let mut texts = Vec::new();
    for name in ["tickets.jsonl", "phrasings.jsonl"] {
        for line in std::fs::read_to_string(kb.join(name)).unwrap().lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            texts.extend(value.get("text").and_then(|t| t.as_str()).map(str::to_owned));
        }
    }
    texts
}
