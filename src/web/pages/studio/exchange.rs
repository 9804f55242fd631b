//! `/studio/import`: bringing articles in, looked at first; `/studio/export/…`: taking them out.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::engine::Snapshot;
use crate::exchange::archive::{self, INPUT_BYTES_MAX};
use crate::exchange::plan::{Arrive, Item, Options, Plan, Verdict};
use crate::exchange::{folder, to_zendesk};
use crate::kb::Diagnostic;
use crate::kb::library::Reader;
use crate::studio::git::Committed;
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::imports::{self, Upload};
use crate::web::pages::contact::unreadable;
use crate::web::pages::staff::{show, with_status};
use crate::web::site;
use crate::web::state::{App, Shared};
use crate::web::studio::{Refused, failed};

/// Articles that a page lists by their verdict; the rest are counted.
const SHOWN_MAX: usize = 500;

/// What the fields of the form chose.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    replace: Option<String>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    add_sections: Option<String>,
}

impl Chosen {
    fn options(&self) -> Options {
        Options {
            replace: self.replace.is_some(),
            arrive: match self.status.as_str() {
                "keep" => Arrive::Keep,
                "published" => Arrive::Published,
                _ => Arrive::Draft,
            },
            section: self.section.parse().ok(),
            add_sections: self.add_sections.is_some(),
            unapproved: false,
            owner: "support".to_owned(),
        }
    }
}

#[derive(Serialize)]
struct Reason {
    place: String,
    message: String,
    help: String,
}

impl Reason {
    fn new(found: &Diagnostic) -> Reason {
        let file = found.path.display();
        let place =
            if found.line > 0 { format!("{file}:{}", found.line) } else { file.to_string() };
        Reason { place, message: found.message.clone(), help: found.help.clone() }
    }
}

#[derive(Serialize)]
struct Row {
    id: String,
    section: String,
    title: String,
    langs: String,
    verdict: &'static str,
    fields: String,
    reasons: Vec<Reason>,
    warnings: usize,
}

#[derive(Serialize)]
struct Looked {
    name: String,
    key: String,
    tag: String,
    chosen: Chosen,
    rows: Vec<Row>,
    more: usize,
    counts: Vec<(&'static str, usize)>,
    problems: Vec<Reason>,
    left_out: Vec<(String, String)>,
    sections: Vec<String>,
    refused: bool,
    /// How many articles would be written.
    writes: usize,
    /// The articles have changed since this was looked at.
    moved: bool,
}

#[derive(Serialize, Default)]
struct View {
    sections: Vec<(String, String)>,
    looked: Option<Looked>,
    /// Why the file was not taken at all.
    refusal: Option<String>,
    /// An import has just been carried out: how many articles.
    done: Option<u64>,
    uncommitted: bool,
    most: usize,
}

/// What came of an import.
#[derive(Debug, Deserialize)]
pub struct DoneParams {
    done: Option<u64>,
    git: Option<String>,
}

/// `GET /studio/import`
pub async fn get(
    State(app): State<Shared>,
    staff: Staff,
    Params(params): Params<DoneParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let uncommitted = params.git.is_some();
        let view = View { done: params.done, uncommitted, ..View::default() };
        page(app, &staff, &engine.snapshot(), view)
    })
    .await
}

/// `POST /studio/import`: looks at a file; nothing is written.
pub async fn look(
    State(app): State<Shared>,
    staff: Staff,
    form: Multipart,
) -> Result<Response, Problem> {
    let (name, bytes, chosen) = sent(form).await?;
    app.blocking(move |app: &App, engine| {
        let upload = Upload::new(&staff.person.name, &name, bytes);
        let _turn = app.uploads.turn();
        let files = match upload.files() {
            Ok(files) => files,
            Err(error) => {
                let view = View { refusal: Some(error.to_string()), ..View::default() };
                let page = page(app, &staff, &engine.snapshot(), view)?;
                return Ok(with_status(page, StatusCode::UNPROCESSABLE_ENTITY));
            }
        };
        let plan = imports::planned(engine, &files, &chosen.options())?;
        drop(files);
        let refused = plan.is_refused();
        let looked = looked(&plan, &upload, chosen, false);
        let view = View { looked: Some(looked), ..View::default() };
        let page = page(app, &staff, &engine.snapshot(), view)?;
        if refused {
            return Ok(with_status(page, StatusCode::UNPROCESSABLE_ENTITY));
        }
        app.uploads.keep(upload);
        Ok(page)
    })
    .await
}

/// What is to be carried out: an upload, and what it was seen to do.
#[derive(Debug, Deserialize)]
pub struct ApplyForm {
    key: String,
    tag: String,
    #[serde(flatten)]
    chosen: Chosen,
}

/// `POST /studio/import/apply`: carries out what was looked at.
pub async fn apply(
    State(app): State<Shared>,
    staff: Staff,
    form: Result<Form<ApplyForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    app.blocking(move |app: &App, engine| {
        let name = &staff.person.name;
        let again = || app.templates.string(staff.lang, "import_again").to_owned();
        let Some(upload) = app.uploads.get(name, &form.key) else {
            let view = View { refusal: Some(again()), ..View::default() };
            let page = page(app, &staff, &engine.snapshot(), view)?;
            return Ok(with_status(page, StatusCode::GONE));
        };
        let _turn = app.uploads.turn();
        let files = upload.files().map_err(|error| Problem::unprocessable(error.to_string()))?;
        let plan = imports::planned(engine, &files, &form.chosen.options())?;
        let written = if plan.tag() == form.tag {
            imports::carry_out(app, engine, &staff.person, &plan)
        } else {
            Err(Refused::Stale(Box::default()))
        };
        match written {
            Ok(committed) => {
                app.uploads.done(name, &form.key);
                let count = plan.batch.articles.len();
                let git = if matches!(committed, Committed::Refused(_)) { "&git=no" } else { "" };
                Ok(Redirect::to(&format!("/studio/import?done={count}{git}")).into_response())
            }
            Err(Refused::Problem(problem)) => Err(problem),
            Err(Refused::Stale(_) | Refused::Broken(_)) => {
                let looked = looked(&plan, &upload, form.chosen, true);
                let view = View { looked: Some(looked), ..View::default() };
                let page = page(app, &staff, &engine.snapshot(), view)?;
                Ok(with_status(page, StatusCode::PRECONDITION_FAILED))
            }
        }
    })
    .await
}

