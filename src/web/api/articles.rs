//! `/api/v1/staff/articles/{id}`: an article's two files, read and published by programs. Scope `kb`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ETAG, IF_MATCH};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::Engine;
use crate::id::ArticleId;
use crate::studio::Texts;
use crate::studio::git::Committed;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::staff::with_status;
use crate::web::state::{App, Shared};
use crate::web::studio::{self, Refused, Wanted};

use super::Strict;

/// An article's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArticleFiles {
    /// Its id.
    pub article: String,
    /// Its section.
    pub section: String,
    /// The English file, front matter and all.
    pub en: Option<String>,
    /// The Chinese file.
    pub zh: Option<String>,
    /// The name of this state: send it as `If-Match`.
    pub tag: String,
}

impl ArticleFiles {
    fn new(section: &ArticleId, id: &ArticleId, texts: Texts) -> ArticleFiles {
        let tag = texts.tag();
        let (article, section) = (id.to_string(), section.to_string());
        ArticleFiles { article, section, en: texts.en, zh: texts.zh, tag }
    }
}

/// The header that names a state.
fn etag(tag: &str) -> [(HeaderName, String); 1] {
    [(ETAG, format!("\"{tag}\""))]
}

/// What is to be published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleChange {
    /// The section of a new article; an article stays in its section.
    pub section: Option<String>,
    /// The English file; left as it is when missing.
    pub en: Option<String>,
    /// The Chinese file; left as it is when missing.
    pub zh: Option<String>,
    /// Why; shown in the history.
    #[serde(default)]
    pub reason: String,
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Published {
    /// The name of the new state.
    pub tag: String,
    /// The commit, where `kb/` is a git work tree.
    pub commit: Option<String>,
    /// Why git did not commit; the article is published all the same.
    pub not_committed: Option<String>,
}

/// Read the files of an article. Scope `kb`.
#[utoipa::path(get, path = "/api/v1/staff/articles/{slug}", responses(
    (status = 200, body = ArticleFiles),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
), params(("slug" = String, Path, description = "The article's id")))]
pub async fn get(State(app): State<Shared>, Path(id): Path<String>) -> Result<Response, Problem> {
    app.blocking(move |_, engine| {
        let id: ArticleId = id.parse().map_err(|_| Problem::not_found())?;
        let section = studio::section(&engine.snapshot(), &id).ok_or_else(Problem::not_found)?;
        let texts = studio::published(engine, &section, &id)?;
        let files = ArticleFiles::new(&section, &id, texts);
        Ok((etag(&files.tag), Json(files)).into_response())
    })
    .await
}

/// Publish the files of an article, if they are still as `If-Match` says (`*`: there are none yet).
/// Scope `kb`. Sections that need a second person's approval are published in the studio.
#[utoipa::path(put, path = "/api/v1/staff/articles/{slug}", request_body = ArticleChange, responses(
    (status = 200, body = Published),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 412, body = ArticleFiles),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 428, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
), params(
    ("slug" = String, Path, description = "The article's id"),
    ("If-Match" = String, Header, description = "The tag of the files that are replaced, or `*`"),
))]
pub async fn put(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<String>,
    headers: HeaderMap,
    Strict(change): Strict<ArticleChange>,
) -> Result<Response, Problem> {
    app.blocking(move |app, engine| {
        let id: ArticleId = id.parse().map_err(|_| Problem::not_found())?;
        let known = studio::section(&engine.snapshot(), &id);
        let asked = change.section.as_deref().map(str::parse::<ArticleId>).transpose();
        let asked = asked.map_err(|_| Problem::unprocessable("`section` is no section's id"))?;
        let section = known.or(asked).ok_or_else(Problem::not_found)?;
        let tag = headers.get(IF_MATCH).and_then(|v| v.to_str().ok()).ok_or_else(|| {
            let title = "say which version you saw";
            Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition-required", title)
                .detail("send the tag of the answer to GET as If-Match")
        })?;
        let none = Texts::default().tag();
        let tag = if tag == "*" { none.as_str() } else { tag.trim_matches('"') };
        approved_by_nobody(engine, &section)?;
        let now = studio::published(engine, &section, &id)?;
        let texts = Texts { en: change.en.or(now.en), zh: change.zh.or(now.zh) };
        let wanted =
            Wanted { section: &section, id: &id, texts: &texts, tag, reason: &change.reason };
        answer(app, engine, &staff, &wanted)
    })
    .await
}

fn approved_by_nobody(engine: &Engine, section: &ArticleId) -> Result<(), Problem> {
    if studio::needs_approval(&engine.snapshot(), section.as_str()) {
        let title = "a second person must approve this";
        return Err(Problem::new(StatusCode::FORBIDDEN, "approval", title)
            .detail(format!("publish articles of section `{section}` in the studio")));
    }
    Ok(())
}

fn answer(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    wanted: &Wanted<'_>,
) -> Result<Response, Problem> {
    match studio::publish(app, engine, &staff.person, wanted) {
        Ok(done) => {
            let tag = wanted.texts.tag();
            let (commit, not_committed) = match done {
                Committed::Commit(name) => (Some(name), None),
                Committed::NoGit => (None, None),
                Committed::Refused(said) => (None, Some(said)),
            };
            let published = Published { tag, commit, not_committed };
            Ok((etag(&published.tag), Json(published)).into_response())
        }
        Err(Refused::Stale(texts)) => {
            let files = ArticleFiles::new(wanted.section, wanted.id, *texts);
            let response = (etag(&files.tag), Json(files)).into_response();
            Ok(with_status(response, StatusCode::PRECONDITION_FAILED))
        }
        Err(Refused::Broken(errors)) => {
            let first: Vec<String> = errors.iter().take(5).map(ToString::to_string).collect();
            Err(Problem::unprocessable(first.join("\n")))
        }
        Err(Refused::Problem(problem)) => Err(problem),
    }
}
