//! Front matter: the YAML block at the head of an article.
//!
//! In: the text of a file. Out: [`FrontMatter`] and the body with the line at which it begins, or
//! the line and reason of what is wrong. Unknown keys are refused, so a misspelt key cannot pass
//! unseen.

use serde::{Deserialize, Serialize};

use crate::time::Date;

/// Who may read an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Everyone.
    Public,
    /// Staff who are signed in.
    Internal,
}

/// What sort of article it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An answer for end users.
    Faq,
    /// A procedure for staff.
    Runbook,
}

/// Where an article is in its life (the publishing half of the KCS state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Being written; seen in the studio only.
    Draft,
    /// Served, indexed and suggested.
    Published,
    /// Kept for the record; neither served nor suggested.
    Archived,
}

/// How far an article's content has been confirmed (KCS confidence).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// The question is known, the answer incomplete.
    WorkInProgress,
    /// Complete, but not yet reviewed.
    NotValidated,
    /// Reviewed and trusted.
    Validated,
}

/// Every placeholder that a reply may hold.
pub const PLACEHOLDERS: [&str; 11] = [
    "name",
    "tx_hash",
    "chain",
    "order_id",
    "amount",
    "token",
    "address",
    "app_version",
    "error_code",
    "agent",
    "link",
];

/// Everything that an article says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// The title, in the words of someone who has the problem.
    pub title: String,
    /// One sentence that answers.
    pub summary: String,
    /// Ways in which people ask (相似问法).
    #[serde(default)]
    pub questions: Vec<String>,
    /// Who may read it.
    pub audience: Audience,
    /// What sort of article it is.
    pub kind: Kind,
    /// Free keywords.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Where it is in its life.
    pub status: Status,
    /// How far it has been confirmed.
    pub confidence: Confidence,
    /// The team that answers for it.
    pub owner: String,
    /// The day of the last review.
    #[serde(deserialize_with = "date")]
    pub reviewed: Date,
    /// The day by which the next review is due.
    #[serde(deserialize_with = "date")]
    pub review_by: Date,
    /// Ids of neighbouring articles.
    #[serde(default)]
    pub related: Vec<String>,
    /// Kinds of secrets: a ticket that held one of them gets this article, see
    /// `suggest::leak`.
    #[serde(default)]
    pub answers_leak: Vec<String>,
    /// What an agent pastes into a ticket, with placeholders.
    #[serde(default)]
    pub reply: String,
}

fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!("`{text}` is not a date; write it as 2026-11-23"))
    })
}

/// A file split into its two halves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split<'a> {
    /// The YAML between the `---` lines.
    pub yaml: &'a str,
    /// The Markdown after them.
    pub body: &'a str,
    /// The line of the file at which the body begins, from 1.
    pub body_line: usize,
}

/// A problem in the front matter: line of the file, message, help.
pub type Problem = (usize, String, String);

/// Splits a file at its `---` lines.
pub fn split(file: &str) -> Result<Split<'_>, Problem> {
    let text = file.strip_prefix('\u{FEFF}').unwrap_or(file);
    let after_open = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"));
    let Some(rest) = after_open else {
        let help = "begin the file with a line of three dashes, then the keys of kb/README.md";
        return Err((1, "the file has no front matter".into(), help.into()));
    };
    let mut offset = 0;
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            let yaml = rest.get(..offset).unwrap_or_default();
            let body = rest.get(offset + line.len()..).unwrap_or_default();
            return Ok(Split { yaml, body, body_line: index + 3 });
        }
        offset += line.len();
    }
    let help = "close it with a line of three dashes before the text begins";
    Err((1, "the front matter is never closed".into(), help.into()))
}

/// Reads the YAML half.
pub fn parse(yaml: &str) -> Result<FrontMatter, Problem> {
    serde_saphyr::from_str(yaml).map_err(|error| {
        // The YAML begins on the second line of the file.
        let line = error.location().map_or(1, |l| usize::try_from(l.line()).unwrap_or(0) + 1);
        let text = error.to_string();
        let first = text.lines().next().unwrap_or("unreadable");
        // "error: line 17 column 1: …" counts from the front matter; our line is the file's.
        let reason = match first.split_once(": line ").and_then(|(_, l)| l.split_once(": ")) {
            Some((_, reason)) => reason,
            None => first,
        };
        let help = "compare with the front matter in kb/README.md; put text that holds `: ` or \
                    `#` in quotes";
        (line, format!("front matter: {reason}"), help.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_the_closing_dashes_only() {
        let split = split("---\ntitle: a\n---\n\n# b\n---\nc").unwrap();
        assert_eq!((split.yaml, split.body, split.body_line), ("title: a\n", "\n# b\n---\nc", 4));
    }

    #[test]
    fn names_the_line_of_what_is_wrong() {
        assert_eq!(super::split("# no front matter").unwrap_err().0, 1);
        assert_eq!(super::split("---\ntitle: a\n").unwrap_err().0, 1);
        let unknown = parse("title: a\nsummary: b\ntitel: c\n").unwrap_err();
        assert_eq!(unknown.0, 4, "{unknown:?}");
        assert!(unknown.1.contains("titel"), "{unknown:?}");
    }
}
