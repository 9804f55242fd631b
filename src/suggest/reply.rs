//! Replies: an article's reply with its placeholders filled from the ticket.
//!
//! In: the reply as its author wrote it and the values that are known. Out: the text, with what
//! could not be filled left visible and named, so that nobody sends `{{order_id}}` to a customer.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::Analysis;

/// A reply ready to be read by an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The text; unknown values still stand as `{{placeholder}}`.
    pub text: String,
    /// The placeholders that could not be filled, in order of their names.
    pub unfilled: BTreeSet<String>,
}

/// The values that a ticket offers: the first entity of each kind.
pub fn values(analysis: &Analysis) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for entity in &analysis.entities {
        values.entry(entity.kind.code().to_owned()).or_insert_with(|| entity.value.clone());
    }
    values
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
        let analysis = Analyser::default().analyse("订单HB-48864652一直没到账，App 5.21.3");
        let reply =
            fill("您好，{{name}}：订单 {{order_id}}（{{ app_version }}）", &values(&analysis));
        assert_eq!(reply.text, "您好，{{name}}：订单 HB-48864652（5.21.3）");
        assert_eq!(reply.unfilled, BTreeSet::from(["name".to_owned()]));
        assert_eq!(fill("a {{ b", &BTreeMap::new()).text, "a {{ b");
    }
}