/// Whose articles an export holds.
#[derive(Debug, Deserialize)]
pub struct ExportParams {
    audience: Option<String>,
}

/// `GET /studio/export/{name}`
pub async fn export(
    State(app): State<Shared>,
    _staff: Staff,
    Path(name): Path<String>,
    Params(params): Params<ExportParams>,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let snapshot = engine.snapshot();
        let files = match name.as_str() {
            "markdown.zip" => folder::knowledge_base(engine.kb()).map_err(|e| failed(&e))?,
            "zendesk.zip" => {
                let staff = params.audience.as_deref() == Some("staff");
                let reader = if staff { Reader::Staff } else { Reader::Public };
                to_zendesk::files(&snapshot.library, reader)
            }
            "site.zip" => site::files(&app.templates, &snapshot.library).map_err(|error| {
                tracing::error!("the site cannot be made: {error}");
                Problem::internal()
            })?,
            _ => return Err(Problem::not_found()),
        };
        let bytes = archive::pack(&files).map_err(|error| failed(&error))?;
        let named = format!("attachment; filename=\"{name}\"");
        let headers = [(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, named)];
        Ok((headers, bytes).into_response())
    })
    .await
}

fn page(app: &App, staff: &Staff, snapshot: &Snapshot, view: View) -> Result<Response, Problem> {
    let lang = staff.lang.article_lang();
    let title = |s: &crate::kb::sections::Section| {
        (s.id.clone(), staff.lang.say(s.title.get(lang)).into_owned())
    };
    let sections = snapshot.library.sections.iter().map(title).collect();
    let view = View { sections, most: INPUT_BYTES_MAX / 1024 / 1024, ..view };
    show(app, staff, "import_title", "studio/exchange.html", &[&("exchange", view)])
}

fn looked(plan: &Plan, upload: &Upload, chosen: Chosen, moved: bool) -> Looked {
    let codes = ["refused", "new", "changed", "skipped", "same"];
    let mut items: Vec<&Item> = plan.items.iter().collect();
    let rank = |item: &Item| codes.iter().position(|code| *code == item.verdict.code());
    items.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id)));
    Looked {
        name: upload.name.clone(),
        key: upload.key.clone(),
        tag: plan.tag(),
        chosen,
        more: items.len().saturating_sub(SHOWN_MAX),
        rows: items.into_iter().take(SHOWN_MAX).map(row).collect(),
        counts: codes.map(|code| (code, plan.count(code))).to_vec(),
        problems: plan.problems.iter().take(SHOWN_MAX).map(Reason::new).collect(),
        left_out: plan.left_out.iter().take(SHOWN_MAX).cloned().collect(),
        sections: plan.sections.clone(),
        refused: plan.is_refused(),
        writes: plan.batch.articles.len(),
        moved,
    }
}

fn row(item: &Item) -> Row {
    let (fields, reasons) = match &item.verdict {
        Verdict::Changed(fields) | Verdict::Skipped(fields) => (fields.join("; "), Vec::new()),
        Verdict::Refused(reasons) => (String::new(), reasons.iter().map(Reason::new).collect()),
        Verdict::New | Verdict::Same => (String::new(), Vec::new()),
    };
    let langs: Vec<&str> = item.langs.iter().map(|lang| lang.code()).collect();
    Row {
        id: item.id.to_string(),
        section: item.section.clone().unwrap_or_default(),
        title: item.title.clone(),
        langs: langs.join(", "),
        verdict: item.verdict.code(),
        fields,
        reasons,
        warnings: item.warnings,
    }
}

/// How much of a file that is too long is read and thrown away: a sender who is cut off never sees why.
const DISCARDED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The longest field of the form that is no file.
const FIELD_BYTES_MAX: usize = 1024;

/// The file that a form sent, with its name, and what its fields chose.
async fn sent(mut form: Multipart) -> Result<(String, Vec<u8>, Chosen), Problem> {
    let broken = |_| Problem::bad_request("the form did not arrive whole");
    let (mut file, mut chosen) = (None, Chosen::default());
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let most = if name == "file" { INPUT_BYTES_MAX } else { FIELD_BYTES_MAX };
        let file_name = field.file_name().unwrap_or_default().to_owned();
        let (mut bytes, mut length) = (Vec::new(), 0);
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            length += chunk.len();
            if length <= most {
                bytes.extend_from_slice(&chunk);
            } else if length > most + DISCARDED_BYTES_MAX {
                break;
            }
        }
        if length > most {
            let title = "the file is too large";
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", title)
                .detail(format!("an import has at most {most} bytes; split it")));
        }
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "file" => file = Some((file_name, bytes)),
            "replace" => chosen.replace = Some(text()),
            "status" => chosen.status = text(),
            "section" => chosen.section = text(),
            "add_sections" => chosen.add_sections = Some(text()),
            _ => {}
        }
    }
    let (name, bytes) = file.filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
        Problem::unprocessable("choose a file: a zip archive, a .json, a .csv or a .md")
    })?;
    Ok((name, bytes, chosen))
}
