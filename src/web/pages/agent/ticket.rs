//! `/agent/tickets/{id}`: one ticket, what answers it, the reply, whom else it happens to.

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::events::store::{QueueFilter, StoreError};
use crate::events::{Ticket, TicketState};
use crate::id::TicketId;
use crate::kb::library::Reader;
use crate::people::Role;
use crate::suggest::reply;
use crate::time::now;
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::staff::{moment, show};
use crate::web::state::{App, Shared};

use super::{AskedView, asked, line};

/// Tickets with the same secret that are named.
const SAME_SECRET_MAX: usize = 10;

/// How the ticket is looked at.
#[derive(Debug, Deserialize)]
pub struct TicketParams {
    /// The language of the reply.
    reply: Option<String>,
    /// Articles whose replies are to be one letter, with commas between.
    with: Option<String>,
    /// The ticket that was done just now.
    done: Option<u64>,
}

#[derive(Serialize)]
struct TicketView {
    id: u64,
    at: String,
    channel: String,
    external_id: Option<String>,
    state: &'static str,
    outcomes: Vec<(String, String)>,
    /// Whether this person may take its words out.
    may_erase: bool,
    /// Other tickets with a secret of this one.
    same_secret: Vec<u64>,
}

#[derive(Serialize)]
struct View {
    ticket: Option<TicketView>,
    asked: AskedView,
    /// One letter out of several replies.
    combined: Option<String>,
    combined_of: Vec<String>,
    /// Every article, for "mark as a phrasing of".
    articles: Vec<(String, String)>,
    done: Option<u64>,
}

/// `GET /agent/tickets/{id}`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    Params(params): Params<TicketParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let ticket = found(engine, id)?;
        let wanted = params.reply.as_deref().and_then(|l| l.parse().ok());
        let text = ticket.ticket.clean_text.clone();
        let view = asked(app, engine, &staff, (&text, Some(&ticket)), wanted)?;
        page(app, engine, &staff, (Some(&ticket), view), Some(&params))
    })
    .await
}

/// A ticket by its number.
pub fn found(engine: &Engine, id: u64) -> Result<Ticket, Problem> {
    match engine.store().ticket(TicketId(id)) {
        Err(StoreError::NoTicket(_)) => Err(Problem::not_found()),
        other => Ok(other?),
    }
}

/// The page of a ticket, recorded or pasted.
pub fn page(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    (ticket, asked): (Option<&Ticket>, AskedView),
    params: Option<&TicketParams>,
) -> Result<Response, Problem> {
    let with = params.and_then(|p| p.with.as_deref()).unwrap_or_default();
    let together: Vec<&super::SuggestionView> = with
        .split(',')
        .filter_map(|id| asked.suggestions.iter().find(|s| s.article == id))
        .collect();
    let replies: Vec<&str> = together.iter().map(|s| s.reply.as_str()).collect();
    let view = View {
        combined: (replies.len() > 1).then(|| reply::combine(&replies)),
        combined_of: together.iter().map(|s| s.article.clone()).collect(),
        ticket: ticket.map(|t| ticket_view(app, engine, staff, t)).transpose()?,
        articles: articles(engine, staff),
        done: params.and_then(|p| p.done),
        asked,
    };
    show(app, staff, "ticket_title", "agent/ticket.html", &[&("view", view)])
}

fn ticket_view(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    ticket: &Ticket,
) -> Result<TicketView, Problem> {
    let words = |outcome| app.templates.string(staff.lang, super::said(outcome)).to_owned();
    let said = engine.store().ticket_feedback(ticket.id)?;
    let same = engine.store().same_secret(ticket.id, SAME_SECRET_MAX)?;
    Ok(TicketView {
        may_erase: staff.person.role >= Role::Lead,
        same_secret: same.iter().map(|id| id.0).collect(),
        id: ticket.id.0,
        at: moment(ticket.ticket.at),
        channel: ticket.ticket.channel.clone(),
        external_id: ticket.ticket.external_id.clone(),
        state: ticket.state.code(),
        outcomes: said.iter().map(|f| (f.article.to_string(), words(f.outcome))).collect(),
    })
}

fn articles(engine: &Engine, staff: &Staff) -> Vec<(String, String)> {
    let snapshot = engine.snapshot();
    let all = snapshot.library.visible(Reader::Staff);
    let titled =
        all.filter_map(|id| Some((id.to_string(), super::queue::title(&snapshot, staff, id)?)));
    titled.collect()
}

/// The open ticket that comes after one in the queue, newest first; `None` if none is open.
pub fn next_open(engine: &Engine, after: TicketId) -> Result<Option<TicketId>, Problem> {
    let open =
        |before| QueueFilter { state: Some(TicketState::Open), before, ..QueueFilter::default() };
    let older = engine.store().queue(&open(Some(after)), 1)?;
    let any = if older.is_empty() { engine.store().queue(&open(None), 1)? } else { older };
    Ok(any.first().map(|t| t.id))
}

/// `GET /agent/tickets/{id}/article.md`: the beginning of an article that would answer it.
pub async fn skeleton(
    State(app): State<Shared>,
    _staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    app.blocking(move |_, engine| {
        let ticket = found(engine, id)?;
        // Quoted for YAML by JSON, which is a part of it.
        let question = serde_json::to_string(&line(&ticket.ticket.clean_text)).unwrap_or_default();
        let today = now().strftime("%Y-%m-%d").to_string();
        let text = format!(
            "---\ntitle: \"\"\nsummary: \"\"\nquestions:\n  - {question}\naudience: public\n\
             kind: faq\nstatus: draft\nconfidence: work-in-progress\nowner: \"\"\n\
             reviewed: {today}\nreview_by: {today}\nreply: |\n  \n---\n\n"
        );
        let lang = ticket.ticket.lang.article_lang();
        let named = format!("attachment; filename=\"{lang}.md\"");
        let mut response = text.into_response();
        let markdown = HeaderValue::from_static("text/markdown; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, markdown);
        if let Ok(named) = HeaderValue::from_str(&named) {
            response.headers_mut().insert(CONTENT_DISPOSITION, named);
        }
        Ok(response)
    })
    .await
}
