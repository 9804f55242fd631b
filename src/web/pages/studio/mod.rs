//! `/studio`: where editors write. [`list`] shows every article with what it does for readers,
//! [`editor`] is the desk of one, [`publish`] says what would change and changes it, [`history`]
//! shows and brings back what was published, [`exchange`] imports and exports. The core is [`crate::web::studio`].

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::engine::{Engine, Snapshot};
use crate::id::ArticleId;
use crate::kb::Diagnostic;
use crate::lang::Lang;
use crate::studio::Texts;
use crate::studio::draft::{Draft, SaveError};
use crate::studio::merge::{Piece, differences};
use crate::time::now;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::staff::moment;
use crate::web::state::App;
use crate::web::studio::{failed, published, section};

pub mod editor;
pub mod exchange;
pub mod fields;
pub mod history;
pub mod list;
pub mod publish;
pub(in crate::web::pages) mod replayed;

/// What an editor should know, at its place.
#[derive(Debug, Serialize)]
pub struct FindingView {
    error: bool,
    /// `en.md:12`, or the folder as a whole.
    place: String,
    message: String,
    help: String,
}

impl FindingView {
    fn new(found: &Diagnostic) -> FindingView {
        let name = found.path.file_name().map(|n| n.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        FindingView {
            error: found.is_error(),
            place: if found.line > 0 { format!("{name}:{}", found.line) } else { name },
            message: found.message.clone(),
            help: found.help.clone(),
        }
    }
}

/// What differs between two states of one language's file.
#[derive(Debug, Serialize)]
pub struct DifferenceView {
    tag: &'static str,
    hunks: Vec<Vec<Piece>>,
}

/// What differs in each language; languages without a difference are left out.
pub fn difference(before: &Texts, after: &Texts) -> Vec<DifferenceView> {
    let of = |lang: Lang| {
        let text = |texts: &Texts| texts.get(lang).unwrap_or_default().to_owned();
        let hunks = differences(&text(before), &text(after));
        (!hunks.is_empty()).then(|| DifferenceView { tag: lang.code(), hunks })
    };
    Lang::ALL.into_iter().filter_map(of).collect()
}

/// An article's draft, begun from what is published if nobody has begun one.
fn draft(
    app: &App,
    engine: &Engine,
    snapshot: &Snapshot,
    id: &ArticleId,
) -> Result<Draft, Problem> {
    if let Some(draft) = app.studio.drafts.get(id).map_err(|error| failed(&error))? {
        return Ok(draft);
    }
    let section = section(snapshot, id).ok_or_else(Problem::not_found)?;
    Ok(Draft::begin(section.as_str(), &published(engine, &section, id)?))
}

/// Puts texts into a draft as its newest version. Whoever saved in between is seen in the editor;
/// nothing is lost.
fn write_on(
    app: &App,
    staff: &Staff,
    id: &ArticleId,
    begun: Draft,
    texts: Texts,
) -> Result<Response, Problem> {
    let (by, at, seen) = (&staff.person.name, now().to_string(), begun.version);
    let write = |draft: &mut Draft| draft.write(texts, by, &at);
    match app.studio.drafts.change(id, seen, || begun, write) {
        Ok(_) | Err(SaveError::Stale(_)) => Ok(to_editor(id)),
        Err(SaveError::Io(error)) => Err(failed(&error)),
    }
}

fn to_editor(id: &ArticleId) -> Response {
    Redirect::to(&format!("/studio/articles/{id}")).into_response()
}

/// A kept moment (RFC 3339) as pages show it; nothing if there is none.
fn when(at: &str) -> String {
    at.parse().map(moment).unwrap_or_default()
}

fn slug(path: &str) -> Result<ArticleId, Problem> {
    path.parse().map_err(|_| Problem::not_found())
}

/// Somebody else's edit stands in the way.
const STALE: StatusCode = StatusCode::PRECONDITION_FAILED;
