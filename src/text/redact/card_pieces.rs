//! Card numbers in pieces with words between: "4111 1111 and the rest is 1111 1111", 前八位…后八位….
//!
//! In: the view. Out: findings, one for each piece. The pieces make a card number together, and
//! words order them or speak of a card.

use std::collections::VecDeque;
use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::card::{DIGITS, is_card_number};
use super::card_extras;
use super::context::{before, stretches};
use super::pieces::{Leads, is_in_order, leads};
use super::view::View;
use super::{Finding, SecretKind};

/// Bytes before a number in which a card is spoken of.
const BEFORE_BYTES: usize = 64;

/// Digits of a piece.
const PIECE_DIGITS: RangeInclusive<usize> = 4..=12;
const PIECE_DIGITS_MIN: usize = *PIECE_DIGITS.start();

static CARD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new(["card", "visa", "master", "amex", "american express", "卡"]).ok()
});

/// Returns true if and only if a text speaks of a card.
pub(super) fn is_of_card(text: &str) -> bool {
    CARD.as_ref().is_some_and(|card| card.is_match(text))
}

/// Finds card numbers in pieces.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut row = Row::default();
    let mut end = 0;
    for run in stretches(view.text(), |b| b.is_ascii_digit()) {
        // Shorter numbers between are counts: "last 8 digits".
        if !row.pieces.is_empty() && run.len() < PIECE_DIGITS_MIN {
            continue;
        }
        let gap = view.keys().get(end..run.start).unwrap_or_default();
        end = run.end;
        let fits = PIECE_DIGITS.contains(&run.len());
        let lead = if fits && !row.pieces.is_empty() { leads(gap) } else { Leads::Away };
        if lead == Leads::Away {
            row = Row::default();
        }
        if !fits {
            continue;
        }
        row.push(run, lead, gap.chars().any(char::is_alphabetic));
        if row.is_worded() && take(view, &row, found) {
            row = Row::default();
        }
    }
}

/// Pieces in a row, of no more digits than a card number has.
#[derive(Default)]
struct Row {
    pieces: VecDeque<Piece>,
    digits: usize,
}

struct Piece {
    range: Range<usize>,
    lead: Leads,
    worded: bool,
}

impl Row {
    fn push(&mut self, range: Range<usize>, lead: Leads, worded: bool) {
        self.digits += range.len();
        self.pieces.push_back(Piece { range, lead, worded });
        while self.digits > *DIGITS.end() {
            self.digits -= self.pieces.pop_front().map_or(self.digits, |piece| piece.range.len());
        }
    }

    /// Returns true if and only if words stand between the pieces; signs alone are any number's.
    fn is_worded(&self) -> bool {
        self.pieces.iter().skip(1).any(|piece| piece.worded)
    }

    fn is_ordered(&self) -> bool {
        self.pieces.iter().skip(1).any(|piece| piece.lead == Leads::InOrder)
    }
}

/// Takes the pieces if they make a card number; answers whether they do.
fn take(view: &View, row: &Row, found: &mut Vec<Finding>) -> bool {
    let (Some(first), Some(last)) = (row.pieces.front(), row.pieces.back()) else { return false };
    let digits: String = row.pieces.iter().map(|piece| view.slice(piece.range.clone())).collect();
    if !DIGITS.contains(&digits.len()) || !is_card_number(&digits) {
        return false;
    }
    let front = before(view.keys(), first.range.start, BEFORE_BYTES);
    let even = row.pieces.iter().all(|piece| piece.range.len() == first.range.len());
    let two = row.pieces.len() == 2;
    let said = is_of_card(front) || (row.is_ordered() && even && (two || is_in_order(front)));
    if said {
        let taken =
            |piece: &Piece| Finding::new(SecretKind::Pan, piece.range.clone(), digits.clone());
        found.extend(row.pieces.iter().map(taken));
        card_extras::find(view, &last.range, found);
    }
    said
}
