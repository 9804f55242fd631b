//! Passwords, passphrases and PINs, by their labels.
//!
//! In: the view and its labels. Out: findings. A value is a secret if its form says so (digits,
//! signs, mixed case) or its place does (`password: sunshine` at the end of a line); talk about
//! passwords ("my password is wrong") stays.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before, char_at};
use super::label::{Label, Link, Named, read, value};
use super::one_time_code::is_counted;
use super::view::View;
use super::{Finding, SecretKind};

/// Bytes before a label in which "X is my" can stand.
const BEFORE_BYTES: usize = 80;

/// A value before its label: `hunter22 is my password`, `hunter22是我的密码`, `hunter22 as password`.
static VALUE_BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?:^|[\s"'“:,，：。(])([!-~]{4,40}?)["'”]?\s*(?:(?:is|was|as|=)\s(?:(?:the|my|our|a|an|his|her)\s)?(?:[a-z]{2,12}\s){0,2}|(?:就?是|作为|当)(?:你|您|我|我们)?的?(?:[^\x00-\x7f]{0,6}?))$"#,
    )
    .ok()
});

/// Finds passwords.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    for label in labels {
        let range = match label.named {
            Named::Password => ahead(view, label).or_else(|| behind(view, label)),
            Named::Pin => pin(view, label),
            Named::Account => account(view, label).or_else(|| {
                ahead(view, label).filter(|range| !view.slice(range.clone()).contains('@'))
            }),
            _ => continue,
        };
        if let Some(range) = range {
            let secret = view.slice(range.clone());
            found.push(Finding::new(SecretKind::Password, range, secret));
        }
    }
}

fn ahead(view: &View, label: &Label) -> Option<Range<usize>> {
    let (link, range) = value(view, label)?;
    let range = without_parameters(view, label, range);
    let text = view.slice(range.clone());
    let named = view.keys().get(label.range.clone()).unwrap_or_default();
    let short_label = matches!(named, "pass" | "passes" | "passed" | "pw" | "pws");
    let looks = Looks::of(text);
    let quoted = range.start > 0 && matches!(before(view.text(), range.start, 1), "\"" | "'" | "`");
    let accepted = match link {
        Link::Sign => looks.is_strong() || is_plain_secret(view, &range, text, looks, link),
        Link::Verb => {
            looks.is_strong()
                || (quoted || ends_clause(view, range.end))
                    && is_plain_secret(
                        view,
                        &range,
                        text,
                        looks,
                        if named.is_ascii() { link } else { Link::Sign },
                    )
                    && !short_label
        }
        Link::Space if short_label => {
            let mixed = looks.signs || looks.inner_upper || named == "pw";
            looks.digits && looks.letters && mixed && text.len() >= 8
        }
        Link::Space => {
            looks.is_strong()
                && looks.digits
                && (looks.letters || looks.signs)
                && text.len() >= 6
                && !is_version(text)
                || (quoted && looks.is_strong())
                || (!named.is_ascii() && looks.only_digits() && (text.len() >= 6 || is_pin(text)))
        }
    };
    (accepted && !is_counted(view, range.end) && !is_talk(text)).then_some(range)
}

/// In a link (`?pwd=x&lang=en`) the value ends where the next parameter begins.
fn without_parameters(view: &View, label: &Label, range: Range<usize>) -> Range<usize> {
    let in_link = matches!(before(view.keys(), label.range.start, 1), "?" | "&");
    let len = view.slice(range.clone()).find('&').filter(|_| in_link).unwrap_or(range.len());
    range.start..range.start + len
}

fn pin(view: &View, label: &Label) -> Option<Range<usize>> {
    let (_, range) = value(view, label)?;
    let text = view.slice(range.clone());
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = digits == text.len() && (4..=8).contains(&digits);
    (whole && !is_counted(view, range.end) && !is_postal(view, label)).then_some(range)
}

/// In India a PIN code is a postcode.
fn is_postal(view: &View, label: &Label) -> bool {
    let around =
        [before(view.keys(), label.range.start, 60), after(view.keys(), label.range.end, 60)];
    let post = [
        "deliver",
        "ship",
        "provision",
        "courier",
        "address",
        "area",
        "city",
        "location",
        "postal",
    ];
    around.iter().any(|text| post.iter().any(|word| text.contains(word)))
}

/// User name and password in a row: the last of up to three tokens is the password.
fn account(view: &View, label: &Label) -> Option<Range<usize>> {
    let (_, first) = value(view, label)?;
    let rest = after(view.text(), first.start, 96);
    let line = rest.lines().next().unwrap_or_default();
    let mut best = None;
    let mut at = 0;
    for token in line.split([' ', '/', ',', '|', '，', '、', ';']).take(4) {
        let range = first.start + at..first.start + at + token.len();
        at += token.len() + 1;
        let is_mail = token.contains('@') && token.contains('.');
        if Looks::of(token).is_strong()
            && !is_mail
            && !is_talk(token)
            && !is_counted(view, range.end)
        {
            best = Some(range);
        }
    }
    best.and_then(|range| read(view, range.start))
}

fn behind(view: &View, label: &Label) -> Option<Range<usize>> {
    let front = before(view.text(), label.range.start, BEFORE_BYTES);
    let found = VALUE_BEFORE.as_ref()?.captures(front)?.get(1)?;
    let looks = Looks::of(found.as_str());
    let base = label.range.start - front.len();
    let strong =
        looks.is_strong() && looks.digits && (looks.letters || looks.signs) && found.len() >= 6;
    let is_value = strong && !is_talk(found.as_str()) && !is_version(found.as_str());
    is_value.then(|| base + found.start()..base + found.end())
}

