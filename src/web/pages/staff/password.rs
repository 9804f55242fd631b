//! `/setup` and `/invitation`: one-time links to choose a password. The first makes the first
//! administrator and works once, while there is nobody; the second is made by an administrator.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{OriginalUri, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::events::people::Account;
use crate::people::audit::Entry;
use crate::people::password::BadPassword;
use crate::people::{Change, NewPerson, Role, password, person, secret};
use crate::time::now;
use crate::web::api::Params;
use crate::web::error::Problem;
use crate::web::guard::language;
use crate::web::language::PageLang;
use crate::web::pages::contact::unreadable;
use crate::web::state::{App, Shared};

use super::sign_in::{OpenError, object, open};
use super::{show_outside, with_status};

/// The key of a link.
#[derive(Deserialize)]
pub struct KeyParams {
    #[serde(default)]
    key: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    display: String,
    #[serde(default)]
    password: String,
}

#[derive(Serialize, Default)]
struct View {
    /// `/setup` or `/invitation`.
    path: &'static str,
    key: String,
    name: String,
    display: String,
    /// The key of the string that says what is wrong, or nothing.
    problem: &'static str,
}

/// `GET /setup`
pub async fn setup(
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<KeyParams>,
) -> Result<Response, Problem> {
    if !app.is_setup_key(&params.key) {
        return Err(over());
    }
    let here = uri.path_and_query().map_or("/setup", |p| p.as_str());
    let view = View { path: "/setup", key: params.key, ..View::default() };
    page(&app, language(uri.query(), &headers), here, view)
}

/// `POST /setup`
pub async fn set_up(
    State(app): State<Shared>,
    headers: HeaderMap,
    form: Result<Form<PasswordForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    if !app.is_setup_key(&form.key) {
        return Err(over());
    }
    let lang = language(None, &headers);
    let again = |problem, form: PasswordForm| {
        let PasswordForm { key, name, display, .. } = form;
        refused(&app, lang, View { path: "/setup", key, name, display, problem })
    };
    let Ok(name) = person::name(&form.name) else { return again("password_name", form) };
    if let Err(bad) = password::check(&form.password, &name) {
        return again(reason(bad), form);
    }
    let hash = hashed(&app, form.password).await?;
    let display = person::display(&form.display, &name);
    let new = NewPerson { name: name.clone(), display, role: Role::Admin, password: Some(hash) };
    let entry = Entry::new(now(), &name, "set-up", object(&name));
    let account = app
        .blocking(move |_, engine| {
            engine.store().change(&Change::SetUp(new), &entry)?;
            Ok(engine.store().account(&name)?)
        })
        .await?;
    app.end_setup();
    signed_in(&app, account).await
}

/// `GET /invitation`
pub async fn invitation(
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<KeyParams>,
) -> Result<Response, Problem> {
    let lang = language(uri.query(), &headers);
    let here = uri.path_and_query().map_or("/invitation", |p| p.as_str()).to_owned();
    let name = invited(&app, &params.key).await?;
    let view = View { path: "/invitation", key: params.key, name, ..View::default() };
    page(&app, lang, &here, view)
}

/// `POST /invitation`
pub async fn accept(
    State(app): State<Shared>,
    headers: HeaderMap,
    form: Result<Form<PasswordForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    let name = invited(&app, &form.key).await?;
    if let Err(bad) = password::check(&form.password, &name) {
        let view = View {
            path: "/invitation",
            key: form.key,
            name,
            problem: reason(bad),
            ..View::default()
        };
        return refused(&app, language(None, &headers), view);
    }
    let hash = hashed(&app, form.password).await?;
    let entry = Entry::new(now(), &name, "password-chosen", object(&name));
    let change = Change::Accept { link: secret::hash(&form.key), password: hash };
    let account = app
        .blocking(move |_, engine| {
            engine.store().change(&change, &entry)?;
            Ok(engine.store().account(&name)?)
        })
        .await?;
    signed_in(&app, account).await
}

/// The name of whom a link is for.
async fn invited(app: &Shared, key: &str) -> Result<String, Problem> {
    let hash = secret::hash(key);
    let found = app.blocking(move |_, engine| Ok(engine.store().invitation(&hash)?)).await?;
    let live = found.filter(|(person, until)| !person.disabled && now() < *until);
    live.map(|(person, _)| person.name).ok_or_else(over)
}

/// The hash of a password, made where it may take its time.
pub async fn hashed(app: &Shared, password: String) -> Result<String, Problem> {
    let hash = app.hashing(move || password::hash(&password)).await?;
    hash.map_err(|error| {
        tracing::error!("{error}");
        Problem::internal()
    })
}

/// The key of the string that says what is wrong with a password.
pub fn reason(bad: BadPassword) -> &'static str {
    match bad {
        BadPassword::Short => "password_short",
        BadPassword::Long => "password_long",
        BadPassword::Easy => "password_easy",
    }
}

async fn signed_in(app: &Shared, account: Option<Account>) -> Result<Response, Problem> {
    let account = account.ok_or_else(Problem::internal)?;
    match open(app, account, "signed-in").await {
        Ok(cookie) => Ok(([(SET_COOKIE, cookie)], Redirect::to("/agent")).into_response()),
        Err(OpenError::LockedOut) => Ok(Redirect::to("/sign-in").into_response()),
        Err(OpenError::Problem(problem)) => Err(problem),
    }
}

fn over() -> Problem {
    let title = "this link has been used or is over";
    Problem::new(StatusCode::NOT_FOUND, "link-over", title).detail("ask for a new one")
}

fn refused(app: &App, lang: PageLang, view: View) -> Result<Response, Problem> {
    let here = view.path;
    Ok(with_status(page(app, lang, here, view)?, StatusCode::UNPROCESSABLE_ENTITY))
}

fn page(app: &App, lang: PageLang, here: &str, view: View) -> Result<Response, Problem> {
    let problem = app.templates.string(lang, view.problem).to_owned();
    let contents = (("form", view), ("problem", problem));
    let page = ("password_title", "staff/password.html");
    show_outside(app, lang, here, page, &[&contents.0, &contents.1])
}
