//! Shapes: a notice in, the JSON that a tool expects out. Pure; signs with what it is given.

use serde_json::{Value, json};

use super::Notice;
use super::signature;

/// The longest message: tools cut or refuse longer ones.
const TEXT_CHARS_MAX: usize = 3_500;

/// An incoming webhook of Slack: `mrkdwn`, in which three signs must be escaped.
pub fn slack(notice: &Notice) -> Value {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (title, text) = (escaped(&notice.title), escaped(&cut(&notice.text)));
    json!({ "text": format!("*{title}*\n{text}\n<{}>", escaped(&notice.link)) })
}

/// A message of a Lark or Feishu bot.
pub fn lark(notice: &Notice, secret: Option<&str>, seconds: i64) -> Value {
    let text = plain(notice);
    let mut body = json!({ "msg_type": "text", "content": { "text": text } });
    if let (Some(secret), Some(fields)) = (secret, body.as_object_mut()) {
        fields.insert("timestamp".to_owned(), json!(seconds.to_string()));
        fields.insert("sign".to_owned(), json!(signature::lark(secret, seconds)));
    }
    body
}

/// A message of a `DingTalk` robot.
pub fn dingtalk(notice: &Notice) -> Value {
    let text = format!("### {}\n\n{}\n\n{}", notice.title, cut(&notice.text), notice.link);
    json!({ "msgtype": "markdown", "markdown": { "title": notice.title, "text": text } })
}

/// The body of a Standard Webhook: type, time, data.
pub fn standard(notice: &Notice) -> Value {
    let Notice { title, text, link, facts, .. } = notice;
    json!({
        "type": notice.event.code(),
        "timestamp": notice.at.to_string(),
        "data": { "title": title, "text": text, "link": link, "facts": facts },
    })
}

/// The notice as plain text.
pub fn plain(notice: &Notice) -> String {
    format!("{}\n{}\n{}", notice.title, cut(&notice.text), notice.link)
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(TEXT_CHARS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::Event;
    use crate::time::Timestamp;

    fn notice(text: &str) -> Notice {
        Notice {
            id: "episode-7-opened".to_owned(),
            event: Event::IncidentOpened,
            at: Timestamp::from_second(1_790_000_000).unwrap(),
            title: "Card <declined>".to_owned(),
            text: text.to_owned(),
            link: "https://help.example/trends/episodes/1".to_owned(),
            facts: json!({ "tickets": 8 }),
        }
    }

    #[test]
    fn every_tool_gets_its_own_form() {
        let notice = notice("8 tickets & rising");
        let text = "*Card &lt;declined&gt;*\n8 tickets &amp; rising\n\
                    <https://help.example/trends/episodes/1>";
        assert_eq!(slack(&notice)["text"], text);
        let signed = lark(&notice, Some("secret"), 1_790_000_000);
        assert_eq!(
            (&signed["msg_type"], &signed["timestamp"]),
            (&json!("text"), &json!("1790000000"))
        );
        assert!(signed["sign"].as_str().unwrap().len() == 44);
        assert!(lark(&notice, None, 1).get("sign").is_none());
        assert!(dingtalk(&notice)["markdown"]["text"].as_str().unwrap().starts_with("### Card"));
        assert_eq!(standard(&notice)["type"], "incident.opened");
        assert_eq!(standard(&notice)["data"]["facts"]["tickets"], 8);
    }

    #[test]
    fn long_notes_are_cut_on_a_character() {
        let long = notice(&"转".repeat(9_000));
        let text = plain(&long);
        assert!(text.contains("转…\nhttps://"), "{}", text.len());
    }
}
