//! Figures and evidence as CSV, for spreadsheets.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::events::Ticket;
use crate::text::Analyser;
use crate::time::now;
use crate::trends::facts::Facts;
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::agent::queue::title;
use crate::web::state::Shared;

use super::UNANSWERED;
use super::morning::{MorningParams, report};

/// `GET /trends/issues.csv`: every issue of the window.
pub async fn issues(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<MorningParams>,
) -> Result<Response, Problem> {
    app.blocking(move |_, engine| {
        let (report, snapshot) = (report(engine, params.days(), now())?, engine.snapshot());
        let mut rows = vec![
            ["issue", "title", "tickets", "share", "before", "first", "last"].map(str::to_owned),
        ];
        rows.extend(report.issues.iter().map(|issue| {
            let name = issue.article.as_ref().and_then(|id| title(&snapshot, &staff, id));
            [
                issue.article.as_ref().map_or(UNANSWERED.to_owned(), ToString::to_string),
                name.unwrap_or_default(),
                issue.tickets.to_string(),
                format!("{:.4}", issue.share),
                issue.before.to_string(),
                issue.first.to_string(),
                issue.last.to_string(),
            ]
        }));
        file("issues.csv", &rows)
    })
    .await
}

/// Tickets as a file.
pub(super) fn tickets(
    name: &str,
    tickets: &[Ticket],
    analyser: &Analyser,
) -> Result<Response, Problem> {
    let head = ["ticket", "at", "lang", "channel", "best", "chains", "versions", "text"];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(tickets.iter().map(|ticket| {
        let kept = &ticket.ticket;
        let analysis = analyser.analyse(&kept.clean_text);
        let facts = Facts::of(&kept.clean_text, &analysis, analyser);
        let names =
            |counts: BTreeMap<String, u64>| counts.into_keys().collect::<Vec<_>>().join(", ");
        [
            ticket.id.to_string(),
            kept.at.to_string(),
            kept.lang.code().to_owned(),
            kept.channel.clone(),
            kept.suggested.first().map(|s| s.article.to_string()).unwrap_or_default(),
            names(facts.chains),
            names(facts.versions),
            kept.clean_text.clone(),
        ]
    }));
    file(name, &rows)
}

pub(super) fn file<const N: usize>(name: &str, rows: &[[String; N]]) -> Result<Response, Problem> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = rows.iter().try_for_each(|row| writer.write_record(row.iter().map(|c| cell(c))));
    let bytes = written.map_err(|e| e.to_string());
    let bytes = bytes.and_then(|()| writer.into_inner().map_err(|e| e.to_string()));
    let bytes = bytes.map_err(|error| {
        tracing::error!("`{name}` cannot be written: {error}");
        Problem::internal()
    })?;
    let named = format!("attachment; filename=\"{name}\"");
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, named)];
    Ok((headers, bytes).into_response())
}

/// A cell that no spreadsheet takes for a formula (CSV injection).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_no_formula() {
        assert_eq!(cell("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(cell("my card - declined"), "my card - declined");
    }
}
