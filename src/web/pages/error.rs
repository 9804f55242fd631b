//! Every error that is not an answer of ours becomes one: problem details for programs, a page for
//! people.

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::web::error::Problem;
use crate::web::language::PageLang;
use crate::web::state::Shared;

use super::Draft;

#[derive(Serialize)]
struct View {
    status: u16,
    title: String,
    advice: String,
}

/// Turns errors into answers.
pub async fn present(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let negotiated = PageLang::negotiate(header.unwrap_or_default());
    let mut response = next.run(request).await;
    let status = response.status();
    let is_problem = status.is_client_error() || status.is_server_error();
    if !is_problem || (response.extensions().get::<Page>().is_some()) {
        return response;
    }
    let problem = response.extensions_mut().remove::<Problem>().unwrap_or_else(|| {
        let reason = status.canonical_reason().unwrap_or("error").to_lowercase();
        Problem::new(status, &reason.replace(' ', "-"), &reason)
    });
    let kept = [ALLOW, RETRY_AFTER].map(|name| (response.headers().get(&name).cloned(), name));
    let mut answer = if is_for_programs(&path) {
        problem.into_response()
    } else {
        let lang = path.split('/').nth(1).and_then(|p| p.parse().ok()).unwrap_or(negotiated);
        page(&app, &problem, lang).unwrap_or_else(IntoResponse::into_response)
    };
    for (value, name) in kept {
        if let Some(value) = value {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

/// Marks a response with an error status that is a page already.
#[derive(Debug, Clone, Copy)]
pub struct Page;

fn is_for_programs(path: &str) -> bool {
    let prefixes = ["/api/", "/assets/", "/openapi.json", "/livez", "/readyz", "/metrics"];
    prefixes.iter().any(|prefix| path.starts_with(prefix))
}

fn page(
    app: &crate::web::state::App,
    problem: &Problem,
    lang: PageLang,
) -> Result<Response, Problem> {
    let kind = match problem.status {
        403 if problem.kind.ends_with(":role") => "error_role",
        404 if problem.kind.ends_with(":link-over") => "error_link",
        404 => "error_404",
        403 => "error_403",
        413 => "error_413",
        429 => "error_429",
        503 | 507 => "error_503",
        400..500 => "error_400",
        _ => "error_500",
    };
    let view = View {
        status: problem.status,
        title: app.templates.string(lang, kind).to_owned(),
        advice: app.templates.string(lang, &format!("{kind}_advice")).to_owned(),
    };
    let draft = Draft::new(lang, "", view.title.clone()).unlisted();
    let mut response = draft.show(app, "error.html", &[&("error", view)])?;
    *response.status_mut() = problem.status();
    Ok(response)
}
