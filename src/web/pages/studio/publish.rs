//! What publishing a draft would do to tickets, and publishing it.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::engine::{Engine, Snapshot};
use crate::id::ArticleId;
use crate::kb::library::Reader;
use crate::studio::draft::{Draft, Stage};
use crate::studio::git::Committed;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::{show, with_status};
use crate::web::state::{App, Shared};
use crate::web::studio::{self, Refused, Wanted, draft_library, failed, needs_approval};

use super::fields::Sent;
use super::replayed::ReaderView;
use super::{FindingView, draft, slug, to_editor};

#[derive(Serialize)]
struct View {
    id: String,
    version: u64,
    readers: Vec<ReaderView>,
    lost: usize,
    /// What keeps it from being published.
    errors: Vec<FindingView>,
    /// A reason is asked for, or a second person: the key of a string.
    asks: Option<&'static str>,
}

/// `GET /studio/articles/{slug}/replay`
pub async fn replay(
    State(app): State<Shared>,
    staff: Staff,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let (id, snapshot) = (slug(&path)?, engine.snapshot());
        let draft = draft(app, engine, &snapshot, &id)?;
        let view = view(app, engine, &staff, (&snapshot, &id), &draft)?;
        show(app, &staff, "studio_replay", "studio/replay.html", &[&("replay", view)])
    })
    .await
}

/// `POST /studio/articles/{slug}/publish`
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    Path(path): Path<String>,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let (id, snapshot) = (slug(&path)?, engine.snapshot());
        let known = app.studio.drafts.get(&id).map_err(|error| failed(&error))?;
        let Some(draft) = known else { return Ok(to_editor(&id)) };
        let seen = sent.get("version").and_then(|v| v.parse::<u64>().ok());
        if seen != Some(draft.version) {
            // Somebody has saved since: what would be published is not what was looked at.
            return super::editor::get_again(app, engine, &staff, (&snapshot, &id), &draft);
        }
        let reason = sent.get("reason").map_or("", String::as_str).trim();
        let mut view = view(app, engine, &staff, (&snapshot, &id), &draft)?;
        view.asks = asks(&snapshot, &draft, view.lost, reason);
        if view.asks.is_some() || !view.errors.is_empty() {
            return refused(app, &staff, view);
        }
        let section = draft.section.parse().map_err(|_| Problem::not_found())?;
        let tag = draft.base.tag();
        let wanted = Wanted { section: &section, id: &id, texts: &draft.texts, tag: &tag, reason };
        match studio::publish(app, engine, &staff.person, &wanted) {
            Ok(committed) => {
                app.studio.drafts.drop_draft(&id).map_err(|error| failed(&error))?;
                if sent.contains_key("accept") {
                    studio::accept_translation(engine, &id)?;
                }
                let done =
                    if matches!(committed, Committed::Refused(_)) { "uncommitted" } else { "yes" };
                Ok(Redirect::to(&format!("/studio?published={id}&done={done}")).into_response())
            }
            Err(Refused::Stale(_)) => {
                super::editor::get_again(app, engine, &staff, (&snapshot, &id), &draft)
            }
            Err(Refused::Broken(errors)) => {
                view.errors = errors.iter().map(FindingView::new).collect();
                refused(app, &staff, view)
            }
            Err(Refused::Problem(problem)) => Err(problem),
        }
    })
    .await
}

/// What is missing before it may be published: a reason where golden tickets are lost, a second
/// person where the section asks for one.
fn asks(snapshot: &Snapshot, draft: &Draft, lost: usize, reason: &str) -> Option<&'static str> {
    if needs_approval(snapshot, &draft.section) && draft.stage != Stage::Approved {
        return Some("studio_asks_approval");
    }
    (lost > 0 && reason.is_empty()).then_some("studio_asks_reason")
}

fn refused(app: &App, staff: &Staff, view: View) -> Result<Response, Problem> {
    let page = show(app, staff, "studio_replay", "studio/replay.html", &[&("replay", view)])?;
    Ok(with_status(page, StatusCode::UNPROCESSABLE_ENTITY))
}

fn view(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    (snapshot, id): (&Snapshot, &ArticleId),
    draft: &Draft,
) -> Result<View, Problem> {
    let (library, found) = draft_library(snapshot, (&draft.section, id), &draft.texts);
    let made = app.replayed.of(engine, (id, draft.version), &library)?;
    let readers = Reader::ALL.into_iter().zip(made.iter());
    let readers: Vec<ReaderView> = readers
        .map(|(reader, made)| ReaderView::new(snapshot, staff, (reader, "draft"), made))
        .collect();
    Ok(View {
        id: id.to_string(),
        version: draft.version,
        lost: readers.iter().map(|r| r.lost).sum(),
        readers,
        errors: found.iter().filter(|d| d.is_error()).map(FindingView::new).collect(),
        asks: None,
    })
}
