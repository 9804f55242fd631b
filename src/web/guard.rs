//! The guard before every staff route: who is asking, and may they?
//!
//! How to use it: add the route in [`crate::web::router`] with what it asks for,
//!
//! ```text
//! .get("/studio", Access::Staff(Role::Editor), pages::studio::get)
//! .post("/api/v1/staff/suggest", Access::Api(Role::Agent, Scope::Suggest), staff::suggest)
//! ```
//!
//! take a [`Staff`] as an argument of the handler, and add a line to `tests/roles/table.tsv`, which
//! the tests compare with the router. [`Access::Staff`] is for pages: a session cookie, and whoever
//! has none is led to the sign-in page. [`Access::Api`] is for programs: `Authorization: Bearer`
//! with a token of that scope whose owner has that role, or a session cookie; 401 without. A role
//! that is too low is 403 in both.
//!
//! Each request asks the store anew, so that signing out, disabling somebody and changing a
//! password count from the next request on. Answers behind the guard are never cached. Roles are in
//! [`crate::people::person`], the lengths of sessions in [`crate::people::session`].

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::events::StoreError;
use crate::events::people::{People, Seen};
use crate::people::session::SEEN_EVERY;
use crate::people::{Person, Role, Scope, TokenId, secret};
use crate::time::{Timestamp, now};

use super::error::Problem;
use super::language::PageLang;
use super::pages::search::encoded;
use super::state::Shared;
use super::{cookie, csrf};

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: readers and staff alike.
    Everyone,
    /// A page for signed-in staff of at least this role.
    Staff(Role),
    /// An API call for staff of at least this role, by session or by a token of this scope.
    Api(Role, Scope),
}

/// How somebody proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// By the cookie of a session, whose hash this is.
    Session(String),
    /// By an API token.
    Token(TokenId),
}

/// Whoever passed the guard.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who it is.
    pub person: Person,
    /// How they proved it.
    pub via: Via,
    /// The language in which they read pages.
    pub lang: PageLang,
    /// The path and query that they asked for.
    pub here: String,
}

impl FromRequestParts<Shared> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Staff, Problem> {
        parts.extensions.get::<Staff>().cloned().ok_or_else(|| {
            tracing::error!("`{}` takes staff and has no guard; this is a bug", parts.uri.path());
            Problem::internal()
        })
    }
}

