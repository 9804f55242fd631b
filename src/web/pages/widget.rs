//! `/widget/demo`: a page with the widget on it, and how to put it on another.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::state::Shared;

use super::Draft;

/// The language of the page.
#[derive(Debug, Deserialize)]
pub struct WidgetParams {
    lang: Option<String>,
}

/// `GET /widget/demo`
pub async fn get(
    State(app): State<Shared>,
    headers: HeaderMap,
    Params(params): Params<WidgetParams>,
) -> Result<Response, Problem> {
    let header = headers.get("accept-language").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let chosen = params.lang.as_deref().and_then(|l| l.parse().ok());
    let lang: PageLang = chosen.unwrap_or_else(|| PageLang::negotiate(header));
    let title = app.templates.string(lang, "widget_title");
    Draft::new(lang, "", title).unlisted().show(&app, "widget.html", &[])
}
