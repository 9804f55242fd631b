//! Interface strings: `templates/i18n/{en,zh}.toml`, flat tables with the same keys.

use std::collections::BTreeMap;

use super::language::PageLang;

const EN: &str = include_str!("../../templates/i18n/en.toml");
const ZH: &str = include_str!("../../templates/i18n/zh.toml");

/// The strings of one language, by key.
pub type Strings = BTreeMap<String, String>;

/// The strings of a language. Traditional Chinese is converted from simplified.
pub fn strings(lang: PageLang) -> Result<Strings, toml::de::Error> {
    let text = match lang {
        PageLang::En => EN,
        PageLang::Zh | PageLang::ZhHant => ZH,
    };
    let mut strings: Strings = toml::from_str(text)?;
    for value in strings.values_mut() {
        *value = lang.say(value).into_owned();
    }
    Ok(strings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_the_same_keys_with_the_same_places() {
        let (en, zh) = (strings(PageLang::En).unwrap(), strings(PageLang::Zh).unwrap());
        assert_eq!(en.keys().collect::<Vec<_>>(), zh.keys().collect::<Vec<_>>());
        for (key, text) in &en {
            for place in ["{n}", "{date}", "{query}", "{ticket}", "{lang}", "{section}"] {
                assert_eq!(text.contains(place), zh[key].contains(place), "{key}: {place}");
            }
            assert!(!text.trim().is_empty() && !zh[key].trim().is_empty(), "{key} is empty");
        }
    }
}
