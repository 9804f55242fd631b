//! Private keys in base64 and as decimal numbers, beside words that call them so.
//!
//! In: the view. Out: findings. Neither form proves anything: hashes, public keys and pictures are
//! written in base64 too.

use std::ops::Range;

use super::context::stretches;
use super::cue::{Cue, cue};
use super::view::View;
use super::{Finding, SecretKind};

/// Characters of 32 bytes, of 33 with a scheme's byte before them, and of 64, without padding.
const LENGTHS: [usize; 3] = [43, 44, 86];
/// Digits of numbers just below the order of the curve; smaller ones are shorter by chance.
const DECIMAL: std::ops::RangeInclusive<usize> = 74..=78;

/// Finds keys in base64 and decimal digits.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let belongs = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_');
    for run in stretches(view.text(), belongs) {
        let text = view.slice(run.clone());
        let decimal = DECIMAL.contains(&run.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let base64 = LENGTHS.contains(&run.len()) && is_base64(text);
        if !decimal && !base64 {
            continue;
        }
        let range = run.start..run.end + padding(view, run.end);
        let said = cue(view, &range);
        if said == Cue::PrivateKey || (decimal && said == Cue::Key) {
            found.push(Finding::new(SecretKind::PrivateKey, range, text));
        }
    }
}

/// Random bytes have letters of both cases and digits.
fn is_base64(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

fn padding(view: &View, end: usize) -> usize {
    let rest: Range<usize> = end..(end + 2).min(view.text().len());
    view.slice(rest).bytes().take_while(|b| *b == b'=').count()
}
