//! Files → library: what is refused, what is kept.

use zhinan::kb::library::Reader;
use zhinan::kb::load::load;
use zhinan::lang::Lang;

use crate::support::kb::{TestKb, article_file};

#[test]
fn a_broken_file_keeps_its_last_good_version() {
    let kb = TestKb::new()
        .article("refund", "en", "Refunds", "Five days.")
        .article("other", "en", "Other", "Text.");
    let before = kb.library();
    let broken = [
        "no front matter",
        "---\ntitle: never closed\n",
        "---\ntitle: [a\n---\n",
        "---\ntitle: a\nsummary: b\nunknown_key: 1\n---\n",
        "---\ntitle: \"\"\n---\n",
    ];
    for text in broken {
        kb.put("help/refund/en.md", text);
        let after = load(kb.path(), Some(&before)).unwrap();
        assert_eq!(after.diagnostics.len(), 1, "{text:?}: {:?}", after.diagnostics);
        assert!(after.diagnostics[0].line > 0, "{text:?} names a line");
        let id = "refund".parse().unwrap();
        let kept = after.library.article(&id, Lang::En, Reader::Public).unwrap();
        assert_eq!(kept.meta.title, "Refunds", "{text:?}");
    }
    kb.put("help/refund/en.md", &article_file("Refunds again", "public", "Six days."));
    let healed = load(kb.path(), Some(&before)).unwrap();
    assert_eq!(healed.diagnostics, []);
}

#[test]
fn bytes_that_are_no_text_are_reported_with_their_line() {
    let kb = TestKb::new();
    std::fs::create_dir_all(kb.path().join("help/bad")).unwrap();
    std::fs::write(kb.path().join("help/bad/en.md"), b"---\ntitle: a\n\xff\xfe\n").unwrap();
    let loaded = load(kb.path(), None).unwrap();
    assert_eq!(loaded.diagnostics.len(), 1);
    assert_eq!(loaded.diagnostics[0].line, 3);
    assert_eq!(loaded.library.pairs.len(), 0);
}

#[test]
fn an_id_stands_once_in_the_whole_knowledge_base() {
    let kb = TestKb::new().article("same", "en", "One", "1").runbook("same", "en", "Two", "2");
    let loaded = load(kb.path(), None).unwrap();
    assert_eq!(loaded.library.pairs.len(), 1);
    assert!(loaded.diagnostics[0].message.contains("`same`"), "{:?}", loaded.diagnostics);
}

#[test]
fn internal_and_unpublished_articles_are_not_for_the_public() {
    let kb = TestKb::new()
        .article("open", "en", "Open", "x")
        .runbook("secret", "en", "Secret", "x")
        .write(
            "help/draft/en.md",
            &article_file("Draft", "public", "x").replace("published", "draft"),
        );
    let library = kb.library();
    let visible = |reader| library.visible(reader).map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(visible(Reader::Public), ["open"]);
    assert_eq!(visible(Reader::Staff), ["open", "secret"]);
}

#[test]
fn the_same_files_are_the_same_revision() {
    let kb = TestKb::new().article("a", "en", "A", "x");
    let first = kb.library().revision;
    assert_eq!(first, kb.library().revision);
    kb.put("help/a/en.md", &article_file("A", "public", "y"));
    assert_ne!(first, kb.library().revision);
}
