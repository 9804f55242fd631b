//! Hot reload: an edit shows within two seconds, a broken file never takes anything down.

use crate::support::app::{TestApp, help_centre};
use crate::support::kb::article_file;

#[test]
fn an_edit_shows_on_the_page_and_in_search() {
    let app = TestApp::new(help_centre());
    app.kb.put(
        "help/card-declined/en.md",
        &article_file("Card refused", "public", "Ask for xylophone."),
    );
    app.soon("/en/articles/card-declined", |a| a.body.contains("<h1>Card refused</h1>"));
    let found = app.get("/api/v1/search?q=xylophone&lang=en").json();
    assert_eq!(found["results"][0]["article"], "card-declined");
}

#[test]
fn a_new_article_appears_and_a_deleted_one_goes() {
    let app = TestApp::new(help_centre());
    app.kb.put("help/new-one/zh.md", &article_file("新文章", "public", "正文"));
    app.soon("/zh/articles/new-one", |a| a.status == 200);
    std::fs::remove_dir_all(app.kb.path().join("help/card-declined")).unwrap();
    app.soon("/en/articles/card-declined", |a| a.status == 404);
    assert!(!app.get("/sitemap.xml").body.contains("card-declined"));
}

#[test]
fn a_broken_file_keeps_its_last_good_version_and_is_named_to_operators() {
    let app = TestApp::new(help_centre());
    let good = app.get("/en/articles/card-declined");
    app.kb.put("help/card-declined/en.md", "---\ntitle: Card declined\ntitel: x\n---\n");
    let detail = app.soon("/readyz", |a| a.body.contains("card-declined"));
    let file = &detail.json()["files"][0];
    assert_eq!(file["path"], "help/card-declined/en.md");
    assert!(file["line"].as_u64().unwrap() > 0 && file["help"].as_str().is_some());
    assert_eq!(detail.status, 200, "one broken file does not stop the service");
    assert_eq!(app.get("/en/articles/card-declined").body, good.body);
    assert!(!app.get("/readyz").body.contains("card-declined"), "the public learns nothing of it");
    app.kb.put("help/card-declined/en.md", &article_file("Card declined", "public", "Healed."));
    app.soon("/readyz", |a| a.json()["files"].as_array().unwrap().is_empty());
    assert!(app.get("/en/articles/card-declined").body.contains("Healed."));
}

#[test]
fn an_article_made_internal_is_gone_at_once() {
    let app = TestApp::new(help_centre());
    app.kb.put("help/card-declined/en.md", &article_file("Card declined", "internal", "Secret."));
    app.kb.put("help/card-declined/zh.md", &article_file("银行卡被拒", "internal", "内部。"));
    app.soon("/en/articles/card-declined", |a| a.status == 404);
    assert_eq!(
        app.get("/api/v1/search?q=declined&lang=en").json()["results"],
        serde_json::json!([])
    );
}

#[test]
fn only_what_the_public_reads_moves_the_time_of_the_last_change() {
    let app = TestApp::new(help_centre());
    let changed = || app.engine().snapshot().public_changed;
    let before = changed();
    app.kb.put("help/drill/en.md", &article_file("Drill", "internal", "For staff."));
    app.engine().reload().unwrap();
    assert_eq!(changed(), before, "an internal article shows in no public header");
    app.kb.put("help/card-declined/en.md", &article_file("Card refused", "public", "New."));
    app.engine().reload().unwrap();
    assert!(changed() > before);
}
