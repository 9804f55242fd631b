//! `/trends`: the morning page: what is burning, what rose, what to write next, how self-service did.

use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::engine::unanswered::{Unanswered, unanswered};
use crate::engine::{Engine, Snapshot};
use crate::events::Outcome;
use crate::id::ArticleId;
use crate::time::{Timestamp, now};
use crate::trends::report::{Issue, Report};
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::agent::queue::title;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};

use super::service::{self, MeasureRow, Service};
use super::{EpisodeView, UNANSWERED, percent};

/// Windows that can be chosen, in days.
pub(super) const WINDOWS: [i64; 3] = [1, 7, 30];
/// Lines of each list: the page is to fit one screen.
const LINES_MAX: usize = 6;
/// Unanswered tickets that are sorted for the page.
const UNANSWERED_MAX: usize = 500;
/// Episodes that have ended are shown for so long.
const ENDED_SHOWN: i64 = 7 * 86_400;
/// Rejections of an article from which on it is worth a look.
const REJECTED_MIN: u64 = 3;

/// The window.
#[derive(Debug, Default, Deserialize)]
pub struct MorningParams {
    days: Option<i64>,
}

impl MorningParams {
    /// The window in days.
    pub(super) fn days(&self) -> i64 {
        self.days.filter(|days| WINDOWS.contains(days)).unwrap_or(7)
    }
}

/// A line of "what rose".
#[derive(Serialize)]
struct IssueView {
    slug: String,
    name: Option<String>,
    tickets: u64,
    before: u64,
    share: String,
    /// `new`, `up`, `down` or `steady`.
    course: &'static str,
}

/// A line of "what to write next", and the link to where one can see why.
#[derive(Serialize)]
struct ToWrite {
    /// `cluster`, `search`, `after_reading`, `rejected` or `one_language`.
    why: &'static str,
    name: String,
    count: u64,
    link: Option<String>,
}

#[derive(Serialize)]
struct View {
    days: i64,
    windows: [(i64, bool); WINDOWS.len()],
    open: Vec<EpisodeView>,
    ended: Vec<EpisodeView>,
    behind: u64,
    one_source: Option<(u64, u32)>,
    tickets: u64,
    tickets_before: u64,
    issues: Vec<IssueView>,
    to_write: Vec<ToWrite>,
    service: Vec<Service>,
    /// Contact made again, in all languages together.
    again: Vec<MeasureRow>,
}

/// `GET /trends`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<MorningParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let view = view(app, engine, &staff, params.days())?;
        show(app, &staff, "trends_title", "trends/morning.html", &[&("morning", view)])
    })
    .await
}

fn view(app: &App, engine: &Engine, staff: &Staff, days: i64) -> Result<View, Problem> {
    let (snapshot, until) = (engine.snapshot(), now());
    let report = report(engine, days, until)?;
    let (open, ended, behind, one_source) = app.incidents.look(engine, |seen| {
        let view = |e: &_| EpisodeView::new(e, seen.ledger, &snapshot, staff);
        let mut open: Vec<_> = seen.ledger.open().iter().collect();
        open.sort_by(|a, b| b.tickets.cmp(&a.tickets).then(a.id.cmp(&b.id)));
        let recent = |e: &&_| lately(e, until);
        let ended = seen.ledger.closed().rev().filter(recent).take(LINES_MAX).map(view).collect();
        let open: Vec<EpisodeView> = open.into_iter().map(view).collect();
        (open, ended, seen.behind, seen.one_source)
    })?;
    let issue = |issue: &Issue| IssueView {
        slug: issue.article.as_ref().map_or(UNANSWERED.to_owned(), ToString::to_string),
        name: issue
            .article
            .as_ref()
            .map(|id| title(&snapshot, staff, id).unwrap_or_else(|| id.to_string())),
        tickets: issue.tickets,
        before: issue.before,
        share: percent(issue.share),
        course: course(issue),
    };
    app.searches.store(engine.store())?;
    let service = service::service(engine.store(), report.since, until)?;
    let measures = service::measures(service.get(..1).unwrap_or_default());
    Ok(View {
        days,
        windows: WINDOWS.map(|window| (window, window == days)),
        open,
        ended,
        behind,
        one_source,
        tickets: report.tickets,
        tickets_before: report.issues.iter().map(|i| i.before).sum(),
        issues: rose(&report).into_iter().take(LINES_MAX).map(issue).collect(),
        to_write: to_write(engine, &snapshot, staff, (report.since, until), &report)?,
        again: measures.into_iter().filter(MeasureRow::is_again).collect(),
        service,
    })
}

