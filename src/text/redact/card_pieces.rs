//! Card numbers in pieces with words between: "4111 1111 and the rest is 1111 1111", 前八位…后八位….
//!
//! In: the view. Out: findings, one for each piece. The pieces make a card number together, and
//! words order them or speak of a card.

use std::ops::Range;
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

static CARD: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new(["card", "visa", "master", "amex", "american express", "卡"]).ok()
});

/// Returns true if and only if a text speaks of a card.
pub(super) fn is_of_card(text: &str) -> bool {
    CARD.as_ref().is_some_and(|card| card.is_match(text))
}

/// Finds card numbers in pieces.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut ordered = false;
    let mut worded = false;
    for run in stretches(view.text(), |b| b.is_ascii_digit()) {
        // Shorter numbers between are counts: "last 8 digits".
        if run.len() < 4 {
            continue;
        }
        let gap = pieces.last().and_then(|last| view.keys().get(last.end..run.start));
        let lead = gap.filter(|_| run.len() <= 12).map_or(Leads::Away, leads);
        if lead == Leads::Away {
            pieces.clear();
            (ordered, worded) = (false, false);
        }
        ordered |= lead == Leads::InOrder;
        worded |= gap.is_some_and(|gap| gap.chars().any(char::is_alphabetic));
        if run.len() <= 12 {
            pieces.push(run);
        }
        if worded && pieces.len() > 1 && push(view, &pieces, ordered, found) {
            pieces.clear();
        }
    }
}

/// Takes the pieces if they make a card number; answers whether they do.
fn push(view: &View, pieces: &[Range<usize>], ordered: bool, found: &mut Vec<Finding>) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return false };
    let digits: String = pieces.iter().map(|piece| view.slice(piece.clone())).collect();
    if !DIGITS.contains(&digits.len()) || !is_card_number(&digits) {
        return false;
    }
    let front = before(view.keys(), first.start, BEFORE_BYTES);
    let even = pieces.iter().all(|piece| piece.len() == first.len());
    let said = is_of_card(front) || (ordered && even && (is_in_order(front) || pieces.len() == 2));
    if said {
        let taken = |piece: &Range<usize>| {
            Finding::new(SecretKind::Pan, piece.clone(), digits.clone())
        };
        found.extend(pieces.iter().map(taken));
        card_extras::find(view, &(last.start..last.end), found);
    }
    said
}
