//! `/account`: one's own password and API tokens. A token is shown once, when it is made.

use axum::Form;
use axum::body::Bytes;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::events::people::People;
use crate::people::audit::Entry;
use crate::people::secret::{Secret, TOKEN_PREFIX};
use crate::people::session::TOKEN_DAYS_MAX;
use crate::people::{Change, NewToken, PersonId, Scope, Token, TokenId, password};
use crate::time::now;
use crate::web::error::Problem;
use crate::web::guard::Staff;
use crate::web::pages::contact::unreadable;
use crate::web::rate::Client;
use crate::web::state::{App, Shared};

use super::password::{hashed, reason};
use super::sign_in::{Checked, OpenError, checked, object, open};
use super::{moment, show, with_status};

/// The longest name of a token, in characters.
const TOKEN_NAME_CHARS_MAX: usize = 60;

/// What the form for a new password sends.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

/// A token as a page shows it.
#[derive(Serialize)]
pub struct TokenView {
    id: u64,
    name: String,
    scopes: String,
    until: String,
    used: Option<String>,
    over: bool,
}

impl TokenView {
    /// A token as it stands now.
    pub fn new(token: &Token) -> TokenView {
        TokenView {
            id: token.id.0,
            name: token.name.clone(),
            scopes: Scope::codes(&token.scopes),
            until: moment(token.until),
            used: token.used.map(moment),
            over: !token.is_live(now()),
        }
    }
}

#[derive(Serialize, Default)]
struct View {
    tokens: Vec<TokenView>,
    scopes: Vec<&'static str>,
    /// The token that was just made.
    made: Option<String>,
    changed: bool,
}

/// `GET /account`
pub async fn get(State(app): State<Shared>, staff: Staff) -> Result<Response, Problem> {
    page(app, staff, View::default(), "").await
}

/// `POST /account/password`
pub async fn password(
    State(app): State<Shared>,
    Client(address): Client,
    staff: Staff,
    form: Result<Form<PasswordForm>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form.map_err(unreadable)?;
    let name = staff.person.name.clone();
    let account = match checked(&app, address, name.clone(), form.current).await? {
        Checked::Right(account) => *account,
        Checked::Wrong => return refused(app, staff, "password_wrong").await,
        Checked::Slow(seconds) => {
            let response = page(app, staff, View::default(), "password_slow").await?;
            let mut response = with_status(response, StatusCode::TOO_MANY_REQUESTS);
            response.headers_mut().insert("retry-after", seconds.into());
            return Ok(response);
        }
    };
    if let Err(bad) = password::check(&form.password, &name) {
        return refused(app, staff, reason(bad)).await;
    }
    let hash = hashed(&app, form.password).await?;
    let entry = Entry::new(now(), &name, "password-changed", object(&name));
    let change = Change::SetPassword(staff.person.id, hash.clone());
    app.blocking(move |_, engine| Ok(engine.store().change(&change, &entry)?)).await?;
    // Every session has ended; this browser, which knows the password, gets a new one.
    let account = crate::events::people::Account { password: Some(hash), ..account };
    match open(&app, account, "signed-in").await {
        Ok(cookie) => {
            Ok(([(SET_COOKIE, cookie)], Redirect::to("/account?changed=1")).into_response())
        }
        Err(OpenError::LockedOut) => Ok(Redirect::to("/sign-in").into_response()),
        Err(OpenError::Problem(problem)) => Err(problem),
    }
}

/// `POST /account/tokens`
pub async fn make_token(
    State(app): State<Shared>,
    staff: Staff,
    body: Bytes,
) -> Result<Response, Problem> {
    let Some(wanted) = Wanted::read(&body) else { return refused(app, staff, "token_bad").await };
    // Redacted before it is cut: half a phrase would not be known as one.
    let name = app.engine().redact(&wanted.name).clean_text;
    let secret = Secret::new(TOKEN_PREFIX)?;
    let at = now();
    let until = at.checked_add(SignedDuration::from_hours(24 * wanted.days));
    let new = NewToken {
        person: staff.person.id,
        name: name.chars().take(TOKEN_NAME_CHARS_MAX).collect(),
        until: until.map_err(|_| Problem::bad_request("`days` is out of range"))?,
        scopes: wanted.scopes,
        hash: secret.hash(),
    };
    let who = staff.person.name.clone();
    let detail = format!("scopes {}; until {}", Scope::codes(&new.scopes), moment(new.until));
    let entry = Entry::new(at, &who, "token-made", object(&who)).detail(detail);
    app.blocking(move |_, engine| Ok(engine.store().change(&Change::MakeToken(new), &entry)?))
        .await?;
    let view = View { made: Some(secret.text().to_owned()), ..View::default() };
    page(app, staff, view, "").await
}

/// `POST /account/tokens/{id}/revoke`: one's own.
pub async fn revoke(
    State(app): State<Shared>,
    staff: Staff,
    Path(id): Path<u64>,
) -> Result<Response, Problem> {
    let (who, own) = (staff.person.name.clone(), staff.person.id);
    app.blocking(move |_, engine| revoke_token(engine.store(), id, &who, Some(own))).await?;
    Ok(Redirect::to("/account").into_response())
}

/// Revokes a token, of `only` if given. Another's token is not told from one that does not exist.
pub fn revoke_token(
    store: &(impl People + ?Sized),
    id: u64,
    who: &str,
    only: Option<PersonId>,
) -> Result<(), Problem> {
    let tokens = store.tokens()?;
    let found = tokens.into_iter().find(|t| t.id == TokenId(id));
    let token = found.filter(|t| only.is_none_or(|person| t.person == person));
    let token = token.ok_or_else(Problem::not_found)?;
    let entry = Entry::new(now(), who, "token-revoked", format!("token/{id}")).detail(token.name);
    store.change(&Change::RevokeToken(token.id), &entry)?;
    Ok(())
}

/// A token as the form asks for it. The form sends `scope` once for each box that is ticked.
struct Wanted {
    name: String,
    scopes: Vec<Scope>,
    days: i64,
}

impl Wanted {
    fn read(body: &[u8]) -> Option<Wanted> {
        let mut wanted = Wanted { name: String::new(), scopes: Vec::new(), days: 90 };
        for (key, value) in form_urlencoded::parse(body) {
            match key.as_ref() {
                "name" => value.trim().clone_into(&mut wanted.name),
                "scope" => wanted.scopes.push(Scope::from_code(&value)?),
                "days" => wanted.days = value.parse().ok()?,
                _ => {}
            }
        }
        let fits = (1..=TOKEN_DAYS_MAX).contains(&wanted.days);
        (fits && !wanted.name.is_empty() && !wanted.scopes.is_empty()).then_some(wanted)
    }
}

async fn refused(app: Shared, staff: Staff, problem: &'static str) -> Result<Response, Problem> {
    let response = page(app, staff, View::default(), problem).await?;
    Ok(with_status(response, StatusCode::UNPROCESSABLE_ENTITY))
}

async fn page(
    app: Shared,
    staff: Staff,
    mut view: View,
    problem: &'static str,
) -> Result<Response, Problem> {
    app.blocking(move |app: &App, engine| {
        let own = engine.store().tokens()?.into_iter().filter(|t| t.person == staff.person.id);
        view.tokens = own.map(|token| TokenView::new(&token)).collect();
        view.scopes = Scope::ALL.map(Scope::code).to_vec();
        view.changed = staff.here.contains("changed=1");
        let problem = app.templates.string(staff.lang, problem).to_owned();
        let contents = (("account", view), ("problem", problem));
        show(app, &staff, "account_title", "staff/account.html", &[&contents.0, &contents.1])
    })
    .await
}
