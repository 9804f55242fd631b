//! The report's figures: counts of the store in, lines with names and samples out.

use serde::Serialize;

use crate::engine::unanswered::{Unanswered, unanswered as sorted};
use crate::events::{Store, StoreError};
use crate::id::ArticleId;
use crate::kb::library::{Library, Reader};
use crate::time::Timestamp;
use crate::trends::cluster;
use crate::trends::report::{Issue, Report};
use crate::web::language::PageLang;
use crate::web::pages::staff::moment;

/// The most lines about what no article answers, and about searches.
const LINES_MAX: usize = 10;
/// The longest sample of a ticket, in characters.
const SAMPLE_CHARS_MAX: usize = 100;

/// An issue.
#[derive(Serialize)]
pub(super) struct IssueView {
    article: Option<String>,
    title: Option<String>,
    tickets: u64,
    /// Of all tickets, 0..1.
    share: f64,
    percent: String,
    before: u64,
    first: String,
    last: String,
}

/// Tickets that no article answers and that are about one thing.
#[derive(Serialize)]
pub(super) struct ClusterView {
    label: String,
    tickets: usize,
    sample: String,
}

/// A search that found nothing.
#[derive(Serialize)]
pub(super) struct SearchView {
    query: String,
    searches: u64,
}

/// The issues, most tickets first.
pub(super) fn issues(report: &Report, library: &Library, lang: PageLang) -> Vec<IssueView> {
    let issue = |issue: &Issue| IssueView {
        article: issue.article.as_ref().map(ToString::to_string),
        title: issue.article.as_ref().and_then(|id| title(library, id, lang)),
        tickets: issue.tickets,
        share: issue.share,
        percent: format!("{:.0}", issue.share * 100.0),
        before: issue.before,
        first: issue.first.to_string(),
        last: moment(issue.last),
    };
    report.issues.iter().map(issue).collect()
}

/// An article's title in a language, or in the other one if it has but that.
pub(super) fn title(library: &Library, id: &ArticleId, lang: PageLang) -> Option<String> {
    let article = library.article(id, lang.article_lang(), Reader::Staff)?;
    Some(lang.showing(article.lang).say(&article.meta.title).into_owned())
}

/// What the tickets of the window that zhinan abstained on are about.
pub(super) fn unanswered(
    store: &dyn Store,
    library: &Library,
    lang: PageLang,
    since: Timestamp,
) -> anyhow::Result<Vec<ClusterView>> {
    let about = |cluster: &Unanswered| {
        let sample = cluster.tickets.last().map_or("", |t| t.ticket.clean_text.as_str());
        let sample = sample.split_whitespace().collect::<Vec<_>>().join(" ");
        ClusterView {
            tickets: cluster.tickets.len(),
            label: lang.say(&cluster.label).into_owned(),
            sample: sample.chars().take(SAMPLE_CHARS_MAX).collect(),
        }
    };
    let found = sorted(store, &library.analyser, since, cluster::TEXTS_MAX)?;
    Ok(found.iter().take(LINES_MAX).map(about).collect())
}

/// Searches that found nothing, the most frequent first.
pub(super) fn searches(
    store: &dyn Store,
    (since, until): (Timestamp, Timestamp),
) -> Result<Vec<SearchView>, StoreError> {
    let gaps = store.gaps(since, until, LINES_MAX)?;
    let search = |gap: crate::events::session::GapCount| SearchView {
        query: gap.query,
        searches: gap.searches,
    };
    Ok(gaps.into_iter().map(search).collect())
}
