//! The languages of pages: English, simplified Chinese, and traditional Chinese converted from it.
//!
//! Holds the three names of each (path, tag, label) and chooses one for a browser. Articles know
//! two languages only; see [`crate::lang::Lang`].

use std::borrow::Cow;
use std::str::FromStr;

use serde::Serialize;

use crate::lang::{Lang, TextLang};
use crate::text::han;

/// A language in which pages are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PageLang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
    /// Traditional Chinese, converted from simplified.
    ZhHant,
}

/// A link to a page in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternate {
    /// The language tag.
    pub tag: &'static str,
    /// The language's name for itself.
    pub name: &'static str,
    /// The page.
    pub path: String,
    /// Whether it is the page that links.
    pub current: bool,
}

impl PageLang {
    /// All of them, in the order of the language switch.
    pub const ALL: [PageLang; 3] = [PageLang::En, PageLang::Zh, PageLang::ZhHant];

    /// The first segment of its pages' paths.
    pub fn path(self) -> &'static str {
        match self {
            PageLang::En => "en",
            PageLang::Zh => "zh",
            PageLang::ZhHant => "zh-hant",
        }
    }

    /// The code used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            PageLang::En => "en",
            PageLang::Zh => "zh",
            PageLang::ZhHant => "zh-Hant",
        }
    }

    /// The tag for the `lang` and `hreflang` attributes.
    pub fn tag(self) -> &'static str {
        match self {
            PageLang::En => "en",
            PageLang::Zh => "zh-Hans",
            PageLang::ZhHant => "zh-Hant",
        }
    }

    /// What the language calls itself.
    pub fn name(self) -> &'static str {
        match self {
            PageLang::En => "English",
            PageLang::Zh => "简体中文",
            PageLang::ZhHant => "繁體中文",
        }
    }

    /// The language of the articles that its pages show.
    pub fn article_lang(self) -> Lang {
        match self {
            PageLang::En => Lang::En,
            PageLang::Zh | PageLang::ZhHant => Lang::Zh,
        }
    }

    /// The page language in which an article of `lang` is shown on such a page.
    #[must_use]
    pub fn showing(self, lang: Lang) -> PageLang {
        match (self, lang) {
            (_, Lang::En) => PageLang::En,
            (PageLang::ZhHant, Lang::Zh) => PageLang::ZhHant,
            (_, Lang::Zh) => PageLang::Zh,
        }
    }

    /// A text of ours as it stands on a page of this language. What users wrote stays as it is.
    pub fn say(self, text: &str) -> Cow<'_, str> {
        match self {
            PageLang::ZhHant => Cow::Owned(corner_quotes(&han::to_traditional(text))),
            PageLang::En | PageLang::Zh => Cow::Borrowed(text),
        }
    }

    /// The page at `rest` (without slash at its beginning) in every language.
    pub fn alternates(self, rest: &str) -> Vec<Alternate> {
        let alternate = |lang: PageLang| Alternate {
            tag: lang.tag(),
            name: lang.name(),
            path: format!("/{}/{rest}", lang.path()),
            current: lang == self,
        };
        PageLang::ALL.into_iter().map(alternate).collect()
    }

    /// The language that a browser asks for; English if it asks for none that there is.
    pub fn negotiate(accept_language: &str) -> PageLang {
        let mut wanted: Vec<(f32, usize, PageLang)> = Vec::new();
        for (order, part) in accept_language.split(',').take(20).enumerate() {
            let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            let quality: f32 = quality.trim().parse().unwrap_or(0.0);
            if let Some(lang) = PageLang::from_tag(tag.trim()).filter(|_| quality > 0.0) {
                wanted.push((quality, order, lang));
            }
        }
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        wanted.first().map_or(PageLang::En, |(.., lang)| *lang)
    }

    fn from_tag(tag: &str) -> Option<PageLang> {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split('-');
        let traditional = |part: &str| matches!(part, "hant" | "tw" | "hk" | "mo");
        match parts.next()? {
            "en" | "*" => Some(PageLang::En),
            // A script says more than a region: zh-Hans-HK is simplified.
            "zh" if tag.contains("hans") => Some(PageLang::Zh),
            "zh" if parts.any(traditional) => Some(PageLang::ZhHant),
            "zh" => Some(PageLang::Zh),
            _ => None,
        }
    }
}

/// Traditional Chinese quotes with corners; conversion leaves punctuation as it is.
fn corner_quotes(text: &str) -> String {
    let corner = |c| match c {
        '“' => '「',
        '”' => '」',
        '‘' => '『',
        '’' => '』',
        other => other,
    };
    text.chars().map(corner).collect()
}

impl From<TextLang> for PageLang {
    fn from(lang: TextLang) -> PageLang {
        match lang {
            TextLang::En => PageLang::En,
            TextLang::Zh | TextLang::Mixed => PageLang::Zh,
            TextLang::ZhHant => PageLang::ZhHant,
        }
    }
}

impl FromStr for PageLang {
    type Err = ();

    /// Reads the first segment of a path.
    fn from_str(path: &str) -> Result<PageLang, ()> {
        PageLang::ALL.into_iter().find(|lang| lang.path() == path).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chooses_what_the_browser_prefers() {
        for (header, expected) in [
            ("", PageLang::En),
            ("fr-FR, de;q=0.8", PageLang::En),
            ("en-US,en;q=0.9,zh;q=0.8", PageLang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", PageLang::Zh),
            ("zh-TW,zh;q=0.9", PageLang::ZhHant),
            ("zh-Hans-HK", PageLang::Zh),
            ("en;q=0.3, zh-HK;q=0.7", PageLang::ZhHant),
            ("zh;q=0, en;q=0.1", PageLang::En),
        ] {
            assert_eq!(PageLang::negotiate(header), expected, "{header}");
        }
    }
}
