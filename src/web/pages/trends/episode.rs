//! `/trends/episodes/{id}`: one episode: what was seen and what was expected, its course, what to do
//! and what to tell users, its tickets; and the same as a file for the record of the incident.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use crate::engine::{Engine, Snapshot};
use crate::events::{StoreError, Ticket};
use crate::id::{ArticleId, TicketId};
use crate::kb::library::Reader;
use crate::lang::Lang;
use crate::time::Timestamp;
use crate::trends::episode::Episode;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::agent::LineView;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};
use crate::web::view::Link;

use super::bars::Bars;
use super::word::WordView;
use super::{EpisodeView, export};

/// Tickets on the page; the file has all that are kept.
const TICKETS_MAX: usize = 30;

/// What users can be told while it lasts: a banner's text.
#[derive(Serialize)]
struct Banner {
    tag: &'static str,
    text: String,
}

#[derive(Serialize)]
struct View {
    episode: EpisodeView,
    open: bool,
    word: WordView,
    hours: Bars,
    /// The article and the internal runbooks that it names.
    todo: Vec<Link>,
    banners: Vec<Banner>,
    tickets: Vec<LineView>,
}

/// `GET /trends/episodes/{id}`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let (snapshot, episode, view, open) = found(app, engine, &staff, id)?;
        let newest = episode.numbers().iter().rev().take(TICKETS_MAX);
        let tickets = tickets(engine, newest.copied())?;
        let view = View {
            hours: hours(&episode),
            todo: todo(&snapshot, &staff, &episode),
            banners: banners(&snapshot, &episode),
            tickets: tickets.iter().map(LineView::new).collect(),
            word: WordView::of(engine, &episode)?,
            episode: view,
            open,
        };
        show(app, &staff, "trends_episode", "trends/episode.html", &[&("view", view)])
    })
    .await
}

/// `GET /trends/episodes/{id}/tickets.csv`: the evidence.
pub async fn tickets_csv(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let (snapshot, episode, ..) = found(app, engine, &staff, id)?;
        let tickets = tickets(engine, episode.numbers().iter().copied())?;
        export::tickets(&format!("episode-{id}.csv"), &tickets, &snapshot.library.analyser)
    })
    .await
}

type Found = (std::sync::Arc<Snapshot>, Episode, EpisodeView, bool);

fn found(app: &App, engine: &Engine, staff: &Staff, id: u64) -> Result<Found, Problem> {
    let snapshot = engine.snapshot();
    let found = app.incidents.look(engine, |seen| {
        let episode = seen.ledger.episode(id)?.clone();
        let view = EpisodeView::new(&episode, seen.ledger, &snapshot, staff);
        let open = seen.ledger.open().iter().any(|e| e.id == id);
        Some((episode, view, open))
    })?;
    let (episode, view, open) = found.ok_or_else(Problem::not_found)?;
    Ok((snapshot, episode, view, open))
}

/// The tickets of these numbers; one that was erased is left out.
fn tickets(engine: &Engine, numbers: impl Iterator<Item = u64>) -> Result<Vec<Ticket>, Problem> {
    let mut tickets = Vec::new();
    for number in numbers {
        match engine.store().ticket(TicketId(number)) {
            Ok(ticket) => tickets.push(ticket),
            Err(StoreError::NoTicket(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(tickets)
}

fn hours(episode: &Episode) -> Bars {
    let first = episode.hours.keys().next().copied().unwrap_or_default();
    let last = episode.hours.keys().next_back().copied().unwrap_or(first);
    // A day or two by hours, more by days: bars must be told apart.
    let step = if last - first < 72 { 1 } else { 24 };
    let count = |from: i64| episode.hours.range(from..from + step).map(|(_, n)| n).sum();
    let label = |hour: i64| {
        let form = if step == 1 { "%m-%d %H:00" } else { "%m-%d" };
        let at = Timestamp::from_second(hour * 3_600).unwrap_or(Timestamp::UNIX_EPOCH);
        at.strftime(form).to_string()
    };
    let begin = first.div_euclid(step) * step;
    let steps = (begin..=last).step_by(step as usize);
    Bars::new(&steps.map(|hour| (label(hour), count(hour))).collect::<Vec<_>>())
}

fn article_id(episode: &Episode) -> Option<ArticleId> {
    episode.article.as_ref()?.parse().ok()
}

fn todo(snapshot: &Snapshot, staff: &Staff, episode: &Episode) -> Vec<Link> {
    let Some(id) = article_id(episode) else { return Vec::new() };
    let Some(article) = snapshot.library.article(&id, Lang::En, Reader::Staff) else {
        return Vec::new();
    };
    let related = article.meta.related.iter().map(String::as_str);
    std::iter::once(id.as_str())
        .chain(related)
        .filter_map(|id| Link::find(snapshot, id, staff.lang, Reader::Staff))
        .collect()
}

/// A banner in each language, made of what the article says: to be pasted into `kb/banners.toml`.
fn banners(snapshot: &Snapshot, episode: &Episode) -> Vec<Banner> {
    let Some(id) = article_id(episode) else { return Vec::new() };
    let banner = |lang: Lang| {
        let pair = snapshot.library.pairs.get(&id)?;
        let article = pair.get(lang).filter(|a| Reader::Public.may_read(a))?;
        let (title, summary) = (&article.meta.title, &article.meta.summary);
        let text = match lang {
            Lang::En => format!("We are seeing more reports than usual: {title}. {summary}"),
            Lang::Zh => format!("近期反馈较多：{title}。{summary}"),
        };
        Some(Banner { tag: lang.code(), text })
    };
    Lang::ALL.into_iter().filter_map(banner).collect()
}
