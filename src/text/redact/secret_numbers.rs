//! Secret numbers of the XRP ledger: eight groups of six digits, in a row or as rows A to H.
//!
//! In: the view. Out: findings. The sixth digit of each group checks the others, so the groups prove
//! themselves; with a slip they need their name before them.

use std::ops::Range;

use super::context::{before, stretches};
use super::view::View;
use super::{Finding, SecretKind};

/// Groups, and digits of each.
const GROUPS: usize = 8;
const DIGITS: usize = 6;
/// Digits of all groups.
pub(super) const DIGITS_MIN: usize = GROUPS * DIGITS;
/// Bytes between two groups: a line end, a letter or number and signs.
const GAP_BYTES: usize = 12;
/// Bytes before the first group in which its name stands.
const NAME_BYTES: usize = 64;

/// Finds secret numbers.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for run in stretches(view.text(), |b| b.is_ascii_digit()) {
        // Numbers of rows stand between.
        if run.len() == 1 {
            continue;
        }
        let joined = groups.last().is_some_and(|last| is_gap(view, last.end..run.start));
        if !joined || run.len() != DIGITS {
            groups.clear();
        }
        if run.len() == DIGITS {
            groups.push(run);
        }
        if groups.len() == GROUPS {
            push(view, &groups, found);
            groups.clear();
        }
    }
}

fn is_gap(view: &View, gap: Range<usize>) -> bool {
    let gap = view.text().get(gap).unwrap_or_default();
    !gap.is_empty()
        && gap.len() <= GAP_BYTES
        && gap.chars().filter(|c| c.is_alphanumeric()).count() <= 1
}

fn push(view: &View, groups: &[Range<usize>], found: &mut Vec<Finding>) {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return };
    let right = groups.iter().enumerate().filter(|(at, g)| is_right(*at, view.slice((*g).clone())));
    let right = right.count();
    let front = before(view.keys(), first.start, NAME_BYTES);
    let named = front.contains("secret") || front.contains("私密") || front.contains("密数");
    if right == GROUPS || (named && right * 2 >= GROUPS) {
        let secret: String = groups.iter().map(|group| view.slice(group.clone())).collect();
        found.push(Finding::new(SecretKind::PrivateKey, first.start..last.end, secret));
    }
}

/// Returns true if and only if the last digit checks the five before it; the weight grows by place.
fn is_right(at: usize, group: &str) -> bool {
    let (Some(value), Some(check)) = (
        group.get(..5).and_then(|digits| digits.parse::<usize>().ok()),
        group.get(5..).and_then(|digit| digit.parse::<usize>().ok()),
    ) else {
        return false;
    };
    u16::try_from(value).is_ok() && value * (at * 2 + 1) % 9 == check
}
