//! One count and one log line for each request: route, status and time, never what a user wrote.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::state::Shared;

/// Measures a request.
#[expect(clippy::disallowed_methods, reason = "durations are measured here, at the edge")]
pub async fn observe(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    // Paths that no route matches are endless; they share one label.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let response = next.run(request).await;
    let took = begun.elapsed();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    app.metrics.request(route, &method, status, took);
    tracing::debug!(route, method, status, micros = took.as_micros(), "request");
    response
}
