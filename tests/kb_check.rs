//! `kb::check`: every mistake that an editor can make, and what is said about it.
//!
//! `fixtures/kb_small` is a good knowledge base. Each folder of `fixtures/kb_broken` spoils a copy
//! of it in one way (`edit.toml`); `expected.snap` beside it holds every problem that is then found.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;
use tempfile::TempDir;
use zhinan::kb::check::check;
use zhinan::kb::library::Library;
use zhinan::kb::load::{Loaded, load};
use zhinan::kb::lock::{self, AcceptError};
use zhinan::time::Date;

/// The day on which the fixtures are read.
const TODAY: Date = Date::constant(2026, 11, 23);

#[test]
fn a_good_knowledge_base_has_no_problems() {
    let kb = copy_of_small();
    assert_eq!(problems(kb.path(), true), "");
}

#[test]
fn each_mistake_is_named_with_its_place_and_help() {
    let mut folders: Vec<PathBuf> = fs::read_dir(fixtures().join("kb_broken"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() > 30, "only {} fixtures", folders.len());
    for folder in folders {
        let kb = copy_of_small();
        let edits: Edits = toml::from_str(&read(&folder.join("edit.toml"))).unwrap();
        let accepts_first = edits.after_accept;
        if accepts_first {
            accept_all(kb.path());
        }
        for edit in &edits.edit {
            edit.apply(kb.path());
        }
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(edits.mistake);
        let found = problems(kb.path(), !accepts_first);
        settings.bind(|| insta::assert_snapshot!("expected", found));
    }
}

#[test]
fn accepting_one_translation_leaves_the_others_stale() {
    let kb = copy_of_small();
    accept_all(kb.path());
    for slug in ["card-declined", "pending-transaction"] {
        let path = kb.path().join(format!("help/{slug}/en.md"));
        fs::write(&path, read(&path).replace("\n1. ", "\n1. Take your time. ")).unwrap();
    }
    let library = reload(kb.path()).library;
    let one = "card-declined".parse().unwrap();
    let content = lock::accept(&library, Some(&one)).unwrap();
    fs::write(kb.path().join(lock::FILE), &content).unwrap();
    let found = problems(kb.path(), false);
    assert!(!found.contains("card-declined"), "{found}");
    assert!(found.contains("help/pending-transaction/zh.md: stale (major)"), "{found}");
    let library = reload(kb.path()).library;
    assert_eq!(lock::accept(&library, Some(&one)).unwrap(), content, "accepting twice");
}

#[test]
fn nothing_is_accepted_where_there_is_no_translation() {
    let kb = copy_of_small();
    fs::remove_file(kb.path().join("help/phrase-leaked/zh.md")).unwrap();
    let library = reload(kb.path()).library;
    let id = |slug: &str| slug.parse().unwrap();
    let lonely = id("phrase-leaked");
    assert_eq!(lock::accept(&library, Some(&lonely)), Err(AcceptError::NoTranslation(lonely)));
    let unknown = id("no-such-article");
    assert_eq!(lock::accept(&library, Some(&unknown)), Err(AcceptError::Unknown(unknown)));
    assert!(!lock::accept(&library, None).unwrap().contains("phrase-leaked"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edits {
    /// What the editor did wrong, in a sentence.
    mistake: String,
    /// Whether the translations were accepted before the edit, not after it.
    #[serde(default)]
    after_accept: bool,
    edit: Vec<Edit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: PathBuf,
    /// What is replaced; without it, `put` becomes the end of the file.
    #[serde(default)]
    find: String,
    /// What is put in its place; without `find` and `put` the file is removed.
    #[serde(default)]
    put: String,
}

impl Edit {
    fn apply(&self, kb: &Path) {
        let path = kb.join(&self.file);
        if self.find.is_empty() && self.put.is_empty() {
            return fs::remove_file(&path).unwrap();
        }
        let before = if path.exists() { read(&path) } else { String::new() };
        assert!(before.contains(&self.find), "no `{}` in {}", self.find, self.file.display());
        let after = match self.find.as_str() {
            "" => before + &self.put,
            find => before.replacen(find, &self.put, 1),
        };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, after).unwrap();
    }
}

/// Every problem of a folder, one after the other as an editor sees them.
fn problems(kb: &Path, accepted: bool) -> String {
    if accepted {
        accept_all(kb);
    }
    let loaded = reload(kb);
    let found = loaded.diagnostics.into_iter().chain(check(&loaded.library, TODAY));
    found.map(|d| d.to_string()).collect::<Vec<_>>().join("\n")
}

/// Loads a folder with the dictionary of the good knowledge base, which takes a while to build.
fn reload(kb: &Path) -> Loaded {
    static SMALL: LazyLock<Library> =
        LazyLock::new(|| load(&fixtures().join("kb_small"), None).unwrap().library);
    load(kb, Some(&SMALL)).unwrap()
}

fn accept_all(kb: &Path) {
    let library = reload(kb).library;
    fs::write(kb.join(lock::FILE), lock::accept(&library, None).unwrap()).unwrap();
}

fn copy_of_small() -> TempDir {
    let kb = tempfile::tempdir().unwrap();
    copy(&fixtures().join("kb_small"), kb.path());
    kb
}

fn copy(from: &Path, to: &Path) {
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

fn read(path: &Path) -> String {
    String::from_utf8(fs::read(path).unwrap()).unwrap()
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}
