//! A proposed text → the file that it would be: what the source does not say is taken from the
//! article that stands there, or from what a new article begins with.

use jiff::ToSpan;

use crate::kb::front_matter::{self, Audience, Confidence, FrontMatter, Kind, Status};
use crate::kb::markdown::{self, BlockKind};
use crate::lang::Lang;
use crate::studio::form;
use crate::text::han::is_han;
use crate::time::Date;

use super::proposal::Parts;

/// How many days a review is good for, where nobody says.
const REVIEW_DAYS: i64 = 182;

/// The front matter and body of parts. `known`: the front matter of the article that stands there in
/// this language, or else in the other.
pub(super) fn parts(
    parts: &Parts,
    lang: Lang,
    (own, other): (Option<&FrontMatter>, Option<&FrontMatter>),
    owner: &str,
    today: Date,
) -> (FrontMatter, String) {
    let (summary, body) = match &parts.summary {
        Some(summary) => (Some(summary.clone()), parts.body.clone()),
        None => lead(&parts.body, lang),
    };
    let shared = own.or(other);
    let kept = |pick: &dyn Fn(&FrontMatter) -> Vec<String>| own.map(pick).unwrap_or_default();
    let reviewed = parts.reviewed.filter(|day| *day <= today);
    let reviewed = reviewed.or(own.map(|m| m.reviewed)).unwrap_or(today);
    // A review that an article already has for this state of it stays.
    let same_review = own.filter(|m| m.reviewed == reviewed).map(|m| m.review_by);
    let due = reviewed.checked_add(REVIEW_DAYS.days()).unwrap_or(reviewed);
    let meta = FrontMatter {
        title: one_line(&parts.title),
        summary: one_line(&summary.or(own.map(|m| m.summary.clone())).unwrap_or_default()),
        questions: parts.questions.clone().unwrap_or_else(|| kept(&|m| m.questions.clone())),
        audience: parts.audience.or(shared.map(|m| m.audience)).unwrap_or(Audience::Public),
        kind: shared.map_or(Kind::Faq, |m| m.kind),
        tags: parts.tags.clone().unwrap_or_else(|| kept(&|m| m.tags.clone())),
        status: Status::Draft,
        confidence: own.map_or(Confidence::NotValidated, |m| m.confidence),
        owner: shared.map_or_else(|| owner.to_owned(), |m| m.owner.clone()),
        reviewed,
        review_by: same_review.unwrap_or(due),
        related: shared.map(|m| m.related.clone()).unwrap_or_default(),
        answers_leak: shared.map(|m| m.answers_leak.clone()).unwrap_or_default(),
        reply: own.map(|m| m.reply.clone()).unwrap_or_default(),
    };
    (meta, body)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The summary that a body begins with. A first paragraph that fits becomes the summary and leaves
/// the body, since a page shows both one below the other; of a longer one the first sentences are
/// taken.
fn lead(body: &str, lang: Lang) -> (Option<String>, String) {
    let body = body.trim();
    let (first, rest) = body.split_once("\n\n").unwrap_or((body, ""));
    let rendered = markdown::render(first, str::to_owned);
    let [block] = rendered.blocks.as_slice() else { return (None, body.to_owned()) };
    if block.kind != BlockKind::Paragraph || first.starts_with('>') || block.text.is_empty() {
        return (None, body.to_owned());
    }
    let fits = |text: &str| match lang {
        Lang::En => text.chars().count() <= 200,
        Lang::Zh => text.chars().filter(|c| c.is_alphanumeric()).count() <= 90,
    };
    if fits(&block.text) {
        let moves = rendered.links.is_empty() && !rest.trim().is_empty();
        let body = if moves { rest.trim() } else { body };
        return (Some(block.text.clone()), body.to_owned());
    }
    let mut summary = String::new();
    for sentence in block.text.split_inclusive(['。', '！', '？', '.', '!', '?']) {
        if !fits(&format!("{summary}{sentence}")) {
            break;
        }
        summary.push_str(sentence);
    }
    if summary.trim().is_empty() {
        let most = if block.text.chars().any(is_han) { 80 } else { 190 };
        summary = block.text.chars().take(most).collect::<String>() + "…";
    }
    (Some(summary.trim().to_owned()), body.to_owned())
}

/// An article file with another status; nothing else of it changes.
pub(super) fn with_status(file: &str, status: Status) -> Result<String, front_matter::Problem> {
    let split = front_matter::split(file)?;
    let meta = front_matter::parse(split.yaml)?;
    if meta.status == status {
        return Ok(file.to_owned());
    }
    let line = |line: &str| {
        let own = line.strip_prefix("status:")?;
        let ending = if own.ends_with("\r\n") { "\r\n" } else { "\n" };
        Some(format!("status: {}{ending}", form::status(status)))
    };
    let yaml: String = split
        .yaml
        .split_inclusive('\n')
        .map(|text| line(text).unwrap_or_else(|| text.to_owned()))
        .collect();
    let changed = file.replacen(split.yaml, &yaml, 1);
    let read = front_matter::split(&changed).and_then(|s| front_matter::parse(s.yaml));
    let wanted = FrontMatter { status, ..meta };
    if read.is_ok_and(|read| read == wanted) {
        return Ok(changed);
    }
    // The status was written in some other way; then the front matter is written anew.
    Ok(form::file(&wanted, split.body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_first_paragraph_becomes_the_summary() {
        let of = |body: &str, lang| lead(body, lang);
        let some = |s: &str, b: &str| (Some(s.to_owned()), b.to_owned());
        assert_eq!(
            of("Wait **10** minutes.\n\nThen ask.", Lang::En),
            some("Wait 10 minutes.", "Then ask.")
        );
        assert_eq!(of("只有一段。", Lang::Zh), some("只有一段。", "只有一段。"));
        assert_eq!(
            of("- a list\n- of things", Lang::En),
            (None, "- a list\n- of things".to_owned())
        );
        let long = format!("First. {}", "word ".repeat(60));
        assert_eq!(of(&long, Lang::En).0.unwrap(), "First.");
    }

    #[test]
    fn only_the_status_changes() {
        let file = "---\r\ntitle: a\r\nsummary: b\r\naudience: public\r\nkind: faq\r\nstatus:   published\r\nconfidence: validated\r\nowner: o\r\nreviewed: 2026-11-01\r\nreview_by: 2027-11-01\r\n---\r\nstatus: published\r\n";
        let draft = with_status(file, Status::Draft).unwrap();
        assert_eq!(draft, file.replacen("status:   published", "status: draft", 1));
        assert_eq!(with_status(file, Status::Published).unwrap(), file);
    }
}
