//! Sessions of the contact form: what is offered, what is withheld, and what is recorded of it.

use serde_json::{Value, json};
use zhinan::events::session::{Course, SessionCounts};
use zhinan::web::session::Holdout;

use crate::support::app::{Answer, TestApp};
use crate::support::kb::TestKb;

const SESSION: &str = "0123456789abcdef0123456789abcdef";
const TICKET: &str = "My USDT transfer has been stuck on pending for six hours, how can I speed it up or cancel it? App 5.21.3 on Ethereum.";

fn ask(app: &TestApp, session: &str) -> Answer {
    let body = json!({ "text": TICKET, "lang": "zh", "from": "network-fee-explained" });
    app.post_json(&format!("/api/v1/sessions/{session}/suggest"), &body)
}

fn step(app: &TestApp, step: &str) -> u16 {
    let body = json!({ "step": step, "article": "transaction-pending" });
    app.post_json(&format!("/api/v1/sessions/{SESSION}/steps"), &body).status
}

fn counts(app: &TestApp) -> SessionCounts {
    let (first, last) = ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
    app.engine().store().session_counts(first, last).unwrap()
}

fn only(app: &TestApp) -> Course {
    let counts = counts(app);
    assert_eq!(counts.values().sum::<u64>(), 1, "{counts:?}");
    *counts.keys().next().unwrap()
}

#[test]
fn a_session_is_offered_passages_and_details_and_each_step_is_recorded() {
    let app = TestApp::new(TestKb::real());
    assert_eq!(step(&app, "opened"), 204);
    assert!(counts(&app).is_empty(), "a session starts when its text is looked at");
    let answer = ask(&app, SESSION).json();
    let first = &answer["suggestions"][0];
    assert_eq!(first["article"], "transaction-pending", "{answer}");
    assert_eq!(
        (&first["lang"], &first["url"]),
        (&json!("zh"), &json!("/zh/articles/transaction-pending"))
    );
    assert!(
        first["passage"].as_array().unwrap().iter().any(|part| part["mark"] == true),
        "{first}"
    );
    assert_eq!(answer["details"]["app_version"], "5.21.3");
    assert_eq!(answer["details"]["chain"], "Ethereum");
    let course = only(&app);
    assert!(course.offered && !course.holdout && !course.opened && !course.solved && !course.sent);
    assert_eq!((step(&app, "opened"), step(&app, "opened"), step(&app, "solved")), (204, 204, 204));
    assert!(only(&app).opened && only(&app).solved);
    let details = json!({ "app_version": "5.22.0", "order_id": "" });
    let ticket = json!({ "text": TICKET, "channel": "widget", "session": SESSION, "lang": "zh", "details": details });
    let sent = app.post_json("/api/v1/tickets", &ticket);
    assert_eq!(sent.status, 201, "{sent:?}");
    assert!(only(&app).sent);
    let tickets = app.engine().store().tickets(None, 1).unwrap();
    let kept = &tickets.first().unwrap().ticket;
    assert_eq!(kept.channel, "widget");
    assert!(
        kept.clean_text.ends_with("on Ethereum.\n\nApp version: 5.22.0"),
        "{}",
        kept.clean_text
    );
}