fn lately(episode: &crate::trends::episode::Episode, until: Timestamp) -> bool {
    until.as_second() - episode.last < ENDED_SHOWN
}

/// What recurred in the last `days`, compared with as many before.
pub(super) fn report(engine: &Engine, days: i64, until: Timestamp) -> Result<Report, Problem> {
    let back = |days: i64| until.checked_sub(SignedDuration::from_hours(24 * days));
    let (since, before) = (back(days).unwrap_or(until), back(2 * days).unwrap_or(until));
    let store = engine.store();
    let counts = store.issue_counts(since, until)?;
    Ok(Report::new(since, until, &counts, &store.issue_counts(before, since)?))
}

/// The issues: those that rose most first, by the surprise of a Poisson count.
fn rose(report: &Report) -> Vec<&Issue> {
    let excess = |issue: &Issue| {
        let (now, before) = (issue.tickets as f64, issue.before as f64);
        (now - before) / (now + before).max(1.0).sqrt()
    };
    let mut issues: Vec<&Issue> = report.issues.iter().collect();
    issues.sort_by(|a, b| {
        excess(b)
            .total_cmp(&excess(a))
            .then(b.tickets.cmp(&a.tickets))
            .then(a.article.cmp(&b.article))
    });
    issues
}

/// Two standard deviations of the difference of two Poisson counts make a rise or a fall.
fn course(issue: &Issue) -> &'static str {
    let (now, before) = (issue.tickets as f64, issue.before as f64);
    let two = 2.0 * (now + before).sqrt();
    match () {
        () if issue.before == 0 => "new",
        () if now - before > two => "up",
        () if before - now > two => "down",
        () => "steady",
    }
}

/// What would spare most tickets, by the number of people it concerned.
fn to_write(
    engine: &Engine,
    snapshot: &Snapshot,
    staff: &Staff,
    (since, until): (Timestamp, Timestamp),
    report: &Report,
) -> Result<Vec<ToWrite>, Problem> {
    let store = engine.store();
    let analyser = &snapshot.library.analyser;
    let name = |id: &ArticleId| title(snapshot, staff, id).unwrap_or_else(|| id.to_string());
    let issue = |id: &dyn std::fmt::Display| Some(format!("/trends/issues/{id}"));
    let cluster = |found: &Unanswered| ToWrite {
        why: "cluster",
        name: staff.lang.say(&found.label).into_owned(),
        count: found.tickets.len() as u64,
        link: found.id().map(|id| format!("/trends/issues/{UNANSWERED}#about-{}", id.0)),
    };
    let mut all: Vec<ToWrite> =
        unanswered(store, analyser, since, UNANSWERED_MAX)?.iter().map(cluster).collect();
    all.extend(store.gaps(since, until, LINES_MAX)?.into_iter().map(|gap| ToWrite {
        why: "search",
        name: gap.query,
        count: gap.searches,
        link: None,
    }));
    all.extend(store.contact_after_reading(since, until)?.into_iter().map(|read| ToWrite {
        why: "after_reading",
        name: name(&read.article),
        count: read.sent,
        link: issue(&read.article),
    }));
    let rejected = store.outcome_counts(since)?.into_iter();
    let rejected =
        rejected.filter(|(_, outcome, n)| *outcome == Outcome::Wrong && *n >= REJECTED_MIN);
    all.extend(rejected.map(|(id, _, count)| ToWrite {
        why: "rejected",
        name: name(&id),
        count,
        link: issue(&id),
    }));
    let one_language = report.issues.iter().filter_map(|i| {
        let id = i.article.as_ref()?;
        let pair = snapshot.library.pairs.get(id)?;
        (pair.versions().count() == 1).then(|| ToWrite {
            why: "one_language",
            name: name(id),
            count: i.tickets,
            link: issue(id),
        })
    });
    all.extend(one_language);
    all.retain(|line| line.count > 0);
    all.sort_by(|a, b| b.count.cmp(&a.count).then(a.why.cmp(b.why)).then(a.name.cmp(&b.name)));
    all.truncate(LINES_MAX);
    Ok(all)
}
