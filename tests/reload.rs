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

/// Ways in which a file can be broken: by hand, by a merge, by an editor, by a disk.
#[expect(clippy::too_many_lines, reason = "a list of files")]
fn broken_files() -> Vec<(String, Vec<u8>)> {
    let good = article_file("Card declined", "public", "Fine.");
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let keys = [
        "title",
        "summary",
        "audience",
        "kind",
        "status",
        "confidence",
        "owner",
        "reviewed",
        "review_by",
    ];
    for key in keys {
        let without: String =
            good.lines().filter(|l| !l.starts_with(key)).map(|l| format!("{l}\n")).collect();
        all.push((format!("no {key}"), without.into_bytes()));
        let twice = good.replacen("---\n", &format!("---\n{key}: x\n"), 1);
        all.push((format!("{key} twice"), twice.into_bytes()));
    }
    let swap = |from: &str, to: &str| good.replacen(from, to, 1).into_bytes();
    let deep = format!("tags: {}\nowner", "[".repeat(5_000));
    let laughs: String =
        (1..30).map(|n| format!("a{n}: &a{n} [*a{p}, *a{p}, *a{p}, *a{p}]\n", p = n - 1)).collect();
    let laughs = format!("---\na0: &a0 ha\n{laughs}");
    for (what, from, to) in [
        ("unknown key", "owner", "colour: red\nowner"),
        ("misspelt key", "summary", "sumary"),
        ("unknown audience", "public", "everybody"),
        ("unknown kind", "faq", "howto"),
        ("unknown status", "published", "live"),
        ("unknown confidence", "validated", "sure"),
        ("month 13", "2026-11-01", "2026-13-01"),
        ("30 February", "2026-11-01", "2026-02-30"),
        ("a date in words", "2026-11-01", "yesterday"),
        ("a date that is empty", "2026-11-01", ""),
        ("title is a list", "\"Card declined\"", "[a, b]"),
        ("title is a map", "\"Card declined\"", "{a: b}"),
        ("title is empty", "\"Card declined\"", "\"\""),
        ("title is blank", "\"Card declined\"", "\"  \""),
        ("questions are a text", "owner", "questions: how\nowner"),
        ("questions are a map", "owner", "questions: {a: b}\nowner"),
        ("tags are nested", "owner", "tags: [[a], b]\nowner"),
        ("quote never closed", "\"Card declined\"", "\"Card declined"),
        ("bracket never closed", "owner", "tags: [a, b\nowner"),
        ("colon in a text", "\"Card declined\"", "Card: declined: now"),
        ("a tab for indentation", "owner", "tags:\n\t- a\nowner"),
        ("a key without a colon", "owner", "tags\nowner"),
        ("odd indentation", "kind", "  kind"),
        ("an alias of nothing", "owner: desk", "owner: *desk"),
        ("a reply that is a list", "owner", "reply: [a]\nowner"),
        ("very deep lists", "owner", deep.as_str()),
        ("a billion laughs", "---\n", laughs.as_str()),
        (
            "conflict markers",
            "owner",
            "<<<<<<< ours\nowner: a\n=======\nowner: b\n>>>>>>> theirs\nowner",
        ),
        ("four dashes", "---\n", "----\n"),
        ("plus signs", "---\n", "+++\n"),
        ("a blank line first", "---\n", "\n---\n"),
        ("a blank first", "---\n", " ---\n"),
        ("a control character", "desk", "de\u{1}sk"),
    ] {
        all.push((what.to_owned(), swap(from, to)));
    }
    let utf16 = |big: bool| -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        std::iter::once(0xFEFF).chain(good.encode_utf16()).flat_map(bytes).collect()
    };
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("blank", b" \n\n ".to_vec()),
        ("no front matter", b"# Card declined\n".to_vec()),
        ("never closed", b"---\ntitle: a\n".to_vec()),
        ("JSON", b"{\"title\": \"a\"}".to_vec()),
        ("a web page", b"<!doctype html><title>a</title>".to_vec()),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("UTF-16, little end first", utf16(false)),
        ("UTF-16, big end first", utf16(true)),
        ("Latin-1", b"---\ntitle: caf\xe9\n---\n".to_vec()),
        ("GBK", b"---\ntitle: \xd7\xaa\xd5\xcb\n---\n".to_vec()),
        ("cut in a character", "---\ntitle: 转".as_bytes()[..13].to_vec()),
        ("noughts from a disk", vec![0; 4096]),
        ("too large", swap("Fine.", &"word ".repeat(500_000))),
    ] {
        all.push((what.to_owned(), bytes));
    }
    all
}

#[test]
fn sixty_kinds_of_broken_markdown_leave_the_last_good_version_up() {
    let app = TestApp::new(help_centre());
    let page = "/en/articles/card-declined";
    let good = app.get(page).body;
    let file = app.kb.path().join("help/card-declined/en.md");
    let kinds = broken_files();
    assert!(kinds.len() >= 60, "{}", kinds.len());
    for (what, bytes) in kinds {
        std::fs::write(&file, &bytes).unwrap();
        let begun = std::time::Instant::now();
        let snapshot = app.engine().reload().unwrap();
        assert!(begun.elapsed().as_secs() < 2, "{what} took {:?}", begun.elapsed());
        let named: Vec<_> = snapshot
            .diagnostics
            .iter()
            .filter(|d| d.path.ends_with("card-declined/en.md"))
            .collect();
        assert_eq!(named.len(), 1, "{what}: {:?}", snapshot.diagnostics);
        assert!(named[0].line > 0 || what == "too large", "{what}: {:?}", named[0]);
        assert!(!named[0].help.is_empty());
        assert_eq!(app.get(page).body, good, "{what}");
        assert_eq!(
            app.get("/api/v1/search?q=declined").json()["results"][0]["article"],
            "card-declined"
        );
    }
}
