//! The JSON API: search, suggest, tickets, feedback, trends; happy and refused.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::app::{Answer, TestApp, help_centre, with_runbooks};

/// For tests that record nothing.
static APP: LazyLock<TestApp> = LazyLock::new(|| TestApp::new(with_runbooks(help_centre())));

#[track_caller]
fn refused(answer: &Answer, status: u16, kind: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], format!("urn:zhinan:problem:{kind}"), "{problem}");
    assert_eq!(problem["status"], status);
    assert!(problem["title"].as_str().is_some_and(|t| !t.is_empty()));
}

#[test]
fn search_answers_with_marks_in_the_readers_language() {
    let answer = APP.get("/api/v1/search?q=pending&lang=en").json();
    let first = &answer["results"][0];
    assert_eq!(first["article"], "transaction-pending");
    assert_eq!(first["url"], "/en/articles/transaction-pending");
    let snippet: Vec<char> = first["snippet"].as_str().unwrap().chars().collect();
    let range = &first["highlights"][0];
    let (start, end) = (range[0].as_u64().unwrap(), range[1].as_u64().unwrap());
    let marked: String = snippet[start as usize..end as usize].iter().collect();
    assert_eq!(marked.to_lowercase(), "pending");

    // 轉帳, 转账 and the third spelling are one word, and the answer comes in the reader's characters.
    let answer = APP.get("/api/v1/search?q=%E8%BD%89%E5%B8%B3&lang=zh-Hant").json();
    let first = &answer["results"][0];
    assert_eq!(first["title"], "轉賬一直待確認");
    assert_eq!(first["lang"], "zh-Hant");
    assert_eq!(first["url"], "/zh-hant/articles/transaction-pending");
}

#[test]
fn search_without_a_language_follows_the_query() {
    let answer = APP.get("/api/v1/search?q=%E7%9F%BF%E5%B7%A5%E8%B4%B9").json();
    assert_eq!(answer["results"][0]["lang"], "zh");
    assert_eq!(answer["query"], "矿工费");
}

#[test]
fn search_suggests_another_spelling() {
    let answer = APP.get("/api/v1/search?q=pendng&lang=en").json();
    assert_eq!(answer["results"], json!([]));
    assert_eq!(answer["did_you_mean"], "pending");
}

#[test]
fn search_refuses_what_it_cannot_read() {
    for query in ["limit=0", "limit=51", "limit=x", "lang=fr", "lang=mixed", "q=a&q=b"] {
        refused(&APP.get(&format!("/api/v1/search?q=a&{query}")), 400, "bad-request");
    }
    refused(&APP.get(&format!("/api/v1/search?q={}", "a".repeat(2001))), 400, "bad-request");
}

#[test]
fn suggest_says_what_it_found_and_records_nothing() {
    let app = TestApp::new(help_centre());
    let text = json!({ "text": "my transaction is stuck on pending", "channel": "form" });
    let answer = app.post_json("/api/v1/suggest", &text).json();
    assert_eq!(answer["lang"], "en");
    assert_eq!(answer["clean_text"], text["text"]);
    assert!(answer["decision"] == "suggest" || answer["decision"] == "abstain");
    let recorded = app.post_json("/api/v1/tickets", &json!({ "text": "card declined" })).json();
    assert_eq!(recorded["ticket"], 1, "the suggestion was no ticket");
}

#[test]
fn a_ticket_is_recorded_once_for_its_key() {
    let app = TestApp::new(help_centre());
    let send = |key: &str, text: &str| {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        app.post("/api/v1/tickets", &headers, json!({ "text": text }).to_string().as_bytes())
    };
    let first = send("a-1", "转账一直没到账");
    assert_eq!((first.status, &first.json()["ticket"]), (201, &json!(1)));
    let again = send("a-1", "转账一直没到账");
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
    refused(&send("a-1", "another text"), 422, "key-reused");
    assert_eq!(send("a-2", "转账一直没到账").json()["ticket"], 2);
    for bad in ["", "with space"] {
        refused(&send(bad, "text"), 400, "bad-request");
    }
    refused(&send(&"k".repeat(256), "text"), 400, "bad-request");
}

#[test]
fn a_repeated_ticket_gets_the_same_answer_after_an_edit() {
    let app = TestApp::new(help_centre());
    let text = "Transaction stuck on pending: speed up, cancel, wait for a block, E-12 fee too low";
    let headers = [("content-type", "application/json"), ("idempotency-key", "k")];
    let body = json!({ "text": text }).to_string();
    let first = app.post("/api/v1/tickets", &headers, body.as_bytes());
    let more = crate::support::kb::article_file(text, "public", text);
    app.kb.put("help/another-answer/en.md", &more);
    app.soon("/en/articles/another-answer", |a| a.status == 200);
    let again = app.post("/api/v1/tickets", &headers, body.as_bytes()).json();
    let articles = |answer: &Value| -> Vec<Value> {
        answer["suggestions"].as_array().unwrap().iter().map(|s| s["article"].clone()).collect()
    };
    assert_eq!(articles(&again), articles(&first.json()));
    assert_eq!(again["ticket"], 1);
}

#[test]
fn sixteen_senders_of_one_key_make_one_ticket() {
    let app = TestApp::new(help_centre());
    let headers = [("content-type", "application/json"), ("idempotency-key", "same")];
    let body = br#"{"text":"card declined"}"#;
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let send = || app.post("/api/v1/tickets", &headers, body);
        let senders: Vec<_> = (0..16).map(|_| scope.spawn(send)).collect();
        senders.into_iter().map(|s| s.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|a| a.status == 201 && a.body == answers[0].body), "{answers:?}");
    let next = app.post_json("/api/v1/tickets", &json!({ "text": "card declined" })).json();
    assert_eq!(next["ticket"], 2);
}

