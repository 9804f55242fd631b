//! `GET /openapi.json`: the API's description, generated from its handlers.

use axum::Json;
use utoipa::OpenApi;

use super::{articles, episodes, feedback, search, sessions, staff, suggest, tickets, trends};

/// The description.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "zhinan",
        description = "Search the help centre, suggest articles for a text, record tickets. \
                       Public calls need no token and see public articles only; calls under /api/v1/staff need a bearer token. Errors are \
                       problem details (RFC 9457). Text is redacted before anything else sees it."
    ),
    paths(
        search::get,
        suggest::post,
        sessions::suggest,
        sessions::step,
        tickets::post,
        feedback::post,
        trends::get,
        episodes::get,
        staff::suggest,
        staff::tickets,
        staff::ticket,
        staff::outcome,
        articles::get,
        articles::put
    )
)]
pub struct Api;

/// `GET /openapi.json`
pub async fn get() -> Json<utoipa::openapi::OpenApi> {
    Json(Api::openapi())
}
