//! `/trends/issues/{slug}`: one issue: its course by day and hour, its episodes, its tickets.
//! `none` stands for what no article answers, sorted by what the tickets are about.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use crate::engine::Engine;
use crate::engine::unanswered::Unanswered;
use crate::events::store::QueueFilter;
use crate::id::ArticleId;
use crate::kb::library::Reader;
use crate::lang::Lang;
use crate::time::{Timestamp, now};
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::agent::LineView;
use crate::web::pages::agent::queue::title;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};

use super::bars::Bars;
use super::cluster::{CLUSTERS_MAX, DAYS, clusters};
use super::{EpisodeView, UNANSWERED};

const HOURS: i64 = 48;
/// Tickets and samples that are shown.
const TICKETS_MAX: usize = 20;
const SAMPLES_MAX: usize = 3;

#[derive(Serialize)]
struct About {
    id: u64,
    label: String,
    count: usize,
    langs: Vec<(&'static str, u64)>,
    /// Whether people have sorted it.
    sorted: bool,
    samples: Vec<LineView>,
}

#[derive(Serialize)]
struct View {
    slug: String,
    name: Option<String>,
    /// Its page for readers, if it is public.
    url: Option<String>,
    days: Bars,
    hours: Bars,
    episodes: Vec<EpisodeView>,
    about: Vec<About>,
    tickets: Vec<LineView>,
}

/// `GET /trends/issues/{slug}`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Path(slug): Path<String>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let view = view(app, engine, &staff, &slug)?;
        show(app, &staff, "trends_issue", "trends/issue.html", &[&("issue", view)])
    })
    .await
}

fn view(app: &App, engine: &Engine, staff: &Staff, slug: &str) -> Result<View, Problem> {
    let (snapshot, until) = (engine.snapshot(), now());
    let article: Option<ArticleId> = match slug {
        UNANSWERED => None,
        _ => Some(slug.parse().map_err(|_| Problem::not_found())?),
    };
    let filter = QueueFilter { topic: Some(article.clone()), ..QueueFilter::default() };
    let tickets = engine.store().queue(&filter, TICKETS_MAX)?;
    let known = article.as_ref().is_none_or(|id| snapshot.library.pairs.contains_key(id));
    if !known && tickets.is_empty() {
        return Err(Problem::not_found());
    }
    let episodes = app.incidents.look(engine, |seen| {
        let mine = |e: &&crate::trends::episode::Episode| {
            e.article.as_deref() == article.as_ref().map(ArticleId::as_str)
        };
        let all = seen.ledger.open().iter().rev().chain(seen.ledger.closed().rev());
        all.filter(mine).map(|e| EpisodeView::new(e, seen.ledger, &snapshot, staff)).collect()
    })?;
    let about = match article {
        None => about(engine, staff)?,
        Some(_) => Vec::new(),
    };
    let name = article.as_ref().map(|id| title(&snapshot, staff, id));
    let public = article
        .as_ref()
        .and_then(|id| snapshot.library.article(id, Lang::En, Reader::Public))
        .map(|a| crate::web::view::article_path(staff.lang, a.id.as_str()));
    Ok(View {
        name: name.map(|name| name.unwrap_or_else(|| slug.to_owned())),
        slug: slug.to_owned(),
        url: public,
        days: course(engine, article.as_ref(), until, (DAYS, 24))?,
        hours: course(engine, article.as_ref(), until, (HOURS, 1))?,
        episodes,
        about,
        tickets: tickets.iter().map(LineView::new).collect(),
    })
}

/// Counts of the last `steps` stretches of `hours` each; the last one is not over yet.
fn course(
    engine: &Engine,
    article: Option<&ArticleId>,
    until: Timestamp,
    (steps, hours): (i64, i64),
) -> Result<Bars, Problem> {
    let length = hours * 3_600;
    let last = until.as_second().div_euclid(length);
    let mut counts = Vec::new();
    for step in (last - steps + 1)..=last {
        let moment = |step: i64| Timestamp::from_second(step * length).unwrap_or(until);
        let found = engine.store().issue_counts(moment(step), moment(step + 1))?;
        let count = found.iter().find(|c| c.article.as_ref() == article).map_or(0, |c| c.tickets);
        let form = if hours == 24 { "%m-%d" } else { "%m-%d %H:00" };
        counts.push((moment(step).strftime(form).to_string(), count));
    }
    Ok(Bars::new(&counts))
}

fn about(engine: &Engine, staff: &Staff) -> Result<Vec<About>, Problem> {
    let view = |cluster: &Unanswered| About {
        id: cluster.id().map_or(0, |id| id.0),
        label: staff.lang.say(&cluster.label).into_owned(),
        count: cluster.tickets.len(),
        langs: cluster.langs().into_iter().map(|(lang, n)| (lang.code(), n)).collect(),
        sorted: cluster.pile.is_some(),
        samples: cluster.tickets.iter().take(SAMPLES_MAX).map(LineView::new).collect(),
    };
    Ok(clusters(engine)?.iter().take(CLUSTERS_MAX).map(view).collect())
}
