//! Facts: what tickets say about where it happens: the chains and the versions of the app that they
//! name. Nothing records a country, so none is known.
//!
//! In: texts. Out: how many tickets name each. A version that stands behind the name of an operating
//! system is not the app's.

use std::collections::BTreeMap;

use crate::text::entity::{EntityKind, is_of_system};
use crate::text::glossary::GroupKind;
use crate::text::{Analyser, Analysis};

/// The most different names of a kind: nobody has more chains, and whoever invents versions gains
/// nothing.
const NAMES_MAX: usize = 64;

/// Tickets by what they name. Where a chain has a name in either language, both stand, apart by ` / `.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Tickets by chain.
    pub chains: BTreeMap<String, u64>,
    /// Tickets by version of the app.
    pub versions: BTreeMap<String, u64>,
}

impl Facts {
    /// What one ticket names, each once.
    pub fn of(text: &str, analysis: &Analysis, analyser: &Analyser) -> Facts {
        let mut facts = Facts::default();
        for mention in &analysis.mentions {
            let group = analyser.glossary().groups().get(mention.group);
            if let Some(group) = group.filter(|group| group.kind == GroupKind::Chain) {
                facts.chains.insert(group.name(), 1);
            }
        }
        for entity in analysis.entities.iter().filter(|e| e.kind == EntityKind::Version) {
            if !is_of_system(text, entity.range.start) {
                facts.versions.insert(entity.value.clone(), 1);
            }
        }
        facts
    }

    /// Adds what other tickets name.
    pub fn add(&mut self, other: &Facts) {
        for (sums, counts) in
            [(&mut self.chains, &other.chains), (&mut self.versions, &other.versions)]
        {
            for (name, count) in counts {
                if sums.len() < NAMES_MAX || sums.contains_key(name) {
                    *sums.entry(name.clone()).or_insert(0) += count;
                }
            }
        }
    }
}

/// Names by how many tickets have them, most first, at most `limit`.
pub fn most(counts: &BTreeMap<String, u64>, limit: usize) -> Vec<(&str, u64)> {
    let mut names: Vec<(&str, u64)> = counts.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    names.truncate(limit);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_system_is_not_that_of_the_app() {
        let analyser = Analyser::default();
        let facts = |text: &str| Facts::of(text, &analyser.analyse(text), &analyser);
        let mut all = facts("on iOS 17.1, app 5.22.0 crashes");
        all.add(&facts("安卓14.1 上 5.22.0 打不开，5.22.0 之前没事"));
        assert_eq!(most(&all.versions, 9), [("5.22.0", 2)]);
        for n in 0..1_000 {
            all.add(&facts(&format!("app 7.{}.{} crashes", n % 100, n)));
        }
        assert!(all.versions.len() <= NAMES_MAX);
        assert_eq!(most(&all.versions, 1), [("5.22.0", 2)]);
    }
}
