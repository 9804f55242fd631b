//! Every route on one screen, and what each request passes on its way.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::people::{Role, Scope};

use super::api::episodes;
use super::api::staff as api;
use super::api::{articles, feedback, openapi, search, sessions, suggest, tickets, trends};
use super::error::Problem;
use super::guard::Access::{Api, Everyone, Staff};
use super::pages::{agent, staff};
use super::routes::Routes;
use super::state::Shared;
use super::{assets, body, feeds, headers, kept, observe, ops, pages, rate};

/// How long a request may take, its body included: slow senders are let go.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(30);
/// The same where an editor asks what a draft would change: that fits matchers, which takes seconds,
/// and a minute where the machine does much else.
const REPLAY_TIME_MAX: Duration = Duration::from_secs(120);

/// Every route of the public listener with what it asks of its caller.
pub fn routes(app: &Shared) -> Routes {
    let all = Routes::new(app)
        // Programs
        .get("/api/v1/search", Everyone, search::get)
        .post("/api/v1/suggest", Everyone, suggest::post)
        .post("/api/v1/sessions/{session}/suggest", Everyone, sessions::suggest)
        .post("/api/v1/sessions/{session}/steps", Everyone, sessions::step)
        .post("/api/v1/tickets", Everyone, tickets::post)
        .post("/api/v1/feedback", Everyone, feedback::post)
        .get("/api/v1/trends", Everyone, trends::get)
        .get("/openapi.json", Everyone, openapi::get)
        // Readers
        .get("/", Everyone, pages::root)
        .get("/{lang}", Everyone, pages::home_without_slash)
        .get("/{lang}/", Everyone, pages::home::get)
        .get("/{lang}/sections/{id}", Everyone, pages::section::get)
        .get("/{lang}/articles/{slug}", Everyone, pages::article::get)
        .post("/{lang}/articles/{slug}/feedback", Everyone, pages::feedback::post)
        .get("/{lang}/search", Everyone, pages::search::get)
        .get("/{lang}/contact", Everyone, pages::contact::get)
        .post("/{lang}/contact", Everyone, pages::contact::post)
        // Feeds and crawlers
        .get("/sitemap.xml", Everyone, feeds::sitemap)
        .get("/robots.txt", Everyone, feeds::robots)
        .get("/llms.txt", Everyone, feeds::llms)
        .get("/{lang}/atom.xml", Everyone, feeds::atom)
        .get("/{lang}/opensearch.xml", Everyone, feeds::opensearch)
        // Health and assets
        .get("/assets/{name}", Everyone, assets::get)
        .get("/widget.js", Everyone, assets::widget)
        .get("/widget/demo", Everyone, pages::widget::get)
        .get("/livez", Everyone, ops::livez)
        .get("/readyz", Everyone, ops::readyz);
    people(writing(recurring(console(all))))
}

/// Signing in, and who may.
fn people(routes: Routes) -> Routes {
    routes
        .get("/sign-in", Everyone, staff::sign_in::get)
        .post("/sign-in", Everyone, staff::sign_in::post)
        .get("/setup", Everyone, staff::password::setup)
        .post("/setup", Everyone, staff::password::set_up)
        .get("/invitation", Everyone, staff::password::invitation)
        .post("/invitation", Everyone, staff::password::accept)
        .post("/sign-out", Staff(Role::Agent), staff::sign_in::sign_out)
        .get("/account", Staff(Role::Agent), staff::account::get)
        .post("/account/password", Staff(Role::Agent), staff::account::password)
        .post("/account/tokens", Staff(Role::Agent), staff::account::make_token)
        .post("/account/tokens/{id}/revoke", Staff(Role::Agent), staff::account::revoke)
        .get("/people", Staff(Role::Lead), staff::people::get)
        .post("/people", Staff(Role::Admin), staff::people::add)
        .post("/people/{id}/role", Staff(Role::Admin), staff::people::role)
        .post("/people/{id}/disable", Staff(Role::Admin), staff::people::disable)
        .post("/people/{id}/enable", Staff(Role::Admin), staff::people::enable)
        .post("/people/{id}/link", Staff(Role::Admin), staff::people::link)
        .post("/tokens/{id}/revoke", Staff(Role::Admin), staff::people::revoke)
        .get("/audit", Staff(Role::Lead), staff::audit::get)
}

/// The agents' console.
fn console(routes: Routes) -> Routes {
    routes
        .get("/agent", Staff(Role::Agent), agent::queue::get)
        .post("/agent", Staff(Role::Agent), agent::queue::post)
        .post("/agent/pasted", Staff(Role::Agent), agent::outcome::pasted)
        .get("/agent/panel", Staff(Role::Agent), agent::panel::get)
        .get("/agent/tickets/{id}", Staff(Role::Agent), agent::ticket::get)
        .get("/agent/tickets/{id}/article.md", Staff(Role::Agent), agent::ticket::skeleton)
        .post("/agent/tickets/{id}/outcome", Staff(Role::Agent), agent::outcome::post)
        .post("/agent/tickets/{id}/state", Staff(Role::Agent), agent::outcome::state)
        .post("/agent/tickets/{id}/erase", Staff(Role::Lead), agent::outcome::erase)
        .get("/agent/tickets/{id}/escalation", Staff(Role::Agent), agent::escalation::get)
        .post("/agent/tickets/{id}/escalation", Staff(Role::Agent), agent::escalation::post)
        .get("/agent/learned", Staff(Role::Lead), agent::learned::get)
        .post("/agent/learned", Staff(Role::Lead), agent::learned::undo)
        .get("/agent/learned/replay", Staff(Role::Lead), agent::learned::replay)
        .get("/agent/learned.jsonl", Staff(Role::Lead), agent::learned::export)
        .get("/agent/rejected.jsonl", Staff(Role::Lead), agent::learned::export_rejected)
        .post("/api/v1/staff/suggest", Api(Role::Agent, Scope::Suggest), api::suggest)
        .get("/api/v1/staff/tickets", Api(Role::Agent, Scope::Tickets), api::tickets)
        .get("/api/v1/staff/tickets/{id}", Api(Role::Agent, Scope::Tickets), api::ticket)
        .post("/api/v1/staff/tickets/{id}/outcome", Api(Role::Agent, Scope::Tickets), api::outcome)
}

