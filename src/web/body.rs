//! Request bodies: read whole, within a limit, before a handler sees them.
//!
//! A body that is too long is read on for a while and thrown away: a client that is still sending
//! when the connection closes never sees the answer.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;

use super::api::{BODY_BYTES_MAX, too_large};
use super::error::Problem;

/// How much of a body that is too long is read before the connection is closed on its sender.
const DISCARDED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where files are sent. Such a body is read by its handler, within a bound of its own and only
/// after the guard has seen who sends it.
pub const UPLOADS: &str = "/studio/import";

/// Reads the body.
pub async fn read(request: Request, next: Next) -> Response {
    if request.uri().path() == UPLOADS {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match whole(body).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(problem) => problem.into_response(),
    }
}

async fn whole(mut body: Body) -> Result<Bytes, Problem> {
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::bad_request("the body did not arrive whole"))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > DISCARDED_BYTES_MAX {
            break;
        }
        if length <= BODY_BYTES_MAX {
            kept.extend_from_slice(&data);
        }
    }
    if length > BODY_BYTES_MAX { Err(too_large()) } else { Ok(Bytes::from(kept)) }
}
