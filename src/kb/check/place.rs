//! Places: where in which file a part of an article stands, and the texts that readers see.

use std::path::PathBuf;

use crate::kb::article::Article;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::markdown::BlockKind;
use crate::lang::Lang;

/// The file of one language version, relative to the knowledge base.
pub(super) fn file(article: &Article) -> PathBuf {
    file_in(article, article.lang)
}

/// The file of the version in `lang`, whether or not there is one.
pub(super) fn file_in(article: &Article, lang: Lang) -> PathBuf {
    PathBuf::from(&article.section).join(article.id.as_str()).join(format!("{lang}.md"))
}

/// The line of the file on which line `line` of the body stands.
pub(super) fn body_line(article: &Article, line: usize) -> usize {
    article.body_line + line.saturating_sub(1)
}

/// The line of a front matter key; 0 if the key is not written.
pub(super) fn key_line(article: &Article, key: &str) -> usize {
    // The front matter begins on the second line of the file.
    key_index(&article.yaml, key).map_or(0, |index| index + 2)
}

/// The line of a front matter key's value that holds `part`; the line of the key if none does, as
/// where YAML quotes it otherwise.
pub(super) fn value_line(article: &Article, key: &str, part: &str) -> usize {
    let Some(first) = key_index(&article.yaml, key) else { return 0 };
    let mut lines = article.yaml.lines().enumerate().skip(first);
    let own = lines.next();
    let following = lines.take_while(|(_, l)| !is_key(l));
    let found = own.into_iter().chain(following).find(|(_, line)| line.contains(part));
    found.map_or(first, |(index, _)| index) + 2
}

fn key_index(yaml: &str, key: &str) -> Option<usize> {
    yaml.lines().position(|l| l.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')))
}

/// Keys stand at the left edge; their items and text are indented or dashed.
fn is_key(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// A piece of text that a reader gets to see.
pub(super) struct Passage<'a> {
    /// The text without markup.
    pub(super) text: &'a str,
    /// Its line in the file.
    pub(super) line: usize,
    /// True if and only if it is preformatted: a form or a message to copy.
    pub(super) is_code: bool,
}

/// Title, summary, body and reply, in this order. The `questions` are left out: they are the
/// users' words, not ours.
pub(super) fn passages(article: &Article) -> Vec<Passage<'_>> {
    let prose = |text, line| Passage { text, line, is_code: false };
    let meta = &article.meta;
    let mut passages = vec![
        prose(meta.title.as_str(), key_line(article, "title")),
        prose(meta.summary.as_str(), key_line(article, "summary")),
    ];
    passages.extend(article.body.blocks.iter().map(|block| Passage {
        text: &block.text,
        line: body_line(article, block.line),
        is_code: block.kind == BlockKind::Code,
    }));
    let reply = meta.reply.lines().map(str::trim).filter(|l| !l.is_empty());
    passages.extend(reply.map(|l| prose(l, value_line(article, "reply", l))));
    passages
}

/// The problems of one language version, with its file filled in.
pub(super) struct Findings<'a> {
    pub(super) article: &'a Article,
    pub(super) all: &'a mut Vec<Diagnostic>,
}

impl Findings<'_> {
    pub(super) fn error(&mut self, line: usize, message: impl Into<String>, help: &str) {
        self.all.push(Diagnostic::error(file(self.article), line, message, help));
    }

    pub(super) fn warning(&mut self, line: usize, message: impl Into<String>, help: &str) {
        self.all.push(Diagnostic::warning(file(self.article), line, message, help));
    }
}
