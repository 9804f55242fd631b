//! Replies: an article's reply with its placeholders filled from the ticket.
//!
//! In: the reply as its author wrote it and the values that are known. Out: the text, with what
//! could not be filled left visible and named, so that nobody sends `{{order_id}}` to a customer.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::Lang;
use crate::text::entity::EntityKind;
use crate::text::{Analyser, Analysis};

use super::signature;

/// A reply ready to be read by an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The text; unknown values still stand as `{{placeholder}}`.
    pub text: String,
    /// The placeholders that could not be filled, in order of their names.
    pub unfilled: BTreeSet<String>,
}

/// The values that a ticket offers for a reply in `lang`: the first entity of each kind, chains and
/// coins by their names in that language, and the writer's name where it is signed or said.
pub fn values(
    text: &str,
    analysis: &Analysis,
    analyser: &Analyser,
    lang: Lang,
) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for entity in &analysis.entities {
        let named = matches!(entity.kind, EntityKind::Chain | EntityKind::Token);
        let group = analyser.glossary().groups().iter().find(|g| named && g.en == entity.value);
        let value = match (group, lang) {
            (Some(group), Lang::Zh) => group.zh.clone(),
            _ => entity.value.clone(),
        };
        values.entry(entity.kind.code().to_owned()).or_insert(value);
    }
    if let Some(name) = signature::name(text) {
        values.insert("name".to_owned(), name);
    }
    values
}

/// One reply out of several: the first greeting, each answer, the last farewell. Greeting and
/// farewell are the first and the last paragraph, as the writing guide asks.
pub fn combine(replies: &[&str]) -> String {
    let paragraphs: Vec<Vec<&str>> = replies
        .iter()
        .map(|reply| reply.trim().split("\n\n").map(str::trim).filter(|p| !p.is_empty()).collect())
        .collect();
    let [only] = paragraphs.as_slice() else {
        let mut all: Vec<&str> = Vec::new();
        all.extend(paragraphs.first().and_then(|p| p.first()));
        for reply in &paragraphs {
            let end = reply.len().saturating_sub(1).max(1);
            all.extend(reply.get(1..end).unwrap_or_default());
        }
        all.extend(paragraphs.last().filter(|p| p.len() > 1).and_then(|p| p.last()));
        return all.join("\n\n");
    };
    only.join("\n\n")
}

/// Fills a reply.
pub fn fill(template: &str, values: &BTreeMap<String, String>) -> Reply {
    let mut text = String::with_capacity(template.len());
    let mut unfilled = BTreeSet::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            text.push_str("{{");
            rest = after;
            continue;
        };
        if let Some(value) = values.get(name.trim()) {
            text.push_str(value);
        } else {
            unfilled.insert(name.trim().to_owned());
            text.push_str("{{");
            text.push_str(name);
            text.push_str("}}");
        }
        rest = tail;
    }
    text.push_str(rest);
    Reply { text, unfilled }
}

/// The names of the placeholders of a reply, in order of appearance.
pub fn placeholders(template: &str) -> Vec<&str> {
    let after_open = template.split("{{").skip(1);
    after_open.filter_map(|part| part.split_once("}}")).map(|(name, _)| name.trim()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Analyser;

    #[test]
    fn fills_what_the_ticket_says_and_names_the_rest() {
        let analyser = Analyser::default();
        let text = "订单HB-48864652一直没到账，App 5.21.3";
        let known = values(text, &analyser.analyse(text), &analyser, Lang::Zh);
        let reply = fill("您好，{{name}}：订单 {{order_id}}（{{ app_version }}）", &known);
        assert_eq!(reply.text, "您好，{{name}}：订单 HB-48864652（5.21.3）");
        assert_eq!(reply.unfilled, BTreeSet::from(["name".to_owned()]));
        assert_eq!(fill("a {{ b", &BTreeMap::new()).text, "a {{ b");
    }

    #[test]
    fn two_answers_are_one_letter() {
        let one = "Hi Anna,\n\nFirst.\n\nMore.\n\nKind regards,\nLi\n";
        let two = "Hi Anna,\n\nSecond.\n\nKind regards,\nLi\n";
        let letter = "Hi Anna,\n\nFirst.\n\nMore.\n\nSecond.\n\nKind regards,\nLi";
        assert_eq!(combine(&[one, two]), letter);
        assert_eq!(combine(&[two]), two.trim());
        assert_eq!(combine(&[]), "");
    }
}
