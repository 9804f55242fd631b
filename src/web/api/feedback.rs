//! `POST /api/v1/feedback`: what became of an article that was shown.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::events::{Feedback, Outcome};
use crate::id::TicketId;
use crate::kb::library::Reader;
use crate::time::now;
use crate::web::error::Problem;
use crate::web::state::Shared;

use super::Strict;

/// What became of an article.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeedback {
    /// The article.
    pub article: String,
    /// The ticket that it was suggested for, if any.
    pub ticket: Option<u64>,
    /// `solved`, `opened`, `helpful`, `not-helpful`; or why not: `other-problem`, `failed`,
    /// `unclear`, `outdated`.
    pub outcome: String,
}

/// The outcome of that name, if a reader may say so.
pub fn public_outcome(code: &str) -> Result<Outcome, Problem> {
    match Outcome::from_code(code) {
        Some(outcome) if !outcome.is_staff() => Ok(outcome),
        Some(_) => {
            let title = "only staff can say so";
            Err(Problem::new(StatusCode::FORBIDDEN, "staff-only", title)
                .detail("readers say solved, opened, helpful or not-helpful"))
        }
        None => {
            let detail = "`outcome` must be solved, opened, helpful, not-helpful, other-problem, \
                          failed, unclear or outdated";
            Err(Problem::unprocessable(detail))
        }
    }
}

/// Say what became of an article.
#[utoipa::path(post, path = "/api/v1/feedback", request_body = NewFeedback, responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn post(
    State(app): State<Shared>,
    Strict(feedback): Strict<NewFeedback>,
) -> Result<StatusCode, Problem> {
    let outcome = public_outcome(&feedback.outcome)?;
    let no_article = || Problem::unprocessable("there is no such article");
    let article = feedback.article.parse().map_err(|_| no_article())?;
    let ticket = feedback.ticket.map(TicketId);
    app.blocking(move |_, engine| {
        let feedback = Feedback { at: now(), article, ticket, outcome };
        engine.feedback(Reader::Public, &feedback).map_err(|error| match error {
            crate::engine::EngineError::NoArticle(_) => no_article(),
            error => error.into(),
        })?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
