//! A replay as pages show it: both answers to every ticket whose answer changes, side by side.
//!
//! In: a [`Replay`] and who looks at it. Out: what the template writes. Replays nothing itself.

use serde::Serialize;

use crate::engine::Snapshot;
use crate::eval::replay::{Changed, Got, Replay, Tally};
use crate::kb::library::Reader;
use crate::web::guard::Staff;
use crate::web::pages::agent::{line, percent, queue};

/// Changes that are shown for each reader and kind of ticket.
const SHOWN_MAX: usize = 30;

#[derive(Serialize)]
struct GotView {
    article: Option<String>,
    percent: u32,
    why: Vec<String>,
}

#[derive(Serialize)]
struct ChangedView {
    id: String,
    text: String,
    lang: &'static str,
    change: &'static str,
    before: GotView,
    after: GotView,
}

#[derive(Serialize)]
struct TallyView {
    tickets: usize,
    first: String,
    among_three: String,
    right: usize,
    silent: usize,
}

#[derive(Serialize)]
struct TrafficView {
    name: String,
    gains: usize,
    loses: usize,
}

/// What changes for one kind of reader.
#[derive(Serialize)]
pub(in crate::web::pages) struct ReaderView {
    reader: &'static str,
    /// What is compared, in the keys of strings: `draft` or `learning`.
    compared: &'static str,
    before: TallyView,
    after: TallyView,
    past: usize,
    golden: Vec<ChangedView>,
    others: Vec<ChangedView>,
    articles: Vec<TrafficView>,
    /// Golden tickets that are no longer answered rightly.
    pub(in crate::web::pages) lost: usize,
}

impl ReaderView {
    /// Lays out one replay, with titles in the language of whoever looks.
    pub(in crate::web::pages) fn new(
        snapshot: &Snapshot,
        staff: &Staff,
        (reader, compared): (Reader, &'static str),
        made: &Replay,
    ) -> ReaderView {
        let name = |id: &str| {
            let title = id.parse().ok().and_then(|id| queue::title(snapshot, staff, &id));
            title.unwrap_or_else(|| id.to_owned())
        };
        let got = |got: &Got| GotView {
            article: got.first_shown().map(name),
            percent: percent(got.confidence),
            why: got.why.iter().take(2).map(|w| w.evidence.clone()).collect(),
        };
        let changed = |c: &Changed| ChangedView {
            id: c.ticket.id.clone(),
            text: line(&c.ticket.text),
            lang: c.lang.code(),
            change: c.change.code(),
            before: got(&c.before),
            after: got(&c.after),
        };
        let list = |all: &[Changed]| all.iter().take(SHOWN_MAX).map(changed).collect();
        let traffic = made.articles.iter().filter(|(_, t)| t.gains + t.loses > 0);
        ReaderView {
            reader: reader.code(),
            compared,
            before: tally(&made.golden_before),
            after: tally(&made.golden_after),
            past: made.past_before.tickets,
            golden: list(&made.golden),
            others: list(&made.past),
            articles: traffic
                .map(|(id, t)| TrafficView { name: name(id), gains: t.gains, loses: t.loses })
                .collect(),
            lost: made.golden_lost(),
        }
    }
}

fn tally(tally: &Tally) -> TallyView {
    let share = |n: usize| format!("{:.1}", 100.0 * n as f64 / tally.answerable.max(1) as f64);
    TallyView {
        tickets: tally.tickets,
        first: share(tally.first),
        among_three: share(tally.among_three),
        right: tally.right,
        silent: tally.silent,
    }
}
