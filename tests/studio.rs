//! The studio: writing an article from nothing, seeing what is wrong with it and what it would
//! change, publishing both languages at once, meeting another editor, going back; and the same files
//! through the API.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use zhinan::people::{Role, Scope};

use crate::support::app::{Answer, Identity, TestApp, help_centre, hidden, with_runbooks};
use crate::support::kb::TestKb;

const ID: &str = "seed-word-order";

fn app() -> TestApp {
    TestApp::new(with_runbooks(help_centre()))
}

fn fields<'a>(version: &'a str, base: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("version", version),
        ("base", base),
        ("en.title", "Does the order of the words matter: yes"),
        ("en.summary", "Yes; type the words in the order in which they were shown."),
        ("en.body", "Type them in order.\n\n## Why\n\nThe order is part of the key."),
        ("en.questions", "does the order of my words matter\nwhat if two words are swapped"),
        ("zh.title", "助记词的顺序重要吗"),
        ("zh.summary", "重要，必须按显示的顺序输入。"),
        ("zh.body", "请按顺序输入。\n\n## 原因\n\n顺序是密钥的一部分。"),
        ("zh.questions", "助记词顺序错了怎么办"),
        ("audience", "public"),
        ("kind", "faq"),
        ("status", "published"),
        ("confidence", "validated"),
        ("owner", "support"),
        ("reviewed", "2026-11-01"),
        ("review_by", "2099-11-01"),
    ]
}

