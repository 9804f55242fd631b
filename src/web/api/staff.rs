//! `/api/v1/staff/…`: what the console does, for programs: suggestions with internal runbooks, the
//! queue, what became of a suggestion. With a token of the right scope, or a session.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::events::store::QueueFilter;
use crate::events::{Ticket, TicketState};
use crate::id::TicketId;
use crate::kb::library::Reader;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::agent::outcome::{say, staff_outcome};
use crate::web::pages::agent::ticket::found;
use crate::web::state::Shared;

use super::suggest::{self, SuggestAnswer, SuggestRequest};
use super::{Params, Strict};

/// How many tickets an answer holds.
const TICKETS_MAX: usize = 100;

/// Which tickets are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TicketsParams {
    /// open, answered, escalated or closed; by default all.
    pub state: Option<String>,
    /// Only tickets older than this one.
    pub before: Option<u64>,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StaffTicket {
    /// Its number.
    pub ticket: u64,
    /// When it came, RFC 3339.
    pub at: String,
    /// open, answered, escalated or closed.
    pub state: String,
    /// The language that it is written in.
    pub lang: String,
    /// The way it came.
    pub channel: String,
    /// Its number in another system.
    pub external_id: Option<String>,
    /// What the user wrote, without secrets.
    pub text: String,
    /// Public articles that were suggested when it came, best first.
    pub suggested: Vec<String>,
}

impl StaffTicket {
    fn new(ticket: &Ticket) -> StaffTicket {
        let kept = &ticket.ticket;
        StaffTicket {
            ticket: ticket.id.0,
            at: kept.at.to_string(),
            state: ticket.state.code().to_owned(),
            lang: kept.lang.code().to_owned(),
            channel: kept.channel.clone(),
            external_id: kept.external_id.clone(),
            text: kept.clean_text.clone(),
            suggested: kept.suggested.iter().map(|s| s.article.to_string()).collect(),
        }
    }
}

/// Tickets, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StaffTickets {
    /// At most 100.
    pub tickets: Vec<StaffTicket>,
}

/// What became of a suggestion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffOutcome {
    /// The article.
    pub article: String,
    /// `used`, `edited`, `linked`, `wrong` or `not-needed`.
    pub outcome: String,
}

/// Say which articles and runbooks answer a text. Scope `suggest`.
#[utoipa::path(post, path = "/api/v1/staff/suggest", request_body = SuggestRequest, responses(
    (status = 200, body = SuggestAnswer),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn suggest(
    State(app): State<Shared>,
    _staff: Staff,
    Strict(request): Strict<SuggestRequest>,
) -> Result<Json<SuggestAnswer>, Problem> {
    app.blocking(move |app, engine| {
        let known = engine.suggest(Reader::Staff, &request.text);
        suggest::count(&app.metrics, &known);
        Ok(Json(suggest::answer(&engine.snapshot(), &known, Reader::Staff)))
    })
    .await
}

/// List tickets, newest first. Scope `tickets`.
#[utoipa::path(get, path = "/api/v1/staff/tickets", params(TicketsParams), responses(
    (status = 200, body = StaffTickets),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn tickets(
    State(app): State<Shared>,
    _staff: Staff,
    Params(params): Params<TicketsParams>,
) -> Result<Json<StaffTickets>, Problem> {
    let state = match params.state.as_deref() {
        None | Some("") => None,
        Some(code) => Some(TicketState::from_code(code).ok_or_else(|| {
            Problem::bad_request("`state` must be open, answered, escalated or closed")
        })?),
    };
    let filter =
        QueueFilter { state, before: params.before.map(TicketId), ..QueueFilter::default() };
    app.blocking(move |_, engine| {
        let tickets = engine.store().queue(&filter, TICKETS_MAX)?;
        Ok(Json(StaffTickets { tickets: tickets.iter().map(StaffTicket::new).collect() }))
    })
    .await
}

/// One ticket. Scope `tickets`.
#[utoipa::path(get, path = "/api/v1/staff/tickets/{id}",
    params(("id" = u64, Path, description = "Its number")), responses(
    (status = 200, body = StaffTicket),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn ticket(
    State(app): State<Shared>,
    _staff: Staff,
    Path(id): Path<u64>,
) -> Result<Json<StaffTicket>, Problem> {
    app.blocking(move |_, engine| Ok(Json(StaffTicket::new(&found(engine, id)?)))).await
}

/// Say what became of a suggestion for a ticket. Scope `tickets`.
#[utoipa::path(post, path = "/api/v1/staff/tickets/{id}/outcome", request_body = StaffOutcome,
    params(("id" = u64, Path, description = "The ticket's number")), responses(
    (status = 204),
    (status = 400, body = Problem, content_type = "application/problem+json"),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json"),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 413, body = Problem, content_type = "application/problem+json"),
    (status = 415, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json"),
    (status = 503, body = Problem, content_type = "application/problem+json"),
))]
pub async fn outcome(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    Strict(outcome): Strict<StaffOutcome>,
) -> Result<StatusCode, Problem> {
    app.blocking(move |app, engine| {
        let ticket = found(engine, id)?.id;
        let said = staff_outcome(&outcome.outcome)?;
        say(app, engine, &staff.person.name, (ticket, &outcome.article, said))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
