//! `zhinan report`: which issues recurred, as Markdown for a meeting or as JSON.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

use crate::cli;
use crate::data::DataDir;
use crate::engine::unanswered::{Unanswered, unanswered};
use crate::events::Store;
use crate::events::sqlite::SqliteStore;
use crate::kb::library::{Library, Reader};
use crate::lang::Lang;
use crate::time::{Timestamp, now};
use crate::trends::cluster;
use crate::trends::report::{Issue, Report};
use crate::trends::window;

use super::library;

#[derive(Serialize)]
struct ReportView {
    since: String,
    until: String,
    tickets: u64,
    issues: Vec<IssueView>,
    unanswered: Vec<ClusterView>,
}

#[derive(Serialize)]
struct ClusterView {
    label: String,
    tickets: usize,
    sample: String,
}

#[derive(Serialize)]
struct IssueView {
    article: Option<String>,
    title: Option<String>,
    tickets: u64,
    share: f64,
    before: u64,
    first: String,
    last: String,
}

/// The most lines about what no article answers.
const CLUSTERS_MAX: usize = 10;
/// The longest sample of a ticket, in characters.
const SAMPLE_CHARS_MAX: usize = 100;

/// Runs the command.
pub fn run(args: &cli::Report) -> anyhow::Result<ExitCode> {
    let library = library::open(&args.kb.kb, None)?;
    let path = DataDir::new(&args.data).events();
    anyhow::ensure!(path.exists(), "there is no event store `{}`; see --data", path.display());
    let store = SqliteStore::open(&path)?;
    let report = report(&store, &args.since, now())?;
    let found = unanswered(&store, &library.analyser, report.since, cluster::TEXTS_MAX)?;
    let unanswered = found.iter().take(CLUSTERS_MAX).map(about).collect::<Vec<_>>();
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &view(&report, unanswered, &library))?;
        writeln!(out)?;
    } else {
        write!(out, "{}", markdown(&report, &unanswered, &library))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn report(store: &dyn Store, span: &str, until: Timestamp) -> anyhow::Result<Report> {
    let since = window::since(span, until)?;
    let before =
        since.checked_sub(until.duration_since(since)).context("`--since` is too far back")?;
    let counts = store.issue_counts(since, until)?;
    Ok(Report::new(since, until, &counts, &store.issue_counts(before, since)?))
}

/// What the tickets of the window that zhinan abstained on are about.
fn about(cluster: &Unanswered) -> ClusterView {
    let sample = cluster.tickets.last().map_or("", |t| t.ticket.clean_text.as_str());
    let sample = sample.split_whitespace().collect::<Vec<_>>().join(" ");
    ClusterView {
        tickets: cluster.tickets.len(),
        label: cluster.label.clone(),
        sample: sample.chars().take(SAMPLE_CHARS_MAX).collect(),
    }
}

fn title(issue: &Issue, library: &Library) -> Option<String> {
    let id = issue.article.as_ref()?;
    library.article(id, Lang::En, Reader::Staff).map(|a| a.meta.title.clone())
}

fn view(report: &Report, unanswered: Vec<ClusterView>, library: &Library) -> ReportView {
    let issue = |issue: &Issue| IssueView {
        article: issue.article.as_ref().map(ToString::to_string),
        title: title(issue, library),
        tickets: issue.tickets,
        share: issue.share,
        before: issue.before,
        first: issue.first.to_string(),
        last: issue.last.to_string(),
    };
    ReportView {
        since: report.since.to_string(),
        until: report.until.to_string(),
        tickets: report.tickets,
        issues: report.issues.iter().map(issue).collect(),
        unanswered,
    }
}

fn markdown(report: &Report, unanswered: &[ClusterView], library: &Library) -> String {
    let mut lines = vec![
        format!("# What recurred, {} to {}", report.since, report.until),
        String::new(),
        format!("{} tickets.", report.tickets),
        String::new(),
        "| issue | tickets | share | window before | last |".to_owned(),
        "|---|--:|--:|--:|---|".to_owned(),
    ];
    for issue in &report.issues {
        let name = match (&issue.article, title(issue, library)) {
            (Some(id), Some(title)) => format!("{title} (`{id}`)"),
            (Some(id), None) => format!("`{id}`, no longer an article"),
            (None, _) => "*no article answers*".to_owned(),
        };
        let (share, before) = (issue.share * 100.0, issue.before);
        lines.push(format!(
            "| {name} | {} | {share:.0} % | {before} | {} |",
            issue.tickets, issue.last
        ));
    }
    if !unanswered.is_empty() {
        lines.extend([
            String::new(),
            "## What no article answers".to_owned(),
            String::new(),
            "| about | tickets | for example |".to_owned(),
            "|---|--:|---|".to_owned(),
        ]);
    }
    for cluster in unanswered {
        // A ticket may hold what Markdown takes for a column or a tag.
        let cell = |text: &str| text.replace('|', "\\|").replace('<', "&lt;");
        let (label, sample) = (cell(&cluster.label), cell(&cluster.sample));
        lines.push(format!("| {label} | {} | {sample} |", cluster.tickets));
    }
    lines.push(String::new());
    lines.join("\n")
}
