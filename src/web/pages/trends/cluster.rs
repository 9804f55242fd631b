//! `/trends/clusters/{id}`: tickets about one thing that no article answers, all of them, and the
//! forms by which editors and leads sort them by hand: put two clusters together, take tickets out,
//! let zhinan sort them again. What they decide is kept ([`crate::trends::pile`]).

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use serde::Serialize;

use crate::engine::Engine;
use crate::engine::unanswered::{Unanswered, unanswered};
use crate::events::{Pin, Sorting};
use crate::id::TicketId;
use crate::people::audit::Entry;
use crate::people::{Change, Role};
use crate::time::now;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::agent::LineView;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::{moment, show};
use crate::web::state::{App, Shared};

use super::UNANSWERED;

/// How far back tickets are sorted.
pub(super) const DAYS: i64 = 30;
/// Tickets that are sorted by what they are about.
pub(super) const TICKETS_MAX: usize = 1_000;
/// Clusters that a list shows.
pub(super) const CLUSTERS_MAX: usize = 20;
/// What the name of a ticket's box begins with.
const BOX: &str = "ticket-";

/// A cluster that this one can be merged with.
#[derive(Serialize)]
struct Other {
    id: u64,
    label: String,
    count: usize,
}

/// Who sorted it last, and when.
#[derive(Serialize)]
struct Sorted {
    who: String,
    at: String,
}

#[derive(Serialize)]
struct View {
    id: u64,
    label: String,
    count: usize,
    langs: Vec<(&'static str, u64)>,
    tickets: Vec<LineView>,
    others: Vec<Other>,
    sorted: Option<Sorted>,
    may_sort: bool,
}

/// The clusters of the last days, as every list of them has them.
pub(super) fn clusters(engine: &Engine) -> Result<Vec<Unanswered>, Problem> {
    let since = now().checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or_else(|_| now());
    let snapshot = engine.snapshot();
    Ok(unanswered(engine.store(), &snapshot.library.analyser, since, TICKETS_MAX)?)
}

fn find(clusters: &[Unanswered], id: u64) -> Result<&Unanswered, Problem> {
    let found = clusters.iter().find(|cluster| cluster.id() == Some(TicketId(id)));
    found.ok_or_else(Problem::not_found)
}

/// `GET /trends/clusters/{id}`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let all = clusters(engine)?;
        let cluster = find(&all, id)?;
        let label = |cluster: &Unanswered| staff.lang.say(&cluster.label).into_owned();
        let other = |other: &Unanswered| {
            let id = other.id()?.0;
            Some(Other { id, label: label(other), count: other.tickets.len() })
        };
        let pins = engine.store().pins()?;
        let mine = pins.iter().filter(|pin| Some(pin.pile) == cluster.pile);
        let last = mine.max_by_key(|pin| (pin.at, pin.ticket));
        let view = View {
            id,
            label: label(cluster),
            count: cluster.tickets.len(),
            langs: cluster.langs().into_iter().map(|(lang, n)| (lang.code(), n)).collect(),
            tickets: cluster.tickets.iter().map(LineView::new).collect(),
            others: all.iter().filter_map(other).filter(|other| other.id != id).collect(),
            sorted: last.map(|pin| Sorted { who: pin.who.clone(), at: moment(pin.at) }),
            may_sort: staff.person.role >= Role::Editor,
        };
        show(app, &staff, "trends_cluster", "trends/cluster.html", &[&("view", view)])
    })
    .await
}

