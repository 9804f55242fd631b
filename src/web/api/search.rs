//! `GET /api/v1/search`: articles for what a reader types. `zhinan search --json` prints the same.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::index::search::{Found, Hit, QUERY_BYTES_MAX, RESULTS_MAX, Wanted};
use crate::kb::library::Reader;
use crate::lang::TextLang;
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::state::Shared;
use crate::web::view::{self, article_path};

use super::Params;

/// How many results there are if nobody says.
const LIMIT_DEFAULT: usize = 10;

/// What can be asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// What to search for, at most 2,000 bytes.
    #[serde(default)]
    pub q: String,
    /// The reader's language: en, zh or zh-Hant; by default that of the query.
    pub lang: Option<String>,
    /// The most results, 1 to 50; by default 10.
    pub limit: Option<String>,
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchAnswer {
    /// The query as it was understood, without secrets.
    pub query: String,
    /// Articles, best first.
    pub results: Vec<SearchResult>,
    /// Another spelling that finds something, if this one finds nothing.
    pub did_you_mean: Option<String>,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SearchResult {
    /// Its id.
    pub article: String,
    /// The language in which it is shown: en, zh or zh-Hant.
    pub lang: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// The passage that fits best.
    pub snippet: String,
    /// What matched in it, as ranges of characters.
    pub highlights: Vec<[usize; 2]>,
    /// Whether the reader has this article in the other language only.
    pub other_language: bool,
}

/// What was found, for a reader of `lang`. `query` must be redacted.
pub fn answer(query: &str, found: &Found, lang: PageLang) -> SearchAnswer {
    let results = found.hits.iter().map(|hit| result(hit, lang)).collect();
    SearchAnswer { query: query.to_owned(), results, did_you_mean: found.did_you_mean.clone() }
}

fn result(hit: &Hit, lang: PageLang) -> SearchResult {
    let shown = lang.showing(hit.article.lang);
    let mut snippet = String::new();
    let mut highlights = Vec::new();
    let mut at = 0;
    for part in view::parts(&hit.snippet, shown) {
        let end = at + part.text.chars().count();
        if part.mark {
            highlights.push([at, end]);
        }
        snippet.push_str(&part.text);
        at = end;
    }
    SearchResult {
        article: hit.article.id.to_string(),
        lang: shown.code().to_owned(),
        title: shown.say(&hit.article.meta.title).into_owned(),
        url: article_path(lang, hit.article.id.as_str()),
        snippet,
        highlights,
        other_language: hit.other_language,
    }
}

/// Search the public articles.
#[utoipa::path(get, path = "/api/v1/search", params(SearchParams), responses(
    (status = 200, body = SearchAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn get(
    State(app): State<Shared>,
    Params(params): Params<SearchParams>,
) -> Result<Json<SearchAnswer>, Problem> {
    let (lang, limit) = checked(&params)?;
    app.blocking(move |_, engine| {
        let query = engine.redact(&params.q).clean_text;
        let lang =
            lang.unwrap_or_else(|| engine.snapshot().library.analyser.analyse(&query).lang.into());
        let found =
            engine.search(Reader::Public, &query, lang.article_lang(), Wanted::best(limit))?;
        Ok(Json(answer(&query, &found, lang)))
    })
    .await
}

fn checked(params: &SearchParams) -> Result<(Option<PageLang>, usize), Problem> {
    if params.q.len() > QUERY_BYTES_MAX {
        let detail =
            format!("`q` has more than {QUERY_BYTES_MAX} bytes; use /api/v1/suggest for texts");
        return Err(Problem::bad_request(detail));
    }
    let lang = match params.lang.as_deref() {
        None | Some("") => None,
        Some(code) => match code.parse() {
            Ok(lang @ (TextLang::En | TextLang::Zh | TextLang::ZhHant)) => Some(lang.into()),
            _ => return Err(Problem::bad_request("`lang` must be en, zh or zh-Hant")),
        },
    };
    let limit = match params.limit.as_deref() {
        None | Some("") => LIMIT_DEFAULT,
        Some(text) => match text.parse() {
            Ok(limit) if (1..=RESULTS_MAX).contains(&limit) => limit,
            _ => {
                let detail = format!("`limit` must be a number from 1 to {RESULTS_MAX}");
                return Err(Problem::bad_request(detail));
            }
        },
    };
    Ok((lang, limit))
}
