//! `TestKb`: a knowledge base in a temporary folder, made article by article.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use zhinan::kb::library::Library;
use zhinan::kb::load::{Loaded, load};

/// A folder of articles that goes away with the test.
pub(crate) struct TestKb {
    dir: TempDir,
}

impl TestKb {
    /// An empty knowledge base with one public and one internal section.
    pub(crate) fn new() -> Self {
        let kb = TestKb { dir: tempfile::tempdir().unwrap() };
        let section = |id: &str| {
            format!(
                "[[section]]\nid = \"{id}\"\ntitle = {{ en = \"{id}\", zh = \"{id}\" }}\nsummary = {{ en = \"\", zh = \"\" }}\n"
            )
        };
        kb.write("sections.toml", &(section("help") + &section("runbooks")))
    }

    /// A copy of the real one.
    pub fn real() -> Self {
        let kb = TestKb { dir: tempfile::tempdir().unwrap() };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("kb"), kb.path());
        kb
    }

    /// Writes a file.
    pub(crate) fn write(self, path: &str, text: &str) -> Self {
        self.put(path, text);
        self
    }

    /// Writes a file without passing the knowledge base on.
    pub(crate) fn put(&self, path: &str, text: &str) {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Adds a public article in one language.
    pub(crate) fn article(self, slug: &str, lang: &str, title: &str, body: &str) -> Self {
        let text = article_file(title, "public", body);
        self.write(&format!("help/{slug}/{lang}.md"), &text)
    }

    /// Adds an internal article in one language.
    pub(crate) fn runbook(self, slug: &str, lang: &str, title: &str, body: &str) -> Self {
        let text = article_file(title, "internal", body);
        self.write(&format!("runbooks/{slug}/{lang}.md"), &text)
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Loads it; every file must be good.
    pub(crate) fn library(&self) -> Library {
        let Loaded { library, diagnostics, .. } = load(self.path(), None).unwrap();
        assert_eq!(diagnostics, [], "a test knowledge base has no errors");
        library
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The text of an article file.
pub(crate) fn article_file(title: &str, audience: &str, body: &str) -> String {
    format!(
        "---\ntitle: \"{title}\"\nsummary: \"{title}\"\naudience: {audience}\nkind: faq\nstatus: published\nconfidence: validated\nowner: desk\nreviewed: 2026-11-01\nreview_by: 2027-11-01\n---\n\n{body}\n"
    )
}