/// `POST /trends/clusters/{id}`: `merge` with the cluster `with`, `split` the ticked tickets off, or
/// `release` what was sorted.
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    form: Result<Form<BTreeMap<String, String>>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |_, engine| {
        let all = clusters(engine)?;
        let cluster = find(&all, id)?;
        let pins = engine.store().pins()?;
        let what = form.get("what").map_or("", String::as_str);
        let (tickets, detail, there) = match what {
            "merge" => {
                let with = form.get("with").and_then(|with| with.parse().ok()).unwrap_or_default();
                let other = find(&all, with)?;
                let into = TicketId(id.min(with));
                let moved = together(&[cluster, other], &pins, into);
                (moved, format!("cluster/{with}"), Some(into))
            }
            "split" => {
                let ticked = ticked(&form);
                let moved = apart(cluster, &pins, &ticked)?;
                let numbers: Vec<String> = ticked.iter().map(|id| format!("#{}", id.0)).collect();
                (moved, numbers.join(" "), ticked.first().copied())
            }
            "release" => {
                let own = sorted(&[cluster], &pins).into_iter().map(|ticket| (ticket, None));
                (own.collect(), String::new(), None)
            }
            _ => return Err(Problem::unprocessable("`what` must be merge, split or release")),
        };
        let (at, who) = (now(), staff.person.name.clone());
        engine.store().record_sorting(&Sorting { at, who: who.clone(), tickets })?;
        let entry = Entry::new(at, &who, &format!("cluster-{what}"), format!("cluster/{id}"));
        engine.store().change(&Change::Note, &entry.detail(detail))?;
        let there = there.map_or(format!("/trends/issues/{UNANSWERED}"), |id| {
            format!("/trends/clusters/{}", id.0)
        });
        Ok(Redirect::to(&there).into_response())
    })
    .await
}

/// Everything that lies in these clusters goes to one pile, also what is too old to be shown.
fn together(
    clusters: &[&Unanswered],
    pins: &[Pin],
    into: TicketId,
) -> Vec<(TicketId, Option<TicketId>)> {
    let mut tickets = sorted(clusters, pins);
    tickets.extend(clusters.iter().flat_map(|c| c.tickets.iter().map(|t| t.id)));
    tickets.sort_unstable();
    tickets.dedup();
    tickets.into_iter().map(|ticket| (ticket, Some(into))).collect()
}

/// The ticked tickets go to a pile of their own, and the others to one that they are never again
/// joined with.
fn apart(
    cluster: &Unanswered,
    pins: &[Pin],
    ticked: &[TicketId],
) -> Result<Vec<(TicketId, Option<TicketId>)>, Problem> {
    let rest: Vec<TicketId> =
        cluster.tickets.iter().map(|t| t.id).filter(|id| !ticked.contains(id)).collect();
    let own = ticked.iter().all(|id| cluster.tickets.iter().any(|t| t.id == *id));
    let (Some(first), Some(first_left), true) = (ticked.first(), rest.iter().min(), own) else {
        let said = "tick at least one ticket of this cluster, and leave at least one";
        return Err(Problem::unprocessable(said));
    };
    // The rest keeps its number, unless the ticket that it is called after was taken out.
    let named = cluster.id().filter(|id| !ticked.contains(id)).unwrap_or(*first_left);
    let mut moved = rest;
    moved.extend(sorted(&[cluster], pins));
    moved.retain(|id| !ticked.contains(id));
    moved.sort_unstable();
    moved.dedup();
    let mut tickets: Vec<_> = moved.into_iter().map(|id| (id, Some(named))).collect();
    tickets.extend(ticked.iter().map(|id| (*id, Some(*first))));
    Ok(tickets)
}

/// What was sorted into the piles of these clusters.
fn sorted(clusters: &[&Unanswered], pins: &[Pin]) -> Vec<TicketId> {
    let in_them = |pin: &&Pin| clusters.iter().any(|c| c.pile == Some(pin.pile));
    pins.iter().filter(in_them).map(|pin| pin.ticket).collect()
}

/// The tickets whose boxes are ticked, in ascending order.
fn ticked(form: &BTreeMap<String, String>) -> Vec<TicketId> {
    let number = |name: &String| name.strip_prefix(BOX)?.parse().ok().map(TicketId);
    let mut tickets: Vec<TicketId> = form.keys().filter_map(number).collect();
    tickets.sort_unstable();
    tickets
}
