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

/// How much of what is found is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The most articles that are shown with a passage.
    pub limit: usize,
    /// The section that they must be in; without effect if nothing is found there.
    pub section: Option<&'a str>,
    /// How many articles are looked at in all, at most [`RESULTS_MAX`].
    pub counted: usize,
}

impl Wanted<'_> {
    /// The best `limit` articles of any section, and no others.
    pub fn best(limit: usize) -> Wanted<'static> {
        Wanted { limit, section: None, counted: limit }
    }
}

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
    /// What was found besides, best first: beyond the limit, or in another section.
    pub besides: Vec<Arc<Article>>,
    /// Another spelling that finds something, if this one finds nothing.
    pub did_you_mean: Option<String>,
}

/// A searchable index for one kind of reader.
pub struct SearchIndex {
    reader: Reader,
    fields: Fields,
    index: IndexReader,
    /// Whose each document is, by segment and number: reading that from the index for every
    /// search would cost more than the search.
    owners: Vec<Vec<(ArticleId, Lang)>>,
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
        let fields = Fields::default();
        let owners = owners(&index, &fields)?;
        Ok(SearchIndex { reader, fields, index, owners, vocabulary, passages })
    }

    /// The passage of an article that fits a query best.
    pub fn passage(&self, library: &Library, article: &Article, query: &SearchQuery) -> Snippet {
        let read = || Passages::new(&library.analyser, article);
        match self.passages.get(&(article.id.clone(), article.lang)) {
            Some(kept) => kept.get_or_init(read).best(query),
            None => read().best(query),
        }
    }

    /// Searches for what `text` says. Each article is found once.
    pub fn search(
        &self,
        library: &Library,
        text: &str,
        lang: Lang,
        wanted: Wanted<'_>,
    ) -> Result<Found, IndexError> {
        let analysis = library.analyser.analyse(bounded(text));
        let mut found = self.found(library, &analysis, lang, wanted)?;
        if found.hits.is_empty() {
            found.did_you_mean = self.vocabulary.correct(&analysis).filter(|other| {
                let analysis = library.analyser.analyse(other);
                let first = self.found(library, &analysis, lang, Wanted::best(1));
                first.is_ok_and(|found| !found.hits.is_empty())
            });
        }
        Ok(found)
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

    fn found(
        &self,
        library: &Library,
        analysis: &Analysis,
        lang: Lang,
        wanted: Wanted<'_>,
    ) -> Result<Found, IndexError> {
        let mut query = SearchQuery::new(&library.analyser, analysis);
        query.complete(&library.analyser, &self.vocabulary.completions(analysis));
        if query.is_empty() {
            return Ok(Found::default());
        }
        let other = lang.other();
        let translated = library.analyser.bilingual().map(|l| Translated::new(l, &query, other));
        let counted = wanted.counted.min(RESULTS_MAX);
        let ranked = self.ranked(&query, translated.as_ref(), lang, counted)?;
        let article = |(id, score): (ArticleId, f32)| {
            Some((library.article(&id, lang, self.reader)?.clone(), score))
        };
        let ranked: Vec<(Arc<Article>, f32)> = ranked.into_iter().filter_map(article).collect();
        let inside = |article: &Article| wanted.section.is_none_or(|s| article.section == s);
        let filtered = ranked.iter().any(|(article, _)| inside(article));
        let mut in_other = query.clone();
        in_other.bridged.extend(translated.into_iter().flat_map(|t| t.words).map(|(w, _)| w));
        let mut found = Found::default();
        for (article, score) in ranked {
            if found.hits.len() >= wanted.limit || filtered && !inside(&article) {
                found.besides.push(article);
                continue;
            }
            let other_language = article.lang != lang;
            let query = if other_language { &in_other } else { &query };
            let snippet = self.passage(library, &article, query);
            found.hits.push(Hit { article, score, snippet, other_language });
        }
        Ok(found)
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
        let mut best: FxHashMap<&ArticleId, f32> = FxHashMap::default();
        let mut found = searcher.search(&*query.to_tantivy(&self.fields), &top)?;
        if let Some(translated) = translated.filter(|t| !t.words.is_empty()) {
            let query = translated.to_tantivy(&self.fields, lang.other());
            found.extend(searcher.search(&*query, &top)?);
        }
        for (score, address) in found {
            let segment = self.owners.get(address.segment_ord as usize);
            let owner = segment.and_then(|segment| segment.get(address.doc_id as usize));
            let Some((id, written)) = owner else { continue };
            // Readers understand the passage that made the match only in their own language.
            let own = if *written == lang { 1.1 } else { 1.0 };
            let known = best.entry(id).or_insert(0.0);
            *known = known.max(score * own);
        }
        let mut ranked: Vec<(ArticleId, f32)> =
            best.into_iter().map(|(id, score)| (id.clone(), score)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let least = ranked.first().map_or(0.0, |(_, score)| score * TAIL_SHARE);
        ranked.retain(|(_, score)| *score >= least);
        ranked.truncate(limit);
        Ok(ranked)
    }
}

/// Whose each document of an index is. An index is written once, so nothing in it is deleted.
fn owners(index: &IndexReader, fields: &Fields) -> Result<Vec<Vec<(ArticleId, Lang)>>, IndexError> {
    let searcher = index.searcher();
    let mut owners = Vec::new();
    for segment in searcher.segment_readers() {
        let store = segment.get_store_reader(1).map_err(tantivy::TantivyError::from)?;
        let owner = |number| {
            let document: TantivyDocument = store.get(number)?;
            let text =
                |field| document.get_first(field).and_then(|v| v.as_str()).unwrap_or_default();
            let lang = Lang::ALL.into_iter().find(|lang| text(fields.lang) == lang.code());
            let named = text(fields.id).parse().ok().zip(lang);
            named.ok_or_else(|| IndexError::Unnamed(text(fields.id).to_owned()))
        };
        owners.push((0..segment.max_doc()).map(owner).collect::<Result<_, _>>()?);
    }
    Ok(owners)
}

/// The beginning of a query that is too long, cut at a character border.
fn bounded(text: &str) -> &str {
    let end = (0..=QUERY_BYTES_MAX.min(text.len())).rev().find(|&i| text.is_char_boundary(i));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}
