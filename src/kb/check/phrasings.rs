//! Phrasings: labels that point to nothing, and texts that are golden tickets as well.

use std::collections::BTreeMap;

use crate::kb::diagnostic::Diagnostic;
use crate::kb::golden::GoldenTicket;
use crate::kb::library::Library;
use crate::text::fold::fold;

/// The file of phrasings.
const FILE: &str = "phrasings.jsonl";

pub(super) fn check(library: &Library, all: &mut Vec<Diagnostic>) {
    let mut golden: BTreeMap<String, &GoldenTicket> = BTreeMap::new();
    for ticket in &library.golden {
        golden.entry(wording(&ticket.text)).or_insert(ticket);
    }
    for phrasing in &library.phrasings {
        let (line, article) = (phrasing.line, &phrasing.article);
        let known = article.parse().is_ok_and(|id| library.pairs.contains_key(&id));
        if !known {
            let message = format!("the phrasing names an unknown article `{article}`");
            let help = "use the folder name of an article";
            all.push(Diagnostic::error(FILE, line, message, help));
        }
        if let Some(ticket) = golden.get(&wording(&phrasing.text)) {
            let message = format!("the text is that of golden ticket `{}` too", ticket.id);
            let help = "keep it in one of the two files: a replay of what was learned proves \
                        nothing";
            all.push(Diagnostic::error(FILE, line, message, help));
        }
    }
}

/// A text without what a copy loses on its way: case, width, spaces and punctuation. A text of
/// nothing else, such as `???`, stays as it is.
fn wording(text: &str) -> String {
    let folded = fold(text);
    let letters: String = folded.text().chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.is_empty() { folded.text().trim().to_owned() } else { letters }
}
