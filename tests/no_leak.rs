//! Public answers are byte-equal whether internal articles exist or not: a thousand requests of every
//! kind to two servers, one of which has them.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;
use zhinan::kb::library::Reader;
use zhinan::lang::Lang;

use crate::support::app::{Answer, TestApp};
use crate::support::kb::TestKb;

/// How many requests are compared at least.
const REQUESTS_MIN: usize = 1000;

/// The real knowledge base without any article that readers cannot see.
fn without_internal(kb: &TestKb) -> TestKb {
    let bare = TestKb::real();
    let library = kb.library();
    let visible: BTreeSet<_> = library.visible(Reader::Public).collect();
    for (id, pair) in &library.pairs {
        if visible.contains(id) {
            continue;
        }
        let section = &pair.versions().next().unwrap().section;
        fs::remove_dir_all(bare.path().join(section).join(id.as_str())).unwrap();
    }
    bare
}

fn paths(kb: &TestKb) -> Vec<String> {
    let library = kb.library();
    let mut words: BTreeSet<String> = BTreeSet::new();
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for path in ["sitemap.xml", "llms.txt", "robots.txt", "openapi.json", "widget.js", "readyz"] {
        paths.insert(format!("/{path}"));
    }
    for lang in ["en", "zh", "zh-hant"] {
        for rest in ["", "atom.xml", "opensearch.xml", "sections/none", "articles/none", "nope"] {
            paths.insert(format!("/{lang}/{rest}"));
        }
        for section in &library.sections {
            paths.insert(format!("/{lang}/sections/{}", section.id));
        }
        for (id, pair) in &library.pairs {
            paths.insert(format!("/{lang}/articles/{id}"));
            if !pair.versions().any(|version| version.is_public()) {
                paths.insert(format!("/{lang}/articles/{id}.md"));
                paths.insert(format!("/{lang}/articles/{id}?session=x"));
                paths.insert(format!("/{lang}/contact?from={id}&same=form"));
            }
        }
    }
    for pair in library.pairs.values() {
        for version in pair.versions() {
            words.insert(version.meta.title.clone());
            // A slip of the finger, for "did you mean".
            let mut letters: Vec<char> = version.meta.title.chars().collect();
            if letters.len() > 4 {
                letters.swap(2, 3);
                words.insert(letters.iter().take(8).collect());
            }
            if !version.is_public() {
                words.extend(version.meta.tags.iter().cloned());
                words.extend(version.meta.title.split_whitespace().map(str::to_owned));
            }
        }
    }
    for (n, word) in words.iter().enumerate() {
        let query: String = word.bytes().map(|b| format!("%{b:02X}")).collect();
        let lang = ["en", "zh", "zh-hant"][n % 3];
        paths.insert(format!("/{lang}/search?q={query}"));
        paths.insert(format!("/api/v1/search?q={query}&limit=50"));
    }
    paths.into_iter().collect()
}

/// An answer without what differs between any two: the time, and the random names in a form.
fn lasting(mut answer: Answer) -> Answer {
    // Both are read from the clock: now, and when this process first saw the public contents.
    answer.headers.retain(|(name, _)| name != "date" && name != "last-modified");
    for field in ["key", "session"] {
        let begin = format!("name=\"{field}\" value=\"");
        if let Some((head, tail)) = answer.body.split_once(&begin) {
            answer.body = format!("{head}{}", tail.split_once('"').unwrap().1);
        }
    }
    answer
}

#[test]
fn a_thousand_public_answers_are_the_same_with_and_without_internal_articles() {
    let full = TestKb::real();
    let bare = without_internal(&full);
    let paths = paths(&full);
    let texts: Vec<String> = full
        .library()
        .pairs
        .values()
        .filter_map(|pair| pair.get(Lang::Zh).or(pair.get(Lang::En)))
        .filter(|version| !version.is_public())
        .map(|version| format!("{} {}", version.meta.title, version.meta.summary))
        .collect();
    assert!(
        !texts.is_empty() && bare.library().pairs.len() + texts.len() == full.library().pairs.len()
    );
    let (bare, full) = (TestApp::new(bare), TestApp::new(full));
    let mut compared = 0;
    for path in &paths {
        let (a, b) = (lasting(bare.get(path)), lasting(full.get(path)));
        assert_eq!(a, b, "{path}");
        let tag = a.header("etag").to_owned();
        if !tag.is_empty() && compared % 7 == 0 {
            let known = [("if-none-match", tag.as_str()), ("accept-encoding", "gzip")];
            assert_eq!(
                lasting(bare.get_with(path, &known)),
                lasting(full.get_with(path, &known)),
                "{path}"
            );
            compared += 1;
        }
        compared += 1;
    }
    for text in &texts {
        let session = "/api/v1/sessions/0123456789abcdef0123456789abcdef/suggest";
        for (path, body) in [
            ("/api/v1/suggest", json!({ "text": text })),
            (session, json!({ "text": text, "lang": "zh" })),
        ] {
            assert_eq!(
                lasting(bare.post_json(path, &body)),
                lasting(full.post_json(path, &body)),
                "{path} {text}"
            );
            compared += 1;
        }
    }
    assert!(compared >= REQUESTS_MIN, "only {compared} requests");
}
