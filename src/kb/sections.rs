//! The sections of the help centre, from `kb/sections.toml`.

use serde::Deserialize;

use crate::lang::Lang;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Bilingual {
    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A section: a folder of articles under a name that readers understand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The name of its folder.
    pub id: String,
    /// What readers see.
    pub title: Bilingual,
    /// What it is about, in a line.
    pub summary: Bilingual,
    /// Whether tickets about it may be about money that moves right now.
    #[serde(default)]
    pub urgent: bool,
    /// Whether a second person must approve what is published here: a wrong word costs readers money
    /// or their keys.
    #[serde(default)]
    pub approval: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionsFile {
    #[serde(default)]
    section: Vec<Section>,
}

/// Reads `sections.toml`.
pub fn parse(text: &str) -> Result<Vec<Section>, toml::de::Error> {
    toml::from_str::<SectionsFile>(text).map(|file| file.section)
}
