//! `POST /api/v1/sessions/{session}/suggest` and `…/steps`: a contact form asks what to show beside
//! a text and tells what became of it. For the help centre's own form, the widget, and forms that
//! others build.
//!
//! A session is named by 32 hex digits that the form draws at random. A configured share of sessions
//! is shown nothing, so that deflection can be measured; to a form that looks like nothing fits.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::EngineError;
use crate::events::session::{Step, Surface};
use crate::events::{Feedback, Outcome};
use crate::id::{ArticleId, SessionId};
use crate::kb::library::Reader;
use crate::time::now;
use crate::web::details::Details;
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::session::{self, Asked, Offer};
use crate::web::state::Shared;

use super::Strict;
use super::tickets::NAME_BYTES_MAX;

/// A text in a form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionText {
    /// What the user has written so far.
    pub text: String,
    /// The language of the form: en, zh or zh-Hant; by default en.
    pub lang: Option<String>,
    /// Where the form stands: `form` or `widget`; by default `form`.
    pub surface: Option<String>,
    /// The article that the user read just before.
    pub from: Option<String>,
    /// Whoever writes, as the opaque key that their tickets carry: kept as a keyed hash, to see whether
    /// they make contact again. Leave it out where nobody is known.
    pub sender: Option<String>,
}

/// What to show beside the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionAnswer {
    /// At most three, best first; none if nothing fits well enough.
    pub suggestions: Vec<Offer>,
    /// What the text says about the case; empty strings where it says nothing.
    pub details: Details,
    /// Kinds of secrets in the text, which will be taken out.
    pub redacted: Vec<&'static str>,
}

/// What became of a suggestion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionStep {
    /// `opened` or `solved`.
    pub step: String,
    /// The article.
    pub article: String,
}

/// The session of that name.
pub fn session_id(text: &str) -> Result<SessionId, Problem> {
    text.parse().map_err(|error| Problem::unprocessable(format!("`session`: {error}")))
}

/// The language of that code.
pub fn page_lang(code: Option<&str>) -> Result<PageLang, Problem> {
    let code = code.unwrap_or("en");
    let lang = PageLang::ALL.into_iter().find(|lang| lang.code() == code);
    lang.ok_or_else(|| Problem::unprocessable("`lang` must be en, zh or zh-Hant"))
}

/// The surface of that name.
pub fn surface(code: Option<&str>) -> Result<Surface, Problem> {
    let surface = Surface::from_code(code.unwrap_or("form"));
    surface.ok_or_else(|| Problem::unprocessable("`surface` must be form or widget"))
}

/// The key of whoever writes, if it is one.
fn sender(key: Option<String>) -> Result<Option<String>, Problem> {
    if key.as_ref().is_some_and(|key| key.len() > NAME_BYTES_MAX) {
        return Err(Problem::unprocessable("`sender` is longer than 255 bytes"));
    }
    Ok(key.filter(|key| !key.is_empty()))
}

/// Say what to show beside a text, and record that it was shown.
#[utoipa::path(post, path = "/api/v1/sessions/{session}/suggest", request_body = SessionText,
    params(("session" = String, Path, description = "32 hex digits, drawn at random for each visit to the form")),
    responses(
    (status = 200, body = SessionAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn suggest(
    State(app): State<Shared>,
    Path(session): Path<String>,
    Strict(request): Strict<SessionText>,
) -> Result<Json<SessionAnswer>, Problem> {
    let asked = Asked {
        session: session_id(&session)?,
        surface: surface(request.surface.as_deref())?,
        lang: page_lang(request.lang.as_deref())?,
        from: request.from.unwrap_or_default(),
        sender: sender(request.sender)?,
        text: request.text,
    };
    app.blocking(move |app, engine| {
        let offered = session::ask(app, engine, &asked);
        let (suggestions, details) = (offered.offers, offered.details);
        Ok(Json(SessionAnswer { suggestions, details, redacted: offered.redacted }))
    })
    .await
}

/// Say what became of a suggestion.
#[utoipa::path(post, path = "/api/v1/sessions/{session}/steps", request_body = SessionStep,
    params(("session" = String, Path, description = "The session in which it was shown")),
    responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn step(
    State(app): State<Shared>,
    Path(session): Path<String>,
    Strict(request): Strict<SessionStep>,
) -> Result<StatusCode, Problem> {
    let session = session_id(&session)?;
    let no_article = || Problem::unprocessable("there is no such article");
    let article: ArticleId = request.article.parse().map_err(|_| no_article())?;
    let (step, outcome) = match request.step.as_str() {
        "opened" => (Step::Opened(article.clone()), Outcome::Opened),
        "solved" => (Step::Solved(article.clone()), Outcome::Solved),
        _ => return Err(Problem::unprocessable("`step` must be opened or solved")),
    };
    app.blocking(move |_, engine| {
        let feedback = Feedback { at: now(), article, ticket: None, outcome };
        engine.feedback(Reader::Public, &feedback).map_err(|error| match error {
            EngineError::NoArticle(_) => no_article(),
            error => error.into(),
        })?;
        session::record(engine, &session, vec![step]);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
