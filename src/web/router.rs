//! Every route on one screen, and what each request passes on its way.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use super::api::{feedback, openapi, search, suggest, tickets, trends};
use super::error::Problem;
use super::state::Shared;
use super::{assets, body, csrf, feeds, headers, observe, ops, pages, rate};

/// How long a request may take, its body included: slow senders are let go.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(30);

/// What the public listener serves.
pub fn public(app: &Shared) -> Router {
    let api = Router::new()
        .route("/api/v1/search", get(search::get))
        .route("/api/v1/suggest", post(suggest::post))
        .route("/api/v1/tickets", post(tickets::post))
        .route("/api/v1/feedback", post(feedback::post))
        .route("/api/v1/trends", get(trends::get))
        .route("/openapi.json", get(openapi::get));
    let pages = Router::new()
        .route("/", get(pages::root))
        .route("/{lang}", get(pages::home_without_slash))
        .route("/{lang}/", get(pages::home::get))
        .route("/{lang}/sections/{id}", get(pages::section::get))
        .route("/{lang}/articles/{slug}", get(pages::article::get))
        .route("/{lang}/articles/{slug}/feedback", post(pages::feedback::post))
        .route("/{lang}/search", get(pages::search::get))
        .route("/{lang}/contact", get(pages::contact::get).post(pages::contact::post))
        .layer(from_fn(csrf::protect));
    let agent = Router::new()
        .route("/agent", get(pages::agent::get).post(pages::agent::post))
        .layer(from_fn(csrf::protect))
        .layer(from_fn_with_state(app.clone(), pages::agent::local_only));
    let feeds = Router::new()
        .route("/sitemap.xml", get(feeds::sitemap))
        .route("/robots.txt", get(feeds::robots))
        .route("/llms.txt", get(feeds::llms))
        .route("/{lang}/atom.xml", get(feeds::atom))
        .route("/{lang}/opensearch.xml", get(feeds::opensearch));
    let health = Router::new()
        .route("/assets/{name}", get(assets::get))
        .route("/livez", get(ops::livez))
        .route("/readyz", get(ops::readyz));
    let routes = Router::new().merge(api).merge(pages).merge(feeds).merge(agent).merge(health);
    let limited = routes
        .fallback(|| async { Problem::not_found() })
        .layer(from_fn(body::read))
        .layer(from_fn_with_state(app.clone(), rate::limit));
    wrapped(limited, app)
}

/// What the operators' listener serves.
pub fn ops(app: &Shared) -> Router {
    let routes = Router::new()
        .route("/livez", get(ops::livez))
        .route("/readyz", get(ops::readyz_detail))
        .route("/metrics", get(ops::metrics))
        .fallback(|| async { Problem::not_found() });
    wrapped(routes, app)
}

/// What every request passes, the outermost last.
fn wrapped(routes: Router<Shared>, app: &Shared) -> Router {
    routes
        // `body::read` has the limit; axum's own would refuse before the body is read.
        .layer(DefaultBodyLimit::disable())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIME_MAX))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), pages::error::present))
        .layer(from_fn(headers::validate))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::secure))
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .with_state(app.clone())
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked; this is a bug");
    Problem::internal().into_response()
}
