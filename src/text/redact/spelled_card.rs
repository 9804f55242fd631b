//! Card numbers whose digits are written as words: "four one one one …", 四一一一….
//!
//! In: the view. Out: findings. The words make a card number with a right check digit, and the text
//! speaks of a card.

use std::ops::Range;

use super::card::{DIGITS, is_card_number};
use super::card_pieces::is_of_card;
use super::view::View;
use super::{Finding, SecretKind};

/// The shortest word of a digit has two letters.
pub(super) const BYTES_MIN: usize = 26;

/// Finds card numbers in words.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    // A mention is cheap to look for, and most texts end here.
    if !is_of_card(view.keys()) {
        return;
    }
    let mut number = Number::default();
    for (range, word) in words(view.keys()) {
        match digit(word) {
            Some(Digit::Value(value)) => number.push(range, value),
            Some(Digit::Times(times)) => number.times = times,
            // "and", a sign or a comma is no word; any other ends the number.
            None if word == "and" => {}
            None => number.end(found),
        }
    }
    number.end(found);
}

#[derive(Default)]
struct Number {
    digits: String,
    range: Option<Range<usize>>,
    times: usize,
}

impl Number {
    fn push(&mut self, range: Range<usize>, value: char) {
        for _ in 0..self.times.max(1) {
            self.digits.push(value);
        }
        self.times = 0;
        let start = self.range.as_ref().map_or(range.start, |r| r.start);
        self.range = Some(start..range.end);
    }

    fn end(&mut self, found: &mut Vec<Finding>) {
        let Number { digits, range, .. } = std::mem::take(self);
        if let Some(range) =
            range.filter(|_| DIGITS.contains(&digits.len()) && is_card_number(&digits))
        {
            found.push(Finding::new(SecretKind::Pan, range, digits));
        }
    }
}

/// Words of letters, and Han characters one by one.
fn words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(char::is_alphanumeric)?;
        let rest = text.get(start..)?;
        let first = rest.chars().next()?;
        let len = if first.is_ascii() {
            rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        at = start + len;
        Some((start..at, rest.get(..len)?))
    })
}

enum Digit {
    Value(char),
    /// "double", "triple".
    Times(usize),
}

fn digit(word: &str) -> Option<Digit> {
    let value = match word {
        "zero" | "oh" | "o" | "零" | "〇" => '0',
        "one" | "一" | "幺" | "壹" => '1',
        "two" | "二" | "贰" | "两" => '2',
        "three" | "三" | "叁" => '3',
        "four" | "四" | "肆" => '4',
        "five" | "五" | "伍" => '5',
        "six" | "六" | "陆" => '6',
        "seven" | "七" | "柒" => '7',
        "eight" | "八" | "捌" => '8',
        "nine" | "九" | "玖" => '9',
        "double" => return Some(Digit::Times(2)),
        "triple" => return Some(Digit::Times(3)),
        _ => return None,
    };
    Some(Digit::Value(value))
}
