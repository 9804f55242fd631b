//! `/agent/tickets/{id}/escalation`: a note for those who can repair it, in Markdown, to be edited
//! and copied. What is counted is counted now.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::desk::severity::{Severity, proposed};
use crate::engine::Engine;
use crate::events::{Ticket, TicketState};
use crate::notify::{Event, Notice};
use crate::time::now;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::{moment, show};
use crate::web::pages::templates::Contents;
use crate::web::state::{App, Shared};

use super::outcome::{on_to_next, put};
use super::queue::{is_urgent, urgency_of};
use super::ticket::found;
use super::{AskedView, asked};

/// How much of the ticket the note quotes, in characters.
const QUOTED_CHARS_MAX: usize = 1500;

/// What the form sends: that the note has been handed over.
#[derive(Debug, Deserialize)]
pub struct EscalationForm {
    #[serde(default)]
    severity: String,
    /// The note as it was edited.
    #[serde(default)]
    note: String,
    /// `yes`: it goes to those who are told of escalations.
    #[serde(default)]
    send: String,
}

#[derive(Serialize)]
struct Tried {
    article: String,
    outcome: String,
}

#[derive(Serialize)]
struct NoteView<'a> {
    id: u64,
    link: String,
    at: String,
    now: String,
    by: &'a str,
    channel: &'a str,
    severity: &'static str,
    severities: Vec<&'static str>,
    quote: Vec<String>,
    tried: Vec<Tried>,
    root: &'a str,
    asked: &'a AskedView,
    /// The note itself; empty while it is being made.
    text: String,
    /// How many places it can be sent to.
    places: usize,
    /// How many of them did not take it.
    failed: usize,
}

/// `GET /agent/tickets/{id}/escalation`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let ticket = found(engine, id)?;
        let text = ticket.ticket.clean_text.clone();
        let asked = asked(app, engine, &staff, (&text, Some(&ticket)), Some(staff.lang))?;
        let mut note = note(app, engine, &staff, &ticket, &asked)?;
        let markdown = app.templates.render("agent/note.md", staff.lang, &[&("note", &note)]);
        note.text = markdown.map_err(|error| {
            tracing::error!("template `agent/note.md`: {error}");
            Problem::internal()
        })?;
        show(app, &staff, "escalation_title", "agent/escalation.html", &[&("note", &note)])
    })
    .await
}

/// `POST /agent/tickets/{id}/escalation`: it has been handed over.
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    form: Result<Form<EscalationForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let ticket = found(engine, id)?;
        let severity = Severity::ALL.into_iter().find(|s| s.code() == form.severity);
        let known = "`severity` must be S1, S2, S3 or S4";
        let severity = severity.ok_or_else(|| Problem::unprocessable(known))?;
        if form.send == "yes" {
            // Whatever was pasted into the note is cleaned like a ticket.
            let text = engine.redact(&form.note).clean_text;
            let failed = app.alerts.escalate(&handed_over(app, &ticket, severity, &text)).len();
            if failed > 0 {
                let clean = ticket.ticket.clean_text.clone();
                let asked = asked(app, engine, &staff, (&clean, Some(&ticket)), Some(staff.lang))?;
                let note = note(app, engine, &staff, &ticket, &asked)?;
                let note = NoteView { text, failed, severity: severity.code(), ..note };
                let contents: &[&dyn Contents] = &[&("note", &note)];
                return show(app, &staff, "escalation_title", "agent/escalation.html", contents);
            }
        }
        put(engine, &staff.person.name, ticket.id, TicketState::Escalated)?;
        on_to_next(engine, ticket.id)
    })
    .await
}

/// The notice of an escalation. The same note again has the same id.
fn handed_over(app: &App, ticket: &Ticket, severity: Severity, text: &str) -> Notice {
    let (id, severity) = (ticket.id.0, severity.code());
    let hash = blake3::hash(text.as_bytes()).to_hex();
    Notice {
        id: format!("escalation-{id}-{}", hash.get(..8).unwrap_or_default()),
        event: Event::Escalation,
        at: now(),
        title: format!("{severity} · #{id}"),
        text: text.to_owned(),
        link: format!("{}/agent/tickets/{id}", app.settings.public_url),
        facts: serde_json::json!({ "ticket": id, "severity": severity }),
    }
}

fn note<'a>(
    app: &'a App,
    engine: &Engine,
    staff: &'a Staff,
    ticket: &'a Ticket,
    asked: &'a AskedView,
) -> Result<NoteView<'a>, Problem> {
    let snapshot = engine.snapshot();
    let urgency =
        urgency_of(&snapshot, &std::collections::BTreeMap::new(), ticket, ticket.ticket.at);
    let best = asked.suggestions.first().and_then(|s| s.article.parse().ok());
    let at_risk = urgency.code() == "urgent" || best.is_some_and(|id| is_urgent(&snapshot, &id));
    // The ticket itself counts as well.
    let like = &asked.like;
    let severity = proposed(at_risk, like.last_hour + 1, like.last_day + 1);
    let root = app.settings.public_url.as_str();
    let quoted: String = ticket.ticket.clean_text.chars().take(QUOTED_CHARS_MAX).collect();
    let said = engine.store().ticket_feedback(ticket.id)?;
    let tried = said.iter().map(|f| Tried {
        article: f.article.to_string(),
        outcome: app.templates.string(staff.lang, super::said(f.outcome)).to_owned(),
    });
    Ok(NoteView {
        id: ticket.id.0,
        link: format!("{root}/agent/tickets/{}", ticket.id.0),
        at: moment(ticket.ticket.at),
        now: moment(now()),
        by: &staff.person.display,
        channel: &ticket.ticket.channel,
        severity: severity.code(),
        severities: Severity::ALL.map(Severity::code).to_vec(),
        quote: quoted.lines().map(str::to_owned).collect(),
        tried: tried.collect(),
        root,
        asked,
        text: String::new(),
        places: app.alerts.targets(Event::Escalation).count(),
        failed: 0,
    })
}
