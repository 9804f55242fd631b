//! Card numbers, with the security code and expiry date beside them.
//!
//! In: the view. Out: findings. A card number has a known issuer range, a length that its scheme
//! uses, a usual grouping and a right check digit; anything else is an order, a phone, a device.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::card_extras;
use super::card_pieces::is_of_card;
use super::checksum::is_luhn;
use super::context::{after, before, char_at, char_before, stretches};
use super::view::View;
use super::{Finding, SecretKind};

/// Digits of the shortest and the longest card number.
pub(super) const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// Bytes around a number in which a card is spoken of.
const CARD_BYTES: usize = 64;
/// Zeros at the end that no card number has but amounts in small units have.
const ZEROS_MAX: usize = 7;

/// Names of numbers that are no card, if they stand right before one.
static OTHER_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:order|tracking|imei|meid|arn|rrn|ref(?:erence)?|invoice|ticket|case|serial|parcel|shipment|iccid|phone|tel|mobile|uid|user id|trace|txn?|transaction|单号|流水|订单|运单|快递|串号|编号|参考|序列|手机|电话|工单|回单|凭证)[ _-]*(?:no|nr|num|number|id|code|号|号码)?\.?\s*(?:is|was|是|为)?\s*[:#=]?\s*#?$",
    )
    .ok()
});

/// Finds cards.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for run in stretches(view.text(), |b| b.is_ascii_digit()) {
        let joined = groups.last().is_some_and(|last| is_gap(view, last.end..run.start));
        if !joined {
            row(view, &groups, found);
            groups.clear();
        }
        groups.push(run);
    }
    row(view, &groups, found);
}

/// Returns true if and only if two groups of digits can belong to one number.
fn is_gap(view: &View, gap: Range<usize>) -> bool {
    let gap = view.text().get(gap).unwrap_or("letters");
    let signs = gap.chars().filter(|c| !c.is_whitespace()).count();
    gap.len() <= 4
        && signs <= 1
        && gap.chars().all(|c| {
            c.is_whitespace() || matches!(c, '-' | '.' | '_' | '/' | '·' | ',' | '|' | '*' | '、')
        })
}

/// Looks for cards in a row of groups, each group belonging to one number only.
fn row(view: &View, groups: &[Range<usize>], found: &mut Vec<Finding>) {
    let mut rest = groups;
    while let Some((_, tail)) = rest.split_first() {
        match best(view, rest) {
            Some(taken) => {
                let (card, behind) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
                push(view, card, found);
                rest = behind;
            }
            None => rest = tail,
        }
    }
}

/// How many groups from the first on make a card number; usual groupings come first.
fn best(view: &View, groups: &[Range<usize>]) -> Option<usize> {
    let mut digits = String::new();
    let mut sizes = Vec::new();
    let (mut usual, mut fallback) = (None, None);
    for (index, group) in groups.iter().enumerate() {
        digits.push_str(view.slice(group.clone()));
        sizes.push(group.len());
        if digits.len() > *DIGITS.end() {
            break;
        }
        if digits.len() < *DIGITS.start() || !is_card_number(&digits) {
            continue;
        }
        match grouping(&sizes) {
            Grouping::None => {}
            _ if !is_free(view, groups.get(..=index)?) => {}
            // The longest: a number of 19 digits may begin with one of 16.
            Grouping::Usual => usual = Some(index + 1),
            // Rows of short numbers are cut like that too.
            Grouping::Odd if index < 3 || is_said(view, groups.get(..=index)?) => {
                fallback = fallback.or(Some(index + 1));
            }
            Grouping::Odd => {}
        }
    }
    usual.or(fallback)
}

enum Grouping {
    Usual,
    Odd,
    None,
}

/// How a card number is cut: as printed (4-4-4-4, 4-6-5, 4-6-4, 6-13), not at all, digit by digit,
/// or otherwise. Pieces of one to three digits in between are dates, amounts and phone numbers.
fn grouping(sizes: &[usize]) -> Grouping {
    let fours = sizes.split_last().is_some_and(|(last, front)| {
        front.len() >= 3 && front.iter().all(|s| *s == 4) && *last <= 4
    });
    let printed = matches!(
        sizes,
        [4, 6, 3..=5] | [6, 13 | 10] | [8, 8] | [4, 4, 5 | 8] | [4, 12] | [4, 8, 4] | [12, 4]
    );
    let single = sizes.len() == 1 || (sizes.len() >= 13 && sizes.iter().all(|s| *s == 1));
    let pairs = sizes.len() >= 7 && sizes.iter().rev().skip(1).all(|s| *s == 2);
    let pieces = sizes.len() <= 6
        && sizes.split_last().is_some_and(|(_, front)| front.iter().all(|s| *s >= 3));
    match (fours || printed || single, pieces || pairs) {
        (true, _) => Grouping::Usual,
        (false, true) => Grouping::Odd,
        _ => Grouping::None,
    }
}

