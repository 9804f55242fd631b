//! The languages that zhinan speaks: [`Lang`] for articles and pages, [`TextLang`] for what people
//! write. Holds names and parsing only; detection is in [`crate::text::detect`].

use std::fmt;
use std::str::FromStr;

/// A language in which articles are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    En,
    /// Mandarin in simplified characters.
    Zh,
}

impl Lang {
    /// Both article languages, in the order in which they are listed everywhere.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// The code used in file names, URLs and JSON: `en` or `zh`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// The other language of the pair.
    pub fn other(self) -> Lang {
        match self {
            Lang::En => Lang::Zh,
            Lang::Zh => Lang::En,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The error of parsing a language code.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("unknown language `{0}`; use en, zh or zh-Hant")]
pub struct UnknownLang(String);

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Accepts `en`, `zh` and the traditional forms, which are served from `zh`.
    fn from_str(code: &str) -> Result<Self, UnknownLang> {
        code.parse::<TextLang>().map(TextLang::article_lang)
    }
}

/// The language of a text that somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextLang {
    /// English, also with a few foreign names.
    En,
    /// Mandarin in simplified characters.
    Zh,
    /// Chinese in traditional characters.
    ZhHant,
    /// Chinese and English words in one text.
    Mixed,
}

impl TextLang {
    /// All values, in the order in which slices of a report are printed.
    pub const ALL: [TextLang; 4] = [TextLang::En, TextLang::Zh, TextLang::ZhHant, TextLang::Mixed];

    /// The code used in JSON and logs.
    pub fn code(self) -> &'static str {
        match self {
            TextLang::En => "en",
            TextLang::Zh => "zh",
            TextLang::ZhHant => "zh-Hant",
            TextLang::Mixed => "mixed",
        }
    }

    /// The language in which an article is shown to the writer of such a text.
    ///
    /// Mixed text is written by people who read Chinese.
    pub fn article_lang(self) -> Lang {
        match self {
            TextLang::En => Lang::En,
            TextLang::Zh | TextLang::ZhHant | TextLang::Mixed => Lang::Zh,
        }
    }
}

impl fmt::Display for TextLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for TextLang {
    type Err = UnknownLang;

    fn from_str(code: &str) -> Result<Self, UnknownLang> {
        match code.to_ascii_lowercase().as_str() {
            "en" => Ok(TextLang::En),
            "zh" | "zh-hans" | "zh-cn" => Ok(TextLang::Zh),
            "zh-hant" | "zh-tw" | "zh-hk" => Ok(TextLang::ZhHant),
            "mixed" => Ok(TextLang::Mixed),
            _ => Err(UnknownLang(code.to_owned())),
        }
    }
}
