//! Front matter as a form: an article's file → fields, fields → the file's text.
//!
//! What is written reads back as the same article; keys come in the order of `kb/README.md`, so that
//! two editors' files differ where their articles do.

use std::fmt::Write;

use crate::kb::front_matter::{Audience, Confidence, FrontMatter, Kind, Status};

/// The text of an article's file.
pub fn file(meta: &FrontMatter, body: &str) -> String {
    let mut text = String::from("---\n");
    // Writing to a string cannot fail.
    let _ = front_matter(meta, &mut text);
    text.push_str("---\n\n");
    text.push_str(body.replace("\r\n", "\n").trim());
    text.push('\n');
    text
}

fn front_matter(meta: &FrontMatter, text: &mut String) -> std::fmt::Result {
    writeln!(text, "title: {}", scalar(&meta.title))?;
    writeln!(text, "summary: {}", scalar(&meta.summary))?;
    if !meta.questions.is_empty() {
        writeln!(text, "questions:")?;
        for question in &meta.questions {
            writeln!(text, "  - {}", scalar(question))?;
        }
    }
    writeln!(text, "audience: {}", audience(meta.audience))?;
    writeln!(text, "kind: {}", kind(meta.kind))?;
    list(text, "tags", &meta.tags)?;
    writeln!(text, "status: {}", status(meta.status))?;
    writeln!(text, "confidence: {}", confidence(meta.confidence))?;
    writeln!(text, "owner: {}", scalar(&meta.owner))?;
    writeln!(text, "reviewed: {}", meta.reviewed)?;
    writeln!(text, "review_by: {}", meta.review_by)?;
    list(text, "related", &meta.related)?;
    list(text, "answers_leak", &meta.answers_leak)?;
    let reply = meta.reply.replace("\r\n", "\n");
    let reply = reply.trim_end();
    if reply.is_empty() {
        return Ok(());
    }
    if reply.starts_with([' ', '\t', '\n']) {
        return writeln!(text, "reply: {}", quoted(reply));
    }
    writeln!(text, "reply: |")?;
    for line in reply.lines() {
        let line = line.trim_end();
        writeln!(text, "{}{line}", if line.is_empty() { "" } else { "  " })?;
    }
    Ok(())
}

fn list(text: &mut String, key: &str, items: &[String]) -> std::fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    let items: Vec<String> = items.iter().map(|item| in_list(item)).collect();
    writeln!(text, "{key}: [{}]", items.join(", "))
}

/// A text as YAML: as it is where that is surely a text, else in double quotes.
fn scalar(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = text.chars().next();
    let begins_well = first.is_some_and(char::is_alphabetic);
    let word = text.to_lowercase();
    let is_other = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .contains(&word.as_str())
        || [".inf", ".nan"].contains(&word.as_str());
    let misread = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    if begins_well && !is_other && !misread && !text.contains(char::is_control) {
        text
    } else {
        quoted(&text)
    }
}

fn in_list(text: &str) -> String {
    let plain = scalar(text);
    let divides = plain.contains([',', '[', ']', '{', '}']);
    if divides && !plain.starts_with('"') { quoted(&plain) } else { plain }
}

/// In double quotes: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The name of an audience in a file and in a form.
pub fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "public",
        Audience::Internal => "internal",
    }
}

/// The name of a kind.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Faq => "faq",
        Kind::Runbook => "runbook",
    }
}

/// The name of a status.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Published => "published",
        Status::Archived => "archived",
    }
}

/// The name of a confidence.
pub fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::WorkInProgress => "work-in-progress",
        Confidence::NotValidated => "not-validated",
        Confidence::Validated => "validated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kb::front_matter;

    #[test]
    fn hard_texts_come_back_as_they_were() {
        for title in [
            "Fees: who gets them",
            "- a",
            "# no comment",
            "yes",
            "12",
            "1.5e3",
            "null",
            "@me",
            "a #b",
            "“引号”和：冒号",
            "\"quoted\"",
            "ends:",
            "[x]",
            "{{name}}",
            "!tag",
            "*b*",
            "100% 退款",
        ] {
            let meta = FrontMatter {
                title: title.to_owned(),
                summary: title.to_owned(),
                questions: vec![title.to_owned()],
                audience: Audience::Internal,
                kind: Kind::Runbook,
                tags: vec![title.to_owned(), "a, b".to_owned()],
                status: Status::Draft,
                confidence: Confidence::WorkInProgress,
                owner: title.to_owned(),
                reviewed: "2026-11-05".parse().unwrap(),
                review_by: "2027-05-05".parse().unwrap(),
                related: vec!["a-b".to_owned()],
                answers_leak: Vec::new(),
                reply: format!("Hi {{{{name}}}},\n\n  {title}\n- a: b # c"),
            };
            let text = file(&meta, "Body: *x*\n\n---\n\nend");
            let split = front_matter::split(&text).unwrap();
            let read = front_matter::parse(split.yaml).unwrap_or_else(|e| panic!("{e:?}\n{text}"));
            assert_eq!(FrontMatter { reply: read.reply.trim_end().to_owned(), ..read }, meta);
            assert_eq!(split.body, "\nBody: *x*\n\n---\n\nend\n");
        }
    }
}