#[test]
fn bodies_are_read_strictly() {
    let json_type = [("content-type", "application/json")];
    let post = |body: &[u8]| APP.post("/api/v1/tickets", &json_type, body);
    refused(&post(b"{\"text\":\"a\",\"staff\":true}"), 422, "unprocessable");
    refused(&post(b"{\"channel\":\"form\"}"), 422, "unprocessable");
    refused(&post(b"{\"text\":7}"), 422, "unprocessable");
    refused(&post(b"{\"text\":\"  \\n \"}"), 422, "unprocessable");
    refused(&post(b"{\"text\":\"a\""), 400, "bad-request");
    refused(&post(b""), 400, "bad-request");
    let other = APP.post("/api/v1/tickets", &[("content-type", "text/plain")], b"{\"text\":\"a\"}");
    refused(&other, 415, "media-type");
    let long = json!({ "text": "a", "external_id": "9".repeat(300) });
    refused(&APP.post_json("/api/v1/tickets", &long), 422, "unprocessable");
}

#[test]
fn feedback_is_for_public_articles_and_readers_only() {
    let app = TestApp::new(with_runbooks(help_centre()));
    let post = |body: &Value| app.post_json("/api/v1/feedback", body);
    let helpful = json!({ "article": "card-declined", "outcome": "helpful" });
    assert_eq!(post(&helpful).status, 204);
    for staff in ["used", "edited", "wrong", "not-needed"] {
        let body = json!({ "article": "card-declined", "outcome": staff });
        refused(&post(&body), 403, "staff-only");
    }
    let unknown = json!({ "article": "card-declined", "outcome": "great" });
    refused(&post(&unknown), 422, "unprocessable");
    let no_ticket = json!({ "article": "card-declined", "ticket": 9, "outcome": "solved" });
    refused(&post(&no_ticket), 422, "unprocessable");
    let missing = post(&json!({ "article": "no-such-article", "outcome": "helpful" }));
    let internal = post(&json!({ "article": "rpc-degradation", "outcome": "helpful" }));
    assert_eq!((missing.status, &missing.body), (422, &internal.body));
}

#[test]
fn trends_count_tickets_by_public_article() {
    let app = TestApp::new(with_runbooks(help_centre()));
    let text = "Transaction stuck on pending. Open Activity, tap the pending transaction, then Speed up or cancel. It waits for a block; E-12 fee too low. Stuck transaction pending!";
    let recorded = app.post_json("/api/v1/tickets", &json!({ "text": text })).json();
    let trends = app.get("/api/v1/trends?since=24h&lang=zh").json();
    let articles = trends["articles"].as_array().unwrap();
    // What was suggested first is what is counted, whatever the ranking makes of this text.
    match recorded["suggestions"].as_array().unwrap().first() {
        Some(best) => {
            assert_eq!(articles[0]["article"], best["article"]);
            assert_eq!(articles[0]["tickets"], 1);
        }
        None => assert_eq!(articles.len(), 0),
    }
    assert_eq!(app.get("/api/v1/trends?since=2099-01-01T00:00:00Z").json()["articles"], json!([]));
    refused(&app.get("/api/v1/trends?since=yesterday"), 400, "bad-request");
}

#[test]
fn every_route_of_the_api_is_described() {
    let description = APP.get("/openapi.json").json();
    let paths: Vec<&String> = description["paths"].as_object().unwrap().keys().collect();
    let expected = [
        "feedback",
        "search",
        "sessions/{session}/steps",
        "sessions/{session}/suggest",
        "staff/articles/{slug}",
        "staff/episodes",
        "staff/suggest",
        "staff/tickets",
        "staff/tickets/{id}",
        "staff/tickets/{id}/outcome",
        "suggest",
        "tickets",
        "trends",
    ];
    assert_eq!(paths, expected.map(|name| format!("/api/v1/{name}")).iter().collect::<Vec<_>>());
    let refused = &description["paths"]["/api/v1/tickets"]["post"]["responses"]["422"];
    assert!(refused["content"]["application/problem+json"].is_object());
}

#[test]
fn unknown_routes_and_methods_are_problems_too() {
    refused(&APP.get("/api/v1/nothing"), 404, "not-found");
    let wrong = APP.get("/api/v1/suggest");
    refused(&wrong, 405, "method-not-allowed");
    assert_eq!(wrong.header("allow"), "POST");
}

#[test]
fn writes_that_come_too_fast_are_refused_with_a_time() {
    let app = TestApp::with(help_centre(), |settings| settings.rate_limit = true);
    let body = json!({ "text": "card declined" });
    let send = || app.post_json("/api/v1/suggest", &body);
    let refusal = (0..400).map(|_| send()).find(|a| a.status != 200).expect("a limit");
    refused(&refusal, 429, "rate-limited");
    assert!(refusal.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(app.get("/api/v1/search?q=card").status, 200, "reading goes on");
}

#[test]
fn operators_see_figures_and_readers_do_not() {
    let app = TestApp::new(help_centre());
    app.get("/en/");
    app.post_json("/api/v1/tickets", &json!({ "text": "card declined" }));
    let metrics = app.ops("/metrics").body;
    assert!(metrics.contains("zhinan_tickets_total 1"), "{metrics}");
    assert!(metrics.contains(
        "zhinan_http_requests_total{route=\"/{lang}/\",method=\"GET\",status=\"200\"} 1"
    ));
    assert!(metrics.contains("zhinan_index_generation 1"));
    assert_eq!(app.get("/metrics").status, 404);
    assert_eq!(app.get("/readyz").body, "yes\n");
    assert_eq!(app.ops("/readyz").json()["ready"], true);
}
