//! An article in one language: a file that parsed.

use crate::id::ArticleId;
use crate::lang::Lang;

use super::front_matter::{self, Audience, FrontMatter, Kind, Problem, Status};
use super::markdown::{self, Rendered};

/// One language version of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its id, shared with its twin in the other language.
    pub id: ArticleId,
    /// The section's id: the name of the folder.
    pub section: String,
    /// The language that it is written in.
    pub lang: Lang,
    /// What it says about itself.
    pub meta: FrontMatter,
    /// The front matter as written; it begins at the second line of the file.
    pub yaml: String,
    /// Its body as Markdown.
    pub source: String,
    /// Its body, rendered.
    pub body: Rendered,
    /// The line of the file at which the body begins.
    pub body_line: usize,
    /// A hash of the whole file.
    pub hash: blake3::Hash,
}

impl Article {
    /// Parses a file.
    pub fn parse(id: ArticleId, section: &str, lang: Lang, file: &str) -> Result<Article, Problem> {
        let split = front_matter::split(file)?;
        let meta = front_matter::parse(split.yaml)?;
        if meta.title.trim().is_empty() {
            return Err((2, "the title is empty".into(), "say what the article answers".into()));
        }
        let body = markdown::render(split.body, |slug| url(lang, slug));
        Ok(Article {
            id,
            section: section.to_owned(),
            lang,
            meta,
            yaml: split.yaml.to_owned(),
            source: split.body.to_owned(),
            body,
            body_line: split.body_line,
            hash: blake3::hash(file.as_bytes()),
        })
    }

    /// Returns true if and only if end users may read it.
    pub fn is_public(&self) -> bool {
        self.meta.audience == Audience::Public && self.meta.status == Status::Published
    }

    /// Returns true if and only if it is published, for whichever audience.
    pub fn is_published(&self) -> bool {
        self.meta.status == Status::Published
    }

    /// Returns true if and only if it is a procedure for staff.
    pub fn is_runbook(&self) -> bool {
        self.meta.kind == Kind::Runbook
    }

    /// The path of its page.
    pub fn url(&self) -> String {
        url(self.lang, self.id.as_str())
    }
}

/// The path of an article's page in a language.
pub fn url(lang: Lang, slug: &str) -> String {
    format!("/{lang}/articles/{slug}")
}
