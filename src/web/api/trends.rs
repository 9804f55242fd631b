//! `GET /api/v1/trends`: which public articles people needed most.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::engine::{EngineError, Snapshot};
use crate::events::store::IssueCount;
use crate::kb::library::Reader;
use crate::time::now;
use crate::trends::window;
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::state::Shared;
use crate::web::view::Link;

use super::Params;

/// How many articles are listed.
const ARTICLES_MAX: usize = 50;

/// What can be asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrendsParams {
    /// Hours (24h), days (7d) or a time in RFC 3339; by default 7d.
    pub since: Option<String>,
    /// The language of the titles: en, zh or zh-Hant; by default en.
    pub lang: Option<String>,
}

/// Which articles people needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Trends {
    /// The begin of the window.
    pub since: String,
    /// Its end.
    pub until: String,
    /// Articles, those with the most tickets first.
    pub articles: Vec<NeededArticle>,
}

/// An article and its tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NeededArticle {
    /// Its id.
    pub article: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// Tickets whose best suggestion it was.
    pub tickets: u64,
    /// When the first of them came.
    pub first: String,
    /// When the last of them came.
    pub last: String,
}

/// The public articles among `counts`, those with the most tickets first.
pub fn needed(snapshot: &Snapshot, counts: &[IssueCount], lang: PageLang) -> Vec<NeededArticle> {
    let article = |count: &IssueCount| {
        let id = count.article.as_ref()?;
        let link = Link::find(snapshot, id.as_str(), lang, Reader::Public)?;
        Some(NeededArticle {
            article: link.article,
            title: link.title,
            url: link.url,
            tickets: count.tickets,
            first: count.first.to_string(),
            last: count.last.to_string(),
        })
    };
    counts.iter().filter_map(article).take(ARTICLES_MAX).collect()
}

/// Say which public articles people needed most.
#[utoipa::path(get, path = "/api/v1/trends", params(TrendsParams), responses(
    (status = 200, body = Trends),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn get(
    State(app): State<Shared>,
    Params(params): Params<TrendsParams>,
) -> Result<Json<Trends>, Problem> {
    let until = now();
    let since = window::since(params.since.as_deref().unwrap_or("7d"), until)
        .map_err(|error| Problem::bad_request(format!("`since`: {error}")))?;
    let lang = match params.lang.as_deref() {
        None | Some("en") => PageLang::En,
        Some("zh") => PageLang::Zh,
        Some("zh-Hant") => PageLang::ZhHant,
        Some(_) => return Err(Problem::bad_request("`lang` must be en, zh or zh-Hant")),
    };
    app.blocking(move |_, engine| {
        let counts = engine.store().issue_counts(since, until).map_err(EngineError::from)?;
        let articles = needed(&engine.snapshot(), &counts, lang);
        Ok(Json(Trends { since: since.to_string(), until: until.to_string(), articles }))
    })
    .await
}
