//! The agents' console: the queue, a ticket's page, what an outcome does to the next ranking, what
//! a lead can see and take back, escalation, tickets that live elsewhere.

use std::time::{Duration, Instant};

use serde_json::json;
use zhinan::people::{Role, Scope};

use crate::support::app::{Answer, Identity, TestApp, help_centre, with_runbooks};
use crate::support::kb::TestKb;

fn app() -> TestApp {
    TestApp::new(with_runbooks(help_centre()))
}

fn page(app: &TestApp, who: &Identity, path: &str) -> String {
    let answer = app.get_as(who, path);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.body
}

#[test]
fn the_queue_shows_what_came_in_by_state_language_and_urgency() {
    let app = app();
    let agent = app.person(Role::Agent);
    app.ticket("card declined");
    app.ticket("转账一直待确认怎么办");
    let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    app.ticket(&format!("my phrase is {phrase}"));
    let all = page(&app, &agent, "/agent?lang=en");
    let at = |number: u64| all.find(&format!("/agent/tickets/{number}\"")).unwrap();
    assert!(at(3) < at(2) && at(2) < at(1), "newest first");
    assert!(!all.contains("sausage"));
    let zh = page(&app, &agent, "/agent?in=zh");
    assert!(zh.contains("/agent/tickets/2\"") && !zh.contains("/agent/tickets/1\""));
    let urgent = page(&app, &agent, "/agent?sort=urgent&lang=en");
    let first = urgent.find("data-line").unwrap();
    assert!(urgent[..first].ends_with("/agent/tickets/3\" "), "a leaked phrase comes first");
    app.post_as(&agent, "/agent/tickets/1/state", "state=closed");
    assert!(!page(&app, &agent, "/agent").contains("/agent/tickets/1\""));
    assert!(page(&app, &agent, "/agent?state=closed").contains("/agent/tickets/1\""));
}

#[test]
fn a_ticket_is_answered_in_the_customers_language_and_read_in_the_agents() {
    let app = TestApp::new(TestKb::real());
    let agent = app.person_named("li.wei", Role::Agent);
    let text = "您好，我叫王小芳，以太坊上的转账一直待确认，已经六个小时了，怎么加速或者取消？";
    // The matchers of the real knowledge base take longer to fit than a request may.
    for reader in zhinan::kb::library::Reader::ALL {
        app.app.engine().suggest(reader, text);
    }
    let ticket = app.ticket(text);
    let html = page(&app, &agent, &format!("/agent/tickets/{ticket}?lang=en"));
    assert!(html.contains("Transaction stuck on pending"), "the agent reads English: {html}");
    let reply = html.split("data-reply>").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(reply.contains("王小芳") && reply.contains("li.wei"), "{reply}");
    assert!(
        reply.contains("https:&#x2F;&#x2F;help.example&#x2F;zh&#x2F;articles")
            || reply.contains("https://help.example/zh/articles"),
        "{reply}"
    );
    let hant = page(&app, &agent, &format!("/agent/tickets/{ticket}?lang=en&reply=zh-hant"));
    assert!(hant.contains("/zh-hant/articles/transaction-pending"));
    let chinese = page(&app, &agent, &format!("/agent/tickets/{ticket}?lang=zh&reply=en"));
    assert!(chinese.contains("Kind regards"), "the other way round");
}

/// The confidence of an article for a text, as staff see it; 0 if it is not suggested.
fn confidence(app: &TestApp, who: &Identity, text: &str, article: &str) -> f64 {
    let body = json!({ "text": text }).to_string();
    let answer = app.post_as(who, "/api/v1/staff/suggest", &body).json();
    let suggestions = answer["suggestions"].as_array().unwrap().clone();
    let found = suggestions.iter().find(|s| s["article"] == article);
    found.map_or(0.0, |s| s["confidence"].as_f64().unwrap())
}

