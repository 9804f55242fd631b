//! Two edits of one text: a three-way merge by lines, and what differs word by word.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// Joins `ours` and `theirs`, which both began as `base`. Where both changed the same lines, both
/// stand there between markers, and the second value says so.
pub fn merge(base: &str, ours: &str, theirs: &str) -> (String, bool) {
    match diffy::merge(base, ours, theirs) {
        Ok(merged) => (merged, false),
        Err(conflicted) => (conflicted, true),
    }
}

/// Whether a text still holds the markers of a merge.
pub fn has_markers(text: &str) -> bool {
    text.lines().any(|line| {
        ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|m| line.starts_with(m))
            || line == "======="
    })
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// `same`, `added` or `removed`.
    pub kind: &'static str,
    /// Its text.
    pub text: String,
}

/// Unchanged lines that are shown around a change.
const CONTEXT: usize = 2;

/// The lines that differ, word by word, with some lines around them. Removed words come before the
/// added ones; an empty list says that nothing differs. Chinese is compared character by character.
pub fn differences(before: &str, after: &str) -> Vec<Vec<Piece>> {
    let lines = TextDiff::from_lines(before, after);
    let mut hunks = Vec::new();
    for group in lines.grouped_ops(CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let old = part(before, first.old_range().start..last.old_range().end);
        let new = part(after, first.new_range().start..last.new_range().end);
        hunks.push(words(&old, &new));
    }
    hunks
}

fn part(text: &str, lines: std::ops::Range<usize>) -> String {
    text.split_inclusive('\n').skip(lines.start).take(lines.len()).collect()
}

fn words(before: &str, after: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for change in TextDiff::from_unicode_words(before, after).iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Insert => "added",
            ChangeTag::Delete => "removed",
        };
        match pieces.last_mut().filter(|piece| piece.kind == kind) {
            Some(piece) => piece.text.push_str(change.value()),
            None => pieces.push(Piece { kind, text: change.value().to_owned() }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_in_different_places_are_joined_and_in_the_same_place_shown() {
        let base = "one\ntwo\nthree\nfour\nfive\n";
        let (merged, conflict) =
            merge(base, "ONE\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nFIVE\n");
        assert_eq!((merged.as_str(), conflict), ("ONE\ntwo\nthree\nfour\nFIVE\n", false));
        let (merged, conflict) = merge(base, "mine\ntwo\n", "yours\ntwo\n");
        assert!(
            conflict && has_markers(&merged) && merged.contains("mine") && merged.contains("yours")
        );
        assert!(!has_markers(base));
    }

    #[test]
    fn a_difference_is_shown_by_words_and_by_characters() {
        let shown = differences("第一行\n充值要三个确认。\n", "第一行\n充值要六个确认。\n");
        let changed: Vec<(&str, &str)> = shown[0]
            .iter()
            .filter(|p| p.kind != "same")
            .map(|p| (p.kind, p.text.as_str()))
            .collect();
        assert_eq!(changed, [("removed", "三"), ("added", "六")]);
        assert!(differences("same\n", "same\n").is_empty());
    }
}
