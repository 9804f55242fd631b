//! `/trends/service`: every figure of self-service by language, each with what it is of, its interval
//! and what it means; and the same as CSV. The morning page and `zhinan report` show parts of it.

use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use serde::Serialize;

use crate::events::service::RECONTACT;
use crate::events::{Store, StoreError};
use crate::lang::TextLang;
use crate::time::{Timestamp, now};
use crate::trends::rate::Rate;
use crate::trends::service::{self, Counts, Measure};
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};

use super::morning::{MorningParams, WINDOWS};
use super::{export, percent};

/// How self-service did in one language, or in all where `lang` is none.
#[derive(Debug, Serialize)]
pub struct Service {
    lang: Option<&'static str>,
    counts: Deflected,
    rates: Vec<RateView>,
    /// Acts of self-service for each person who sent a ticket, to one digit.
    score: Option<String>,
    acts: u64,
    people: u64,
    /// Difference and interval in points.
    effect: Option<[String; 3]>,
    without: [u64; 2],
    with: [u64; 2],
}

#[derive(Debug, Serialize)]
struct Deflected {
    attempts: u64,
    confirmed: u64,
    assumed: u64,
    sent_anyway: u64,
}

/// A rate: in percent, with its interval, if it is of enough.
#[derive(Debug, Clone, Serialize)]
pub struct RateView {
    measure: &'static str,
    part: u64,
    of: u64,
    percent: Option<String>,
    low: Option<String>,
    high: Option<String>,
}

impl RateView {
    fn new((measure, rate): (Measure, Rate)) -> RateView {
        let estimate = rate.estimate();
        RateView {
            measure: measure.code(),
            part: rate.part,
            of: rate.of,
            percent: estimate.map(|(share, ..)| percent(share)),
            low: estimate.map(|(_, low, _)| percent(low)),
            high: estimate.map(|(.., high)| percent(high)),
        }
    }
}

impl RateView {
    fn row(&self, lang: &str) -> [String; 7] {
        let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
        let (part, of) = (self.part.to_string(), self.of.to_string());
        let (percent, low, high) = (text(&self.percent), text(&self.low), text(&self.high));
        [self.measure.to_owned(), lang.to_owned(), part, of, percent, low, high]
    }
}

/// One rate in every language.
#[derive(Debug, Serialize)]
pub struct MeasureRow {
    code: &'static str,
    cells: Vec<RateView>,
}

impl MeasureRow {
    /// Whether it is about contact made again.
    pub(super) fn is_again(&self) -> bool {
        self.code.starts_with("again_")
    }
}

#[derive(Serialize)]
struct View {
    days: i64,
    windows: [(i64, bool); WINDOWS.len()],
    service: Vec<Service>,
    measures: Vec<MeasureRow>,
}

/// `GET /trends/service`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<MorningParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let days = params.days();
        let service = lately(app, engine.store(), days)?;
        let measures = measures(&service);
        let windows = WINDOWS.map(|window| (window, window == days));
        let view = View { days, windows, service, measures };
        show(app, &staff, "trends_service", "trends/service.html", &[&("view", view)])
    })
    .await
}

/// `GET /trends/service.csv`
pub async fn csv(
    State(app): State<Shared>,
    _staff: Staff,
    Params(params): Params<MorningParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let head = ["figure", "lang", "part", "of", "percent", "low", "high"];
        let mut rows = vec![head.map(str::to_owned)];
        for line in lately(app, engine.store(), params.days())? {
            let lang = line.lang.unwrap_or("all");
            rows.extend(line.rates.iter().map(|rate| rate.row(lang)));
            let (acts, people) = (line.acts.to_string(), line.people.to_string());
            let mut score = [const { String::new() }; 7];
            score[..4].clone_from_slice(&["self_service_score".into(), lang.into(), acts, people]);
            rows.push(score);
        }
        export::file("service.csv", &rows)
    })
    .await
}

fn lately(app: &App, store: &dyn Store, days: i64) -> Result<Vec<Service>, Problem> {
    let until = now();
    let since = until.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(until);
    app.searches.store(store)?;
    Ok(service(store, since, until)?)
}

/// How self-service did, all together and by language.
pub fn service(
    store: &dyn Store,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<Service>, StoreError> {
    // Who makes contact again is known when the time is over: those count whose time ended by then.
    let earlier = |at: Timestamp| at.checked_sub(RECONTACT).unwrap_or(Timestamp::MIN);
    let counts = Counts {
        sessions: store.session_counts(since, until)?,
        handled: store.handled(since, until)?,
        searches: store.searches(since, until)?,
        recontacts: store.recontacts(earlier(since), earlier(until), RECONTACT)?,
    };
    let langs = std::iter::once(None).chain(TextLang::ALL.map(Some));
    let line = |lang: Option<TextLang>| (lang, service::Service::of(&counts, lang));
    let lines = langs.map(line).filter(|(lang, line)| lang.is_none() || !line.is_empty());
    Ok(lines.map(|(lang, line)| view(lang, &line)).collect())
}

fn view(lang: Option<TextLang>, service: &service::Service) -> Service {
    let all = service.deflection;
    let points = |share: f64| format!("{:+.0}", share * 100.0);
    Service {
        lang: lang.map(TextLang::code),
        rates: service.rates().map(RateView::new).collect(),
        score: service.score().map(|score| format!("{score:.1}")),
        acts: service.acts,
        people: service.people,
        effect: all
            .effect()
            .map(|e| [points(e.difference), points(e.interval[0]), points(e.interval[1])]),
        without: [all.holdout.sent, all.holdout.offered],
        with: [all.treated.sent, all.treated.offered],
        counts: Deflected {
            attempts: all.attempts,
            confirmed: all.confirmed,
            assumed: all.assumed,
            sent_anyway: all.sent_anyway,
        },
    }
}

/// The rates of these lines, turned: a row for each rate.
pub fn measures(service: &[Service]) -> Vec<MeasureRow> {
    let row = |(at, measure): (usize, Measure)| MeasureRow {
        code: measure.code(),
        cells: service.iter().filter_map(|line| line.rates.get(at).cloned()).collect(),
    };
    Measure::ALL.into_iter().enumerate().map(row).collect()
}
