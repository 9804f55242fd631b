//! `/agent/learned`: every phrasing that was learned from a ticket, and every rejection. A lead
//! sees them, takes them back, and exports them.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::events::store::Verdict;
use crate::events::{Feedback, Outcome, StoreError};
use crate::id::TicketId;
use crate::kb::library::Reader;
use crate::people::Change;
use crate::people::audit::Entry;
use crate::time::now;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::{moment, show};
use crate::web::pages::studio::replayed::ReaderView;
use crate::web::state::{App, Shared};

use super::outcome::object;
use super::{line, queue};

/// Rows on the page; the export has all.
const ROWS_MAX: usize = 500;
/// Past tickets that are replayed to show the effect: what a lead reads, not a study.
const PAST_MAX: usize = 300;

/// What the form to take one back sends.
#[derive(Debug, Deserialize)]
pub struct UndoForm {
    #[serde(default)]
    ticket: u64,
    #[serde(default)]
    article: String,
}

#[derive(Serialize)]
struct Row {
    ticket: u64,
    text: String,
    article: String,
    title: String,
    confirmed: bool,
    at: String,
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    confirmed: usize,
    rejected: usize,
    /// Tickets that were answered, and those of them with an article linked (KCS).
    answered: u64,
    linked: usize,
}

/// A line of the export. `zhinan suggest --learned` reads the confirmed ones.
#[derive(Serialize)]
struct Exported<'a> {
    text: &'a str,
    article: &'a str,
    ticket: u64,
    at: String,
}

/// `GET /agent/learned`
pub async fn get(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let mut verdicts = engine.store().verdicts()?;
        let snapshot = engine.snapshot();
        let confirmed = verdicts.iter().filter(|v| v.confirmed).count();
        let mut linked: Vec<TicketId> =
            verdicts.iter().filter(|v| v.confirmed).map(|v| v.ticket).collect();
        linked.dedup();
        let [_, answered, ..] = engine.store().state_counts()?;
        verdicts.sort_by(|a, b| (b.at, b.ticket, &b.article).cmp(&(a.at, a.ticket, &a.article)));
        let row = |v: &Verdict| Row {
            ticket: v.ticket.0,
            text: line(&v.text),
            title: queue::title(&snapshot, &staff, &v.article).unwrap_or_default(),
            article: v.article.to_string(),
            confirmed: v.confirmed,
            at: moment(v.at),
        };
        let view = View {
            rows: verdicts.iter().take(ROWS_MAX).map(row).collect(),
            confirmed,
            rejected: verdicts.len() - confirmed,
            answered: answered.max(linked.len() as u64),
            linked: linked.len(),
        };
        show(app, &staff, "learned_title", "agent/learned.html", &[&("learned", view)])
    })
    .await
}

#[derive(Serialize)]
struct EffectView {
    readers: Vec<ReaderView>,
}

/// `GET /agent/learned/replay`: golden and past tickets without what was learned, and with it.
pub async fn replay(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        let made = engine.replay_learned(PAST_MAX)?;
        let readers = Reader::ALL.into_iter().zip(made.iter());
        let readers = readers
            .map(|(reader, made)| ReaderView::new(&snapshot, &staff, (reader, "learning"), made));
        let view = EffectView { readers: readers.collect() };
        show(app, &staff, "learned_effect", "agent/effect.html", &[&("replay", view)])
    })
    .await
}

/// `POST /agent/learned`: takes one back.
pub async fn undo(
    State(app): State<Shared>,
    staff: Staff,
    form: Result<Form<UndoForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app, engine| {
        let article = form.article.parse().map_err(|_| Problem::not_found())?;
        let ticket = TicketId(form.ticket);
        // Not through the engine: what was learned about an article that is gone can be taken back.
        let outcome = Outcome::Withdrawn;
        let feedback = Feedback { at: now(), article, ticket: Some(ticket), outcome };
        match engine.store().record_feedback(&feedback) {
            Err(StoreError::NoTicket(_)) => return Err(Problem::not_found()),
            other => other?,
        }
        let entry = Entry::new(now(), &staff.person.name, "said-withdrawn", object(ticket));
        engine.store().change(&Change::Note, &entry.detail(form.article))?;
        app.learner.ask();
        Ok(Redirect::to("/agent/learned").into_response())
    })
    .await
}

/// `GET /agent/learned.jsonl`: the confirmed ones.
pub async fn export(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    lines(app, staff, true).await
}

/// `GET /agent/rejected.jsonl`: the rejected ones.
pub async fn export_rejected(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    lines(app, staff, false).await
}

async fn lines(app: Shared, staff: Staff, confirmed: bool) -> Result<Response, Problem> {
    app.blocking(move |_, engine| {
        let mut text = String::new();
        for verdict in engine.store().verdicts()?.iter().filter(|v| v.confirmed == confirmed) {
            let line = Exported {
                text: &verdict.text,
                article: verdict.article.as_str(),
                ticket: verdict.ticket.0,
                at: verdict.at.to_string(),
            };
            text.push_str(&serde_json::to_string(&line).unwrap_or_default());
            text.push('\n');
        }
        let entry = Entry::new(now(), &staff.person.name, "phrasings-exported", "phrasings");
        engine.store().change(&Change::Note, &entry)?;
        let name = if confirmed { "learned" } else { "rejected" };
        let named = format!("attachment; filename=\"{name}.jsonl\"");
        let mut response = text.into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        if let Ok(named) = HeaderValue::from_str(&named) {
            headers.insert(CONTENT_DISPOSITION, named);
        }
        Ok(response)
    })
    .await
}
