//! The editor's form: an article's files → fields, fields → files.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kb::front_matter::{self, Audience, Confidence, FrontMatter, Kind, Status};
use crate::lang::Lang;
use crate::studio::{Texts, form, merge};
use crate::time::{Date, day, now};

/// What a form sent.
pub type Sent = BTreeMap<String, String>;

/// The fields of one language.
#[derive(Debug, Default, Serialize)]
pub struct Fields {
    lang: &'static str,
    title: String,
    summary: String,
    questions: String,
    tags: String,
    reply: String,
    body: String,
    /// Why the file could not be read into fields; it stands in `body` as it is.
    broken: Option<String>,
}

/// The fields that both languages share.
#[derive(Debug, Serialize)]
pub struct Common {
    audience: &'static str,
    kind: &'static str,
    status: &'static str,
    confidence: &'static str,
    owner: String,
    reviewed: String,
    review_by: String,
    related: String,
    answers_leak: String,
}

/// How long a review is good for, where nobody says.
const REVIEW_AFTER: SignedDuration = SignedDuration::from_hours(24 * 182);

/// The fields of an article's files.
pub fn of(texts: &Texts) -> (Vec<Fields>, Common) {
    let mut meta: Option<FrontMatter> = None;
    let mut all = Vec::new();
    for lang in Lang::ALL {
        let mut fields = Fields { lang: lang.code(), ..Fields::default() };
        if let Some(text) = texts.get(lang) {
            match front_matter::split(text).and_then(|s| Ok((front_matter::parse(s.yaml)?, s.body)))
            {
                Ok((own, body)) => {
                    fill(&mut fields, &own, body);
                    meta.get_or_insert(own);
                }
                Err((line, message, help)) => {
                    fields.broken = Some(format!("{line}: {message}; {help}"));
                    text.clone_into(&mut fields.body);
                }
            }
        }
        all.push(fields);
    }
    (all, common(meta.as_ref()))
}

fn fill(fields: &mut Fields, meta: &FrontMatter, body: &str) {
    fields.title.clone_from(&meta.title);
    fields.summary.clone_from(&meta.summary);
    fields.questions = meta.questions.join("\n");
    fields.tags = meta.tags.join(", ");
    meta.reply.trim_end().clone_into(&mut fields.reply);
    body.trim().clone_into(&mut fields.body);
}

fn common(meta: Option<&FrontMatter>) -> Common {
    let today = today();
    let later = now().checked_add(REVIEW_AFTER).map_or(today, day);
    Common {
        audience: meta.map_or("public", |m| form::audience(m.audience)),
        kind: meta.map_or("faq", |m| form::kind(m.kind)),
        status: meta.map_or("published", |m| form::status(m.status)),
        confidence: meta.map_or("not-validated", |m| form::confidence(m.confidence)),
        owner: meta.map(|m| m.owner.clone()).unwrap_or_default(),
        reviewed: meta.map_or(today, |m| m.reviewed).to_string(),
        review_by: meta.map_or(later, |m| m.review_by).to_string(),
        related: meta.map(|m| m.related.join(", ")).unwrap_or_default(),
        answers_leak: meta.map(|m| m.answers_leak.join(", ")).unwrap_or_default(),
    }
}

/// The files that the fields make. A language in which nothing was written has none.
pub fn texts(sent: &Sent) -> Texts {
    let mut texts = Texts::default();
    for lang in Lang::ALL {
        let own =
            |name: &str| sent.get(&format!("{lang}.{name}")).map_or("", String::as_str).trim();
        let written = ["title", "summary", "questions", "reply", "body"];
        if written.iter().all(|name| own(name).is_empty()) {
            continue;
        }
        let shared = |name: &str| sent.get(name).map_or("", String::as_str).trim();
        let meta = FrontMatter {
            title: own("title").to_owned(),
            summary: own("summary").to_owned(),
            questions: lines(own("questions")),
            audience: choice(shared("audience")).unwrap_or(Audience::Internal),
            kind: choice(shared("kind")).unwrap_or(Kind::Faq),
            tags: commas(own("tags")),
            status: choice(shared("status")).unwrap_or(Status::Draft),
            confidence: choice(shared("confidence")).unwrap_or(Confidence::WorkInProgress),
            owner: shared("owner").to_owned(),
            reviewed: shared("reviewed").parse().unwrap_or_else(|_| today()),
            review_by: shared("review_by").parse().unwrap_or_else(|_| today()),
            related: commas(shared("related")),
            answers_leak: commas(shared("answers_leak")),
            reply: own("reply").to_owned(),
        };
        texts.set(lang, Some(form::file(&meta, own("body"))));
    }
    texts
}

/// Joins two edits that both began as `base`, field by field: what one of the two left alone is the
/// other's; in texts of several lines, line by line. The second value says that both changed the
/// same: there the text holds markers, or, in a field of one line, ours.
pub fn join(base: &Texts, ours: &Texts, theirs: &Texts) -> (Texts, bool) {
    let (base, ours, theirs) = (sent(base), sent(ours), sent(theirs));
    let (mut joined, mut conflict) = (Sent::new(), false);
    for name in ours.keys().chain(theirs.keys()) {
        let get = |of: &Sent| of.get(name).cloned().unwrap_or_default();
        let (was, own, other) = (get(&base), get(&ours), get(&theirs));
        let value = if own == other || other == was {
            own
        } else if own == was {
            other
        } else if MANY_LINES.iter().any(|many| name.ends_with(many)) {
            let line = |text: String| text + "\n";
            let (text, clash) = merge::merge(&line(was), &line(own), &line(other));
            conflict |= clash;
            text
        } else {
            conflict = true;
            own
        };
        joined.insert(name.clone(), value);
    }
    (texts(&joined), conflict)
}

/// Fields that hold several lines.
const MANY_LINES: [&str; 3] = [".questions", ".reply", ".body"];

/// The files as a form would send them.
fn sent(texts: &Texts) -> Sent {
    let (all, common) = of(texts);
    let mut sent: Sent = [
        ("audience", common.audience.to_owned()),
        ("kind", common.kind.to_owned()),
        ("status", common.status.to_owned()),
        ("confidence", common.confidence.to_owned()),
        ("owner", common.owner),
        ("reviewed", common.reviewed),
        ("review_by", common.review_by),
        ("related", common.related),
        ("answers_leak", common.answers_leak),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for own in all {
        let named = [
            ("title", own.title),
            ("summary", own.summary),
            ("questions", own.questions),
            ("tags", own.tags),
            ("reply", own.reply),
            ("body", own.body),
        ];
        sent.extend(named.map(|(name, value)| (format!("{}.{name}", own.lang), value)));
    }
    sent
}

fn choice<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::from(name)).ok()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn commas(text: &str) -> Vec<String> {
    let parts = text.split([',', '，', '、']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn today() -> Date {
    day(now())
}
