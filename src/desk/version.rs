//! Versions: which of a ticket's version numbers is the app's and which the operating system's.

use crate::text::entity::{Entity, EntityKind};

/// How many bytes before a number are looked at.
const NEAR: usize = 24;
/// Names of operating systems, in lower case, as people write them before a number.
const SYSTEMS: [(&str, &str); 9] = [
    ("ipados", "iPadOS"),
    ("ios", "iOS"),
    ("android", "Android"),
    ("安卓", "Android"),
    ("harmonyos", "HarmonyOS"),
    ("鸿蒙", "HarmonyOS"),
    ("macos", "macOS"),
    ("windows", "Windows"),
    ("miui", "MIUI"),
];

/// What a ticket says about versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// Of the app.
    pub app: Option<String>,
    /// Of the operating system, with its name.
    pub system: Option<String>,
}

/// Reads a ticket's versions off its entities.
pub fn versions(text: &str, entities: &[Entity]) -> Versions {
    let mut versions = Versions::default();
    for entity in entities.iter().filter(|e| e.kind == EntityKind::Version) {
        match system_before(text, entity.range.start) {
            Some(name) if versions.system.is_none() => {
                versions.system = Some(format!("{name} {}", entity.value));
            }
            Some(_) => {}
            None if versions.app.is_none() => versions.app = Some(entity.value.clone()),
            None => {}
        }
    }
    versions.system = versions.system.or_else(|| named(text));
    versions
}

/// The system whose name stands last before a number, with no other number between.
fn system_before(text: &str, start: usize) -> Option<&'static str> {
    let from = (start.saturating_sub(NEAR)..=start).find(|i| text.is_char_boundary(*i))?;
    let before = text.get(from..start)?.to_lowercase();
    let before = before.rsplit(['\n', ',', '，', '。', ';', '；', '/', '、']).next()?;
    SYSTEMS.iter().filter_map(|(word, name)| Some((before.rfind(word)?, *name))).max().map(|s| s.1)
}

/// A system with its main number alone, which is no version by its shape: "Android 14".
fn named(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let mut found: Vec<(usize, String)> = Vec::new();
    for (word, name) in SYSTEMS {
        for (at, _) in lower.match_indices(word) {
            let rest = lower.get(at + word.len()..).unwrap_or_default().trim_start();
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            if (1..=2).contains(&number.len()) {
                found.push((at, format!("{name} {number}")));
            }
        }
    }
    found.into_iter().min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::entity::entities;

    fn check(text: &str, app: Option<&str>, system: Option<&str>) {
        let found = versions(text, &entities(text));
        assert_eq!((found.app.as_deref(), found.system.as_deref()), (app, system), "{text}");
    }

    #[test]
    fn tells_the_app_from_the_system() {
        check("App 5.21.3, iOS 17.5.1", Some("5.21.3"), Some("iOS 17.5.1"));
        check("iOS 17.5.1, app version 5.21.3", Some("5.21.3"), Some("iOS 17.5.1"));
        check("版本 5.21.3，安卓 14", Some("5.21.3"), Some("Android 14"));
        check("iPhone 15 on iOS 18.1.0 keeps crashing", None, Some("iOS 18.1.0"));
        check("nothing here", None, None);
    }
}
