//! Private keys in hexadecimal digits that are written in pieces: "part 1: … part 2: …", 私钥前半…后半….
//!
//! In: the view and its tokens. Out: findings, one for each piece. The pieces have 64 digits
//! together and words for a key before them.

use std::ops::Range;

use super::context::Token;
use super::cue::{Cue, cue};
use super::pieces::{Leads, leads};
use super::view::View;
use super::{Finding, SecretKind};

/// Digits of a private key, and of its shortest piece.
const KEY_DIGITS: usize = 64;
const PIECE_DIGITS_MIN: usize = 8;

/// Finds keys in pieces.
pub(super) fn find(view: &View, tokens: &[Token], found: &mut Vec<Finding>) {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut digits = 0;
    for run in tokens.iter().map(|token| &token.range) {
        let Some(size) = piece_digits(view, run) else { continue };
        let joined = pieces.last().is_some_and(|last| {
            view.keys().get(last.end..run.start).is_some_and(|gap| leads(gap) != Leads::Away)
        });
        if !joined || digits + size > KEY_DIGITS {
            pieces.clear();
            digits = 0;
        }
        pieces.push(run.clone());
        digits += size;
        if digits == KEY_DIGITS && pieces.len() > 1 {
            push(view, &pieces, found);
            pieces.clear();
            digits = 0;
        }
    }
}

/// Digits of a token that can be a piece.
fn piece_digits(view: &View, run: &Range<usize>) -> Option<usize> {
    // An address of 40 digits is no piece: people name it beside its key.
    if !(PIECE_DIGITS_MIN..KEY_DIGITS).contains(&run.len()) || matches!(run.len(), 40 | 42) {
        return None;
    }
    let text = view.slice(run.clone());
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let numbers = digits.bytes().filter(u8::is_ascii_digit).count();
    (digits.bytes().all(|b| b.is_ascii_hexdigit()) && numbers > 1).then_some(digits.len())
}

fn push(view: &View, pieces: &[Range<usize>], found: &mut Vec<Finding>) {
    let Some(first) = pieces.first() else { return };
    if !matches!(cue(view, first), Cue::PrivateKey | Cue::Key | Cue::PerhapsKey) {
        return;
    }
    let secret: String = pieces.iter().map(|piece| view.slice(piece.clone())).collect();
    let secret = secret.trim_start_matches("0x").to_ascii_lowercase();
    for piece in pieces {
        found.push(Finding::new(SecretKind::PrivateKeyHex, piece.clone(), secret.clone()));
    }
}
