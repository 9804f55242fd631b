//! Golden tickets: labels that point to nothing, and articles that no ticket guards.

use std::collections::BTreeMap;

use crate::kb::article::Article;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::library::{Library, Pair};
use crate::lang::Lang;

use super::place::file;

/// The file of golden tickets.
const FILE: &str = "tickets.jsonl";

/// Golden tickets that an article needs in each language: with fewer, a replay says more about the
/// one ticket than about the article.
const TICKETS_MIN: usize = 3;

pub(super) fn check(library: &Library, all: &mut Vec<Diagnostic>) {
    labels(library, all);
    let mut counts: BTreeMap<(&str, Lang), usize> = BTreeMap::new();
    for ticket in &library.golden {
        let Some(lang) = ticket.text_lang() else { continue };
        for topic in &ticket.topics {
            *counts.entry((topic, lang.article_lang())).or_default() += 1;
        }
    }
    for pair in library.pairs.values() {
        let count = |lang| counts.get(&(pair_id(pair), lang)).copied().unwrap_or(0);
        let versions: Vec<_> = pair.versions().filter(|v| v.is_published()).collect();
        let none = Lang::ALL.iter().all(|lang| count(*lang) == 0);
        for (nth, version) in versions.into_iter().enumerate() {
            match count(version.lang) {
                // Said once for the article, not again for each language.
                _ if none && nth > 0 => {}
                _ if none => all.push(unguarded(version)),
                n if n < TICKETS_MIN => all.push(few(version, n)),
                _ => {}
            }
        }
    }
}

fn pair_id(pair: &Pair) -> &str {
    pair.versions().next().map_or("", |v| v.id.as_str())
}

fn labels(library: &Library, all: &mut Vec<Diagnostic>) {
    let mut first_lines: BTreeMap<&str, usize> = BTreeMap::new();
    for ticket in &library.golden {
        let line = ticket.line;
        match first_lines.get(ticket.id.as_str()) {
            Some(first) => {
                let message = format!("the id `{}` already stands on line {first}", ticket.id);
                all.push(Diagnostic::error(FILE, line, message, "give each ticket its own id"));
            }
            None => drop(first_lines.insert(&ticket.id, line)),
        }
        for topic in &ticket.topics {
            let known = topic.parse().is_ok_and(|id| library.pairs.contains_key(&id));
            if !known {
                let message = format!("ticket `{}` names an unknown article `{topic}`", ticket.id);
                let help = "use the folder name of an article";
                all.push(Diagnostic::error(FILE, line, message, help));
            }
        }
    }
}

fn unguarded(version: &Article) -> Diagnostic {
    let message = format!("no golden ticket leads to `{}`", version.id);
    let help = format!("add {TICKETS_MIN} tickets a language to `{FILE}`");
    Diagnostic::warning(file(version), 0, message, help)
}

fn few(version: &Article, count: usize) -> Diagnostic {
    let language = match version.lang {
        Lang::En => "English",
        Lang::Zh => "Chinese",
    };
    let message = format!("golden tickets in {language}: {count}, should be {TICKETS_MIN} or more");
    let help = format!("add some to `{FILE}`, in the words of real users");
    Diagnostic::warning(file(version), 0, message, help)
}
