//! Private keys as lists of bytes, as Solana's tools export them: `[12,34, … 64 numbers]`, also in
//! hexadecimal digits (`0x0c`) and as an object (`{"0":12,"1":34, …}`).
//!
//! In: the view. Out: findings. Exactly 64 numbers from 0 to 255, or 32 beside "private key".

use std::ops::Range;

use super::context::stretches;
use super::cue::{Cue, cue};
use super::view::View;
use super::{Finding, SecretKind};

/// Bytes of a key pair, and of its secret half.
const PAIR: usize = 64;
const HALF: usize = 32;
/// Digits in the shortest list.
pub(super) const DIGITS_MIN: usize = HALF;

/// Finds byte lists.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut list = List::default();
    for (at, byte) in view.text().bytes().enumerate() {
        match byte {
            b'[' | b'{' | b'(' => list = List { start: Some(at), ..List::default() },
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'x' => list.digit(byte),
            b',' => list.comma(),
            b':' => list.index(),
            b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'\'' => {}
            b']' | b'}' | b')' => {
                // A comma may end the list.
                if list.current.is_some() {
                    list.comma();
                }
                if let Some(range) = list.key(view, at + 1) {
                    let numbers: Vec<String> =
                        list.numbers.iter().map(ToString::to_string).collect();
                    found.push(Finding::new(SecretKind::PrivateKey, range, numbers.join(",")));
                }
                list = List::default();
            }
            _ => list = List::default(),
        }
    }
    bare(view, found);
}

/// Finds 32 or 64 numbers without brackets behind words for a private key.
fn bare(view: &View, found: &mut Vec<Finding>) {
    let bytes = view.text().as_bytes();
    let is_part = |b: u8| b.is_ascii_digit() || matches!(b, b',' | b' ');
    for run in stretches(view.text(), is_part) {
        if run.len() < HALF * 2 {
            continue;
        }
        let text = view.slice(run.clone());
        let trimmed = text.trim_matches([' ', ',']);
        let start = run.start + (text.len() - text.trim_start_matches([' ', ',']).len());
        let range = start..start + trimmed.len();
        let numbers = trimmed.split([',', ' ']).filter(|n| !n.is_empty());
        let count = numbers.clone().count();
        let small = numbers.clone().all(|n| n.parse::<u16>().is_ok_and(|n| n < 256));
        let closed = matches!(bytes.get(range.end), Some(b']' | b'}' | b')'));
        if matches!(count, HALF | PAIR) && small && !closed && cue(view, &range) == Cue::PrivateKey
        {
            let secret = numbers.collect::<Vec<_>>().join(",");
            found.push(Finding::new(SecretKind::PrivateKey, range, secret));
        }
    }
}

#[derive(Default)]
struct List {
    start: Option<usize>,
    numbers: Vec<u16>,
    current: Option<u16>,
    hex: bool,
    broken: bool,
}

impl List {
    fn digit(&mut self, digit: u8) {
        if self.start.is_none() {
            return;
        }
        if digit == b'x' {
            // `0x` only, at the front of a number.
            self.broken |= self.current != Some(0) || self.hex;
            self.hex = true;
            return;
        }
        let base = if self.hex { 16 } else { 10 };
        match char::from(digit).to_digit(base) {
            Some(digit) => {
                let value = u32::from(self.current.unwrap_or(0)) * base + digit;
                self.current = u16::try_from(value.min(1000)).ok();
            }
            None => self.broken = true,
        }
    }

    fn comma(&mut self) {
        self.hex = false;
        match self.current.take() {
            Some(value) if value < 256 && self.numbers.len() <= PAIR => self.numbers.push(value),
            _ => self.broken = self.start.is_some(),
        }
    }

    /// The place of the next byte, in an object.
    fn index(&mut self) {
        let index = self.current.take().map(usize::from);
        self.broken |= self.start.is_some() && index != Some(self.numbers.len());
    }

    fn key(&self, view: &View, end: usize) -> Option<Range<usize>> {
        let range = self.start.filter(|_| !self.broken)?..end;
        let is_key = match self.numbers.len() {
            PAIR => cue(view, &range) != Cue::Public,
            HALF => cue(view, &range) == Cue::PrivateKey,
            _ => false,
        };
        is_key.then_some(range)
    }
}
