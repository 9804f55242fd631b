//! Labels: the words that set an episode or a cluster apart, in both languages.

use crate::text::han::is_han;

use super::evidence::Mark;

/// Names in a label, for each script.
const NAMES_MAX: usize = 3;

/// The label of tickets that `marks` set apart, the most telling first.
pub fn label(marks: &[Mark]) -> String {
    let mut chosen: Vec<&str> = Vec::new();
    let (mut han, mut latin) = (0, 0);
    for mark in marks.iter().filter(|m| m.kind.names()) {
        let (in_han, in_latin) =
            (mark.name.chars().any(is_han), mark.name.chars().any(|c| c.is_ascii_alphanumeric()));
        let room = (in_han && han < NAMES_MAX) || (in_latin && latin < NAMES_MAX);
        let said = chosen.iter().any(|c| c.contains(&mark.name) || mark.name.contains(*c));
        if room && !said {
            chosen.push(&mark.name);
            han += usize::from(in_han);
            latin += usize::from(in_latin);
        }
    }
    chosen.join(" · ")
}
