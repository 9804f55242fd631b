//! `/agent`: the tickets that came in, and a box for one that lives elsewhere.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::desk::urgency::{Facts, Urgency, urgency};
use crate::engine::{Engine, Snapshot};
use crate::events::store::QueueFilter;
use crate::events::{Ticket, TicketState};
use crate::id::{ArticleId, TicketId};
use crate::kb::library::Reader;
use crate::lang::TextLang;
use crate::time::{Timestamp, now};
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};

use super::{LineView, asked};

/// Tickets on a page.
const PAGE: usize = 50;
/// Tickets among which the most urgent are looked for.
const LOOKED_AT_MAX: usize = 500;
/// In the address: tickets that nothing answers.
const NO_TOPIC: &str = "none";

/// Which tickets are wanted, and in which order.
#[derive(Debug, Deserialize, Clone)]
pub struct QueueParams {
    state: Option<String>,
    #[serde(rename = "in")]
    lang: Option<String>,
    topic: Option<String>,
    sort: Option<String>,
    before: Option<u64>,
    done: Option<u64>,
}

/// What the paste box sends.
#[derive(Debug, Deserialize)]
pub struct PasteForm {
    #[serde(default)]
    text: String,
}

#[derive(Serialize)]
struct Row {
    line: LineView,
    topic: Option<String>,
    percent: u32,
    urgency: &'static str,
    waited: String,
}

#[derive(Serialize)]
struct Tab {
    state: &'static str,
    count: u64,
    current: bool,
}

#[derive(Serialize)]
struct Topic {
    id: String,
    title: String,
    current: bool,
}

#[derive(Serialize)]
struct View {
    rows: Vec<Row>,
    tabs: Vec<Tab>,
    langs: Vec<(&'static str, bool)>,
    topics: Vec<Topic>,
    state: &'static str,
    lang: String,
    topic: String,
    urgent_first: bool,
    older: Option<u64>,
    done: Option<u64>,
    root: String,
}

/// `GET /agent`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<QueueParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let view = view(app, engine, &staff, &params)?;
        show(app, &staff, "queue_title", "agent/queue.html", &[&("queue", view)])
    })
    .await
}

/// `POST /agent`: a ticket that lives elsewhere. Nothing is recorded.
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    form: Result<Form<PasteForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let view = asked(app, engine, &staff, (&form.text, None), None)?;
        super::ticket::page(app, engine, &staff, (None, view), None)
    })
    .await
}

fn view(app: &App, engine: &Engine, staff: &Staff, params: &QueueParams) -> Result<View, Problem> {
    let state = params.state.as_deref().and_then(TicketState::from_code).unwrap_or_default();
    let lang = params.lang.as_deref().and_then(|code| code.parse::<TextLang>().ok());
    // It stands in the links of the page, so what came with the address is looked at like a text.
    let is_clean = |text: &String| !text.is_empty() && engine.redact(text).redactions.is_empty();
    let asked_topic = params.topic.clone().filter(is_clean);
    let topic = asked_topic.as_deref().map(|t| if t == NO_TOPIC { None } else { t.parse().ok() });
    let urgent_first = params.sort.as_deref() == Some("urgent");
    let filter = QueueFilter {
        state: Some(state),
        lang,
        topic,
        before: params.before.map(TicketId).filter(|_| !urgent_first),
        no_copies: false,
    };
    let limit = if urgent_first { LOOKED_AT_MAX } else { PAGE };
    let now = now();
    let snapshot = engine.snapshot();
    let likely = lately(engine, now)?;
    let mut tickets: Vec<(Urgency, Ticket)> = engine
        .store()
        .queue(&filter, limit)?
        .into_iter()
        .map(|ticket| (urgency_of(&snapshot, &likely, &ticket, now), ticket))
        .collect();
    if urgent_first {
        tickets.sort_by_key(|(urgency, ticket)| (*urgency, ticket.id));
        tickets.truncate(PAGE);
    }
    let last = tickets.last().map(|(_, t)| t.id.0).filter(|id| *id > 1);
    let older = last.filter(|_| !urgent_first && tickets.len() == PAGE);
    let rows = tickets.iter().map(|(urgency, ticket)| row(&snapshot, staff, *urgency, ticket, now));
    let counts = engine.store().state_counts()?;
    let tabs = TicketState::ALL.into_iter().zip(counts).map(|(tab, count)| Tab {
        state: tab.code(),
        count,
        current: tab == state,
    });
    Ok(View {
        rows: rows.collect(),
        tabs: tabs.collect(),
        langs: TextLang::ALL.map(|l| (l.code(), Some(l) == lang)).to_vec(),
        topics: topics(app, engine, staff, asked_topic.as_deref(), now)?,
        state: state.code(),
        lang: lang.map(|l| l.code().to_owned()).unwrap_or_default(),
        topic: asked_topic.unwrap_or_default(),
        urgent_first,
        older,
        done: params.done,
        root: app.settings.public_url.clone(),
    })
}

