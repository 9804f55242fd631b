//! Passwords in tables: what stands below or beside a cell that says "password".
//!
//! In: the view and its labels. Out: findings. Rows of Markdown, tabs or commas; a cell counts only if
//! its heading is nothing but the label, and its value looks like one.

use std::ops::Range;

use super::context::after;
use super::label::{Label, Named};
use super::looks::is_talk;
use super::strange::{is_numbered_word, is_strange};
use super::view::View;
use super::{Finding, SecretKind};

/// Rows below a heading.
const ROWS: usize = 8;
/// Bytes of a table.
const TABLE_BYTES: usize = 600;
/// Labels beyond which a text is made to hurt.
const LABELS_MAX: usize = 200;

/// Finds passwords in tables.
pub(super) fn find(view: &View, labels: &[Label], found: &mut Vec<Finding>) {
    for label in labels.iter().filter(|l| l.named == Named::Password).take(LABELS_MAX) {
        for range in below(view, label).unwrap_or_default() {
            let secret = view.slice(range.clone());
            found.push(Finding::new(SecretKind::Password, range, secret));
        }
    }
}

fn below(view: &View, label: &Label) -> Option<Vec<Range<usize>>> {
    let keys = view.keys();
    let front = keys.get(..label.range.start)?;
    let start = front.rfind('\n').map_or(0, |at| at + 1);
    if label.range.start - start > TABLE_BYTES {
        return None;
    }
    let table = after(view.text(), start, TABLE_BYTES);
    let heading = table.lines().next()?;
    let divider = ['\t', '|', ',', ';'].into_iter().find(|d| heading.contains(*d))?;
    let column = cells(heading, divider).position(|cell| start + cell.end >= label.range.end)?;
    let cell = cells(heading, divider).nth(column)?;
    let name = heading.get(cell)?.trim();
    // "password" or 登录密码, not a sentence with commas.
    if name.chars().count() > label.range.len() + 12 || name.split_whitespace().count() > 3 {
        return None;
    }
    let count = cells(heading, divider).count();
    let mut at = start + heading.len() + 1;
    let mut values = Vec::new();
    for row in table.get(heading.len() + 1..)?.lines().take(ROWS) {
        if cells(row, divider).count() != count {
            break;
        }
        if let Some(cell) = cells(row, divider).nth(column) {
            let value = row.get(cell.clone()).unwrap_or_default();
            let bare = value.trim().trim_matches(['`', '"', '\'']);
            let offset = value.find(bare).unwrap_or_default();
            let begin = at + cell.start + offset;
            if is_value(bare) {
                values.push(begin..begin + bare.len());
            }
        }
        at += row.len() + 1;
    }
    Some(values)
}

fn is_value(cell: &str) -> bool {
    let one = !cell.contains(char::is_whitespace) && cell.is_ascii();
    let digits = cell.len() >= 4 && cell.bytes().all(|b| b.is_ascii_digit());
    one && !is_talk(cell) && (is_strange(cell) || is_numbered_word(cell) || digits)
}

fn cells(row: &str, divider: char) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    row.split(divider).map(move |cell| {
        let range = at..at + cell.len();
        at += cell.len() + divider.len_utf8();
        range
    })
}
