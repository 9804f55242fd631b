//! Search: a reader's words in, ranked articles with snippets out.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use tantivy::collector::TopDocs;
use tantivy::schema::Value;
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyDocument};

use crate::id::ArticleId;
use crate::kb::Article;
use crate::kb::library::{Library, Reader};
use crate::lang::Lang;
use crate::text::Analysis;

use super::IndexError;
use super::query::SearchQuery;
use super::schema::Fields;
use super::snippet::{Passages, Snippet};
use super::spell::Vocabulary;
use super::translated::Translated;

/// The most results of one search.
pub const RESULTS_MAX: usize = 50;
/// Articles below this share of the best score are left out: they share a word by chance.
const TAIL_SHARE: f32 = 0.2;
/// The longest query that is read, in bytes; the rest is cut off.
pub const QUERY_BYTES_MAX: usize = 2000;

/// One article that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The version shown: in the reader's language where there is one.
    pub article: Arc<Article>,
    /// The relevance; comparable within one answer only.
    pub score: f32,
    /// The passage that fits best.
    pub snippet: Snippet,
    /// Whether the reader has it in the other language only.
    pub other_language: bool,
}

/// The answer to a search.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Articles, best first.
    pub hits: Vec<Hit>,
    /// Another spelling that finds something, if this one finds nothing.
    pub did_you_mean: Option<String>,
}

/// A searchable index for one kind of reader.
pub struct SearchIndex {
    reader: Reader,
    fields: Fields,
    index: IndexReader,
    vocabulary: Vocabulary,
    /// Read when an article is first found.
    passages: FxHashMap<(ArticleId, Lang), OnceLock<Passages>>,
}

impl SearchIndex {
    /// Wraps an index that was built from `library` for `reader`.
    pub fn new(index: &Index, library: &Library, reader: Reader) -> Result<Self, IndexError> {
        let index = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let vocabulary = Vocabulary::new(library, reader);
        let visible = library.visible(reader);
        let places = visible.flat_map(|id| Lang::ALL.map(|lang| (id.clone(), lang)));
        let passages = places.map(|place| (place, OnceLock::new())).collect();
        Ok(SearchIndex { reader, fields: Fields::default(), index, vocabulary, passages })
    }

    /// The passage of an article that fits a query best.
    pub fn passage(&self, library: &Library, article: &Article, query: &SearchQuery) -> Snippet {
        let read = || Passages::new(&library.analyser, article);
        match self.passages.get(&(article.id.clone(), article.lang)) {
            Some(kept) => kept.get_or_init(read).best(query),
            None => read().best(query),
        }
    }

    /// Searches for what `text` says. At most `limit` articles, each once.
    pub fn search(
        &self,
        library: &Library,
        text: &str,
        lang: Lang,
        limit: usize,
    ) -> Result<Found, IndexError> {
        let analysis = library.analyser.analyse(bounded(text));
        let hits = self.hits(library, &analysis, lang, limit)?;
        let did_you_mean = if hits.is_empty() {
            self.vocabulary.correct(&analysis).filter(|other| {
                let analysis = library.analyser.analyse(other);
                self.hits(library, &analysis, lang, 1).is_ok_and(|hits| !hits.is_empty())
            })
        } else {
            None
        };
        Ok(Found { hits, did_you_mean })
    }

    /// An article that was found in another way, as a hit for what `text` says; `None` if this
    /// reader may not see it.
    pub fn hit(&self, library: &Library, id: &ArticleId, text: &str, lang: Lang) -> Option<Hit> {
        let analysis = library.analyser.analyse(bounded(text));
        let query = SearchQuery::new(&library.analyser, &analysis);
        let article = library.article(id, lang, self.reader)?.clone();
        let snippet = self.passage(library, &article, &query);
        let other_language = article.lang != lang;
        Some(Hit { article, score: 0.0, snippet, other_language })
    }

    fn hits(
        &self,
        library: &Library,
        analysis: &Analysis,
        lang: Lang,
        limit: usize,
    ) -> Result<Vec<Hit>, IndexError> {
        let mut query = SearchQuery::new(&library.analyser, analysis);
        query.complete(&library.analyser, &self.vocabulary.completions(analysis));
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let other = lang.other();
        let translated = library.analyser.bilingual().map(|l| Translated::new(l, &query, other));
        let ranked = self.ranked(&query, translated.as_ref(), lang, limit.min(RESULTS_MAX))?;
        let mut in_other = query.clone();
        in_other.bridged.extend(translated.into_iter().flat_map(|t| t.words).map(|(w, _)| w));
        let hit = |(id, score): (ArticleId, f32)| {
            let article = library.article(&id, lang, self.reader)?.clone();
            let other_language = article.lang != lang;
            let wanted = if other_language { &in_other } else { &query };
            let snippet = self.passage(library, &article, wanted);
            Some(Hit { article, score, snippet, other_language })
        };
        Ok(ranked.into_iter().filter_map(hit).collect())
    }

    fn ranked(
        &self,
        query: &SearchQuery,
        translated: Option<&Translated>,
        lang: Lang,
        limit: usize,
    ) -> Result<Vec<(ArticleId, f32)>, IndexError> {
        let searcher = self.index.searcher();
        // Two documents, one for each language, can stand for the same article.
        let top = TopDocs::with_limit(limit.max(1) * 2 + 8).order_by_score();
        let mut best: FxHashMap<String, f32> = FxHashMap::default();
        let mut found = searcher.search(&*query.to_tantivy(&self.fields), &top)?;
        if let Some(translated) = translated.filter(|t| !t.words.is_empty()) {
            let query = translated.to_tantivy(&self.fields, lang.other());
            found.extend(searcher.search(&*query, &top)?);
        }
        for (score, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let text =
                |field| document.get_first(field).and_then(|v| v.as_str()).unwrap_or_default();
            // Readers understand the passage that made the match only in their own language.
            let own = if text(self.fields.lang) == lang.code() { 1.1 } else { 1.0 };
            let known = best.entry(text(self.fields.id).to_owned()).or_insert(0.0);
            *known = known.max(score * own);
        }
        let mut ranked: Vec<(ArticleId, f32)> =
            best.into_iter().filter_map(|(id, score)| Some((id.parse().ok()?, score))).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let least = ranked.first().map_or(0.0, |(_, score)| score * TAIL_SHARE);
        ranked.retain(|(_, score)| *score >= least);
        ranked.truncate(limit);
        Ok(ranked)
    }
}

/// The beginning of a query that is too long, cut at a character border.
fn bounded(text: &str) -> &str {
    let end = (0..=QUERY_BYTES_MAX.min(text.len())).rev().find(|&i| text.is_char_boundary(i));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}
