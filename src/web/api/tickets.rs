//! `POST /api/v1/tickets`: records a ticket; answered once it is on disk.
//!
//! With an `Idempotency-Key`, the same request is recorded once however often it is sent: each
//! time the answer is the same 201, a repeated one marked by `Idempotency-Replayed: true`. The same
//! key with another request is refused with 422.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::engine::{Engine, TicketAnswer, TicketRequest};
use crate::kb::library::Reader;
use crate::time::now;
use crate::web::details::Details;
use crate::web::error::Problem;
use crate::web::metrics::Metrics;
use crate::web::session::{self, Asked};
use crate::web::state::Shared;

use super::Strict;
use super::sessions::{page_lang, session_id, surface};
use super::suggest::{self, RedactedRange, SuggestedArticle};

/// The longest key, channel, sender and foreign number, in bytes.
pub const NAME_BYTES_MAX: usize = 255;

/// A ticket to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// What the user wrote.
    pub text: String,
    /// The way it came: form, e-mail …; by default `api`.
    pub channel: Option<String>,
    /// Its number in another system.
    pub external_id: Option<String>,
    /// Whoever sent it, as an opaque key of yours, never a name or an address: one sender's repeats
    /// count once, and all that they sent can be erased together. Kept as a keyed hash.
    pub sender: Option<String>,
    /// The session of the form that it was written in, if that asked for suggestions.
    pub session: Option<String>,
    /// The language of the form: en, zh or zh-Hant.
    pub lang: Option<String>,
    /// The article that the user read just before.
    pub from: Option<String>,
    /// Details that the user added or corrected.
    pub details: Option<Details>,
}

/// A recorded ticket.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RecordedTicket {
    /// Its number.
    pub ticket: u64,
    /// Articles that may answer it; none if nothing fits well enough.
    pub suggestions: Vec<SuggestedArticle>,
    /// What was taken out of the text before it was recorded.
    pub redactions: Vec<RedactedRange>,
}

/// Records a ticket and counts it.
pub fn record(
    engine: &Engine,
    metrics: &Metrics,
    request: &TicketRequest,
) -> Result<TicketAnswer, Problem> {
    let recorded = engine.record(request, now())?;
    if !recorded.repeated {
        metrics.ticket();
        suggest::count(metrics, &recorded.answer);
    }
    Ok(recorded)
}

/// Record a ticket.
#[utoipa::path(post, path = "/api/v1/tickets", request_body = NewTicket,
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 255 visible ASCII characters, new for each ticket")),
    responses(
    (status = 201, body = RecordedTicket),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
    (status = 507, body = Problem, content_type = "application/problem+json"),
))]
pub async fn post(
    State(app): State<Shared>,
    headers: HeaderMap,
    Strict(ticket): Strict<NewTicket>,
) -> Result<Response, Problem> {
    let asked = asked(&ticket)?;
    let request = checked(&headers, ticket)?;
    let recorded = app
        .blocking(move |app, engine| {
            let recorded = record(engine, &app.metrics, &request)?;
            if let Some(asked) = asked {
                session::sent(app, engine, &asked, &recorded);
            }
            let body = RecordedTicket {
                ticket: recorded.ticket.0,
                suggestions: suggest::articles(
                    &engine.snapshot(),
                    &recorded.answer,
                    Reader::Public,
                ),
                redactions: suggest::redactions(&recorded.answer.redacted),
            };
            Ok((body, recorded.repeated))
        })
        .await?;
    let (body, repeated) = recorded;
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    if repeated {
        let name = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, axum::http::HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// The session of the form, if it has one.
fn asked(ticket: &NewTicket) -> Result<Option<Asked>, Problem> {
    let Some(session) = &ticket.session else { return Ok(None) };
    Ok(Some(Asked {
        session: session_id(session)?,
        surface: surface(ticket.channel.as_deref())?,
        lang: page_lang(ticket.lang.as_deref())?,
        from: ticket.from.clone().unwrap_or_default(),
        sender: ticket.sender.clone().filter(|sender| !sender.is_empty()),
        text: String::new(),
    }))
}

fn checked(headers: &HeaderMap, ticket: NewTicket) -> Result<TicketRequest, Problem> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let idempotency_key = match (keys.next(), keys.next()) {
        (None, _) => None,
        (Some(key), None) => Some(key.to_str().ok().filter(|k| is_key(k)).ok_or_else(|| {
            Problem::bad_request("`Idempotency-Key` must be 1 to 255 visible ASCII characters")
        })?),
        _ => return Err(Problem::bad_request("`Idempotency-Key` was sent twice")),
    };
    if ticket.text.trim().is_empty() {
        return Err(Problem::unprocessable("`text` is empty; say what the problem is"));
    }
    let channel = ticket.channel.unwrap_or_else(|| "api".to_owned());
    let (external_id, sender) = (ticket.external_id, ticket.sender);
    let names = [
        ("channel", Some(&channel)),
        ("external_id", external_id.as_ref()),
        ("sender", sender.as_ref()),
    ];
    for (name, value) in names {
        if value.is_some_and(|v| v.len() > NAME_BYTES_MAX) {
            return Err(Problem::unprocessable(format!("`{name}` is longer than 255 bytes")));
        }
    }
    let idempotency_key = idempotency_key.map(str::to_owned);
    let text = ticket.details.unwrap_or_default().added_to(&ticket.text);
    Ok(TicketRequest { text, channel, external_id, idempotency_key, sender })
}

/// Returns true if and only if this can be an idempotency key.
pub fn is_key(key: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
}
