//! Banners, from `kb/banners.toml`: what stands on top of every page for a while, such as an incident
//! or a scam that is going round.

use serde::{Deserialize, Deserializer};

use crate::time::Timestamp;

use super::sections::Bilingual;

/// What a banner is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BannerKind {
    /// Something of ours does not work.
    Incident,
    /// Somebody is after our users.
    Scam,
    /// Anything else worth knowing.
    Notice,
}

impl BannerKind {
    /// The name used in the file and in styles.
    pub fn code(self) -> &'static str {
        match self {
            BannerKind::Incident => "incident",
            BannerKind::Scam => "scam",
            BannerKind::Notice => "notice",
        }
    }
}

/// One banner.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Banner {
    /// A name for editors.
    pub id: String,
    /// What it is about.
    pub kind: BannerKind,
    /// From when on it is shown.
    #[serde(deserialize_with = "moment")]
    pub start: Timestamp,
    /// From when on it is no longer shown.
    #[serde(deserialize_with = "moment")]
    pub end: Timestamp,
    /// What it says, in a sentence or two.
    pub text: Bilingual,
    /// The article that says more, if there is one.
    pub article: Option<String>,
}

impl Banner {
    /// Returns true if and only if it is shown at `now`.
    pub fn is_shown(&self, now: Timestamp) -> bool {
        self.start <= now && now < self.end
    }
}

/// `banners.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BannersFile {
    /// Banners, the most important first.
    #[serde(default)]
    pub banner: Vec<Banner>,
}

/// A TOML time with its offset: `2026-11-26T09:00:00+08:00`.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?.to_string();
    written.parse().map_err(|_| {
        let help = "write a day, a time and an offset, as in 2026-11-26T09:00:00+08:00";
        serde::de::Error::custom(format!("`{written}` is no moment; {help}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_from_its_start_until_before_its_end() {
        let text = "[[banner]]\nid = \"a\"\nkind = \"scam\"\nstart = 2026-11-26T09:00:00+08:00\nend = 2026-11-27T09:00:00Z\ntext = { en = \"a\", zh = \"b\" }\n";
        let file: BannersFile = toml::from_str(text).unwrap();
        let banner = file.banner.first().unwrap();
        let shown = |at: &str| banner.is_shown(at.parse().unwrap());
        assert!(!shown("2026-11-26T00:59:59Z") && shown("2026-11-26T01:00:00Z"));
        assert!(shown("2026-11-27T08:59:59Z") && !shown("2026-11-27T09:00:00Z"));
        let no_offset = text.replace("+08:00", "");
        assert!(toml::from_str::<BannersFile>(&no_offset).is_err());
    }
}
