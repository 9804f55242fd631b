//! What a writer is told whose text held a secret: the urgent article first, in every surface.

use serde_json::{Value, json};

use crate::support::app::{TestApp, help_centre};
use crate::support::kb::{TestKb, article_file};

const WORDS: &str =
    "burger sheriff physical bike dinner absent crash useful write brief gold skill";
const HAN: &str = "腿 宴 当 乡 找 县 哲 滨 毁 冬 机 诬";
const HANT: &str = "功 婦 際 啟 平 削 劉 只 腔 郎 吊 眉";

fn kb() -> TestKb {
    let leaked = |audience: &str, kinds: &str| {
        article_file("Your phrase may be known", audience, "Move your funds now.")
            .replace("owner: desk", &format!("owner: desk\nanswers_leak: [{kinds}]"))
    };
    let (public, internal) = ("mnemonic, private-key-hex", "mnemonic, private-key-hex, pan");
    let mut kb = help_centre();
    for lang in ["en", "zh"] {
        kb = kb
            .write(&format!("help/phrase-leaked/{lang}.md"), &leaked("public", public))
            .write(&format!("runbooks/secret-in-ticket/{lang}.md"), &leaked("internal", internal));
    }
    kb
}

fn suggest(app: &TestApp, text: &str) -> Value {
    app.post_json("/api/v1/suggest", &json!({ "text": text })).json()
}

#[test]
fn a_phrase_gets_the_urgent_article_first_whatever_else_is_said() {
    let app = TestApp::new(kb());
    for text in [
        format!("my transaction is pending for hours, words: {WORDS}"),
        format!("转账一直待确认，助记词 {HAN}"),
        format!("轉帳一直待確認，助記詞：{HANT}"),
        format!("{WORDS}\nhello"),
        format!("my private key {} will not import", "89b536729f8bf1c806726cb858d87457".repeat(2)),
    ] {
        let answer = suggest(&app, &text);
        assert_eq!(answer["decision"], "suggest", "{text}");
        let first = &answer["suggestions"][0];
        assert_eq!(first["article"], "phrase-leaked", "{text}");
        assert_eq!(first["why"][0]["feature"], "leak", "{text}");
        let internal = answer["suggestions"].as_array().unwrap().iter();
        assert_eq!(internal.filter(|s| s["article"] == "secret-in-ticket").count(), 0);
    }
    // A recorded ticket says the same, and so does its repetition.
    let key = [("content-type", "application/json"), ("idempotency-key", "k1")];
    let body = json!({ "text": format!("card declined, {WORDS}") }).to_string();
    for _ in 0..2 {
        let recorded = app.post("/api/v1/tickets", &key, body.as_bytes()).json();
        assert_eq!(recorded["suggestions"][0]["article"], "phrase-leaked", "{recorded}");
    }
}

#[test]
fn without_javascript_a_page_in_between_warns_and_leads_to_the_article() {
    let app = TestApp::new(kb());
    for (lang, text) in [("en", WORDS), ("zh", HAN), ("zh-hant", HANT)] {
        let fields = [("text", text), ("key", "k"), ("step", "write")];
        let page = app.post_form(&format!("/{lang}/contact"), &fields).body;
        assert!(page.contains("role=\"alert\"") && page.contains("phrase-leaked"), "{page}");
        assert!(!page.contains(text), "{page}");
    }
    // A password has no article here, and is worth the page all the same.
    let fields = [("text", "my password is Bluefin!Tuna_77"), ("key", "k"), ("step", "write")];
    let page = app.post_form("/en/contact", &fields).body;
    assert!(page.contains("role=\"alert\"") && !page.contains("Tuna_77"), "{page}");
}

#[test]
fn a_secret_in_the_search_box_leaves_the_address() {
    let app = TestApp::new(kb());
    let answer = app.get(&format!("/en/search?q={}", WORDS.replace(' ', "+")));
    assert_eq!(answer.status, 303, "{answer:?}");
    let clean = answer.header("location");
    assert!(clean.starts_with("/en/search?q=") && !clean.contains("burger"), "{clean}");
    assert_eq!(app.get(clean).status, 200);
}

#[test]
fn the_form_has_the_detector_with_the_word_list() {
    let app = TestApp::new(kb());
    let page = app.get("/zh/contact").body;
    let (_, tail) = page.split_once("/assets/leak_guard.").unwrap();
    let name = tail.split('"').next().unwrap();
    let script = app.get(&format!("/assets/leak_guard.{name}"));
    assert_eq!(script.status, 200);
    assert!(script.body.contains(" abstract ") && !script.body.contains("{{words}}"));
    assert!(page.contains("data-guard") && page.contains("data-leak"), "{page}");
}