/// Lets whoever may pass, and nobody else.
pub async fn check(
    State((app, access)): State<(Shared, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    // A request's body cannot be shared between threads, its head can.
    let head = (request.method().clone(), request.uri().clone(), request.headers().clone());
    let mut response = match admitted(&app, access, &head).await {
        Ok(staff) => {
            let chosen = chosen_lang(request.uri().query());
            request.extensions_mut().insert(staff);
            let mut response = next.run(request).await;
            if let Some(lang) = chosen {
                response.headers_mut().append(SET_COOKIE, cookie::lang(&app.settings, lang));
            }
            response
        }
        Err(response) => *response,
    };
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().entry(CACHE_CONTROL).or_insert(no_store);
    response
}

async fn admitted(
    app: &Shared,
    access: Access,
    (method, uri, headers): &(Method, Uri, HeaderMap),
) -> Result<Staff, Box<Response>> {
    let refused = |problem: Problem| Box::new(problem.into_response());
    let (least, scope) = match access {
        Access::Everyone => return Err(refused(Problem::internal())),
        Access::Staff(role) => (role, None),
        Access::Api(role, scope) => (role, Some(scope)),
    };
    let proof = Proof::of(headers, scope, cookie::name(&app.settings));
    let by_cookie = matches!(proof, Some(Proof::Cookie(_)));
    let known = match proof {
        None => None,
        Some(proof) => app
            .blocking(move |_, engine| Ok(identify(engine.store(), &proof, now())?))
            .await
            .map_err(refused)?,
    };
    let Some((person, via)) = known else {
        return Err(Box::new(unknown(access, method, uri)));
    };
    if by_cookie && !method.is_safe() && !csrf::is_own(headers) {
        return Err(refused(csrf::refusal()));
    }
    if person.role < least {
        return Err(refused(forbidden(least)));
    }
    let here = uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let lang = language(uri.query(), headers);
    Ok(Staff { person, via, lang, here })
}

enum Proof {
    Cookie(String),
    Bearer(String, Scope),
}

impl Proof {
    /// What a request shows; a token only where one is taken.
    fn of(headers: &HeaderMap, scope: Option<Scope>, cookie_name: &str) -> Option<Proof> {
        if let Some(scope) = scope.filter(|_| headers.contains_key(AUTHORIZATION)) {
            let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
            let (scheme, token) = value.split_once(' ')?;
            let bearer = scheme.eq_ignore_ascii_case("bearer");
            return bearer.then(|| Proof::Bearer(secret::hash(token.trim()), scope));
        }
        cookie::value(headers, cookie_name).map(|text| Proof::Cookie(secret::hash(text)))
    }
}

/// Who it is, if what they show is good now.
fn identify(
    store: &(impl People + ?Sized),
    proof: &Proof,
    now: Timestamp,
) -> Result<Option<(Person, Via)>, StoreError> {
    match proof {
        Proof::Cookie(hash) => {
            let Some((session, person)) = store.session(hash)? else { return Ok(None) };
            if person.disabled || !session.is_live(now) {
                return Ok(None);
            }
            if now.duration_since(session.seen) >= SEEN_EVERY {
                store.seen(&Seen::Session(hash.clone()), now)?;
            }
            Ok(Some((person, Via::Session(hash.clone()))))
        }
        Proof::Bearer(hash, scope) => {
            let Some((token, person)) = store.token(hash)? else { return Ok(None) };
            if person.disabled || !token.is_live(now) || !token.scopes.contains(scope) {
                return Ok(None);
            }
            if token.used.is_none_or(|used| now.duration_since(used) >= SEEN_EVERY) {
                store.seen(&Seen::Token(hash.clone()), now)?;
            }
            Ok(Some((person, Via::Token(token.id))))
        }
    }
}

/// To the sign-in page and back, or 401 for programs.
fn unknown(access: Access, method: &Method, uri: &Uri) -> Response {
    if let Access::Api(_, scope) = access {
        let title = "this is for staff";
        let mut response = Problem::new(StatusCode::UNAUTHORIZED, "sign-in", title)
            .detail(format!(
                "send `Authorization: Bearer` with a token of scope `{}`",
                scope.code()
            ))
            .into_response();
        let scheme = HeaderValue::from_static("Bearer realm=\"zhinan\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        return response;
    }
    let here = uri.path_and_query().map_or("/agent", |p| p.as_str());
    // What a form sent cannot be brought along; its page can be opened again.
    let next = if method.is_safe() { here } else { uri.path() };
    Redirect::to(&format!("/sign-in?next={}", encoded(next))).into_response()
}

fn forbidden(least: Role) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "role", "your role does not allow this")
        .detail(format!("it is for the role {least} and those above it"))
}

/// The language of staff pages: as chosen in the address, else as chosen before, else as the
/// browser asks.
pub fn language(query: Option<&str>, headers: &HeaderMap) -> PageLang {
    let before = || cookie::value(headers, cookie::LANG)?.parse().ok();
    let header = headers.get("accept-language").and_then(|v| v.to_str().ok()).unwrap_or_default();
    chosen_lang(query).or_else(before).unwrap_or_else(|| PageLang::negotiate(header))
}

/// The language that an address chooses.
pub fn chosen_lang(query: Option<&str>) -> Option<PageLang> {
    let lang = query?.split('&').find_map(|pair| pair.strip_prefix("lang="));
    lang?.parse().ok()
}
