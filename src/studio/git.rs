//! A commit for each publish, where `kb/` is in a git work tree. Only the article's own files are
//! committed; nothing is ever forced, fetched or pushed.

use std::path::Path;
use std::process::Command;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// A commit of this short name.
    Commit(String),
    /// There is no work tree here.
    NoGit,
    /// Git refused: what it said. The files are published all the same.
    Refused(String),
}

/// Who an author is in a commit.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// The name to sign in with.
    pub name: &'a str,
    /// The name that is shown.
    pub display: &'a str,
}

/// Commits the files below some paths of the knowledge base: an article's folder, or several.
pub fn commit(kb: &Path, paths: &[&str], message: &str, author: Author<'_>) -> Committed {
    match git(kb, &["rev-parse", "--is-inside-work-tree"]) {
        Ok(said) if said == "true" => {}
        _ => return Committed::NoGit,
    }
    let person = format!("{} <{}@zhinan.invalid>", author.display, author.name);
    let author = format!("--author={person}");
    let who = ["-c", "user.name=zhinan", "-c", "user.email=zhinan@zhinan.invalid"];
    let added = git(kb, &[&["add", "--"], paths].concat());
    let commit = ["commit", "--quiet", &author, "-m", message, "--only", "--"];
    let commit = [&who[..], &commit, paths];
    let done = added.and_then(|_| git(kb, &commit.concat()));
    match done.and_then(|_| git(kb, &["rev-parse", "--short", "HEAD"])) {
        Ok(name) => Committed::Commit(name),
        Err(said) => Committed::Refused(said),
    }
}

fn git(kb: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").arg("-C").arg(kb).args(arguments).output();
    let output = output.map_err(|error| format!("git cannot be run: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().chars().take(500).collect();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}