pub(crate) fn soon(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn what_an_agent_says_changes_the_next_ranking_until_a_lead_takes_it_back() {
    let app = app();
    let (agent, lead) = (app.person(Role::Agent), app.person(Role::Lead));
    let text = "the wombat gizmo keeps blinking at me";
    let before = confidence(&app, &agent, text, "network-fees");
    let ticket = app.ticket(text);
    let path = format!("/agent/tickets/{ticket}/outcome");
    let linked = app.post_as(&agent, &path, "article=network-fees&outcome=linked");
    assert_eq!(linked.status, 303, "{linked:?}");
    soon("the phrasing counts", || confidence(&app, &agent, text, "network-fees") > before);

    let learned = page(&app, &lead, "/agent/learned?lang=en");
    assert!(learned.contains("wombat gizmo") && learned.contains("network-fees"));
    let export = page(&app, &lead, "/agent/learned.jsonl");
    let line: serde_json::Value = serde_json::from_str(export.trim()).unwrap();
    assert_eq!((&line["text"], &line["article"]), (&json!(text), &json!("network-fees")));

    // The effect stands in a replay: silence before, the article after.
    let effect = page(&app, &lead, "/agent/learned/replay?lang=en");
    assert!(effect.contains("wombat gizmo") && effect.contains("silence → "), "{effect}");

    let undo = format!("ticket={ticket}&article=network-fees");
    assert_eq!(app.post_as(&lead, "/agent/learned", &undo).status, 303);
    assert_eq!(page(&app, &lead, "/agent/learned.jsonl"), "");
    soon("as before", || (confidence(&app, &agent, text, "network-fees") - before).abs() < 1e-6);
    let log = page(&app, &lead, "/audit");
    for action in ["said-linked", "said-withdrawn", "phrasings-exported"] {
        assert!(log.contains(action), "{action}");
    }
}

#[test]
fn a_wrong_suggestion_is_remembered_and_the_ticket_stays_open() {
    let app = app();
    let (agent, lead) = (app.person(Role::Agent), app.person(Role::Lead));
    let ticket = app.ticket("card declined by the bank");
    let path = format!("/agent/tickets/{ticket}/outcome");
    let said = app.post_as(&agent, &path, "article=card-declined&outcome=wrong");
    assert_eq!(said.header("location"), format!("/agent/tickets/{ticket}"));
    assert!(page(&app, &agent, "/agent").contains(&format!("/agent/tickets/{ticket}\"")));
    assert!(page(&app, &lead, "/agent/rejected.jsonl").contains("card-declined"));
    assert_eq!(page(&app, &lead, "/agent/learned.jsonl"), "");
    for wrong in
        ["outcome=used", "article=none&outcome=used", "article=card-declined&outcome=withdrawn"]
    {
        assert_eq!(app.post_as(&agent, &path, wrong).status, 422, "{wrong}");
    }
}

#[test]
fn done_leads_to_the_next_open_ticket() {
    let app = app();
    let agent = app.person(Role::Agent);
    for _ in 0..3 {
        app.ticket("card declined");
    }
    let say = |ticket: u64| {
        let path = format!("/agent/tickets/{ticket}/outcome");
        app.post_as(&agent, &path, "article=card-declined&outcome=used")
    };
    let to = |answer: Answer| answer.header("location").to_owned();
    assert_eq!(to(say(3)), "/agent/tickets/2?done=3");
    assert_eq!(to(say(1)), "/agent/tickets/2?done=1");
    assert_eq!(to(say(2)), "/agent?done=2");
}

#[test]
fn a_ticket_that_lives_elsewhere_is_recorded_when_something_is_said_about_it() {
    let app = app();
    let agent = app.person(Role::Agent);
    let pasted = app.form_as(&agent, "/agent?lang=en", &[("text", "card declined by bank")]);
    assert!(pasted.body.contains("action=\"/agent/pasted\""), "{}", pasted.body);
    let counted = || app.get_as(&agent, "/api/v1/staff/tickets").json();
    assert_eq!(counted()["tickets"], json!([]), "looking records nothing");
    let fields =
        [("text", "card declined by bank"), ("article", "card-declined"), ("outcome", "used")];
    for _ in 0..2 {
        let said = app.form_as(&agent, "/agent/pasted", &fields);
        assert_eq!(said.header("location"), "/agent/tickets/1", "{said:?}");
    }
    let tickets = counted();
    assert_eq!(tickets["tickets"].as_array().unwrap().len(), 1);
    assert_eq!(tickets["tickets"][0]["state"], "answered");
    assert_eq!(tickets["tickets"][0]["channel"], "pasted");
    let panel = page(&app, &agent, "/agent/panel?lang=en&text=card+declined+by+bank");
    assert!(panel.contains("data-reply") || panel.contains("card-declined"), "{panel}");
}

#[test]
fn an_escalation_note_says_what_is_known() {
    let app = app();
    let agent = app.person_named("li.wei", Role::Agent);
    let hash = format!("0x{}", "a1".repeat(32));
    for n in 0..4 {
        app.ticket(&format!("Transaction {hash} stuck on pending since {n} hours, app 5.21.{n}"));
    }
    let html = page(&app, &agent, "/agent/tickets/4/escalation?lang=en");
    for part in ["proposed by li.wei", "5.21.3", &hash, "last hour 3", "#3]"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let handed = app.post_as(&agent, "/agent/tickets/4/escalation", "severity=S2");
    assert_eq!(handed.header("location"), "/agent/tickets/3?done=4");
    let state = app.get_as(&agent, "/api/v1/staff/tickets/4").json();
    assert_eq!(state["state"], "escalated");
    let skeleton = app.get_as(&agent, "/agent/tickets/4/article.md");
    assert!(skeleton.body.contains("status: draft") && skeleton.body.contains("stuck on pending"));
}

#[test]
fn a_script_in_a_ticket_stays_text() {
    let app = app();
    let agent = app.person(Role::Agent);
    let text = "<script>alert(1)</script> card declined \"><img src=x onerror=alert(1)>";
    let ticket = app.ticket(text);
    let paths = [
        "/agent".to_owned(),
        format!("/agent/tickets/{ticket}"),
        format!("/agent/tickets/{ticket}/escalation"),
    ];
    for path in paths {
        let html = page(&app, &agent, &path);
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{path}");
    }
}

#[test]
fn a_token_does_what_its_scope_says() {
    let app = app();
    let token = app.token(Role::Agent, Scope::Tickets);
    app.ticket("card declined");
    let said = json!({ "article": "card-declined", "outcome": "used" }).to_string();
    assert_eq!(app.post_as(&token, "/api/v1/staff/tickets/1/outcome", &said).status, 204);
    let ticket = app.get_as(&token, "/api/v1/staff/tickets/1").json();
    assert_eq!((&ticket["state"], &ticket["text"]), (&json!("answered"), &json!("card declined")));
    assert_eq!(app.get_as(&token, "/agent").status, 303, "a token opens no page");
}

#[test]
fn a_ticket_that_held_a_phrase_still_gets_the_urgent_answer_and_names_its_twin() {
    let app = TestApp::new(TestKb::real());
    let agent = app.person(Role::Agent);
    for reader in zhinan::kb::library::Reader::ALL {
        app.app.engine().suggest(reader, "hello");
    }
    let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let first = app.ticket(&format!("the app shows a blank page, here is all I have: {phrase}"));
    app.ticket("the app shows a blank page");
    let last = app.ticket(&format!("1. {}", phrase.to_uppercase()));
    let html = page(&app, &agent, &format!("/agent/tickets/{last}?lang=en"));
    let leaked = html.find("secret-in-ticket").unwrap();
    assert!(html[leaked..].contains("seed-phrase-leaked"), "{html}");
    assert!(html.contains("<code>mnemonic</code>"), "it says what was taken out");
    let warned = html.split("The same wallet").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(warned.contains(&format!("#{first}<")) && !warned.contains("#2<"), "{warned}");
}
