//! `/studio/articles/{slug}/history`: what was published when, by whom and why; an earlier revision
//! is brought back as a draft.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::studio::history::Revision;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::show;
use crate::web::state::{App, Shared};
use crate::web::studio::failed;

use super::{DifferenceView, difference, draft, slug, when, write_on};

/// Revisions that are shown.
const REVISIONS_MAX: usize = 50;

#[derive(Serialize)]
struct RevisionView {
    number: usize,
    at: String,
    by: String,
    reason: String,
    difference: Vec<DifferenceView>,
}

#[derive(Serialize)]
struct View {
    id: String,
    revisions: Vec<RevisionView>,
}

/// Which revision is wanted back: the state before it or after it.
#[derive(Debug, Deserialize)]
pub struct RestoreForm {
    number: usize,
    #[serde(default)]
    before: Option<String>,
}

/// `GET /studio/articles/{slug}/history`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let id = slug(&path)?;
        let revisions = app.studio.history.of(&id).map_err(|error| failed(&error))?;
        if revisions.is_empty() && !engine.snapshot().library.pairs.contains_key(&id) {
            return Err(Problem::not_found());
        }
        let view = |(number, r): (usize, &Revision)| RevisionView {
            number,
            at: when(&r.at),
            by: r.by.clone(),
            reason: r.reason.clone(),
            difference: difference(&r.before, &r.after),
        };
        let newest = revisions.iter().enumerate().rev().take(REVISIONS_MAX);
        let view = View { id: id.to_string(), revisions: newest.map(view).collect() };
        show(app, &staff, "studio_history", "studio/history.html", &[&("history", view)])
    })
    .await
}

/// `POST /studio/articles/{slug}/restore`
pub async fn restore(
    State(app): State<Shared>,
    staff: Staff,
    Path(path): Path<String>,
    form: Result<Form<RestoreForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let (id, snapshot) = (slug(&path)?, engine.snapshot());
        let mut revisions = app.studio.history.of(&id).map_err(|error| failed(&error))?;
        if form.number >= revisions.len() {
            return Err(Problem::not_found());
        }
        let revision = revisions.swap_remove(form.number);
        let texts = if form.before.is_some() { revision.before } else { revision.after };
        let begun = draft(app, engine, &snapshot, &id)?;
        write_on(app, &staff, &id, begun, texts)
    })
    .await
}
