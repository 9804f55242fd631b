//! Headers that every answer carries, and validators (`ETag`, `Last-Modified`, 304) for pages.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

use crate::time::Timestamp;

use super::error::Problem;

/// Pages load only what we serve, run no inline script and stand in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Headers with one value for everything. `same-origin`, not `no-referrer`, because with the latter
/// browsers send `Origin: null` with our own forms.
const ALWAYS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=()",
    ),
];

/// The largest page that gets a validator; larger ones do not exist.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Puts the headers on.
pub async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    response
}

/// Answers 304 where the reader already has the page. The tag is weak, since compression changes
/// the bytes, and made from the page alone, so that it tells nothing about anything else.
pub async fn validate(request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let since = request.headers().get(IF_MODIFIED_SINCE).cloned();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = next.run(request).await;
    let stored = !has_no_store(response.headers());
    if !is_read || response.status() != StatusCode::OK || !stored {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, PAGE_BYTES_MAX).await else {
        return axum::response::IntoResponse::into_response(Problem::internal());
    };
    if bytes.is_empty() {
        return Response::from_parts(parts, Body::empty());
    }
    let hash = blake3::hash(&bytes).to_hex();
    let tag = format!("W/\"{}\"", hash.get(..20).unwrap_or_default());
    // A tag says more than a time, so the time counts only where there is no tag.
    let same = match known.as_ref() {
        Some(known) => known
            .to_str()
            .is_ok_and(|known| known.split(',').any(|k| k.trim() == tag || k.trim() == "*")),
        None => is_unmodified(parts.headers.get(LAST_MODIFIED), since.as_ref()),
    };
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(ETAG, value);
    }
    if !same {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let mut unchanged = Response::new(Body::empty());
    *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
    for name in [ETAG, LAST_MODIFIED, CACHE_CONTROL, VARY] {
        if let Some(value) = parts.headers.get(&name) {
            unchanged.headers_mut().insert(name, value.clone());
        }
    }
    unchanged
}

/// Says when the contents of a page last changed.
pub fn modified(mut response: Response, at: Timestamp) -> Response {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at);
    if let Some(date) = date.ok().and_then(|date| HeaderValue::from_str(&date).ok()) {
        response.headers_mut().insert(LAST_MODIFIED, date);
    }
    response
}

fn is_unmodified(modified: Option<&HeaderValue>, since: Option<&HeaderValue>) -> bool {
    let time = |value: Option<&HeaderValue>| {
        let parsed = DateTimeParser::new().parse_timestamp(value?.to_str().ok()?);
        parsed.ok()
    };
    time(modified).zip(time(since)).is_some_and(|(modified, since)| modified <= since)
}

fn has_no_store(headers: &HeaderMap) -> bool {
    let value = headers.get(CACHE_CONTROL).and_then(|v| v.to_str().ok());
    value.is_some_and(|v| v.contains("no-store") || v.contains("immutable"))
}
