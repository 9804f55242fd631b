//! What became of a suggestion or a ticket: forms in, events and entries in the audit log out.
//!
//! Used, edited and linked confirm that an article answers a ticket: its text becomes a phrasing.
//! Wrong rejects it. The engine learns a moment later.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::engine::{Engine, EngineError, TicketRequest};
use crate::erasure::Erasures;
use crate::events::{Feedback, Outcome, TicketState};
use crate::id::{ArticleId, TicketId};
use crate::kb::library::Reader;
use crate::people::Change;
use crate::people::audit::Entry;
use crate::time::now;
use crate::web::api::tickets;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::state::{App, Shared};

use super::ticket::{found, next_open};

/// What the form for an outcome sends.
#[derive(Debug, Deserialize)]
pub struct OutcomeForm {
    #[serde(default)]
    article: String,
    #[serde(default)]
    outcome: String,
}

/// What the form for a state sends.
#[derive(Debug, Deserialize)]
pub struct StateForm {
    #[serde(default)]
    state: String,
}

/// What a form about a pasted ticket sends: `outcome` may also be `record` or `escalate`.
#[derive(Debug, Deserialize)]
pub struct PastedForm {
    #[serde(default)]
    text: String,
    #[serde(default)]
    article: String,
    #[serde(default)]
    outcome: String,
}

/// `POST /agent/tickets/{id}/outcome`
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    form: Result<Form<OutcomeForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app, engine| {
        let ticket = found(engine, id)?.id;
        let outcome = staff_outcome(&form.outcome)?;
        say(app, engine, &staff.person.name, (ticket, &form.article, outcome))?;
        after(engine, ticket, outcome)
    })
    .await
}

/// `POST /agent/tickets/{id}/state`
pub async fn state(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    form: Result<Form<StateForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |_, engine| {
        let ticket = found(engine, id)?.id;
        let state = TicketState::from_code(&form.state);
        let state = state.ok_or_else(|| Problem::unprocessable("there is no such state"))?;
        put(engine, &staff.person.name, ticket, state)?;
        if state == TicketState::Open {
            return Ok(Redirect::to(&format!("/agent/tickets/{id}")).into_response());
        }
        on_to_next(engine, ticket)
    })
    .await
}

/// `POST /agent/tickets/{id}/erase`: takes the words out of a ticket, for good.
pub async fn erase(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    app.blocking(move |app, engine| {
        let ticket = found(engine, id)?.id;
        Erasures::new(&app.settings.data).ticket(engine.store(), ticket, now())?;
        let entry = Entry::new(now(), &staff.person.name, "ticket-erased", object(ticket));
        engine.store().change(&Change::Note, &entry)?;
        on_to_next(engine, ticket)
    })
    .await
}

/// `POST /agent/pasted`: records a ticket that lives elsewhere, and what became of it. The same
/// text is one ticket however often something is said about it.
pub async fn pasted(
    State(app): State<Shared>,
    staff: Staff,
    form: Result<Form<PastedForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    if form.text.trim().is_empty() {
        return Err(Problem::unprocessable("the ticket is empty"));
    }
    app.blocking(move |app, engine| {
        let clean = engine.redact(&form.text).clean_text;
        let key = format!("pasted-{}", blake3::hash(clean.as_bytes()).to_hex());
        let request = TicketRequest {
            text: form.text,
            channel: "pasted".to_owned(),
            external_id: None,
            idempotency_key: Some(key),
            sender: None,
        };
        let ticket = tickets::record(engine, &app.metrics, &request)?.ticket;
        match form.outcome.as_str() {
            "record" => {}
            "escalate" => {
                let note = format!("/agent/tickets/{}/escalation", ticket.0);
                return Ok(Redirect::to(&note).into_response());
            }
            code => {
                let outcome = staff_outcome(code)?;
                say(app, engine, &staff.person.name, (ticket, &form.article, outcome))?;
            }
        }
        Ok(Redirect::to(&format!("/agent/tickets/{}", ticket.0)).into_response())
    })
    .await
}

/// The outcome of that name, if agents say so.
pub fn staff_outcome(code: &str) -> Result<Outcome, Problem> {
    let outcome = Outcome::from_code(code).filter(|o| o.is_staff() && *o != Outcome::Withdrawn);
    let known = "`outcome` must be used, edited, linked, wrong or not-needed";
    outcome.ok_or_else(|| Problem::unprocessable(known))
}

/// Records an outcome, puts the ticket into the state that follows from it, notes who said so, and
/// asks for learning.
pub fn say(
    app: &App,
    engine: &Engine,
    who: &str,
    (ticket, article, outcome): (TicketId, &str, Outcome),
) -> Result<(), Problem> {
    let article: ArticleId =
        article.parse().map_err(|_| Problem::unprocessable("there is no such article"))?;
    let feedback = Feedback { at: now(), article: article.clone(), ticket: Some(ticket), outcome };
    engine.feedback(Reader::Staff, &feedback).map_err(|error| match error {
        EngineError::NoArticle(_) => Problem::unprocessable("there is no such article"),
        error => error.into(),
    })?;
    let action = format!("said-{}", outcome.code());
    let entry = Entry::new(now(), who, &action, object(ticket)).detail(article.to_string());
    engine.store().change(&Change::Note, &entry)?;
    if outcome.confirms() || outcome == Outcome::NotNeeded {
        engine.store().set_state(ticket, TicketState::Answered)?;
    }
    if outcome.verdict().is_some() {
        app.learner.ask();
    }
    Ok(())
}

/// Puts a ticket into a state and notes who did.
pub fn put(
    engine: &Engine,
    who: &str,
    ticket: TicketId,
    state: TicketState,
) -> Result<(), Problem> {
    engine.store().set_state(ticket, state)?;
    let entry = Entry::new(now(), who, &format!("ticket-{}", state.code()), object(ticket));
    engine.store().change(&Change::Note, &entry)?;
    Ok(())
}

/// A ticket as the audit log names it.
pub fn object(ticket: TicketId) -> String {
    format!("ticket/{}", ticket.0)
}

/// A wrong suggestion leaves the ticket to be answered; everything else is done with it.
fn after(engine: &Engine, ticket: TicketId, outcome: Outcome) -> Result<Response, Problem> {
    if outcome == Outcome::Wrong {
        return Ok(Redirect::to(&format!("/agent/tickets/{}", ticket.0)).into_response());
    }
    on_to_next(engine, ticket)
}

/// To the next open ticket, or to the queue when there is none.
pub fn on_to_next(engine: &Engine, ticket: TicketId) -> Result<Response, Problem> {
    let to = match next_open(engine, ticket)? {
        Some(next) => format!("/agent/tickets/{}?done={}", next.0, ticket.0),
        None => format!("/agent?done={}", ticket.0),
    };
    Ok(Redirect::to(&to).into_response())
}