/// How many tickets of the last hour had each article as their best.
fn lately(engine: &Engine, now: Timestamp) -> Result<BTreeMap<ArticleId, u64>, Problem> {
    let since = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
    let counts = engine.store().issue_counts(since, now)?;
    Ok(counts.into_iter().filter_map(|c| Some((c.article?, c.tickets))).collect())
}

/// How urgent a ticket is.
pub fn urgency_of(
    snapshot: &Snapshot,
    lately: &BTreeMap<ArticleId, u64>,
    ticket: &Ticket,
    now: Timestamp,
) -> Urgency {
    let best = ticket.ticket.suggested.first().map(|s| &s.article);
    let facts = Facts {
        redacted: &ticket.ticket.redacted,
        urgent_section: best.is_some_and(|id| is_urgent(snapshot, id)),
        like_it: best.and_then(|id| lately.get(id)).copied().unwrap_or(0),
        at: ticket.ticket.at,
    };
    urgency(&facts, now)
}

/// Whether an article stands in a section whose tickets are urgent.
pub fn is_urgent(snapshot: &Snapshot, id: &ArticleId) -> bool {
    let article = snapshot.library.article(id, crate::lang::Lang::En, Reader::Staff);
    let section = article.and_then(|a| snapshot.library.section(&a.section));
    section.is_some_and(|s| s.urgent)
}

fn row(
    snapshot: &Snapshot,
    staff: &Staff,
    urgency: Urgency,
    ticket: &Ticket,
    now: Timestamp,
) -> Row {
    let best = ticket.ticket.suggested.first();
    Row {
        topic: best.and_then(|s| title(snapshot, staff, &s.article)),
        percent: best.map_or(0, |s| super::percent(s.confidence)),
        urgency: urgency.code(),
        waited: waited(now.duration_since(ticket.ticket.at)),
        line: LineView::new(ticket),
    }
}

/// An article's title in the agent's language.
pub fn title(snapshot: &Snapshot, staff: &Staff, id: &ArticleId) -> Option<String> {
    let article = snapshot.library.article(id, staff.lang.article_lang(), Reader::Staff)?;
    Some(staff.lang.showing(article.lang).say(&article.meta.title).into_owned())
}

/// How long something has waited, in its largest unit.
fn waited(span: SignedDuration) -> String {
    let minutes = span.as_mins().max(0);
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1440),
    }
}

/// The topics of the last 30 days, those with the most tickets first.
fn topics(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    current: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Topic>, Problem> {
    let since = now.checked_sub(SignedDuration::from_hours(30 * 24)).unwrap_or(now);
    let snapshot = engine.snapshot();
    let topic = |article: Option<ArticleId>| {
        let id = article.as_ref().map_or(NO_TOPIC.to_owned(), ToString::to_string);
        let title = match &article {
            Some(article) => title(&snapshot, staff, article)?,
            None => app.templates.string(staff.lang, "queue_no_topic").to_owned(),
        };
        Some(Topic { current: current == Some(&id), id, title })
    };
    let counts = engine.store().issue_counts(since, now)?;
    Ok(counts.into_iter().filter_map(|count| topic(count.article)).take(30).collect())
}
