//! Both language versions of an article side by side: what must agree, and what has gone stale.

use crate::kb::article::Article;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::front_matter::Status;
use crate::kb::library::{Library, Pair};
use crate::kb::stale::{self, Grade};
use crate::lang::Lang;

use super::place::{Findings, body_line, file, file_in, key_line};

pub(super) fn check(library: &Library, pair: &Pair, all: &mut Vec<Diagnostic>) {
    let Some(first) = pair.versions().next() else { return };
    section(library, first, all);
    match (&pair.en, &pair.zh) {
        (Some(en), Some(zh)) => {
            front_matter(en, zh, all);
            if zh.meta.status != Status::Archived {
                headings(en, zh, all);
                staleness(library, en, zh, all);
            }
        }
        _ if first.meta.status == Status::Archived => {}
        _ => {
            let missing = file_in(first, first.lang.other());
            let message = format!("its translation `{}` is missing", missing.display());
            let help = "translate it; until then readers of that language get this version";
            all.push(Diagnostic::warning(file(first), 0, message, help));
        }
    }
}

fn section(library: &Library, article: &Article, all: &mut Vec<Diagnostic>) {
    if !library.sections.iter().any(|s| s.id == article.section) {
        let message = format!("`sections.toml` has no section `{}`", article.section);
        let help = "add the section, or move the article's folder";
        all.push(Diagnostic::error(file(article), 0, message, help));
    }
}

fn front_matter(en: &Article, zh: &Article, all: &mut Vec<Diagnostic>) {
    let mut findings = Findings { article: zh, all };
    for ((key, here), (_, there)) in agreed(zh).into_iter().zip(agreed(en)) {
        if here != there {
            let message = format!("`{key}` is `{here}` here and `{there}` in `en.md`");
            let help = "both languages are one article: write the same";
            findings.error(key_line(zh, key), message, help);
        }
    }
}

/// What both versions must say alike. The order of `related` is free.
fn agreed(article: &Article) -> [(&'static str, String); 6] {
    let meta = &article.meta;
    let mut related = meta.related.clone();
    related.sort();
    [
        ("audience", format!("{:?}", meta.audience).to_lowercase()),
        ("kind", format!("{:?}", meta.kind).to_lowercase()),
        ("status", format!("{:?}", meta.status).to_lowercase()),
        ("owner", meta.owner.clone()),
        ("related", related.join(", ")),
        ("answers_leak", meta.answers_leak.join(", ")),
    ]
}

fn headings(en: &Article, zh: &Article, all: &mut Vec<Diagnostic>) {
    let (here, there) = (&zh.body.headings, &en.body.headings);
    let mut findings = Findings { article: zh, all };
    let help = "both languages have the same headings in the same order";
    if here.len() != there.len() {
        let line = here.first().map_or(1, |h| h.line);
        let message = format!("{} headings here, {} in `en.md`", here.len(), there.len());
        findings.warning(body_line(zh, line), message, help);
    } else if let Some((a, b)) = here.iter().zip(there).find(|(a, b)| a.level != b.level) {
        let message = format!(
            "heading `{}` has level {}, `{}` in `en.md` has {}",
            a.text, a.level, b.text, b.level
        );
        findings.warning(body_line(zh, a.line), message, help);
    }
}

fn staleness(library: &Library, en: &Article, zh: &Article, all: &mut Vec<Diagnostic>) {
    let id = en.id.as_str();
    let Some(accepted) = library.translations.get(id) else {
        let help = format!("compare it with `en.md`, then run `zhinan check --accept {id}`");
        let message = format!("`translations.lock` has no entry for `{id}`");
        all.push(Diagnostic::warning(file(zh), 0, message, help));
        return;
    };
    let (source, translation) = match stale::source_lang(accepted) {
        Lang::En => (en, zh),
        Lang::Zh => (zh, en),
    };
    let grade = stale::grade(accepted, source);
    let what = match grade {
        Grade::Current => return,
        Grade::Typo => "a small correction",
        Grade::Medium => "changed sentences",
        Grade::Major => "a changed step, number or table row",
    };
    let (grade, source) = (grade.code(), source.lang);
    let message = format!("stale ({grade}): `{source}.md` has {what} since this was accepted");
    let help = format!("bring it up to date, then run `zhinan check --accept {id}`");
    all.push(Diagnostic::warning(file(translation), 0, message, help));
}
