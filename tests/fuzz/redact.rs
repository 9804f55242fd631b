//! Any bytes into the redactor. What must hold for every text: the second pass finds nothing new,
//! spans stand in order on character borders, and nothing outside them changes.
#![no_main]
#![allow(dead_code, unused_imports, reason = "only the redactor of these modules is called")]

#[path = "../../src/lang.rs"]
mod lang;
#[path = "../../src/text/mod.rs"]
mod text;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

use text::redact::Redactor;

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new([7; 32]));

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let redacted = REDACTOR.redact(text);
    let (mut rest, mut at) = (redacted.clean_text.as_str(), 0);
    for redaction in &redacted.redactions {
        let before = &text[at..redaction.range.start];
        rest = rest.strip_prefix(before).expect("text outside a span changed");
        let end = rest.find('»').expect("a placeholder has an end") + '»'.len_utf8();
        rest = &rest[end..];
        at = redaction.range.end;
    }
    assert_eq!(rest, &text[at..], "the text behind the last span changed");
    let again = REDACTOR.redact(&redacted.clean_text);
    assert_eq!(again.clean_text, redacted.clean_text, "a second pass finds more");
});