/// What recurs.
fn recurring(routes: Routes) -> Routes {
    routes
        .get("/trends", Staff(Role::Agent), pages::trends::morning::get)
        .get("/trends/issues.csv", Staff(Role::Agent), pages::trends::export::issues)
        .get("/trends/service", Staff(Role::Agent), pages::trends::service::get)
        .get("/trends/service.csv", Staff(Role::Agent), pages::trends::service::csv)
        .get("/trends/clusters/{id}", Staff(Role::Agent), pages::trends::cluster::get)
        .post("/trends/clusters/{id}", Staff(Role::Editor), pages::trends::cluster::post)
        .get("/trends/issues/{slug}", Staff(Role::Agent), pages::trends::issue::get)
        .get("/trends/episodes/{id}", Staff(Role::Agent), pages::trends::episode::get)
        .post("/trends/episodes/{id}", Staff(Role::Agent), pages::trends::word::post)
        .get(
            "/trends/episodes/{id}/tickets.csv",
            Staff(Role::Agent),
            pages::trends::episode::tickets_csv,
        )
}

/// Where articles are written.
fn writing(routes: Routes) -> Routes {
    use pages::studio::{editor, exchange, history, list, publish};
    routes
        .get("/studio", Staff(Role::Editor), list::get)
        .post("/studio/articles", Staff(Role::Editor), list::begin)
        .get("/studio/articles/{slug}", Staff(Role::Editor), editor::get)
        .post("/studio/articles/{slug}", Staff(Role::Editor), editor::post)
        .get("/studio/articles/{slug}/replay", Staff(Role::Editor), publish::replay)
        .post("/studio/articles/{slug}/publish", Staff(Role::Editor), publish::post)
        .get("/studio/articles/{slug}/history", Staff(Role::Editor), history::get)
        .post("/studio/articles/{slug}/restore", Staff(Role::Editor), history::restore)
        .get("/studio/import", Staff(Role::Editor), exchange::get)
        .post("/studio/import", Staff(Role::Editor), exchange::look)
        .post("/studio/import/apply", Staff(Role::Editor), exchange::apply)
        .get("/studio/export/{name}", Staff(Role::Editor), exchange::export)
        .get("/api/v1/staff/episodes", Api(Role::Agent, Scope::Trends), episodes::get)
        .get("/api/v1/staff/articles/{slug}", Api(Role::Editor, Scope::Kb), articles::get)
        .put("/api/v1/staff/articles/{slug}", Api(Role::Editor, Scope::Kb), articles::put)
}

/// What the public listener serves.
pub fn public(app: &Shared) -> Router {
    let limited = routes(app)
        .into_router()
        .fallback(|| async { Problem::not_found() })
        .layer(from_fn(body::read))
        .layer(from_fn_with_state(app.clone(), rate::limit))
        .layer(widget_sites(app));
    wrapped(limited, app)
}

/// What the operators' listener serves.
pub fn ops(app: &Shared) -> Router {
    let routes = Router::new()
        .route("/livez", get(ops::livez))
        .route("/readyz", get(ops::readyz_detail))
        .route("/metrics", get(ops::metrics))
        .fallback(|| async { Problem::not_found() });
    wrapped(routes, app)
}

/// Lets go of a request that takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let replays = path.ends_with("/replay")
        || (path.starts_with("/studio/") && path.ends_with("/publish"))
        || path.starts_with(body::UPLOADS);
    let most = if replays { REPLAY_TIME_MAX } else { REQUEST_TIME_MAX };
    let answered = tokio::time::timeout(most, next.run(request)).await;
    answered.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

/// What every request passes, the outermost last.
fn wrapped(routes: Router<Shared>, app: &Shared) -> Router {
    routes
        // `body::read` has the limit; axum's own would refuse before the body is read.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), pages::error::present))
        .layer(from_fn(headers::validate))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), kept::pages))
        .layer(from_fn(headers::secure))
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .with_state(app.clone())
}

/// Lets the widget on the sites of the settings read what the API answers; nobody else's pages may,
/// and none may read our pages.
fn widget_sites(app: &Shared) -> CorsLayer {
    let sites = app.settings.widget_origins.clone();
    let may = move |origin: &HeaderValue, head: &Parts| {
        head.uri.path().starts_with("/api/v1/") && sites.iter().any(|site| origin == site.as_str())
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(may))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([CONTENT_TYPE, HeaderName::from_static("idempotency-key")])
        .max_age(Duration::from_secs(3600))
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked; this is a bug");
    Problem::internal().into_response()
}
