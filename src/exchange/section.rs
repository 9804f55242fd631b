//! Which section an imported article goes to; new sections as lines of `sections.toml`.

use std::fmt::Write;

use crate::kb::sections::{Bilingual, Section};

use super::proposal::ProposedSection;
use super::slug::slug;

/// Sections as they are, and those that an import adds.
pub(super) struct Shelves<'a> {
    known: &'a [Section],
    proposed: &'a [ProposedSection],
    may_add: bool,
    added: Vec<Section>,
}

impl<'a> Shelves<'a> {
    pub(super) fn new(
        known: &'a [Section],
        proposed: &'a [ProposedSection],
        may_add: bool,
    ) -> Self {
        Shelves { known, proposed, may_add, added: Vec::new() }
    }

    /// The section that a source calls so, if there is one or one may be added.
    pub(super) fn find(&mut self, name: &str) -> Option<Section> {
        let same = |other: &str| other.trim().to_lowercase() == name.trim().to_lowercase();
        let is = |s: &&Section| same(&s.id) || same(&s.title.en) || same(&s.title.zh);
        if let Some(known) = self.known.iter().chain(&self.added).find(is) {
            return Some(known.clone());
        }
        let proposed = self.proposed.iter().find(|p| p.names.iter().any(|n| same(n)));
        // What the source calls it may be what we call it in the other language.
        let here = |title: &str| {
            let mut all = self.known.iter().chain(&self.added);
            all.find(|s| s.id == title || s.title.en == title || s.title.zh == title).cloned()
        };
        let twin = proposed.and_then(|p| {
            let section = &p.section;
            here(&section.id)
                .or_else(|| here(&section.title.en))
                .or_else(|| here(&section.title.zh))
        });
        if twin.is_some() || !self.may_add {
            return twin;
        }
        let section = proposed.map_or_else(|| named(name), |p| p.section.clone());
        let section = Section { id: slug(&section.id), ..section };
        self.added.push(section.clone());
        Some(section)
    }

    pub(super) fn added(self) -> Vec<Section> {
        self.added
    }
}

fn named(name: &str) -> Section {
    let title = name.trim().to_owned();
    Section {
        id: slug(name),
        title: Bilingual { en: title.clone(), zh: title },
        summary: Bilingual { en: String::new(), zh: String::new() },
        urgent: false,
        approval: false,
    }
}

/// The file of sections with more of them at its end.
pub(super) fn file(before: &str, added: &[Section]) -> String {
    let mut text = before.trim_end().to_owned();
    let quoted = |text: &str| toml::Value::from(text).to_string();
    for section in added {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let Section { id, title, summary, urgent, approval } = section;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "[[section]]\nid = {}", quoted(id));
        for (key, on) in [("urgent", urgent), ("approval", approval)] {
            if *on {
                let _ = writeln!(text, "{key} = true");
            }
        }
        let both = |b: &Bilingual| format!("{{ en = {}, zh = {} }}", quoted(&b.en), quoted(&b.zh));
        let _ = write!(text, "title = {}\nsummary = {}", both(title), both(summary));
    }
    text.push('\n');
    text
}
