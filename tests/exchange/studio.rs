//! The pages: an editor looks first, then imports; what was looked at is what is done.

use zhinan::exchange::archive::{File, pack};
use zhinan::people::Role;

use super::tree;
use crate::support::app::{Answer, Identity, TestApp, help_centre, hidden, with_runbooks};
use crate::support::kb::article_file;

fn upload(
    app: &TestApp,
    who: &Identity,
    name: &str,
    bytes: &[u8],
    fields: &[(&str, &str)],
) -> Answer {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend(
            format!("--XX\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    body.extend(
        format!(
            "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        )
        .bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let mut headers: Vec<(&str, &str)> =
        who.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    headers.push(("sec-fetch-site", "same-origin"));
    headers.push(("content-type", "multipart/form-data; boundary=XX"));
    app.post("/studio/import?lang=en", &headers, &body)
}

fn archive(files: &[(&str, String)]) -> Vec<u8> {
    let file = |(name, text): &(&str, String)| File {
        name: (*name).to_owned(),
        bytes: text.clone().into_bytes(),
    };
    pack(&files.iter().map(file).collect::<Vec<_>>()).unwrap()
}

#[test]
fn an_import_is_looked_at_and_then_done_as_a_whole() {
    let app = TestApp::new(with_runbooks(help_centre()));
    let (editor, other) = (app.person(Role::Editor), app.person(Role::Editor));
    let files = archive(&[
        ("help/new-one/en.md", article_file("Xylophone", "public", "New.")),
        ("help/card-declined/en.md", article_file("Card declined", "public", "Ask for a marimba.")),
    ]);
    let before = tree(app.kb.path());
    let fields = [("replace", "yes"), ("status", "published")];
    let looked = upload(&app, &editor, "in.zip", &files, &fields);
    assert_eq!(looked.status, 200, "{looked:?}");
    assert!(looked.body.contains("Xylophone") && looked.body.contains("en: body"), "{looked:?}");
    assert_eq!(tree(app.kb.path()), before, "nothing is written");
    let (key, tag) = (hidden(&looked.body, "key"), hidden(&looked.body, "tag"));
    let done = [
        ("key", key.as_str()),
        ("tag", tag.as_str()),
        ("replace", "yes"),
        ("status", "published"),
        ("section", ""),
    ];
    let apply = |who: &Identity| app.form_as(who, "/studio/import/apply", &done);
    assert_eq!(apply(&other).status, 410, "somebody else's upload");
    // The articles change in between: it is shown again, and nothing is written.
    let file = app.kb.path().join("help/card-declined/en.md");
    let mine = std::fs::read(&file).unwrap();
    std::fs::write(&file, article_file("Card declined", "public", "Edited.")).unwrap();
    app.engine().reload().unwrap();
    let moved = apply(&editor);
    assert_eq!(moved.status, 412, "{moved:?}");
    assert!(!app.kb.path().join("help/new-one").exists());
    std::fs::write(&file, mine).unwrap();
    app.engine().reload().unwrap();
    let applied = apply(&editor);
    assert_eq!(applied.status, 303, "{applied:?}");
    assert!(app.get("/en/articles/new-one").body.contains("Xylophone"));
    assert!(app.get("/en/articles/card-declined").body.contains("marimba"));
    let history = app.get_as(&editor, "/studio/articles/card-declined/history");
    assert!(history.body.contains("marimba"));
    assert_eq!(apply(&editor).status, 410, "once");
    let again = upload(&app, &editor, "in.zip", &files, &fields);
    assert!(again.body.contains("nothing to write"), "{again:?}");
}

#[test]
fn what_is_refused_is_named_and_nothing_is_kept() {
    let app = TestApp::new(with_runbooks(help_centre()));
    let editor = app.person(Role::Editor);
    let before = tree(app.kb.path());
    let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let secret = archive(&[("help/x/en.md", article_file("A", "public", phrase))]);
    let looked = upload(&app, &editor, "in.zip", &secret, &[]);
    assert_eq!(looked.status, 422, "{looked:?}");
    assert!(
        looked.body.contains("help/x/en.md:13") && !looked.body.contains("sausage"),
        "{looked:?}"
    );
    assert!(!looked.body.contains("name=\"key\""), "there is nothing to press");
    let hostile = upload(&app, &editor, "in.zip", b"PK\x03\x04 and no more", &[]);
    assert_eq!(hostile.status, 422, "{hostile:?}");
    let large = upload(&app, &editor, "in.zip", &vec![b'x'; 21 * 1024 * 1024], &[]);
    assert_eq!(large.status, 413, "{}", large.status);
    let anonymous = upload(&app, &Identity::default(), "in.zip", &secret, &[]);
    assert_eq!(anonymous.status, 303);
    let agent = app.person(Role::Agent);
    assert_eq!(upload(&app, &agent, "in.zip", &secret, &[]).status, 403);
    assert_eq!(tree(app.kb.path()), before);
}

#[test]
fn a_section_that_asks_for_approval_takes_drafts_alone() {
    let kb = with_runbooks(help_centre());
    let sections = std::fs::read_to_string(kb.path().join("sections.toml")).unwrap();
    let kb =
        kb.write("sections.toml", &sections.replacen("summary", "approval = true\nsummary", 1));
    let app = TestApp::new(kb);
    let editor = app.person(Role::Editor);
    let files = archive(&[("help/new-one/en.md", article_file("Xylophone", "public", "New."))]);
    assert_eq!(upload(&app, &editor, "in.zip", &files, &[("status", "published")]).status, 422);
    assert_eq!(upload(&app, &editor, "in.zip", &files, &[]).status, 200);
}

#[test]
fn exports_are_for_editors() {
    let app = TestApp::new(with_runbooks(help_centre()));
    let editor = app.person(Role::Editor);
    for name in ["markdown.zip", "zendesk.zip", "zendesk.zip?audience=staff", "site.zip"] {
        let answer = app.get_as(&editor, &format!("/studio/export/{name}"));
        assert_eq!(answer.status, 200, "{name}");
        assert!(answer.body.starts_with("PK"), "{name}");
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}
