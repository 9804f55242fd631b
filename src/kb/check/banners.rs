//! Banners: ones that can never be seen, that lead nowhere, or that are over.

use crate::kb::diagnostic::Diagnostic;
use crate::kb::library::{Library, Reader};
use crate::lang::Lang;
use crate::time::Date;

/// The file of banners.
const FILE: &str = "banners.toml";
/// The longest text: two lines on a desk, five on a phone.
const CHARS_MAX: [(Lang, usize); 2] = [(Lang::En, 200), (Lang::Zh, 90)];

pub(super) fn check(library: &Library, today: Date, all: &mut Vec<Diagnostic>) {
    for banner in &library.banners {
        let id = &banner.id;
        let mut error = |message: String, help: &str| {
            all.push(Diagnostic::error(FILE, 0, message, help));
        };
        if banner.end <= banner.start {
            let message = format!("the banner `{id}` ends before it starts");
            error(message, "correct `start` or `end`");
        }
        for (lang, max) in CHARS_MAX {
            let chars = banner.text.get(lang).trim().chars().count();
            if chars == 0 {
                let message = format!("the banner `{id}` says nothing in `{lang}`");
                error(message, "write it in both languages");
            } else if chars > max {
                let message = format!("the banner `{id}` has {chars} characters in `{lang}`");
                error(message, "keep it within 200 (zh 90), and link to an article for the rest");
            }
        }
        if let Some(slug) = &banner.article {
            let article = slug.parse().ok();
            let found = article.and_then(|id| library.article(&id, Lang::En, Reader::Public));
            if found.is_none() {
                let message =
                    format!("the banner `{id}` leads to `{slug}`, which readers cannot see");
                error(message, "name a published public article");
            }
        }
        let last_day = crate::time::day(banner.end);
        if last_day < today {
            let message = format!("the banner `{id}` is over since {last_day}");
            all.push(Diagnostic::warning(FILE, 0, message, "take it out of the file"));
        }
    }
}
