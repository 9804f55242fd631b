//! Shapes that pages and the API share: links to articles, passages with marks, suggestions.
//!
//! In: what the engine found. Out: plain values in the reader's language. Everything here is about
//! one reader; what that reader may not see is left out.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::Snapshot;
use crate::id::ArticleId;
use crate::index::snippet::Snippet;
use crate::kb::Article;
use crate::kb::library::{Library, Reader};

use super::language::PageLang;

/// The path of an article's page.
pub fn article_path(lang: PageLang, slug: &str) -> String {
    format!("/{}/articles/{slug}", lang.path())
}

/// A piece of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// Whether it is what matched.
    pub mark: bool,
}

/// A passage cut at its marks, in the reader's characters.
pub fn parts(snippet: &Snippet, lang: PageLang) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (at, c) in snippet.text.chars().enumerate() {
        let mark = snippet.highlights.iter().any(|range| range.contains(&at));
        match parts.last_mut().filter(|part| part.mark == mark) {
            Some(part) => part.text.push(c),
            None => parts.push(Part { text: c.to_string(), mark }),
        }
    }
    for part in &mut parts {
        part.text = lang.say(&part.text).into_owned();
    }
    parts
}

/// A link to an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The article's id.
    pub article: String,
    /// Its page.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its summary.
    pub summary: String,
    /// The language tag of both, if it is not that of the page.
    pub tag: Option<&'static str>,
}

impl Link {
    /// A link to an article from a page in `lang`.
    pub fn new(article: &Article, lang: PageLang) -> Link {
        let shown = lang.showing(article.lang);
        Link {
            article: article.id.to_string(),
            url: article_path(lang, article.id.as_str()),
            title: shown.say(&article.meta.title).into_owned(),
            summary: shown.say(&article.meta.summary).into_owned(),
            tag: (shown != lang).then(|| shown.tag()),
        }
    }

    /// A link to an article by its id, if the reader may see it.
    pub fn find(snapshot: &Snapshot, id: &str, lang: PageLang, reader: Reader) -> Option<Link> {
        Link::find_in(&snapshot.library, id, lang, reader)
    }

    /// The same in a library that nobody serves.
    pub fn find_in(library: &Library, id: &str, lang: PageLang, reader: Reader) -> Option<Link> {
        let id: ArticleId = id.parse().ok()?;
        let article = library.article(&id, lang.article_lang(), reader)?;
        Some(Link::new(article, lang))
    }
}