fn with<'a>(
    mut fields: Vec<(&'static str, &'a str)>,
    changed: &[(&'static str, &'a str)],
) -> Vec<(&'static str, &'a str)> {
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

fn page(app: &TestApp, who: &Identity, path: &str) -> Answer {
    let answer = app.get_as(who, path);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer
}

/// Begins an article and fills it in; the version of its draft.
fn written(app: &TestApp, editor: &Identity) -> String {
    app.form_as(editor, "/studio/articles", &[("id", ID), ("section", "help")]);
    let path = format!("/studio/articles/{ID}");
    let html = page(app, editor, &path).body;
    let (version, base) = (hidden(&html, "version"), hidden(&html, "base"));
    let saved = app.form_as(editor, &path, &fields(&version, &base));
    assert_eq!(saved.status, 303, "{saved:?}");
    hidden(&page(app, editor, &path).body, "version")
}

fn publish(app: &TestApp, editor: &Identity, version: &str, reason: &str) -> Answer {
    let path = format!("/studio/articles/{ID}/publish");
    app.form_as(editor, &path, &[("version", version), ("reason", reason), ("accept", "yes")])
}

#[test]
fn an_article_is_written_from_nothing_and_found_in_both_languages() {
    let app = app();
    let editor = app.person(Role::Editor);
    let version = written(&app, &editor);
    assert_eq!(app.get(&format!("/en/articles/{ID}")).status, 404, "a draft is nobody's to read");
    let desk = page(&app, &editor, &format!("/studio/articles/{ID}?lang=en")).body;
    assert!(desk.contains("The order is part of the key."), "{desk}");
    assert!(page(&app, &editor, "/studio?show=draft").body.contains(ID));
    let replay = page(&app, &editor, &format!("/studio/articles/{ID}/replay?lang=en")).body;
    assert!(replay.contains("No ticket gets another answer."), "{replay}");
    let done = publish(&app, &editor, &version, "people ask");
    assert_eq!(done.status, 303, "{done:?}");
    let found = app.soon("/api/v1/search?q=order+of+my+words", |a| a.body.contains(ID));
    assert_eq!(found.status, 200);
    app.soon("/api/v1/search?q=助记词顺序&lang=zh", |a| a.body.contains(ID));
    assert!(app.get(&format!("/zh/articles/{ID}")).body.contains("顺序是密钥的一部分"));
    let file = fs::read_to_string(app.kb.path().join(format!("help/{ID}/en.md"))).unwrap();
    assert!(
        file.starts_with("---\ntitle: \"Does the order of the words matter: yes\"\n"),
        "{file}"
    );
    let history = page(&app, &editor, &format!("/studio/articles/{ID}/history")).body;
    assert!(history.contains("people ask"), "{history}");
    assert!(!page(&app, &editor, "/studio?show=draft").body.contains(ID), "the draft is done");
}

#[test]
fn what_is_wrong_is_said_at_its_line_and_keeps_it_from_being_published() {
    let app = app();
    let editor = app.person(Role::Editor);
    let version = written(&app, &editor);
    let path = format!("/studio/articles/{ID}");
    let html = page(&app, &editor, &path).body;
    let dead = [("en.body", "See [this](article:no-such-article).")];
    let side = app.form_as(
        &editor,
        &path,
        &with(with(fields(&version, &hidden(&html, "base")), &dead), &[("part", "side")]),
    );
    assert_eq!(side.status, 200);
    assert!(side.body.contains("no-such-article") && side.body.contains("en.md:"), "{side:?}");
    let version = hidden(&page(&app, &editor, &path).body, "version");
    let refused = publish(&app, &editor, &version, "");
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(refused.body.contains("no-such-article"));
    assert_eq!(app.get(&format!("/en/articles/{ID}")).status, 404);
    // A secret is not even kept in a draft.
    let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let leaked = with(fields(&version, ""), &[("en.body", phrase)]);
    assert_eq!(app.form_as(&editor, &path, &leaked).status, 422);
    assert!(!page(&app, &editor, &path).body.contains("sausage"));
}

#[test]
fn two_editors_of_one_article_lose_nothing() {
    let app = app();
    let (lin, mei) = (app.person_named("lin", Role::Editor), app.person_named("mei", Role::Editor));
    let version = written(&app, &lin);
    let path = format!("/studio/articles/{ID}");
    let base = hidden(&page(&app, &lin, &path).body, "base");
    let first = with(fields(&version, &base), &[("zh.summary", "重要，顺序不能变。")]);
    assert_eq!(app.form_as(&mei, &path, &first).status, 303);
    let second = with(
        fields(&version, &base),
        &[("en.body", "Type them in their order.\n\n## Why\n\nThe order is part of the key.")],
    );
    let conflict = app.form_as(&lin, &path, &second);
    assert_eq!(conflict.status, 412, "{conflict:?}");
    assert!(conflict.body.contains("重要，顺序不能变。"), "theirs is there");
    assert!(conflict.body.contains("Type them in their order."), "ours is there");
    assert!(conflict.body.contains("mei"));
    // Published behind the draft's back: the draft is joined with it, not written over it.
    let version = hidden(&page(&app, &lin, &path).body, "version");
    assert_eq!(publish(&app, &lin, &version, "").status, 303);
    let html = page(&app, &lin, &path).body;
    let (version, base) = (hidden(&html, "version"), hidden(&html, "base"));
    let own = with(fields(&version, &base), &[("en.tags", "words")]);
    assert_eq!(app.form_as(&lin, &path, &own).status, 303);
    let version = hidden(&page(&app, &lin, &path).body, "version");
    let file = app.kb.path().join(format!("help/{ID}/zh.md"));
    let theirs = fs::read_to_string(&file).unwrap().replace("请按顺序输入。", "请严格按顺序输入。");
    fs::write(&file, theirs).unwrap();
    let stale = publish(&app, &lin, &version, "");
    assert_eq!(stale.status, 412, "{stale:?}");
    assert!(stale.body.contains("请严格按顺序输入。"));
    assert!(fs::read_to_string(&file).unwrap().contains("请严格按顺序输入。"));
    let merged = page(&app, &lin, &path).body;
    let base = hidden(&merged, "base");
    let joined =
        with(fields(&version, &base), &[("zh.body", "请严格按顺序输入。"), ("en.tags", "words")]);
    assert_eq!(app.form_as(&lin, &path, &joined).status, 303);
    let version = hidden(&page(&app, &lin, &path).body, "version");
    assert_eq!(publish(&app, &lin, &version, "").status, 303);
    assert!(fs::read_to_string(&file).unwrap().contains("请严格按顺序输入。"));
}

#[test]
fn a_translation_that_fell_behind_is_listed_however_far() {
    let app = app();
    let editor = app.person(Role::Editor);
    let version = written(&app, &editor);
    assert_eq!(publish(&app, &editor, &version, "").status, 303);
    assert!(!page(&app, &editor, "/studio?show=stale").body.contains(ID));
    let file = app.kb.path().join(format!("help/{ID}/en.md"));
    let first = fs::read_to_string(&file).unwrap();
    for changed in
        ["Type them in  order.", "Never type them in another order.", "1. Type 12 words."]
    {
        fs::write(&file, first.replace("Type them in order.", changed)).unwrap();
        app.engine().reload().unwrap();
        page(&app, &editor, "/studio?lang=en");
        page(&app, &editor, "/studio?lang=zh");
    }
    assert!(page(&app, &editor, "/studio?show=stale").body.contains(ID));
}

#[test]
fn a_revision_is_brought_back_and_golden_tickets_are_not_lost_without_a_reason() {
    let kb = with_runbooks(help_centre()).write(
        "tickets.jsonl",
        "{\"id\": \"g1\", \"lang\": \"en\", \"text\": \"does the order of my words matter\", \"topics\": [\"seed-word-order\"]}\n",
    );
    let app = TestApp::new(kb);
    let editor = app.person(Role::Editor);
    let version = written(&app, &editor);
    assert_eq!(publish(&app, &editor, &version, "new").status, 303);
    let path = format!("/studio/articles/{ID}");
    let html = page(&app, &editor, &path).body;
    let gone = [
        ("en.title", "Zebras"),
        ("en.summary", "Zebras."),
        ("en.questions", ""),
        ("en.body", "Zebras."),
        ("zh.title", "斑马"),
        ("zh.summary", "斑马。"),
        ("zh.questions", ""),
        ("zh.body", "斑马。"),
    ];
    let (version, base) = (hidden(&html, "version"), hidden(&html, "base"));
    let emptied = with(fields(&version, &base), &gone);
    assert_eq!(app.form_as(&editor, &path, &emptied).status, 303);
    let version = hidden(&page(&app, &editor, &path).body, "version");
    let refused = publish(&app, &editor, &version, "");
    assert_eq!(refused.status, 422, "{refused:?}");
    assert!(refused.body.contains("g1"), "{refused:?}");
    assert_eq!(publish(&app, &editor, &version, "zebras matter more").status, 303);
    assert!(app.get(&format!("/en/articles/{ID}")).body.contains("Zebras"));
    let restore = format!("{path}/restore");
    assert_eq!(app.form_as(&editor, &restore, &[("number", "0")]).status, 303);
    let version = hidden(&page(&app, &editor, &path).body, "version");
    assert_eq!(publish(&app, &editor, &version, "back").status, 303);
    assert!(app.get(&format!("/en/articles/{ID}")).body.contains("The order is part of the key."));
}

#[test]
fn a_second_person_approves_where_the_section_asks_for_it() {
    let kb = with_runbooks(help_centre());
    let sections = fs::read_to_string(kb.path().join("sections.toml")).unwrap();
    let kb =
        kb.write("sections.toml", &sections.replacen("summary", "approval = true\nsummary", 1));
    let app = TestApp::new(kb);
    let (lin, mei) = (app.person_named("lin", Role::Editor), app.person_named("mei", Role::Editor));
    let version = written(&app, &lin);
    let path = format!("/studio/articles/{ID}");
    assert_eq!(publish(&app, &lin, &version, "").status, 422);
    // Nobody approves their own words.
    app.form_as(&lin, &path, &[("version", &version), ("action", "approve")]);
    let version = hidden(&page(&app, &lin, &path).body, "version");
    assert_eq!(publish(&app, &lin, &version, "").status, 422);
    app.form_as(&mei, &path, &[("version", &version), ("action", "approve")]);
    let version = hidden(&page(&app, &lin, &path).body, "version");
    assert_eq!(publish(&app, &lin, &version, "").status, 303);
    let token = app.token(Role::Admin, Scope::Kb);
    let api = format!("/api/v1/staff/articles/{ID}");
    let tag = page(&app, &token, &api).header("etag").to_owned();
    assert_eq!(app.put_as(&token, &api, Some(&tag), &json!({"en": "x"})).status, 403);
}

#[test]
fn programs_publish_with_the_version_that_they_saw() {
    let app = app();
    let token = app.token(Role::Editor, Scope::Kb);
    let path = "/api/v1/staff/articles/card-declined";
    let read = page(&app, &token, path);
    let (tag, files): (String, Value) = (read.header("etag").to_owned(), read.json());
    let text = files["en"].as_str().unwrap().replace("Your bank", "The bank");
    assert_eq!(app.put_as(&token, path, None, &json!({"en": text})).status, 428);
    assert_eq!(app.put_as(&token, path, Some("\"other\""), &json!({"en": text})).status, 412);
    assert_eq!(app.put_as(&token, path, Some(&tag), &json!({"en": "no front matter"})).status, 422);
    let done = app.put_as(&token, path, Some(&tag), &json!({"en": text, "reason": "wording"}));
    assert_eq!(done.status, 200, "{done:?}");
    assert!(app.get("/en/articles/card-declined").body.contains("The bank"));
    let late = app.put_as(&token, path, Some(&tag), &json!({"en": text}));
    assert_eq!(late.status, 412);
    assert!(late.json()["en"].as_str().unwrap().contains("The bank"), "both versions are at hand");
}

#[test]
fn racing_publishers_never_lose_an_update() {
    let app = app();
    let token = app.token(Role::Editor, Scope::Kb);
    let path = "/api/v1/staff/articles/card-declined";
    // Each adds its own line to what it saw, until it gets through.
    let one = |racer: usize| {
        for round in 0..6 {
            loop {
                let read = page(&app, &token, path);
                let text = read.json()["en"].as_str().unwrap().to_owned();
                let text = format!("{text}\nLine {racer} {round}.\n");
                let put = app.put_as(&token, path, Some(read.header("etag")), &json!({"en": text}));
                match put.status {
                    200 => break,
                    412 | 503 => {}
                    _ => panic!("{put:?}"),
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for racer in 0..4 {
            let one = &one;
            scope.spawn(move || one(racer));
        }
    });
    let text = fs::read_to_string(app.kb.path().join("help/card-declined/en.md")).unwrap();
    let lines: BTreeSet<&str> = text.lines().filter(|l| l.starts_with("Line ")).collect();
    assert_eq!(lines.len(), 24, "{text}");
}

#[test]
fn no_name_leads_out_of_the_knowledge_base() {
    let app = app();
    let editor = app.person(Role::Editor);
    let token = app.token(Role::Editor, Scope::Kb);
    let outside = app.kb.path().parent().unwrap().join("zhinan-escape");
    for name in
        ["../zhinan-escape", "..", "a/b", "/etc/x", "a\\b", "A", "a b", "é", "-a", "a%00b", ".git"]
    {
        let begun = app.form_as(&editor, "/studio/articles", &[("id", name), ("section", "help")]);
        assert_eq!(begun.status, 422, "{name}: {begun:?}");
        let begun = app.form_as(&editor, "/studio/articles", &[("id", "fine"), ("section", name)]);
        assert_eq!(begun.status, 422, "{name}: {begun:?}");
        let change = json!({"section": name, "en": "x"});
        let put = app.put_as(&token, "/api/v1/staff/articles/fine", Some("*"), &change);
        assert!([404, 422].contains(&put.status), "{name}: {put:?}");
    }
    assert!(!outside.exists());
}

/// Names that some disk, shell, archive or web server reads as a way out; each with a marker by which
/// a file of it would be found.
#[expect(clippy::too_many_lines, reason = "a list of names")]
fn hostile_names() -> BTreeSet<String> {
    let ways = [
        "../M",
        "../../M",
        "../../../../../../tmp/M",
        "..\\M",
        "..\\..\\M",
        "/M",
        "/tmp/M",
        "//M",
        "\\M",
        "\\\\host\\M",
        "C:\\M",
        "C:/M",
        "c:M",
        "file:///tmp/M",
        "~/M",
        "~root/M",
        "$HOME/M",
        "%2e%2e%2fM",
        "%2e%2e/M",
        "..%2fM",
        "..%5cM",
        "%252e%252e%252fM",
        "..%c0%afM",
        "..%u2215M",
        "....//M",
        "..../M",
        "..;/M",
        ".../M",
        "./M",
        "M/.",
        "M/..",
        "M/../..",
        "a/../../M",
        "a//M",
        "M/",
        "M\u{0}",
        "M%00",
        "M\u{0}.md",
        "M\nx",
        "M\rx",
        "M\tx",
        "M\u{1b}[2J",
        "M x",
        "M:x",
        "M::$DATA",
        "M*",
        "M?",
        "M\"",
        "M'",
        "M<x>",
        "M|x",
        "M;x",
        "M&x",
        "M`id`",
        "$(M)",
        "{M}",
        "M!",
        "M@{u}",
        "M^",
        "M~1",
        "M.",
        "M..",
        "M...",
        ".M",
        "..M",
        "-M",
        "--M",
        "M-",
        "M.lock",
        "M.git",
        ".git/M",
        "-rf/M",
        "M\u{202e}dm",
        "M\u{200b}",
        "\u{feff}M",
        "M\u{2044}x",
        "M\u{ff0f}x",
        "．．／M",
        "\u{ff0e}\u{ff0e}/M",
        "é-M",
        "M-é",
        "转账M",
        "M-ı",
        "Kelvin-\u{212a}M",
        "ﬁ-M",
        "M\u{300}",
        "CON/M",
        "nul.M",
        "aux:M",
        "com1/M",
        "lpt1.M",
        "prn M",
    ];
    let marked = ways.iter().flat_map(|way| {
        let name = |marker: &str| way.replace('M', marker);
        [name("zhinan-escape"), name("ZHINAN-escape"), format!("{}/en.md", name("zhinan-escape"))]
    });
    let long = [81, 255, 256, 1024, 4096].map(|n| "zhinan-escape".repeat(n / 13 + 1));
    let devices = ["..", ".", "", "/", "\\", "\u{0}", ".git", "CON", "A"].map(str::to_owned);
    let mut all: BTreeSet<String> = marked.chain(long).chain(devices).collect();
    for depth in 1..=30 {
        all.insert(format!("{}zhinan-escape", "../".repeat(depth)));
        all.insert(format!("help/{}zhinan-escape", "../".repeat(depth)));
    }
    all
}

#[test]
fn three_hundred_hostile_names_leave_no_byte_outside() {
    let app = app();
    let (editor, token) = (app.person(Role::Editor), app.token(Role::Editor, Scope::Kb));
    let names = hostile_names();
    assert!(names.len() >= 300, "{}", names.len());
    let before = everything(app.kb.path());
    for name in &names {
        for fields in
            [[("id", name.as_str()), ("section", "help")], [("id", "fine"), ("section", name)]]
        {
            let begun = app.form_as(&editor, "/studio/articles", &fields);
            assert_eq!(begun.status, 422, "{name:?}: {begun:?}");
        }
        let escaped: String = name.bytes().map(|b| format!("%{b:02X}")).collect();
        let path = format!("/api/v1/staff/articles/{escaped}");
        let put = app.put_as(&token, &path, Some("*"), &json!({"section": "help", "en": "x"}));
        assert!([400, 404, 405, 414, 422].contains(&put.status), "{name:?}: {put:?}");
        let change = json!({"section": name, "en": "x"});
        let put = app.put_as(&token, "/api/v1/staff/articles/fine", Some("*"), &change);
        assert!([404, 422].contains(&put.status), "{name:?}: {put:?}");
    }
    assert_eq!(everything(app.kb.path()), before);
    for dir in
        [app.kb.path().parent().unwrap(), std::path::Path::new("/"), std::path::Path::new(".")]
    {
        let names = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name());
        let escaped: Vec<_> = names
            .filter(|n| n.to_string_lossy().to_lowercase().contains("zhinan-escape"))
            .collect();
        assert!(escaped.is_empty(), "{escaped:?}");
    }
}

fn everything(dir: &std::path::Path) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let all = entries.flat_map(|path| {
        let below = if path.is_dir() { everything(&path) } else { BTreeSet::new() };
        below.into_iter().chain([path.display().to_string()])
    });
    all.collect()
}

#[test]
fn a_publish_is_a_commit_of_its_author() {
    let kb = with_runbooks(help_centre());
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(kb.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["-c", "user.name=t", "-c", "user.email=t@t", "commit", "--quiet", "-m", "begin"]);
    // Somebody's unfinished work beside it stays as it is.
    kb.put("help/card-declined/zh.md", "half written");
    let place = kb.path().to_owned();
    let app = TestApp::new(kb);
    let editor = app.person_named("li.wei", Role::Editor);
    let version = written(&app, &editor);
    assert_eq!(publish(&app, &editor, &version, "people ask").status, 303);
    let git = |arguments: &[&str]| {
        let output = Command::new("git").arg("-C").arg(&place).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let log = git(&["log", "-1", "--format=%an %s", "--name-only"]);
    assert!(log.starts_with("li.wei Publish seed-word-order: people ask"), "{log}");
    assert!(
        log.contains("en.md") && log.contains("zh.md") && !log.contains("card-declined"),
        "{log}"
    );
    assert!(git(&["status", "--short"]).contains("card-declined"));
}

#[test]
fn every_article_of_the_sample_survives_the_form() {
    let app = TestApp::new(TestKb::real());
    let library = app.kb.library();
    for article in library.pairs.values().flat_map(zhinan::kb::library::Pair::versions) {
        let text = zhinan::studio::form::file(&article.meta, &article.source);
        let again =
            zhinan::kb::Article::parse(article.id.clone(), &article.section, article.lang, &text);
        let again = again.unwrap_or_else(|error| panic!("{}: {error:?}\n{text}", article.id));
        assert_eq!(again.meta, article.meta, "{}", article.id);
        assert_eq!(again.source.trim(), article.source.trim(), "{}", article.id);
        let kept = zhinan::web::studio::without_secrets(app.engine(), &[&text]);
        assert!(kept.is_ok(), "{}: {kept:?}", article.id);
    }
}
