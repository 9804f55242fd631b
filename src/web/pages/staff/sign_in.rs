//! `/sign-in` and `/sign-out`. A name that nobody has gets the same answer after the same time.

use std::net::IpAddr;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{OriginalUri, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::events::StoreError;
use crate::events::people::Account;
use crate::people::audit::Entry;
use crate::people::secret::Secret;
use crate::people::{Change, Refusal, password, person};
use crate::time::now;
use crate::web::api::Params;
use crate::web::cookie;
use crate::web::error::Problem;
use crate::web::guard::{Staff, Via, language};
use crate::web::language::PageLang;
use crate::web::pages::contact::unreadable;
use crate::web::rate::Client;
use crate::web::state::{App, Shared};

use super::{show_outside, with_status};

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct SignInParams {
    #[serde(default)]
    next: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Serialize, Default)]
struct View {
    next: String,
    /// `wrong`, `slow` or nothing.
    problem: &'static str,
    seconds: u64,
}

/// `GET /sign-in`
pub async fn get(
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    Params(params): Params<SignInParams>,
) -> Result<Response, Problem> {
    let lang = language(uri.query(), &headers);
    let here = uri.path_and_query().map_or("/sign-in", |p| p.as_str());
    page(&app, lang, here, View { next: safe_next(&params.next), ..View::default() })
}

/// `POST /sign-in`
pub async fn post(
    State(app): State<Shared>,
    Client(address): Client,
    headers: HeaderMap,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    let next = safe_next(&form.next);
    let lang = language(None, &headers);
    match checked(&app, address, form.name, form.password).await? {
        Checked::Right(account) => match open(&app, *account, "signed-in").await {
            Ok(cookie) => Ok(([(SET_COOKIE, cookie)], Redirect::to(&next)).into_response()),
            Err(OpenError::LockedOut) => wrong(&app, lang, next),
            Err(OpenError::Problem(problem)) => Err(problem),
        },
        Checked::Wrong => wrong(&app, lang, next),
        Checked::Slow(seconds) => {
            let view = View { next, problem: "slow", seconds };
            let mut response = page(&app, lang, "/sign-in", view)?;
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            Ok(with_status(response, StatusCode::TOO_MANY_REQUESTS))
        }
    }
}

/// `POST /sign-out`
pub async fn sign_out(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    let Via::Session(hash) = staff.via else { return Err(Problem::not_found()) };
    let entry = Entry::new(now(), &staff.person.name, "signed-out", object(&staff.person.name));
    app.blocking(move |_, engine| {
        Ok(engine.store().change(&Change::CloseSession(hash), &entry)?)
    })
    .await?;
    let cookie = cookie::close(&app.settings);
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}

/// What became of a name and a password.
pub enum Checked {
    /// They belong together.
    Right(Box<Account>),
    /// They do not, or nobody has that name, or the person is locked out.
    Wrong,
    /// Too many attempts; after so many seconds again.
    Slow(u64),
}

/// Checks a name and a password, within the limits.
pub async fn checked(
    app: &Shared,
    address: IpAddr,
    name: String,
    password: String,
) -> Result<Checked, Problem> {
    // What cannot be a name counts as one that nobody has; people type passwords into that field.
    let name = person::name(&name).unwrap_or_default();
    let attempt = match app.attempts.begin(address, &name, now()) {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(Checked::Slow(seconds)),
    };
    let account = app.blocking(move |_, engine| Ok(engine.store().account(&name)?)).await?;
    let (right, account) = app
        .hashing(move || {
            let open = account.as_ref().filter(|a| !a.person.disabled);
            let Some(hash) = open.and_then(|a| a.password.as_ref()) else {
                password::burn(&password);
                return (false, account);
            };
            (password::verify(&password, hash), account)
        })
        .await?;
    match account {
        Some(account) if right => {
            app.attempts.succeeded(&attempt);
            Ok(Checked::Right(Box::new(account)))
        }
        account => {
            note_failure(app, account);
            Ok(Checked::Wrong)
        }
    }
}

/// Notes a failed attempt on somebody's account, apart from the answer: the time that the disk
/// takes would tell which names there are.
fn note_failure(app: &Shared, account: Option<Account>) {
    let Some(account) = account else { return };
    let app = app.clone();
    tokio::spawn(async move {
        let entry = Entry::new(now(), "unknown", "sign-in-failed", object(&account.person.name));
        let noted =
            app.blocking(move |_, engine| Ok(engine.store().change(&Change::Note, &entry)?));
        // The store says in its own log what is wrong with it.
        drop(noted.await);
    });
}

/// Why no session was opened.
pub enum OpenError {
    /// The account changed meanwhile.
    LockedOut,
    /// Something else.
    Problem(Problem),
}

impl From<Problem> for OpenError {
    fn from(problem: Problem) -> OpenError {
        OpenError::Problem(problem)
    }
}

/// Opens a session; returns its cookie.
pub async fn open(
    app: &Shared,
    account: Account,
    action: &'static str,
) -> Result<HeaderValue, OpenError> {
    let secret = Secret::new("").map_err(Problem::from)?;
    let name = &account.person.name;
    let entry = Entry::new(now(), name, action, object(name));
    let change = Change::OpenSession {
        person: account.person.id,
        hash: secret.hash(),
        password: account.password.unwrap_or_default(),
    };
    let opened = app
        .blocking(move |_, engine| match engine.store().change(&change, &entry) {
            Err(StoreError::Refused(Refusal::LockedOut)) => Ok(false),
            other => Ok(other.map(|_| true)?),
        })
        .await?;
    if opened { Ok(cookie::open(&app.settings, &secret)) } else { Err(OpenError::LockedOut) }
}

/// A person as the audit log names them.
pub fn object(name: &str) -> String {
    format!("person/{name}")
}

fn wrong(app: &App, lang: PageLang, next: String) -> Result<Response, Problem> {
    let mut response = page(app, lang, "/sign-in", View { next, problem: "wrong", seconds: 0 })?;
    let scheme = HeaderValue::from_static("Form realm=\"zhinan\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    Ok(with_status(response, StatusCode::UNAUTHORIZED))
}

fn page(app: &App, lang: PageLang, here: &str, view: View) -> Result<Response, Problem> {
    show_outside(app, lang, here, ("sign_in_title", "staff/sign_in.html"), &[&("form", view)])
}

/// A path of ours; anything else is the console.
fn safe_next(next: &str) -> String {
    let mut bytes = next.bytes();
    let ours = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    let plain = next.bytes().all(|b| b.is_ascii_graphic());
    if ours && plain { next.to_owned() } else { "/agent".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn leads_to_our_own_pages_only() {
        for next in
            ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "agent"]
        {
            assert_eq!(safe_next(next), "/agent", "{next}");
        }
        assert_eq!(safe_next("/agent/tickets/7?lang=zh"), "/agent/tickets/7?lang=zh");
    }
}
