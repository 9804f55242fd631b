//! `/people`: who has which role and which tokens, when they were last used, and taking them away.
//! Leads look (the periodic access review), administrators change.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::events::StoreError;
use crate::people::audit::Entry;
use crate::people::secret::Secret;
use crate::people::session::INVITATION_MAX;
use crate::people::{Change, NewPerson, Person, PersonId, Refusal, Role, Token, person};
use crate::time::{Timestamp, now};
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::state::{App, Shared};

use super::account::{TokenView, revoke_token};
use super::sign_in::object;
use super::{moment, show, with_status};

/// What the form for a new person sends.
#[derive(Deserialize)]
pub struct PersonForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    display: String,
    #[serde(default)]
    role: String,
}

/// What the form for a role sends.
#[derive(Deserialize)]
pub struct RoleForm {
    #[serde(default)]
    role: String,
}

#[derive(Serialize)]
struct Row {
    id: u64,
    name: String,
    display: String,
    role: &'static str,
    disabled: bool,
    added: String,
    seen: Option<String>,
    tokens: Vec<TokenView>,
}

#[derive(Serialize, Default)]
struct View {
    people: Vec<Row>,
    roles: Vec<&'static str>,
    may_change: bool,
    today: String,
    /// A one-time link that was just made, and for whom.
    link: Option<(String, String)>,
    problem: String,
}

/// `GET /people`
pub async fn get(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    app.blocking(move |app, engine| page(app, engine, &staff, View::default())).await
}

/// `POST /people`: adds somebody and shows the link with which they choose a password.
pub async fn add(
    State(app): State<Shared>,
    staff: Staff,
    form: Result<Form<PersonForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    let (Ok(name), Ok(role)) = (person::name(&form.name), form.role.parse::<Role>()) else {
        return app.blocking(move |app, engine| refused(app, engine, &staff, "people_bad")).await;
    };
    app.blocking(move |app, engine| {
        if !engine.redact(&name).redactions.is_empty() {
            return refused(app, engine, &staff, "people_bad");
        }
        let display = person::display(&engine.redact(&form.display).clean_text, &name);
        let new = NewPerson { name: name.clone(), display, role, password: None };
        let entry = Entry::new(now(), &staff.person.name, "person-added", object(&name));
        let entry = entry.detail(format!("role {role}"));
        match engine.store().change(&Change::Add(new), &entry) {
            Ok(id) => with_link(app, engine, &staff, PersonId(id), &name),
            Err(StoreError::Refused(Refusal::NameTaken)) => {
                refused(app, engine, &staff, "people_taken")
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// `POST /people/{id}/role`
pub async fn role(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
    form: Result<Form<RoleForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    let role: Role = form.role.parse().map_err(|_| Problem::bad_request("unknown role"))?;
    let change = move |id| Change::SetRole(id, role);
    on_person(app, staff, id, ("role-changed", format!("role {role}")), change).await
}

/// `POST /people/{id}/disable`
pub async fn disable(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    on_person(app, staff, id, ("disabled", String::new()), Change::Disable).await
}

/// `POST /people/{id}/enable`
pub async fn enable(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    on_person(app, staff, id, ("enabled", String::new()), Change::Enable).await
}

/// `POST /people/{id}/link`: a one-time link to choose a new password.
pub async fn link(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    app.blocking(move |app, engine| {
        let name = found(engine, id)?.name;
        with_link(app, engine, &staff, PersonId(id), &name)
    })
    .await
}

/// `POST /tokens/{id}/revoke`: anybody's.
pub async fn revoke(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    let who = staff.person.name;
    app.blocking(move |_, engine| revoke_token(engine.store(), id, &who, None)).await?;
    Ok(Redirect::to("/people").into_response())
}

async fn on_person(
    app: Shared,
    staff: Staff,
    id: u64,
    (action, detail): (&'static str, String),
    change: impl FnOnce(PersonId) -> Change + Send + 'static,
) -> Result<Response, Problem> {
    app.blocking(move |app, engine| {
        let name = found(engine, id)?.name;
        let entry = Entry::new(now(), &staff.person.name, action, object(&name)).detail(detail);
        match engine.store().change(&change(PersonId(id)), &entry) {
            Ok(_) => Ok(Redirect::to("/people").into_response()),
            Err(StoreError::Refused(Refusal::LastAdmin)) => {
                refused(app, engine, &staff, "people_last")
            }
            Err(error) => Err(error.into()),
        }
    })
    .await
}

fn found(engine: &Engine, id: u64) -> Result<Person, Problem> {
    let people = engine.store().people()?;
    people.into_iter().find(|p| p.id == PersonId(id)).ok_or_else(Problem::not_found)
}

fn with_link(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    id: PersonId,
    name: &str,
) -> Result<Response, Problem> {
    let secret = Secret::new("")?;
    let at = now();
    let until = at.checked_add(INVITATION_MAX).unwrap_or(Timestamp::MAX);
    let entry = Entry::new(at, &staff.person.name, "link-made", object(name));
    engine.store().change(&Change::Invite { person: id, hash: secret.hash(), until }, &entry)?;
    let link = format!("{}/invitation?key={}", app.settings.public_url, secret.text());
    page(app, engine, staff, View { link: Some((name.to_owned(), link)), ..View::default() })
}

fn refused(
    app: &App,
    engine: &Engine,
    staff: &Staff,
    problem: &'static str,
) -> Result<Response, Problem> {
    let problem = app.templates.string(staff.lang, problem).to_owned();
    let response = page(app, engine, staff, View { problem, ..View::default() })?;
    Ok(with_status(response, StatusCode::UNPROCESSABLE_ENTITY))
}

fn page(app: &App, engine: &Engine, staff: &Staff, view: View) -> Result<Response, Problem> {
    let tokens = engine.store().tokens()?;
    let people = engine.store().people()?;
    let view = View {
        people: people.iter().map(|person| row(person, &tokens)).collect(),
        roles: Role::ALL.map(Role::code).to_vec(),
        may_change: staff.person.role >= Role::Admin,
        today: moment(now()),
        ..view
    };
    show(app, staff, "people_title", "staff/people.html", &[&("access", view)])
}

fn row(person: &Person, tokens: &[Token]) -> Row {
    let own = tokens.iter().filter(|t| t.person == person.id);
    Row {
        id: person.id.0,
        name: person.name.clone(),
        display: person.display.clone(),
        role: person.role.code(),
        disabled: person.disabled,
        added: moment(person.added),
        seen: person.seen.map(moment),
        tokens: own.map(TokenView::new).collect(),
    }
}