/// Returns true if and only if a card is spoken of around groups.
fn is_said(view: &View, groups: &[Range<usize>]) -> bool {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return false };
    let front = before(view.keys(), first.start, CARD_BYTES);
    is_of_card(front) || is_of_card(after(view.keys(), last.end, CARD_BYTES))
}

/// Returns true if and only if digits have a known issuer, its length and a right check digit.
pub(super) fn is_card_number(digits: &str) -> bool {
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    has_issuer(digits) && zeros <= ZEROS_MAX && is_luhn(digits.as_bytes())
}

fn has_issuer(digits: &str) -> bool {
    let front = |n: usize| digits.get(..n).and_then(|d| d.parse::<u32>().ok()).unwrap_or(0);
    let (two, three, four) = (front(2), front(3), front(4));
    let lengths: &[usize] = match (two, three, four) {
        (34 | 37, ..) => &[15],
        (40..=49, ..) => &[13, 16, 19],
        (51..=55, ..) | (_, _, 2221..=2720) => &[16],
        (36 | 38 | 39, ..) | (_, 300..=305 | 309, _) => &[14, 16, 17, 18, 19],
        (_, _, 3528..=3589 | 2200..=2204) => &[16, 17, 18, 19],
        (60 | 62 | 64 | 65 | 81 | 82, ..) => &[16, 17, 18, 19],
        (50 | 56..=58 | 63 | 67 | 68, ..) => &[13, 14, 15, 16, 17, 18, 19],
        (_, _, 9792 | 6061) => &[16],
        _ => &[],
    };
    lengths.contains(&digits.len())
}

/// Returns true if and only if nothing around says that the number is part of something else.
fn is_free(view: &View, groups: &[Range<usize>]) -> bool {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return false };
    let text = view.text();
    let front = before(view.keys(), first.start, 24);
    let decimal = text.get(..first.start).is_some_and(|t| {
        let mut chars = t.chars().rev();
        matches!(chars.next(), Some('.' | ',')) && chars.next().is_some_and(|c| c.is_ascii_digit())
    });
    let glued = front.chars().rev().take_while(char::is_ascii_alphanumeric).collect::<String>();
    // `visa4111…` is a card, `gb29` before the digits an account, `e4111…` part of a code.
    let carrier = is_carrier(before(text, first.start, glued.len()));
    let in_code = !glued.is_empty()
        && (glued.len() < 2 || carrier || glued.bytes().all(|b| b.is_ascii_hexdigit()));
    let after_code = in_account(front);
    let behind = char_at(text, last.end);
    // The date follows the number at once in `4111…exp0927`.
    let dated = view.keys().get(last.end..).is_some_and(|t| t.starts_with("exp"));
    let hex_behind = !dated && behind.is_some_and(|c| c.is_ascii_hexdigit()) || behind == Some('_');
    let named = groups.len() == 1 && OTHER_NUMBER.as_ref().is_some_and(|o| o.is_match(front));
    let signed = matches!(char_before(text, first.start), Some('#' | '_' | '@'));
    !(decimal || in_code || after_code || hex_behind || named || signed)
}

/// Returns true if and only if letters before a number are a carrier's or a shop's (`SF`, `HB`).
fn is_carrier(letters: &str) -> bool {
    letters.len() <= 3
        && letters.bytes().all(|b| b.is_ascii_uppercase())
        && !matches!(letters, "PAN" | "CC" | "MC" | "NO")
}

/// Returns true if and only if an account number with country letters (IBAN) runs up to here.
fn in_account(front: &str) -> bool {
    let mut tokens = front.trim_end().rsplit([' ', '-']).take(4);
    let is_code = |token: &str| {
        let bytes = token.as_bytes();
        matches!(bytes, [a, b, c, d, ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
            && c.is_ascii_digit() && d.is_ascii_digit())
    };
    tokens.any(is_code)
}

fn push(view: &View, card: &[Range<usize>], found: &mut Vec<Finding>) {
    let (Some(first), Some(last)) = (card.first(), card.last()) else { return };
    let range = first.start..last.end;
    let digits: String = card.iter().map(|group| view.slice(group.clone())).collect();
    found.push(Finding::new(SecretKind::Pan, range.clone(), digits));
    card_extras::find(view, &range, found);
}
