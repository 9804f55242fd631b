//! What goes wrong, as an answer: RFC 9457 problem details for programs, a page for people.
//!
//! A [`Problem`] holds a public sentence only; the reason inside is logged here, once. Pages show
//! the same problem through [`crate::web::pages::error`].

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::EngineError;
use crate::erasure::ErasureError;
use crate::events::StoreError;
use crate::people::secret::NoRandomness;

use super::blocking::NotDone;

/// The media type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Problem details (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem it is: `urn:zhinan:problem:` and a word.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// After how many seconds to try again; sent as a header.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, kind: &str, title: &str) -> Problem {
        Problem {
            kind: format!("urn:zhinan:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            retry_after: None,
        }
    }

    /// Adds what is wrong this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.detail = Some(detail.into());
        self
    }

    /// Adds when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Problem {
        self.retry_after = Some(seconds);
        self
    }

    /// There is nothing under this address.
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing here")
    }

    /// The request cannot be understood.
    pub fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", "the request cannot be understood")
            .detail(detail)
    }

    /// The request can be understood, but not done.
    pub fn unprocessable(detail: impl Into<String>) -> Problem {
        let title = "the request cannot be carried out";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", title).detail(detail)
    }

    /// Something broke on our side.
    pub fn internal() -> Problem {
        let title = "something broke on our side";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", title)
    }

    /// Too much to do right now.
    pub fn overloaded() -> Problem {
        let title = "too many requests at once";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", title)
            .detail("nothing was done; try again in a moment")
            .retry_after(1)
    }

    /// The disk failed.
    pub fn storage(detail: &str) -> Problem {
        let title = "this could not be kept";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "storage", title)
            .detail(detail)
            .retry_after(5)
    }

    /// The disk is full.
    pub fn full() -> Problem {
        let title = "there is no room to keep this";
        Problem::new(StatusCode::INSUFFICIENT_STORAGE, "storage-full", title)
            .detail("nothing was recorded; try again later")
            .retry_after(60)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status(), [(CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // Pages find it here and show it as a page.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<NotDone> for Problem {
    fn from(reason: NotDone) -> Problem {
        match reason {
            NotDone::Overloaded => Problem::overloaded(),
            NotDone::Panicked => {
                tracing::error!("a request panicked; this is a bug");
                Problem::internal()
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        EngineError::from(error).into()
    }
}

impl From<ErasureError> for Problem {
    fn from(error: ErasureError) -> Problem {
        match error {
            ErasureError::Store(error) => error.into(),
            ErasureError::List { .. } => {
                tracing::error!("{error}");
                if error.is_full() {
                    return Problem::full();
                }
                Problem::storage("nothing was erased; try again in a moment")
            }
        }
    }
}

impl From<NoRandomness> for Problem {
    fn from(error: NoRandomness) -> Problem {
        tracing::error!("{error}");
        Problem::internal()
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Problem {
        match error {
            EngineError::NoArticle(_) => Problem::not_found(),
            EngineError::Store(StoreError::KeyReused) => {
                let title = "this Idempotency-Key was used with another request";
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", title)
                    .detail("nothing was recorded; send the new request with a new key")
            }
            EngineError::Store(StoreError::Refused(refusal)) => {
                Problem::unprocessable(refusal.to_string())
            }
            EngineError::Store(StoreError::NoTicket(id)) => {
                Problem::unprocessable(format!("there is no ticket {id}"))
            }
            EngineError::Store(StoreError::Full) => {
                tracing::error!("{error}");
                Problem::full()
            }
            EngineError::Store(_) => {
                tracing::error!("{error}");
                Problem::storage("nothing was recorded; try again in a moment")
            }
            EngineError::Unread(_) => {
                tracing::error!("{error}");
                Problem::storage("it is kept, and is shown as soon as the disk lets it be read")
            }
            EngineError::Load(_) | EngineError::Index(_) => {
                tracing::error!("{error}");
                Problem::internal()
            }
        }
    }
}
