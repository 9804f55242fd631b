//! One language version by itself: lengths, dates, questions, reply, headings, tables.

use crate::kb::article::Article;
use crate::kb::front_matter::PLACEHOLDERS;
use crate::kb::markdown::BlockKind;
use crate::lang::Lang;
use crate::text::han::is_han;
use crate::time::Date;

use super::place::{Findings, body_line, key_line, value_line};

/// Fewer ways to ask leave matching too little to learn from; more are mostly the same words again.
const QUESTIONS: std::ops::RangeInclusive<usize> = 6..=12;

pub(super) fn check(findings: &mut Findings<'_>, today: Date) {
    head_lengths(findings);
    questions(findings);
    dates(findings, today);
    reply(findings);
    body_length(findings);
    raw_html(findings);
    headings(findings);
    tables(findings);
}

/// What fits on one line of a phone's result list, and in the two lines below it.
fn head_lengths(findings: &mut Findings<'_>) {
    let article = findings.article;
    let (title_max, summary_max) = match article.lang {
        Lang::En => (70, 200),
        Lang::Zh => (32, 90),
    };
    let parts = [
        ("title", &article.meta.title, title_max),
        ("summary", &article.meta.summary, summary_max),
    ];
    for (key, text, max) in parts {
        let length = length(article.lang, text);
        let line = key_line(article, key);
        if length > max {
            let message = format!("the {key} has {length} characters, more than {max}");
            findings.warning(line, message, "shorten it, so that lists show it whole");
        }
        if text.trim().is_empty() {
            findings.warning(
                line,
                format!("the {key} is empty"),
                "write one sentence that answers",
            );
        }
    }
}

/// Characters of a text; Chinese punctuation takes no room of its own in the count.
fn length(lang: Lang, text: &str) -> usize {
    match lang {
        Lang::En => text.trim().chars().count(),
        Lang::Zh => text.chars().filter(|c| c.is_alphanumeric()).count(),
    }
}

fn questions(findings: &mut Findings<'_>) {
    let article = findings.article;
    let count = article.meta.questions.len();
    if !QUESTIONS.contains(&count) {
        let (min, max) = (QUESTIONS.start(), QUESTIONS.end());
        let message = format!("{count} questions, should be {min} to {max}");
        let help = "write the different ways in which users ask this, from real tickets";
        findings.warning(key_line(article, "questions"), message, help);
    }
}

fn dates(findings: &mut Findings<'_>, today: Date) {
    let article = findings.article;
    let (reviewed, review_by) = (article.meta.reviewed, article.meta.review_by);
    if review_by < today {
        let message = format!("the review was due on {review_by}");
        let help = "read the article against the product, then set `reviewed` and `review_by`";
        findings.warning(key_line(article, "review_by"), message, help);
    }
    if reviewed > today {
        let message = format!("`reviewed` is {reviewed}, a day that is still to come");
        findings.warning(
            key_line(article, "reviewed"),
            message,
            "write the day of the last review",
        );
    }
}

fn reply(findings: &mut Findings<'_>) {
    let article = findings.article;
    let reply = &article.meta.reply;
    if reply.trim().is_empty() {
        let help = "write what an agent can paste, beginning with `{{name}}`";
        findings.warning(key_line(article, "reply"), "there is no reply", help);
    }
    for part in reply.split("{{").skip(1) {
        let Some((name, _)) = part.split_once("}}") else {
            let start: String = part.chars().take_while(|c| !c.is_whitespace()).take(20).collect();
            let line = value_line(article, "reply", &format!("{{{{{start}"));
            let message = format!("the placeholder `{{{{{start}` is never closed");
            findings.error(line, message, "close it with `}}`");
            continue;
        };
        if !PLACEHOLDERS.contains(&name.trim()) {
            let line = value_line(article, "reply", &format!("{{{{{name}}}}}"));
            let message = format!("unknown placeholder `{{{{{}}}}}`", name.trim());
            let help = format!("use one of {}", PLACEHOLDERS.join(", "));
            findings.error(line, message, &help);
        }
    }
}

/// The length that the standard asks for, with a quarter more room at either end: a reader notices
/// twice the length, not ten words. Runbooks carry forms and messages to send.
fn body_length(findings: &mut Findings<'_>) {
    let article = findings.article;
    let (count, min, max, unit) = match (article.lang, article.is_runbook()) {
        (Lang::En, false) => (words(article), 188, 750, "words"),
        (Lang::En, true) => (words(article), 188, 1600, "words"),
        (Lang::Zh, false) => (han_characters(article), 300, 1125, "Chinese characters"),
        (Lang::Zh, true) => (han_characters(article), 300, 2400, "Chinese characters"),
    };
    let help = if count < min {
        "say what happens and why, the steps, how long it takes, and when to contact support"
    } else if count > max {
        "split off the part that answers another question, and link to it"
    } else {
        return;
    };
    let message = format!("the body has {count} {unit}, should be {min} to {max}");
    findings.warning(article.body_line, message, help);
}

fn words(article: &Article) -> usize {
    let has_letter = |word: &&str| word.chars().any(|c| c.is_ascii_alphanumeric());
    article.body.blocks.iter().flat_map(|b| b.text.split_whitespace()).filter(has_letter).count()
}

fn han_characters(article: &Article) -> usize {
    article.body.blocks.iter().flat_map(|b| b.text.chars()).filter(|c| is_han(*c)).count()
}

fn raw_html(findings: &mut Findings<'_>) {
    let mut lines = findings.article.body.raw_html.clone();
    lines.dedup();
    for line in lines {
        let help = "write it in Markdown; put a `<name>` that is meant as text in backticks";
        let line = body_line(findings.article, line);
        findings.error(line, "raw HTML, which readers never get to see", help);
    }
}

/// The title is level 1, so that a body begins at level 2 and goes down one level at a time.
fn headings(findings: &mut Findings<'_>) {
    let article = findings.article;
    let mut before = 1;
    for heading in &article.body.headings {
        let line = body_line(article, heading.line);
        let text = &heading.text;
        if heading.level == 1 {
            let message = format!("heading `{text}` has level 1, which is the title's");
            findings.warning(line, message, "begin it with `##`");
        } else if heading.level > before + 1 {
            let message =
                format!("heading `{text}` jumps from level {before} to level {}", heading.level);
            findings.warning(line, message, "go down one level at a time: `##`, then `###`");
        }
        before = heading.level;
    }
}

/// A table whose first line is no header is shown as a paragraph of bars, or read out by screen
/// readers without the names of its columns.
fn tables(findings: &mut Findings<'_>) {
    let article = findings.article;
    let help = "begin the table with a row of column names and a line of dashes";
    let row_lines: Vec<usize> = of_kind(article, BlockKind::Row);
    let mut fenced = false;
    let mut in_table = false;
    for (index, line) in article.source.lines().enumerate() {
        let text = line.trim_start_matches(['>', ' ']);
        fenced ^= text.starts_with("```") || text.starts_with("~~~");
        let is_row = !fenced && text.starts_with('|');
        if is_row && !in_table {
            let at = index + 1;
            let nameless = !text.chars().any(char::is_alphanumeric);
            if nameless || !row_lines.contains(&at) {
                findings.warning(body_line(article, at), "a table without a header", help);
            }
        }
        in_table = is_row;
    }
}

fn of_kind(article: &Article, kind: BlockKind) -> Vec<usize> {
    article.body.blocks.iter().filter(|b| b.kind == kind).map(|b| b.line).collect()
}