/// What a value is made of.
#[expect(clippy::struct_excessive_bools, reason = "each is one look at the same text")]
#[derive(Debug, Clone, Copy)]
struct Looks {
    len: usize,
    digits: bool,
    letters: bool,
    signs: bool,
    inner_upper: bool,
}

impl Looks {
    fn of(text: &str) -> Self {
        let has = |test: fn(char) -> bool| text.chars().any(test);
        // Hyphens and apostrophes are in ordinary words too, closing marks in every sentence.
        let sign = |c: char| {
            c.is_ascii_punctuation()
                && !matches!(c, '-' | '\'' | '.' | ',' | '!' | '?' | '/' | '(' | ')' | ':' | ';')
        };
        Looks {
            len: text.chars().count(),
            digits: has(|c| c.is_ascii_digit()),
            letters: has(char::is_alphabetic),
            signs: has(sign) || text.trim_end_matches(['!', '?', '.']).contains(['!', '?']),
            inner_upper: text.chars().skip(1).any(char::is_uppercase)
                && text.chars().any(char::is_lowercase),
        }
    }

    fn only_digits(self) -> bool {
        self.digits && !self.letters && !self.signs
    }

    fn is_strong(self) -> bool {
        self.len >= 4 && (self.digits || (self.signs && self.letters && self.len >= 6))
    }
}

/// A word without digits or signs that can be meant as a password.
fn is_plain_secret(
    view: &View,
    range: &Range<usize>,
    text: &str,
    looks: Looks,
    link: Link,
) -> bool {
    let lower = text.trim_end_matches(['!', '?', '.']).to_ascii_lowercase();
    // Behind a colon stands a value more often than a remark.
    let ends: &[&str] = match link {
        Link::Sign => &["ed"],
        _ => &["ed", "ing", "able", "ible", "ly", "ful", "less", "ive"],
    };
    let state = ends.iter().any(|end| lower.ends_with(end));
    let ends = ends_clause(view, range.end);
    let quoted = matches!(before(view.text(), range.start, 1), "\"" | "'" | "`");
    let upper = looks.inner_upper && looks.len >= 8;
    looks.len >= 5
        && (ends || upper)
        && (upper || quoted || !state)
        && !is_talk(text)
        && text.is_ascii()
        && !text.starts_with("http")
}

fn ends_clause(view: &View, at: usize) -> bool {
    let rest = after(view.keys(), at, 12);
    let rest = rest.trim_start_matches(['"', '\'', ')', ' ', '”']);
    let signs = [',', '.', ';', '!', '?', '\n', '\r', '。', '、', '…', '|'];
    rest.is_empty()
        || rest.starts_with(signs)
        || ["but ", "and ", "pls", "please", "can "].iter().any(|w| rest.starts_with(w))
        || char_at(view.text(), at).is_some_and(crate::text::han::is_han)
}

/// Four digits that are no year.
fn is_pin(text: &str) -> bool {
    text.len() == 4 && !text.starts_with("19") && !text.starts_with("20")
}

fn is_version(text: &str) -> bool {
    let digits = text.trim_start_matches(['v', 'V']);
    digits.contains('.') && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Words that follow "password is" or "password:" in talk about passwords.
#[expect(clippy::too_many_lines, reason = "a table of words")]
fn is_talk(text: &str) -> bool {
    const TALK: [&str; 109] = [
        "wrong",
        "incorrect",
        "invalid",
        "correct",
        "right",
        "required",
        "needed",
        "necessary",
        "too",
        "not",
        "still",
        "always",
        "never",
        "very",
        "also",
        "only",
        "just",
        "what",
        "where",
        "when",
        "how",
        "why",
        "which",
        "none",
        "null",
        "unknown",
        "empty",
        "blank",
        "missing",
        "lost",
        "gone",
        "different",
        "same",
        "long",
        "short",
        "weak",
        "strong",
        "safe",
        "secure",
        "important",
        "there",
        "here",
        "mine",
        "yours",
        "this",
        "that",
        "these",
        "those",
        "with",
        "without",
        "from",
        "for",
        "your",
        "their",
        "does",
        "doesn't",
        "didn't",
        "don't",
        "isn't",
        "won't",
        "can't",
        "cannot",
        "yes",
        "fine",
        "okay",
        "well",
        "good",
        "work",
        "works",
        "reset",
        "change",
        "help",
        "again",
        "case",
        "about",
        "after",
        "before",
        "because",
        "anything",
        "something",
        "nothing",
        "error",
        "problem",
        "issue",
        "question",
        "password",
        "passcode",
        "email",
        "phone",
        "field",
        "people",
        "private",
        "public",
        "manager",
        "iphone",
        "android",
        "windows",
        "metamask",
        "optional",
        "yourself",
        "myself",
        "ourselves",
        "anyone",
        "anybody",
        "someone",
        "somebody",
        "everyone",
        "nobody",
        "others",
    ];
    let lower = text.to_lowercase();
    let bare = lower.trim_end_matches(['.', '!', '?', ',', ':', ';', '\'', '"', ')']);
    let masked = bare.chars().all(|c| matches!(c, '*' | '•' | '●' | 'x' | '.' | '_' | '-' | '?'));
    let code = bare.split_once('-').is_some_and(|(front, back)| {
        front.len() <= 3
            && front.bytes().all(|b| b.is_ascii_alphabetic())
            && back.bytes().all(|b| b.is_ascii_digit())
    });
    let fa = matches!(
        bare,
        "2fa" | "1password" | "face id" | "100%" | "24/7" | "3ds" | "2-step" | "web3"
    );
    let link = bare.contains("://") || bare.starts_with("www.");
    TALK.contains(&bare) || masked || code || fa || link
}
