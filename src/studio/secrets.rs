//! What must not even be kept: keys, cards and phrases in a text that somebody would put into an
//! article.
//!
//! Articles speak of passwords, and a line of twelve Chinese characters is a phrase by chance in every
//! four hundredth case, so only what is beyond doubt counts: keys, cards, and phrases of words that
//! stand apart.

use crate::text::redact::{Redaction, Redactor, SecretKind};

/// The shortest recovery phrase.
const PHRASE_WORDS_MIN: usize = 12;

/// The first secret of a text that is one beyond doubt.
pub fn first(redactor: &Redactor, text: &str) -> Option<Redaction> {
    let certain = |found: &Redaction| match found.kind {
        SecretKind::Password | SecretKind::OneTimeCode | SecretKind::SecurityAnswer => false,
        SecretKind::Mnemonic => {
            let removed = text.get(found.range.clone()).unwrap_or_default();
            removed.split_whitespace().count() >= PHRASE_WORDS_MIN
        }
        _ => true,
    };
    redactor.redact(text).redactions.into_iter().find(certain)
}