#[test]
fn the_holdout_sees_nothing_and_is_recorded() {
    let all = |s: &mut zhinan::web::state::Settings| s.holdout = Holdout::new(1.0, [7; 32]);
    let app = TestApp::with(TestKb::real(), all);
    let answer = ask(&app, SESSION).json();
    assert_eq!(answer["suggestions"], json!([]));
    assert!(only(&app).holdout && only(&app).offered);
    // Without a script it is sent at once, with nothing in between.
    let form = app.get("/en/contact").body;
    let field = |name: &str| {
        let rest = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (key, session) = (field("key"), field("session"));
    let fields = [("text", TICKET), ("key", &key), ("session", &session), ("step", "write")];
    let sent = app.post_form("/en/contact", &fields);
    assert!(sent.body.contains("Your ticket is number "), "{}", sent.body);
    let held = counts(&app).into_iter().filter(|(c, _)| c.holdout && c.offered && c.sent).count();
    assert_eq!(held, 1);
}

#[test]
fn without_a_script_opening_and_solving_are_recorded_too() {
    let app = TestApp::new(TestKb::real());
    let fields = [
        ("text", TICKET),
        ("key", "k"),
        ("session", SESSION),
        ("from", "network-fee-explained"),
        ("step", "write"),
    ];
    let between = app.post_form("/en/contact", &fields).body;
    assert!(
        between.contains("value=\"5.21.3\"") && between.contains("value=\"send\""),
        "{between}"
    );
    app.get(&format!("/en/articles/transaction-pending?session={SESSION}"));
    assert!(only(&app).opened && !only(&app).solved);
    let solved = [("outcome", "solved"), ("session", SESSION)];
    let thanks = app.post_form("/en/articles/transaction-pending/feedback", &solved);
    assert!(thanks.body.contains("Nothing was sent"));
    assert!(only(&app).solved && !only(&app).sent);
}

#[test]
fn contact_after_reading_is_recorded() {
    let app = TestApp::new(TestKb::real());
    assert!(app.get("/zh/articles/card-declined").body.contains("/zh/contact?from=card-declined"));
    let form = app.get("/zh/contact?from=card-declined").body;
    assert!(form.contains("name=\"from\" value=\"card-declined\""));
    let forged = app.get("/zh/contact?from=%22%3E%3Cb%3E").body;
    assert!(forged.contains("name=\"from\" value=\"\""));
    let fields = [
        ("text", TICKET),
        ("key", "k"),
        ("session", SESSION),
        ("from", "card-declined"),
        ("step", "send"),
    ];
    app.post_form("/zh/contact", &fields);
    let (first, last) = ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    let store = app.engine().store();
    let read = store.contact_after_reading(first.parse().unwrap(), last.parse().unwrap()).unwrap();
    let read: Vec<_> = read.iter().map(|r| (r.article.as_str(), r.sessions, r.sent)).collect();
    assert_eq!(read, [("card-declined", 1, 1)]);
}

#[test]
fn what_is_not_understood_is_refused() {
    let app = TestApp::new(crate::support::app::help_centre());
    assert_eq!(ask(&app, "me@example.com").status, 422);
    let send = |path: &str, body: Value| {
        app.post_json(&format!("/api/v1/sessions/{SESSION}/{path}"), &body).status
    };
    assert_eq!(send("suggest", json!({ "text": "a", "surface": "billboard" })), 422);
    assert_eq!(send("suggest", json!({ "text": "a", "lang": "fr" })), 422);
    assert_eq!(send("steps", json!({ "step": "shown", "article": "card-declined" })), 422);
    assert_eq!(send("steps", json!({ "step": "opened", "article": "rpc-degradation" })), 422);
    assert_eq!(
        app.post_json("/api/v1/tickets", &json!({ "text": "a", "session": "x" })).status,
        422
    );
}

#[test]
fn only_sites_of_the_settings_may_read_answers() {
    let app = TestApp::with(crate::support::app::help_centre(), |settings| {
        settings.widget_origins = vec!["https://shop.example".to_owned()];
    });
    let allowed = |origin: &str, path: &str| {
        app.get_with(path, &[("origin", origin)]).header("access-control-allow-origin").to_owned()
    };
    let search = "/api/v1/search?q=card";
    assert_eq!(allowed("https://shop.example", search), "https://shop.example");
    assert_eq!(allowed("https://evil.example", search), "");
    assert_eq!(allowed("null", search), "");
    assert_eq!(allowed("https://shop.example", "/en/"), "", "pages are nobody else's");
    let script = app.get("/widget.js");
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
    assert!(
        !script.body.contains("__STRINGS__") && script.body.contains("聯"),
        "in three languages"
    );
    let packed = app.get_with("/widget.js", &[("accept-encoding", "gzip")]);
    let length = packed.header("content-length").parse::<usize>();
    assert!(length.unwrap_or(packed.body.len()) < 15_000, "{}", packed.body.len());
}
