//! Private keys in hexadecimal digits.
//!
//! In: the view. Out: findings. 64 digits are a private key or a transaction hash and nothing in
//! the digits tells which, so words and form decide: beside "private key" it goes whole, beside
//! "tx" or in a link it stays, `0x` alone stays (that is how hashes are copied), and a bare one
//! without a word loses its middle: an agent still sees the first six and the last four digits.

use std::ops::Range;

use super::context::{Token, after, before, char_at, char_before};
use super::cue::{Cue, cue, is_in_link};
use super::view::View;
use super::{Finding, SecretKind};

/// Digits of a private key.
const KEY_DIGITS: usize = 64;
/// Digits from 0 to 9 without which a text holds no key in groups: a random one has about 40, one in
/// base58 about 8.
pub(super) const DIGITS_MIN: usize = 2;
/// Digits that stay in front and behind where the middle is hidden.
const KEPT_FRONT: usize = 6;
const KEPT_BACK: usize = 4;
/// Bytes between two keys of one list: a line end and a number.
const LIST_GAP_BYTES: usize = 12;

/// Finds private keys in hexadecimal digits.
pub(super) fn find(view: &View, tokens: &[Token], found: &mut Vec<Finding>) {
    let mut last: Option<(usize, Verdict)> = None;
    let mut groups = Groups::default();
    for run in tokens.iter().map(|token| token.range.clone()) {
        if let Some(spaced) = groups.push(view, &run) {
            // The first of two halves may have been taken alone.
            found.retain(|f| f.range.end <= spaced.start || f.range.start < spaced.start);
            judge(view, spaced, &mut last, found);
            continue;
        }
        if is_key_length(run.len()) && is_hex_token(view, &run) {
            judge(view, run, &mut last, found);
        }
    }
}

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Remove,
    HideMiddle,
    Keep,
}

fn judge(
    view: &View,
    range: Range<usize>,
    last: &mut Option<(usize, Verdict)>,
    found: &mut Vec<Finding>,
) {
    let text = view.slice(range.clone());
    let prefixed = text.starts_with("0x") || text.starts_with("0X");
    let digits: String =
        text.chars().skip(if prefixed { 2 } else { 0 }).filter(char::is_ascii_hexdigit).collect();
    let verdict = verdict(view, &range, digits.len(), prefixed, *last);
    *last = Some((range.end, verdict));
    let secret = digits.to_ascii_lowercase();
    match verdict {
        Verdict::Keep => {}
        Verdict::Remove => found.push(Finding::new(SecretKind::PrivateKeyHex, range, secret)),
        Verdict::HideMiddle => {
            let front = KEPT_FRONT + if prefixed { 2 } else { 0 };
            let middle = range.start + front..range.end.saturating_sub(KEPT_BACK);
            let hidden = u8::try_from(digits.len().saturating_sub(KEPT_FRONT + KEPT_BACK)).ok();
            let finding = Finding::new(SecretKind::PrivateKeyHex, middle, secret);
            found.push(Finding { middle: hidden, ..finding });
        }
    }
}

fn verdict(
    view: &View,
    range: &Range<usize>,
    digits: usize,
    prefixed: bool,
    last: Option<(usize, Verdict)>,
) -> Verdict {
    let said = cue(view, range);
    // A chain's number before the digits makes an address of them (`0:83df…`).
    let chain = matches!(before(view.text(), range.start, 2), "0:" | "1:");
    if (chain || is_in_link(view, range.start)) && said != Cue::PrivateKey {
        return Verdict::Keep;
    }
    if said == Cue::PrivateKey {
        return Verdict::Remove;
    }
    // Only a full key is doubtful; other lengths are keys with a slip, and only if a word says so.
    if digits != KEY_DIGITS {
        return Verdict::Keep;
    }
    // The second of a list is what the first was.
    let follows = |end: usize| {
        // A key in groups may reach over the one before it.
        range.start.checked_sub(end).is_some_and(|gap| gap <= LIST_GAP_BYTES)
    };
    let in_list = last.filter(|(end, _)| follows(*end));
    match (said, in_list) {
        (Cue::Public, _) => Verdict::Keep,
        (_, Some((_, verdict))) => verdict,
        (Cue::Key, _) => Verdict::Remove,
        (Cue::PerhapsKey, _) => Verdict::HideMiddle,
        _ if is_outpoint(view, range.end) => Verdict::Keep,
        _ if prefixed => Verdict::Keep,
        _ => Verdict::HideMiddle,
    }
}

/// An output of a transaction is named by hash and number: `5613…74dd:0`.
fn is_outpoint(view: &View, end: usize) -> bool {
    let behind = after(view.text(), end, 5);
    behind.strip_prefix(':').is_some_and(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (1..=3).contains(&digits)
    })
}

/// Lengths that can be a key: 64 digits with or without `0x`, a few more or less after a slip, a
/// key pair of 128, an old key of 32.
fn is_key_length(len: usize) -> bool {
    matches!(len, 32 | 34 | 60..=68 | 128..=130)
}

fn is_hex_token(view: &View, run: &Range<usize>) -> bool {
    let text = view.slice(run.clone());
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    let mixed = digits.bytes().any(|b| b.is_ascii_digit())
        && digits.bytes().any(|b| b.is_ascii_alphabetic());
    hex && mixed && !is_part(view, run)
}

/// Returns true if and only if the run is part of a longer code such as a UUID or a file name.
fn is_part(view: &View, run: &Range<usize>) -> bool {
    let glue = |c: Option<char>| matches!(c, Some('-' | '_' | '+' | '/'));
    let in_path = before(view.text(), run.start, 1) == "/";
    glue(char_at(view.text(), run.end)) || (glue(char_before(view.text(), run.start)) && !in_path)
}

/// Hexadecimal digits in groups of equal length with one sign between (`89b5 3672 9f8b …`).
#[derive(Default)]
struct Groups {
    start: usize,
    end: usize,
    size: usize,
    digits: usize,
}

impl Groups {
    /// Takes the next run; answers the range of a key that it completes.
    fn push(&mut self, view: &View, run: &Range<usize>) -> Option<Range<usize>> {
        // Two to 32 digits, perhaps with 0x before them.
        if !matches!(run.len(), 2 | 4 | 6 | 8 | 10 | 16 | 18 | 32 | 34) {
            self.digits = 0;
            return None;
        }
        let text = view.slice(run.clone());
        let prefixed = text.starts_with("0x") || text.starts_with("0X");
        let digits = if prefixed { text.get(2..).unwrap_or_default() } else { text };
        let is_group = matches!(digits.len(), 2 | 4 | 8 | 16 | 32)
            && digits.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_group {
            self.digits = 0;
            return None;
        }
        let gap = view.text().get(self.end..run.start).unwrap_or_default();
        let joined = gap.chars().count() == 1 && !gap.chars().any(char::is_alphanumeric);
        if self.digits == 0 || !joined || prefixed || digits.len() != self.size {
            *self = Groups { start: run.start, end: run.end, size: digits.len(), digits: 0 };
        }
        self.end = run.end;
        self.digits += digits.len();
        if self.digits != KEY_DIGITS {
            return None;
        }
        let range = self.start..self.end;
        self.digits = 0;
        let letters = view.slice(range.clone()).bytes().filter(u8::is_ascii_alphabetic).count();
        (letters > 1).then_some(range)
    }
}
