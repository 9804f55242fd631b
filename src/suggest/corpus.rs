//! The corpus: what there is to match against, whatever it was made from.
//!
//! In: a library and the phrasings that were confirmed, or a plain list of documents (evaluation
//! sets). Out: documents with the texts that speak for each. Nothing that says what an article is
//! *not* may enter here: it would speak for the wrong problem.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::encoder::memo::Memo;
use crate::id::ArticleId;
use crate::kb::Article;
use crate::kb::library::{Library, Reader};
use crate::kb::markdown::BlockKind;
use crate::lang::Lang;

/// A part of a document that speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The title.
    Title,
    /// The phrasings that its author wrote.
    Questions,
    /// The headings of its body.
    Headings,
    /// Summary and body.
    Body,
    /// Keywords.
    Tags,
}

impl Field {
    /// All fields.
    pub const ALL: [Field; 5] =
        [Field::Title, Field::Questions, Field::Headings, Field::Body, Field::Tags];
}

/// A document in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// The texts of each field.
    pub texts: BTreeMap<Field, Vec<String>>,
}

impl View {
    fn of(article: &Article) -> View {
        let meta = &article.meta;
        let body = article.body.blocks.iter().filter(|b| b.kind != BlockKind::Heading);
        let body = std::iter::once(meta.summary.clone()).chain(body.map(|b| b.text.clone()));
        View {
            texts: BTreeMap::from([
                (Field::Title, vec![meta.title.clone()]),
                (Field::Questions, meta.questions.clone()),
                (Field::Headings, article.body.headings.iter().map(|h| h.text.clone()).collect()),
                (Field::Body, body.collect()),
                (Field::Tags, meta.tags.clone()),
            ]),
        }
    }
}

/// Something that can be suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id: an article's slug, or the document id of an evaluation set.
    pub id: String,
    /// Its language versions.
    pub views: BTreeMap<Lang, View>,
    /// Tickets that were confirmed for it (redacted), in a fixed order.
    pub phrasings: Vec<String>,
    /// How many of the phrasings, from the first, this reader may be shown as a reason: what a
    /// customer wrote is for staff alone.
    pub quotable: usize,
    /// Tickets that it does not answer, though it was suggested for them.
    pub rejected: Vec<String>,
}

/// What people said about tickets and articles, beside the knowledge base itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Tickets that were confirmed for an article.
    pub confirmed: Vec<(String, ArticleId)>,
    /// Tickets for which an article was said to be wrong.
    pub rejected: Vec<(String, ArticleId)>,
}

/// Everything to match against, in the order of ids.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// The documents, sorted by id.
    pub documents: Vec<Document>,
    /// The sentence encoder with what it knows of the documents; `None` compares words alone.
    pub memo: Option<Arc<Memo>>,
}

impl Corpus {
    /// The corpus with a sentence encoder.
    #[must_use]
    pub fn with_memo(self, memo: Option<Arc<Memo>>) -> Corpus {
        Corpus { memo, ..self }
    }

    /// The articles that `reader` may see, with the phrasings of the knowledge base and what was
    /// said since.
    pub fn of_library(library: &Library, reader: Reader, said: &Said) -> Corpus {
        let document = |id: &ArticleId| {
            let pair = library.pairs.get(id);
            let versions = pair.into_iter().flat_map(super::super::kb::library::Pair::versions);
            let views =
                versions.filter(|a| reader.may_read(a)).map(|a| (a.lang, View::of(a))).collect();
            let own = library.phrasings.iter().filter(|p| p.article == id.as_str());
            let own: Vec<String> = own.map(|p| p.text.clone()).collect();
            let quotable = if reader == Reader::Staff { usize::MAX } else { own.len() };
            Document {
                id: id.to_string(),
                views,
                phrasings: own.into_iter().chain(of(&said.confirmed, id)).collect(),
                quotable,
                rejected: of(&said.rejected, id).collect(),
            }
        };
        Corpus { documents: library.visible(reader).map(document).collect(), memo: None }
    }

    /// The same documents before anybody confirmed or rejected anything.
    #[must_use]
    pub fn untaught(&self) -> Corpus {
        let untaught =
            |d: &Document| Document { phrasings: Vec::new(), rejected: Vec::new(), ..d.clone() };
        let documents = self.documents.iter().map(untaught).collect();
        Corpus { documents, memo: self.memo.clone() }
    }
}

fn of<'a>(said: &'a [(String, ArticleId)], id: &'a ArticleId) -> impl Iterator<Item = String> {
    said.iter().filter(move |(_, article)| article == id).map(|(text, _)| text.clone())
}
