//! What stands beside a card number: expiry date and security code.
//!
//! In: the view and the range of a card number. Out: findings. A security code with its label is
//! found by the label also without a card; an expiry date alone is no secret.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{after, before};
use super::view::View;
use super::{Finding, SecretKind};

/// Bytes behind a card number in which its date and code stand.
const BESIDE_BYTES: usize = 80;

static EXPIRY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9/.-])((?:0?[1-9]|1[0-2])\s?[/.-]\s?(?:20)?[2-4][0-9]|(?:20)?[2-4][0-9]\s?年\s?(?:0?[1-9]|1[0-2])\s?月|(?:0[1-9]|1[0-2])[2-4][0-9])(?:[^0-9/.]|$)").ok()
});

/// A code without a label, right behind the date or the number.
static BARE_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\s,;/|，、-]{1,3}([0-9]{3,4})(?:[^0-9./:,-]|[.,]?\s|[.,]?$)").ok()
});

/// Finds expiry date and security code beside the card number at `card`.
pub(super) fn find(view: &View, card: &Range<usize>, found: &mut Vec<Finding>) {
    let keys = view.keys();
    let beside = after(keys, card.end, BESIDE_BYTES);
    let mut code_from = None;
    if let Some(date) = EXPIRY.as_ref().and_then(|e| e.captures(beside)).and_then(|c| c.get(1)) {
        let range = card.end + date.start()..card.end + date.end();
        code_from = Some(range.end);
        found.push(Finding::new(SecretKind::CardExpiry, range, date.as_str()));
    } else {
        let front = before(keys, card.start, BESIDE_BYTES / 2);
        let labelled = front.contains("exp") || front.contains("有效");
        let date = EXPIRY.as_ref().filter(|_| labelled).and_then(|e| e.captures_iter(front).last());
        if let Some(date) = date.and_then(|c| c.get(1)) {
            let base = card.start - front.len();
            let range = base + date.start()..base + date.end();
            found.push(Finding::new(SecretKind::CardExpiry, range, date.as_str()));
        }
    }
    // Without a date, digits behind the number may be an amount unless they end the line.
    let rest = after(keys, code_from.unwrap_or(card.end), BESIDE_BYTES);
    let code = BARE_CODE.as_ref().and_then(|b| b.captures(rest)).and_then(|c| c.get(1));
    let ends = |at: usize| rest.get(at..).is_some_and(|t| t.is_empty() || t.starts_with('\n'));
    if let Some(code) = code.filter(|code| code_from.is_some() || ends(code.end())) {
        let base = code_from.unwrap_or(card.end);
        let range = base + code.start()..base + code.end();
        found.push(Finding::new(SecretKind::Cvv, range, code.as_str()));
    }
}
