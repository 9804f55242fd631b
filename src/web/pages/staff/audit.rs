//! `/audit`: who did what to what, latest first, and whether the chain is whole.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::state::{App, Shared};

use super::{moment, show};

/// Entries on a page.
const PAGE: usize = 100;

/// Where the page begins.
#[derive(Debug, Deserialize)]
pub struct AuditParams {
    before: Option<u64>,
}

#[derive(Serialize)]
struct Row {
    number: u64,
    at: String,
    who: String,
    action: String,
    object: String,
    detail: String,
}

#[derive(Serialize)]
struct View {
    entries: Vec<Row>,
    /// The entry at which the chain breaks.
    broken: Option<u64>,
    /// The chain up to the latest entry, to be noted elsewhere.
    hash: String,
    older: Option<u64>,
}

/// `GET /audit`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<AuditParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let noted = engine.store().audit(params.before, PAGE)?;
        let latest = engine.store().audit(None, 1)?;
        let last = noted.last().map(|n| n.number).filter(|n| *n > 1 && noted.len() == PAGE);
        let row = |n: &crate::people::audit::Noted| Row {
            number: n.number,
            at: moment(n.entry.at),
            who: n.entry.who.clone(),
            action: n.entry.action.clone(),
            object: n.entry.object.clone(),
            detail: n.entry.detail.clone(),
        };
        let view = View {
            entries: noted.iter().map(row).collect(),
            broken: engine.store().audit_break()?,
            hash: latest.into_iter().next().map(|n| n.hash).unwrap_or_default(),
            older: last,
        };
        show(app, &staff, "audit_title", "staff/audit.html", &[&("log", view)])
    })
    .await
}
