//! `zhinan report`: what a support team looks at once a week: incidents, what recurred, what no
//! article answers, how self-service did; as Markdown, as an HTML mail or as JSON, in both languages.

mod figures;
mod incidents;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use serde::Serialize;

use crate::cli::{self, ReportFormat};
use crate::data::DataDir;
use crate::events::Store;
use crate::kb::library::Library;
use crate::time::{Timestamp, now};
use crate::trends::report::Report;
use crate::trends::window;
use crate::web::language::PageLang;
use crate::web::pages::templates::Templates;
use crate::web::pages::trends::service::{self, MeasureRow, Service};

use super::library;
use figures::{ClusterView, IssueView, SearchView};
use incidents::IncidentView;

/// The report, as JSON has it and as the templates show it.
#[derive(Serialize)]
struct ReportView {
    since: String,
    until: String,
    /// The same as days.
    since_day: String,
    until_day: String,
    /// The language tag.
    lang: &'static str,
    tickets: u64,
    /// Tickets in the window before, of the same length.
    before: u64,
    incidents: Vec<IncidentView>,
    issues: Vec<IssueView>,
    unanswered: Vec<ClusterView>,
    searches: Vec<SearchView>,
    service: Vec<Service>,
    /// The same rates, a line for each, with a cell for each language of `service`.
    measures: Vec<MeasureRow>,
}

/// Runs the command.
pub fn run(args: &cli::Report) -> anyhow::Result<ExitCode> {
    let library = library::open(&args.kb.kb, None)?;
    let data = DataDir::new(&args.data);
    let path = data.events();
    anyhow::ensure!(path.exists(), "there is no event store `{}`; see --data", path.display());
    let store = super::events::open(&data)?;
    let lang = args.lang.into();
    let view = view(&store, &library, lang, &args.since, now())?;
    let mut out = std::io::stdout().lock();
    let template = match args.format {
        _ if args.json => None,
        ReportFormat::Json => None,
        ReportFormat::Md => Some("report/report.md"),
        ReportFormat::Html => Some("report/report.html"),
    };
    match template {
        None => {
            serde_json::to_writer(&mut out, &view)?;
            writeln!(out)?;
        }
        Some(name) => {
            let templates = Templates::new().context("the templates are broken")?;
            write!(out, "{}", templates.render(name, lang, &[&("report", &view)])?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn view(
    store: &dyn Store,
    library: &Library,
    lang: PageLang,
    span: &str,
    until: Timestamp,
) -> anyhow::Result<ReportView> {
    let since = window::since(span, until)?;
    let before =
        since.checked_sub(until.duration_since(since)).context("`--since` is too far back")?;
    let counts = store.issue_counts(since, until)?;
    let earlier = store.issue_counts(before, since)?;
    let report = Report::new(since, until, &counts, &earlier);
    let service = service::service(store, since, until)?;
    Ok(ReportView {
        since: since.to_string(),
        until: until.to_string(),
        since_day: since.strftime("%Y-%m-%d").to_string(),
        until_day: until.strftime("%Y-%m-%d").to_string(),
        lang: lang.tag(),
        tickets: report.tickets,
        before: earlier.iter().map(|c| c.tickets).sum(),
        incidents: incidents::incidents(store, library, lang, (since, until))?,
        issues: figures::issues(&report, library, lang),
        unanswered: figures::unanswered(store, library, lang, since)?,
        searches: figures::searches(store, (since, until))?,
        measures: service::measures(&service),
        service,
    })
}
