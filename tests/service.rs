//! How self-service did: who makes contact again, what searches find, as pages and files show it.

use jiff::SignedDuration;
use serde_json::json;
use zhinan::engine::TicketRequest;
use zhinan::events::TicketState;
use zhinan::people::Role;
use zhinan::time::now;

use crate::support::app::{TestApp, help_centre};
use crate::support::kb::TestKb;

const SESSION: &str = "0123456789abcdef0123456789abcdef";
const TEXT: &str = "My USDT transfer has been stuck on pending for six hours, can I speed it up?";

/// A ticket that came so many hours ago and was answered.
fn answered(app: &TestApp, hours: i64, sender: &str, text: &str) {
    let request = TicketRequest {
        text: text.to_owned(),
        channel: "api".to_owned(),
        sender: Some(sender.to_owned()),
        ..TicketRequest::default()
    };
    let at = now() - SignedDuration::from_hours(hours);
    let ticket = app.engine().record(&request, at).unwrap().ticket;
    app.engine().store().set_state(ticket, TicketState::Answered).unwrap();
}

/// The row of a figure in a language, as the file has it.
fn row(csv: &str, figure: &str, lang: &str) -> Vec<String> {
    let begin = format!("{figure},{lang},");
    let line = csv.lines().find(|line| line.starts_with(&begin));
    line.unwrap_or_else(|| panic!("{begin}\n{csv}")).split(',').skip(2).map(str::to_owned).collect()
}

#[test]
fn contact_made_again_is_a_figure_from_thirty_on_and_its_time_must_be_over() {
    let app = TestApp::new(help_centre());
    for n in 0..30 {
        answered(&app, 100, &format!("person-{n}"), "my card was declined in the shop");
        if n < 6 {
            answered(&app, 50, &format!("person-{n}"), "it was declined again");
        }
    }
    for n in 0..4 {
        answered(&app, 100, &format!("人-{n}"), "银行卡被拒绝了怎么办");
    }
    // This one may still write again.
    answered(&app, 70, "later", "my card was declined in the shop");
    let lead = app.person(Role::Lead);
    let csv = app.get_as(&lead, "/trends/service.csv?days=7").body;
    assert_eq!(row(&csv, "again_answered", "en"), ["6", "30", "20", "10", "37"], "{csv}");
    assert_eq!(row(&csv, "again_answered", "zh"), ["0", "4", "", "", ""]);
    assert_eq!(row(&csv, "again_answered", "all"), ["6", "34", "18", "8", "34"]);
    assert_eq!(row(&csv, "again_confirmed", "all"), ["0", "0", "", "", ""]);
    let page = app.get_as(&lead, "/trends/service?days=7&lang=en").body;
    assert!(page.contains("10–37% · 6/30") && page.contains("0/4 · not enough data"), "{page}");
    assert!(page.contains("within 72 hours of the first"), "the definition stands beside it");
    let morning = app.get_as(&lead, "/trends?days=7&lang=zh").body;
    assert!(morning.contains("工单答复后 72 小时再次联系") && morning.contains("8–34% · 6/34"));
}

#[test]
fn a_form_that_names_its_user_shows_whether_a_resolution_held() {
    let app = TestApp::new(TestKb::real());
    let ask = json!({ "text": TEXT, "surface": "widget", "sender": "user-77" });
    let asked = app.post_json(&format!("/api/v1/sessions/{SESSION}/suggest"), &ask);
    assert_eq!(asked.json()["suggestions"][0]["article"], "transaction-pending", "{asked:?}");
    let step = json!({ "step": "solved", "article": "transaction-pending" });
    assert_eq!(app.post_json(&format!("/api/v1/sessions/{SESSION}/steps"), &step).status, 204);
    let ticket = json!({ "text": "It is still pending after all.", "sender": "user-77" });
    assert_eq!(app.post_json("/api/v1/tickets", &ticket).status, 201);
    let store = app.engine().store();
    let (since, until) = (now() - SignedDuration::from_hours(1), now());
    let found = store.recontacts(since, until, SignedDuration::from_hours(72)).unwrap();
    assert_eq!(found.iter().map(|r| (r.cases, r.again)).collect::<Vec<_>>(), [(1, 1)]);
    let long = json!({ "text": TEXT, "sender": "x".repeat(300) });
    assert_eq!(app.post_json(&format!("/api/v1/sessions/{SESSION}/suggest"), &long).status, 422);
}

#[test]
fn searches_are_counted_also_when_the_page_was_kept() {
    let app = TestApp::new(TestKb::real());
    for _ in 0..3 {
        app.get("/en/search?q=seed+phrase");
    }
    app.get("/en/search?q=seed+phrase&section=security");
    app.get("/en/search?q=");
    app.get("/en/search?q=zzqxv");
    app.get("/zh/search?q=%E5%8A%A9%E8%AE%B0%E8%AF%8D");
    let csv = app.get_as(&app.person(Role::Agent), "/trends/service.csv").body;
    assert_eq!(row(&csv, "no_result", "en")[..2], ["1", "4"], "{csv}");
    assert_eq!(row(&csv, "no_result", "zh")[..2], ["0", "1"]);
    // Nobody has sent a ticket.
    assert_eq!(row(&csv, "self_service_score", "all")[..2], ["5", "0"]);
}
