//! Redaction: secrets out of a text before anything else sees it.
//!
//! In: a text as somebody wrote it. Out: [`Redacted`], the text with typed placeholders in the
//! place of recovery phrases, keys, cards, passwords, one-time codes and tokens, and a keyed tag
//! for each. Pure and total; keeps no secret, warns nobody and stores nothing.

mod api_token;
mod backup_code;
mod base58;
mod base64_key;
mod byte_array;
mod card;
mod card_code;
mod card_extras;
mod card_pieces;
mod chain_key;
mod checksum;
mod code_near;
mod context;
mod cue;
mod cue_words;
mod hanzi;
mod hex_key;
mod key_pieces;
mod keystore;
mod kind;
mod label;
mod login_pair;
mod login_table;
mod looks;
mod mnemonic;
mod mnemonic_zh;
mod number_talk;
mod one_time_code;
mod passphrase;
mod password;
mod password_near;
mod phrase_keywords;
mod phrase_parts;
mod phrase_rules;
mod phrase_runs;
mod phrase_score;
mod phrase_text;
mod phrase_trim;
mod pieces;
mod placeholder;
mod secret_numbers;
mod security_answer;
mod sentence;
mod spelled_card;
mod strange;
mod totp_key;
mod view;
mod wordlist;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub use kind::SecretKind;

use crate::text::detect::detect;
use phrase_keywords::Keywords;
use placeholder::{Removed, placeholder};
use view::{Shape, View};

/// Rounds of looking: a second look finds what an overlapping secret hid. Tickets come to rest after
/// two or three; texts beyond any ticket get two, so that hostile ones cost no more.
const ROUNDS_MAX: usize = 12;
const ROUNDS_MAX_LONG: usize = 2;
/// Bytes from which a text is longer than any ticket.
const LONG_BYTES: usize = 64 * 1024;
/// Bytes at the front of a text that decide the language of its placeholders.
const LANG_BYTES: usize = 4096;

/// A secret that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redaction {
    /// What it was.
    pub kind: SecretKind,
    /// Bytes of the original text.
    pub range: Range<usize>,
    /// Words of a recovery phrase.
    pub words: Option<u8>,
    /// Equal for equal secrets under one key, however they were written; says nothing without it.
    pub tag: [u8; 8],
}

/// A text without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text with a placeholder in the place of each secret.
    pub clean_text: String,
    /// What was taken out, leftmost first, never overlapping.
    pub redactions: Vec<Redaction>,
}

impl Redacted {
    /// The kinds of what was taken out.
    pub fn kinds(&self) -> BTreeSet<SecretKind> {
        self.redactions.iter().map(|redaction| redaction.kind).collect()
    }

    /// The text with nothing in the place of each secret: what is matched, since "card number
    /// removed" are not the writer's words.
    pub fn without_placeholders(&self) -> Cow<'_, str> {
        // Also those that stood there before: a recorded ticket is read again.
        let placeholders = placeholder::find(&self.clean_text);
        if placeholders.is_empty() {
            return Cow::Borrowed(&self.clean_text);
        }
        let mut text = String::with_capacity(self.clean_text.len());
        let mut at = 0;
        for range in placeholders {
            text.push_str(self.clean_text.get(at..range.start).unwrap_or_default());
            at = range.end;
        }
        text.push_str(self.clean_text.get(at..).unwrap_or_default());
        Cow::Owned(text)
    }

    /// The range of the clean text for a range of [`Redacted::without_placeholders`]; placeholders
    /// inside it belong to it.
    pub fn in_clean_text(&self, range: Range<usize>) -> Range<usize> {
        let (mut start, mut end) = (range.start, range.end);
        for placeholder in placeholder::find(&self.clean_text) {
            start += if placeholder.start <= start { placeholder.len() } else { 0 };
            end += if placeholder.start < end { placeholder.len() } else { 0 };
        }
        start..end.max(start)
    }
}

/// What a detector reports: a range of the view.
struct Finding {
    kind: SecretKind,
    range: Range<usize>,
    words: Option<u8>,
    /// Digits that are hidden if both ends of the value stay.
    middle: Option<u8>,
    /// The secret in one spelling, for its tag.
    secret: String,
}

impl Finding {
    fn new(kind: SecretKind, range: Range<usize>, secret: impl Into<String>) -> Self {
        Finding { kind, range, words: None, middle: None, secret: secret.into() }
    }
}

/// Takes secrets out of texts. Its key makes the tags; a zero key (the default) is for tools that
/// need none.
#[derive(Clone)]
pub struct Redactor {
    /// Keyed already; each tag begins with a copy.
    mac: Option<Hmac<Sha256>>,
}

