//! Hostile input gets a clear answer: never a 5xx, never silence.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::json;

use crate::support::app::{TestApp, help_centre};

static APP: LazyLock<TestApp> = LazyLock::new(|| TestApp::new(help_centre()));

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[test]
fn strange_texts_are_answered() {
    let long_han = "转".repeat(30_000);
    let long_word = "a".repeat(100_000);
    let long_words = "pending transaction ".repeat(5_000);
    let texts = [
        "",
        " ",
        "?!…。，、；：“”",
        "\u{0}",
        "a\u{0}b",
        "\u{FEFF}",
        "\u{202E}abc",
        "🙂🙂🙂",
        "e\u{301}\u{301}\u{301}",
        "<script>alert(1)</script>",
        "{{ t.site }}",
        "{% include \"base.html\" %}",
        "' OR 1=1 --",
        "../../etc/passwd",
        "\r\nSet-Cookie: a=b",
        &long_han,
        &long_word,
        &long_words,
    ];
    for text in texts {
        let shown: String = text.chars().take(20).collect();
        let suggested = APP.post_json("/api/v1/suggest", &json!({ "text": text }));
        assert_eq!(suggested.status, 200, "suggest {shown:?}: {}", suggested.body);
        let recorded = APP.post_json("/api/v1/tickets", &json!({ "text": text })).status;
        let expected = if text.trim().is_empty() { 422 } else { 201 };
        assert_eq!(recorded, expected, "ticket {shown:?}");
        let form = APP.post_form("/en/contact", &[("text", text), ("key", "k"), ("step", "write")]);
        assert!(
            form.status < 500 && form.body.contains("</html>"),
            "form {shown:?}: {}",
            form.status
        );
    }
}

#[test]
fn strange_queries_are_answered() {
    for query in [
        "",
        "+",
        "%00",
        "%FF%FE",
        "%F0%9F%99%82",
        "%3F%21%E2%80%A6",
        "*:*",
        "%22%22%22",
        "a%20AND%20OR%20NOT",
        "title%3A%28",
        "%5B%5D%7B%7D%5E~",
        "%E2%80%AE",
        "%ED%A0%80",
        "1",
        "%E8%BD%AC",
    ] {
        for path in [
            format!("/api/v1/search?q={query}"),
            format!("/en/search?q={query}"),
            format!("/zh-hant/search?q={query}"),
        ] {
            let answer = APP.get(&path);
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
        }
    }
    let long = "%E8%BD%AC".repeat(700);
    assert_eq!(APP.get(&format!("/api/v1/search?q={long}")).status, 400);
    assert_eq!(APP.get(&format!("/en/search?q={long}")).status, 400);
}

#[test]
fn broken_json_is_refused_with_a_reason() {
    let deep = "{\"text\":".repeat(20_000);
    let bodies: [(&[u8], u16); 9] = [
        (br#"{"text":"\ud800"}"#, 400),
        (br#"{"text":"\udc00\ud800"}"#, 400),
        (b"{\"text\":\"\xff\xfe\"}", 400),
        (b"{\"text\":\"a\x00b\"}", 400),
        (deep.as_bytes(), 422),
        (b"null", 400),
        (br#"["a", null]"#, 400),
        (br#"{"text":"a","text":"b"}"#, 422),
        (b"\xef\xbb\xbf{\"text\":\"a\"}", 400),
    ];
    for (body, status) in bodies {
        for path in ["/api/v1/suggest", "/api/v1/tickets"] {
            let answer = APP.post(path, &JSON, body);
            assert_eq!(
                answer.status,
                status,
                "{path} {:?}",
                String::from_utf8_lossy(&body[..body.len().min(40)])
            );
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }
}

#[test]
fn bodies_have_a_limit() {
    let text = "a".repeat(256 * 1024);
    assert_eq!(APP.post_json("/api/v1/tickets", &json!({ "text": text })).status, 413);
    let form = APP.post_form("/en/contact", &[("text", &text), ("key", "k")]);
    assert_eq!(form.status, 413);
    assert!(form.body.contains("</html>"), "people get a page");
}

#[test]
fn strange_requests_are_answered_below_http() {
    let send = |request: &[u8]| {
        let mut stream = TcpStream::connect(APP.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        // The server may hang up in the middle of a request that it refuses.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
    };
    let long = format!("GET /en/search?q={} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(100_000));
    let many: String = (0..500).map(|n| format!("x-{n}: 1\r\n")).collect();
    let many = format!("GET /en/ HTTP/1.1\r\nhost: a\r\n{many}\r\n");
    for request in
        [long.as_bytes(), many.as_bytes(), b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"]
    {
        let status = send(request);
        assert!(status.starts_with("HTTP/1.1 4"), "{status:?}");
    }
    assert_eq!(APP.get("/livez").status, 200);
}
