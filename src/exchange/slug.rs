//! Ids of new articles: made here, from [a-z0-9-] alone, each once.

use std::collections::BTreeSet;

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

use crate::id::ArticleId;

/// The longest id that is made; there is room for a number behind it.
const BYTES_MAX: usize = 60;

/// The ids that an import has given so far.
#[derive(Debug, Default)]
pub struct Slugs(BTreeSet<ArticleId>);

impl Slugs {
    /// A new id after a title; the second of the same title gets a number.
    pub fn make(&mut self, title: &str) -> ArticleId {
        let base = slug(title);
        let numbered = (2..).map(|n: u32| format!("{base}-{n}"));
        let free = std::iter::once(base.clone())
            .chain(numbered)
            .filter_map(|slug| slug.parse::<ArticleId>().ok())
            .find(|id| !self.0.contains(id));
        // The iterator never ends, and a slug always parses.
        let id = free.unwrap_or_else(|| unreachable!("`{base}` is an id"));
        self.0.insert(id.clone());
        id
    }

    /// The id of that name, if it is one; else a new one after it. `true`: it had been given already.
    pub fn claim(&mut self, name: &str) -> (ArticleId, bool) {
        match name.parse::<ArticleId>() {
            Ok(id) => {
                let new = self.0.insert(id.clone());
                (id, !new)
            }
            Err(_) => (self.make(name), false),
        }
    }
}

/// A title as an id: Latin letters and digits, Chinese characters as they sound, the rest as dashes.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in title.nfkd() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if let Some(sound) = c.to_pinyin() {
            dash(&mut slug);
            // ü is the one letter of it that is not ASCII.
            slug.extend(sound.plain().nfkd().filter(char::is_ascii_lowercase));
            dash(&mut slug);
        } else if !unicode_normalization::char::is_combining_mark(c) {
            dash(&mut slug);
        }
        if slug.len() > BYTES_MAX {
            break;
        }
    }
    if slug.len() > BYTES_MAX {
        slug.truncate(BYTES_MAX);
        // Not in the middle of a word, unless it is one long word.
        if let Some(at) = slug.rfind('-') {
            slug.truncate(at);
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "article".to_owned() } else { slug.to_owned() }
}

fn dash(slug: &mut String) {
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_title_becomes_an_id() {
        for (title, expected) in [
            ("My card was declined!", "my-card-was-declined"),
            ("转账一直待确认", "zhuan-zhang-yi-zhi-dai-que-ren"),
            ("USDT 提现 pending", "usdt-ti-xian-pending"),
            ("Café ＡＢＣ", "cafe-abc"),
            ("../../etc/passwd", "etc-passwd"),
            ("🙂", "article"),
            ("", "article"),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
        assert!(["lu-xing", "lv-xing"].contains(&slug("旅行").as_str()));
        let long = slug(&"转账".repeat(80));
        assert!(long.len() <= BYTES_MAX && long.parse::<ArticleId>().is_ok(), "{long}");
        let mut slugs = Slugs::default();
        let made: Vec<String> = (0..3).map(|_| slugs.make("Fees").to_string()).collect();
        assert_eq!(made, ["fees", "fees-2", "fees-3"]);
    }
}
