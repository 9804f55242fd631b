//! `/studio/articles/{slug}`: one article in both languages, as fields beside what readers will see.
//!
//! The script sends the form again after every pause and shows the answer's side: findings, preview,
//! differences. Without it the same form has a button. Nothing public changes here.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use crate::engine::{Engine, Snapshot};
use crate::id::ArticleId;
use crate::kb::Diagnostic;
use crate::kb::library::Library;
use crate::lang::Lang;
use crate::studio::Texts;
use crate::studio::draft::{Comment, Draft, SaveError, Stage};
use crate::time::now;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::language::PageLang;
use crate::web::pages::article;
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::{show, with_status};
use crate::web::pages::templates::Contents;
use crate::web::state::{App, Shared};
use crate::web::studio::{draft_library, failed, needs_approval, published, without_secrets};

use super::fields::{self, Common, Fields, Sent};
use super::{DifferenceView, FindingView, STALE, difference, draft, slug, to_editor, when};

#[derive(Serialize)]
struct Preview {
    tag: &'static str,
    article: article::View,
}

/// What stands beside the form.
#[derive(Serialize)]
struct Side {
    version: u64,
    by: String,
    at: String,
    findings: Vec<FindingView>,
    previews: Vec<Preview>,
    difference: Vec<DifferenceView>,
    stage: Stage,
    approved_by: Option<String>,
    /// Whether the section asks for a second person.
    needs_approval: bool,
    /// Whether this editor may approve it.
    may_approve: bool,
    comments: Vec<Comment>,
}

#[derive(Serialize)]
struct View {
    id: String,
    section: String,
    fields: Vec<Fields>,
    common: Common,
    /// Somebody else's edit was merged in; nothing is saved yet.
    merged: Option<Merged>,
    placeholders: &'static [&'static str],
    side: Side,
    /// Whether anything is published.
    live: bool,
}

#[derive(Serialize)]
struct Merged {
    by: String,
    conflict: bool,
    theirs: Vec<DifferenceView>,
}

/// `GET /studio/articles/{slug}`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let (id, snapshot) = (slug(&path)?, engine.snapshot());
        let draft = draft(app, engine, &snapshot, &id)?;
        if let Some(response) = moved(app, engine, &staff, (&snapshot, &id), &draft)? {
            return Ok(response);
        }
        page(app, &staff, (&snapshot, &id), &draft, None)
    })
    .await
}

/// The editor's page instead of what was asked for: somebody else has changed something since.
pub(super) fn get_again(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    at: (&Snapshot, &ArticleId),
    draft: &Draft,
) -> Result<Response, Problem> {
    let moved = moved(app, engine, staff, at, draft)?;
    let page = match moved {
        Some(page) => page,
        None => page(app, staff, at, draft, None)?,
    };
    Ok(with_status(page, STALE))
}

/// `POST /studio/articles/{slug}`: saves the draft, or does something else with it.
pub async fn post(
    State(app): State<Shared>,
    staff: Staff,
    Path(path): Path<String>,
    form: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let (id, snapshot) = (slug(&path)?, engine.snapshot());
        let begun = draft(app, engine, &snapshot, &id)?;
        let action = sent.get("action").map_or("save", String::as_str);
        if action == "discard" {
            app.studio.drafts.drop_draft(&id).map_err(|error| failed(&error))?;
            return Ok(Redirect::to("/studio").into_response());
        }
        let seen = sent.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
        let section = begun.section.parse().map_err(|_| Problem::not_found())?;
        let live = published(engine, &section, &id)?;
        let change = change(engine, &staff, (&sent, action), live)?;
        let saved = app.studio.drafts.change(&id, seen, || begun, change);
        match saved {
            Ok(draft) if sent.get("part").is_some_and(|part| part == "side") => {
                side_alone(app, &staff, (&snapshot, &id), &draft)
            }
            Ok(_) => Ok(to_editor(&id)),
            Err(SaveError::Stale(theirs)) => {
                conflict(app, &staff, (&snapshot, &id), seen, (&sent, &theirs))
            }
            Err(SaveError::Io(error)) => Err(failed(&error)),
        }
    })
    .await
}

type Change = Box<dyn FnOnce(&mut Draft)>;

