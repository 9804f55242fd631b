//! Alerts: an incident reaches people's tools once, signed, in their language; a mute is kept; an
//! escalation goes out or says that it did not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use zhinan::notify::signature::{standard, standard_key};
use zhinan::notify::target::{Kind, Target, TargetLang};
use zhinan::people::Role;

use crate::recurrence::{DAY, OUTAGE, Stream};
use crate::support::app::{TestApp, help_centre};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A tool that takes messages: its answers in order, the last one for good.
struct Tool {
    address: String,
    got: Receiver<(String, Value)>,
}

impl Tool {
    fn that_answers(statuses: &'static [u16]) -> Tool {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, got) = channel();
        std::thread::spawn(move || {
            for (nth, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let mut bytes = Vec::new();
                let (head, body) = loop {
                    let mut more = [0; 4096];
                    let read = stream.read(&mut more).unwrap();
                    bytes.extend(&more[..read]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let length = header(head, "content-length").parse::<usize>().unwrap();
                    if body.len() >= length {
                        break (head.to_owned(), body.to_owned());
                    }
                };
                let status = statuses[nth.min(statuses.len() - 1)];
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
                let parsed = serde_json::from_str(&body).unwrap();
                if sender.send((format!("{head}\r\n\r\n{body}"), parsed)).is_err() {
                    return;
                }
            }
        });
        Tool { address, got }
    }

    fn next(&self) -> Option<(String, Value)> {
        self.got.recv_timeout(Duration::from_millis(300)).ok()
    }

    fn target(&self, kind: Kind, lang: TargetLang) -> Target {
        let (secret, events) = (Some(SECRET.to_owned()), None);
        Target { kind, url: self.address.clone(), secret, lang, events, from: None, to: Vec::new() }
    }
}

fn header(head: &str, name: &str) -> String {
    let line = head.lines().find(|l| l.to_lowercase().starts_with(&format!("{name}:")));
    line.and_then(|l| l.split_once(':')).map_or(String::new(), |(_, v)| v.trim().to_owned())
}

fn outage(targets: Vec<Target>) -> TestApp {
    let app = TestApp::with(help_centre(), |settings| settings.notify = targets);
    let mut stream = Stream::days(20, 40, |_| false);
    stream.incident(19 * DAY + 76_000, 400, &OUTAGE, 27);
    stream.record(&app);
    app
}

fn tell(app: &TestApp) {
    app.app.alerts.tell(&app.app, app.app.engine()).unwrap();
}

#[test]
fn an_incident_is_told_once_signed_and_in_the_language_of_each_tool() {
    let (signed, chat) = (Tool::that_answers(&[204]), Tool::that_answers(&[200]));
    let app = outage(vec![
        signed.target(Kind::Standard, TargetLang::En),
        chat.target(Kind::Lark, TargetLang::Zh),
    ]);
    tell(&app);
    let (raw, body) = signed.next().expect("the incident is told");
    assert_eq!(body["type"], "incident.opened");
    assert!(body["data"]["facts"]["tickets"].as_u64().unwrap() > 8, "{body}");
    let (head, sent) = raw.split_once("\r\n\r\n").unwrap();
    let (id, at) = (header(head, "webhook-id"), header(head, "webhook-timestamp"));
    let key = standard_key(SECRET).unwrap();
    let proof = standard(&key, &id, at.parse().unwrap(), sent);
    assert_eq!(header(head, "webhook-signature"), proof);
    let (_, body) = chat.next().expect("in Chinese too");
    let text = body["content"]["text"].as_str().unwrap();
    assert!(text.starts_with("异常增多：") && text.contains("/trends/episodes/"), "{text}");
    assert!(!body["sign"].as_str().unwrap().is_empty());
    // The same over the interface for programs, and on the tickets themselves.
    let agent = app.person(Role::Agent);
    let listed = app.get_as(&agent, "/api/v1/staff/episodes").json();
    let first = &listed["episodes"][0];
    assert!(first["open"].as_bool().unwrap() && first["tickets"].as_u64().unwrap() > 8, "{listed}");
    let ticket = app.get_as(&agent, &format!("/agent/tickets/{}", first["first_ticket"]));
    assert!(ticket.body.contains("/trends/episodes/"), "{}", ticket.body);
    // What was told is recorded: neither the next look nor a new server tells it again.
    tell(&app);
    assert!(signed.next().is_none() && chat.next().is_none());
}

#[test]
fn what_was_refused_is_tried_again_and_what_is_muted_is_not_told() {
    let tool = Tool::that_answers(&[500, 200]);
    let target = tool.target(Kind::Slack, TargetLang::En);
    let app = outage(vec![target]);
    tell(&app);
    let (_, first) = tool.next().unwrap();
    tell(&app);
    assert!(tool.next().is_none(), "not at once");
    std::thread::sleep(Duration::from_secs(5));
    tell(&app);
    assert_eq!(tool.next().unwrap().1, first, "the same again");

    let quiet = Tool::that_answers(&[200]);
    let app = outage(vec![quiet.target(Kind::Slack, TargetLang::En)]);
    let agent = app.person(Role::Agent);
    let morning = app.get_as(&agent, "/trends?lang=en").body;
    let episode = morning.split("/trends/episodes/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/trends/episodes/{episode}");
    let form = "acknowledged=yes&muted=yes&incident=https%3A%2F%2Fstatus.example%2F7";
    assert_eq!(app.post_as(&agent, &path, form).status, 303);
    let page = app.get_as(&agent, &path).body;
    assert!(page.contains("name=\"muted\" value=\"yes\" checked"), "{page}");
    assert!(
        page.contains("https:&#x2F;&#x2F;status.example&#x2F;7")
            || page.contains("https://status.example/7")
    );
    tell(&app);
    assert!(quiet.next().is_none());
    let refused = app.post_as(&agent, &path, "incident=javascript%3Aalert(1)");
    assert_eq!(refused.status, 422);
    // Unmuted, it is told, with who is at work on it.
    app.post_as(&agent, &path, "acknowledged=yes");
    tell(&app);
    let (_, body) = quiet.next().unwrap();
    assert!(body["text"].as_str().unwrap().contains("is on it"), "{body}");
}

#[test]
fn an_escalation_is_sent_or_says_that_it_was_not() {
    let tool = Tool::that_answers(&[503, 200]);
    let target = tool.target(Kind::Dingtalk, TargetLang::En);
    let app = TestApp::with(help_centre(), |settings| settings.notify = vec![target]);
    let agent = app.person(Role::Agent);
    let path = format!("/agent/tickets/{}/escalation", app.ticket("card declined again"));
    assert!(app.get_as(&agent, &path).body.contains("name=\"send\""));
    let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let form = format!("severity=S2&send=yes&note=It+breaks:+{}", phrase.replace(' ', "+"));
    let failed = app.post_as(&agent, &path, &form);
    assert!(failed.status == 200 && failed.body.contains("role=\"alert\""), "{failed:?}");
    assert!(failed.body.contains("It breaks"), "what was written is still there");
    assert!(app.get_as(&agent, "/agent?state=escalated").body.matches("data-line").count() == 0);
    assert_eq!(app.post_as(&agent, &path, &form).status, 303);
    let text = tool.got.iter().nth(1).unwrap().1["markdown"]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("It breaks") && !text.contains("sausage"), "{text}");
    assert_eq!(app.get_as(&agent, "/agent?state=escalated").body.matches("data-line").count(), 1);
}