impl Default for Redactor {
    fn default() -> Redactor {
        Redactor::new([0; 32])
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

impl Redactor {
    /// A redactor whose tags depend on `key`.
    pub fn new(key: [u8; 32]) -> Self {
        // A key of any length is allowed, so this cannot fail.
        Redactor { mac: Hmac::new_from_slice(&key).ok() }
    }

    /// Takes the secrets out of a text.
    ///
    /// # Examples
    /// ```
    /// use zhinan::text::redact::Redactor;
    /// let redacted = Redactor::default().redact("my password is Bluefin!Tuna_77, help");
    /// assert_eq!(redacted.clean_text, "my password is «password removed», help");
    /// ```
    pub fn redact(&self, text: &str) -> Redacted {
        let mut hidden = placeholder::find(text);
        let mut taken: BTreeMap<usize, Taken> = BTreeMap::new();
        let rounds = if text.len() < LONG_BYTES { ROUNDS_MAX } else { ROUNDS_MAX_LONG };
        for _ in 0..rounds {
            let new = self.round(text, &hidden);
            if new.is_empty() {
                break;
            }
            hidden.extend(new.iter().map(|t| t.redaction.range.clone()));
            hidden.sort_by_key(|range| range.start);
            taken.extend(new.into_iter().map(|t| (t.redaction.range.start, t)));
        }
        render(text, taken.into_values())
    }

    /// One look at the text with `hidden` ranges as barriers.
    fn round(&self, text: &str, hidden: &[Range<usize>]) -> Vec<Taken> {
        let view = View::new(text, hidden);
        let mut apart: BTreeMap<usize, Taken> = BTreeMap::new();
        for finding in findings(&view) {
            let range = view.original(finding.range.clone());
            let before = apart.range(..range.end).next_back();
            let free = before.is_none_or(|(_, t)| t.redaction.range.end <= range.start);
            if free && !range.is_empty() {
                apart.insert(range.start, self.take(finding, range));
            }
        }
        apart.into_values().collect()
    }

    fn take(&self, finding: Finding, range: Range<usize>) -> Taken {
        let Finding { kind, words, middle, secret, .. } = finding;
        let redaction = Redaction { kind, range, words, tag: self.hash(&secret) };
        Taken { redaction, middle }
    }

    /// A name for a text that is compared and never read: equal for equal texts under one key.
    pub fn mark(&self, text: &str) -> String {
        format!("{:032x}", u128::from_be_bytes(self.hash(text)))
    }

    fn hash<const N: usize>(&self, text: &str) -> [u8; N] {
        let mut hash = [0; N];
        if let Some(mut mac) = self.mac.clone() {
            mac.update(text.as_bytes());
            hash.iter_mut().zip(mac.finalize().into_bytes()).for_each(|(to, from)| *to = from);
        }
        hash
    }
}

struct Taken {
    redaction: Redaction,
    middle: Option<u8>,
}

/// All findings, surest first: where two overlap, the one that comes first here stands.
fn findings(view: &View) -> Vec<Finding> {
    let mut found = Vec::new();
    let Shape { digits, han, token } = view.shape();
    keystore::find(view, &mut found);
    if digits >= byte_array::DIGITS_MIN {
        byte_array::find(view, &mut found);
    }
    if digits >= secret_numbers::DIGITS_MIN {
        secret_numbers::find(view, &mut found);
    }
    if view.keys().len() >= spelled_card::BYTES_MIN {
        spelled_card::find(view, &mut found);
    }
    let keywords = Keywords::new(view);
    let bare = phrase_text::bare(view.keys());
    mnemonic::find(view, &bare, &keywords, &mut found);
    if han >= mnemonic_zh::HAN_MIN {
        mnemonic_zh::find(view, &bare, &keywords, &mut found);
    }
    if digits >= hex_key::DIGITS_MIN || token >= base58::LEN_MIN {
        let tokens = context::tokens(view.text());
        chain_key::find(view, &mut found);
        base64_key::find(view, &mut found);
        base58::find(view, &tokens, &mut found);
        hex_key::find(view, &tokens, &mut found);
        key_pieces::find(view, &tokens, &mut found);
    }
    if token >= api_token::LEN_MIN {
        api_token::find(view, &mut found);
    }
    let labels = label::find(view);
    backup_code::find(view, &labels, &mut found);
    if digits >= *card::DIGITS.start() {
        card::find(view, &mut found);
        card_pieces::find(view, &mut found);
    }
    if digits >= card_code::DIGITS_MIN {
        card_code::find(view, &mut found);
    }
    if token >= totp_key::LEN_MIN {
        totp_key::find(view, &mut found);
    }
    login_pair::find(view, &mut found);
    one_time_code::find(view, &labels, &mut found);
    passphrase::find(view, &labels, &mut found);
    password::find(view, &labels, &mut found);
    security_answer::find(view, &labels, &mut found);
    login_table::find(view, &labels, &mut found);
    password_near::find(view, &labels, &mut found);
    code_near::find(view, &labels, &mut found);
    found
}

fn render(text: &str, taken: impl Iterator<Item = Taken>) -> Redacted {
    let mut taken = taken.peekable();
    if taken.peek().is_none() {
        return Redacted { clean_text: text.to_owned(), redactions: Vec::new() };
    }
    let lang = detect(context::head(text, LANG_BYTES)).lang;
    let mut clean_text = String::with_capacity(text.len());
    let mut redactions = Vec::new();
    let mut at = 0;
    for Taken { redaction, middle } in taken {
        let Redaction { kind, words, .. } = redaction;
        clean_text.push_str(text.get(at..redaction.range.start).unwrap_or_default());
        clean_text.push_str(&placeholder(Removed { kind, words, middle }, lang));
        at = redaction.range.end;
        redactions.push(redaction);
    }
    clean_text.push_str(text.get(at..).unwrap_or_default());
    Redacted { clean_text, redactions }
}

/// Makes the tables that take longest to make, so that no ticket waits for them.
pub fn warm() {
    wordlist::warm();
}

/// The English words of recovery phrases, for the detector in pages.
pub fn phrase_words() -> impl Iterator<Item = &'static str> {
    (0..).map_while(wordlist::english_word)
}

/// Returns true if and only if a word of the list is common in English sentences.
pub fn is_common_word(word: &str) -> bool {
    wordlist::is_common(word)
}

/// Takes the secrets out of a text; the tags are not keyed.
pub fn redact(text: &str) -> Redacted {
    Redactor::default().redact(text)
}
