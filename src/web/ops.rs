//! Is it alive, is it ready, how is it doing: short answers in public, detail for operators.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::Problem;
use super::state::Shared;

const NO_STORE: (axum::http::HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// `GET /livez`: the process answers.
pub async fn livez() -> Response {
    ([NO_STORE], "yes\n").into_response()
}

/// `GET /readyz` in public: yes or no.
pub async fn readyz(State(app): State<Shared>) -> Response {
    let store = app.blocking(|_, engine| Ok(engine.store().health().is_ok())).await;
    if app.is_ready() && store.unwrap_or(false) {
        return ([NO_STORE], "yes\n").into_response();
    }
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", "not ready")
        .retry_after(5)
        .into_response()
}

#[derive(Serialize)]
struct Detail {
    ready: bool,
    generation: u64,
    revision: String,
    articles: usize,
    store: String,
    files: Vec<BrokenFile>,
}

#[derive(Serialize)]
struct BrokenFile {
    path: String,
    line: usize,
    severity: String,
    message: String,
    help: String,
}

/// `GET /readyz` for operators. A broken article file is shown, but the service stays ready: the
/// version before it is served.
pub async fn readyz_detail(State(app): State<Shared>) -> Result<Response, Problem> {
    let ready = app.is_ready();
    let detail = app
        .blocking(move |_, engine| {
            let snapshot = engine.snapshot();
            let store = engine.store().health();
            let files = snapshot.diagnostics.iter().map(|d| BrokenFile {
                path: d.path.display().to_string(),
                line: d.line,
                severity: d.severity.to_string(),
                message: d.message.clone(),
                help: d.help.clone(),
            });
            Ok(Detail {
                ready: ready && store.is_ok(),
                generation: snapshot.generation,
                revision: snapshot.library.revision.clone(),
                articles: snapshot.library.pairs.len(),
                store: store.map_or_else(|error| error.to_string(), |()| "ok".to_owned()),
                files: files.collect(),
            })
        })
        .await?;
    let status = if detail.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok((status, [NO_STORE], Json(detail)).into_response())
}

/// `GET /metrics`
pub async fn metrics(State(app): State<Shared>) -> Response {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, media_type), NO_STORE], app.metrics.to_text()).into_response()
}