/// What an action does to a draft. What is published now matters to a save that was joined with it.
fn change(
    engine: &Engine,
    staff: &Staff,
    (sent, action): (&Sent, &str),
    now_published: Texts,
) -> Result<Change, Problem> {
    let (by, at) = (staff.person.name.clone(), now().to_string());
    Ok(match action {
        "review" => Box::new(|draft| draft.stage = Stage::Review),
        "approve" => Box::new(move |draft| {
            if !draft.writers.contains(&by) {
                (draft.stage, draft.approved_by) = (Stage::Approved, Some(by));
            }
        }),
        "comment" => {
            let said = sent.get("comment").map_or("", String::as_str).trim();
            let text = engine.redact(said).clean_text;
            Box::new(move |draft| {
                if !text.is_empty() {
                    draft.comment(Comment { by, at, text });
                }
            })
        }
        _ => {
            let texts = fields::texts(sent);
            let both: Vec<&str> =
                [texts.en.as_deref(), texts.zh.as_deref()].into_iter().flatten().collect();
            without_secrets(engine, &both)?;
            let joined = sent.get("base").is_some_and(|base| *base == now_published.tag());
            Box::new(move |draft| {
                draft.write(texts, &by, &at);
                // What was joined with the published files begins from them.
                if joined {
                    draft.base = now_published;
                }
            })
        }
    })
}

fn page(
    app: &App,
    staff: &Staff,
    (snapshot, id): (&Snapshot, &ArticleId),
    draft: &Draft,
    merged: Option<(Texts, Merged)>,
) -> Result<Response, Problem> {
    let (texts, merged) = match merged {
        Some((texts, merged)) => (texts, Some(merged)),
        None => (draft.texts.clone(), None),
    };
    let (fields, common) = fields::of(&texts);
    let view = View {
        id: id.to_string(),
        section: draft.section.clone(),
        fields,
        common,
        merged,
        placeholders: &crate::kb::front_matter::PLACEHOLDERS,
        side: side(snapshot, staff, id, draft),
        live: snapshot.library.pairs.contains_key(id),
    };
    let contents: [&dyn Contents; 2] = [&("editor", view), &("base", draft.base.tag())];
    show(app, staff, "studio_title", "studio/editor.html", &contents)
}

fn side_alone(
    app: &App,
    staff: &Staff,
    (snapshot, id): (&Snapshot, &ArticleId),
    draft: &Draft,
) -> Result<Response, Problem> {
    show(
        app,
        staff,
        "studio_title",
        "studio/side.html",
        &[&("side", side(snapshot, staff, id, draft))],
    )
}

/// What an editor sees beside the form of a draft.
fn side(snapshot: &Snapshot, staff: &Staff, id: &ArticleId, draft: &Draft) -> Side {
    let (library, found) = draft_library(snapshot, (&draft.section, id), &draft.texts);
    let writers = &draft.writers;
    Side {
        version: draft.version,
        by: draft.by.clone(),
        at: when(&draft.at),
        findings: sorted(found).iter().map(FindingView::new).collect(),
        previews: previews(snapshot, &library, id),
        difference: difference(&draft.base, &draft.texts),
        stage: draft.stage,
        approved_by: draft.approved_by.clone(),
        needs_approval: needs_approval(snapshot, &draft.section),
        may_approve: draft.version > 0 && !writers.contains(&staff.person.name),
        comments: draft.comments.clone(),
    }
}

/// Errors first.
fn sorted(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by_key(|d| !d.is_error());
    found
}

fn previews(snapshot: &Snapshot, library: &Library, id: &ArticleId) -> Vec<Preview> {
    let pair = library.pairs.get(id);
    let preview = |article: &std::sync::Arc<crate::kb::Article>| {
        let lang = match article.lang {
            Lang::En => PageLang::En,
            Lang::Zh => PageLang::Zh,
        };
        Preview { tag: lang.tag(), article: article::view(&snapshot.library, article, lang) }
    };
    pair.into_iter().flat_map(|pair| pair.versions().map(preview).collect::<Vec<_>>()).collect()
}

/// Somebody saved the draft since: both edits joined, to be looked at and saved again.
fn conflict(
    app: &App,
    staff: &Staff,
    at: (&Snapshot, &ArticleId),
    seen: u64,
    (sent, theirs): (&Sent, &Draft),
) -> Result<Response, Problem> {
    let base = theirs.at_version(seen).unwrap_or(&theirs.base);
    let joined = join(base, &fields::texts(sent), &theirs.texts, &theirs.by);
    Ok(with_status(page(app, staff, at, theirs, Some(joined))?, STALE))
}

/// The published files have changed since the draft was begun: both joined.
fn moved(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    (snapshot, id): (&Snapshot, &ArticleId),
    draft: &Draft,
) -> Result<Option<Response>, Problem> {
    let section: ArticleId = draft.section.parse().map_err(|_| Problem::not_found())?;
    let now = published(engine, &section, id)?;
    if now == draft.base || draft.version == 0 {
        return Ok(None);
    }
    let joined = join(&draft.base, &draft.texts, &now, "kb/");
    let mut rebased = draft.clone();
    rebased.base = now;
    page(app, staff, (snapshot, id), &rebased, Some(joined)).map(Some)
}

fn join(base: &Texts, ours: &Texts, theirs: &Texts, by: &str) -> (Texts, Merged) {
    let (texts, conflict) = fields::join(base, ours, theirs);
    (texts, Merged { by: by.to_owned(), conflict, theirs: difference(base, theirs) })
}
