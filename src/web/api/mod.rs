//! The JSON API, a file for each resource. Public calls see public articles only.
//!
//! Requests are read strictly: the right content type, known fields only, a bounded body. Errors
//! are problem details ([`crate::web::error`]).

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::text::redact::Redactor;

use super::error::Problem;
use super::state::Shared;

pub mod articles;
pub mod episodes;
pub mod feedback;
pub mod openapi;
pub mod search;
pub mod sessions;
pub mod staff;
pub mod suggest;
pub mod tickets;
pub mod trends;

/// The largest body that is read, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// How much of an error's text is passed on.
const REASON_CHARS_MAX: usize = 160;

/// A JSON body, read strictly.
pub struct Strict<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Strict<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Shared) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let title = "the body must be JSON";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", title)
                .detail("send it with Content-Type: application/json"));
        }
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| {
                match rejection.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => too_large(),
                    _ => Problem::bad_request("the body did not arrive whole"),
                }
            })?;
        // An array would be read as the fields in their order.
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(Problem::bad_request("the body must be a JSON object"));
        }
        serde_json::from_slice(&body).map(Strict).map_err(|error| unreadable(&error))
    }
}

/// The query string, read into `T`.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let detail = "the query string cannot be read; give each parameter once";
        Query::try_from_uri(&parts.uri)
            .map(|Query(params)| Params(params))
            .map_err(|_| Problem::bad_request(detail))
    }
}

/// The body is too large.
pub fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "the body is too large")
        .detail(format!("send at most {BODY_BYTES_MAX} bytes"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (media_type, parameters) = text.split_once(';').unwrap_or((text, "charset=utf-8"));
    let charset = parameters.trim().to_ascii_lowercase().replace('"', "");
    media_type.trim().eq_ignore_ascii_case("application/json") && charset == "charset=utf-8"
}

/// Says what is wrong with a body. The reason may quote the body, so it is redacted and bounded.
fn unreadable(error: &serde_json::Error) -> Problem {
    let reason = Redactor::default().redact(&error.to_string()).clean_text;
    let reason: String = reason.chars().take(REASON_CHARS_MAX).collect();
    match error.classify() {
        serde_json::error::Category::Data => Problem::unprocessable(reason),
        _ => Problem::bad_request(reason),
    }
}
