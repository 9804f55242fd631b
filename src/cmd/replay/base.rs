//! Another state of the knowledge base's folder: as git has it at a revision.
//!
//! The files are read out through an index of their own, so neither the work tree nor the
//! repository's index is touched.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use tempfile::TempDir;

/// The folder `kb` as it is at `revision`, in a temporary folder that lives as long as the guard.
pub fn at_revision(kb: &Path, revision: &str) -> anyhow::Result<(TempDir, PathBuf)> {
    if revision.starts_with('-') {
        bail!("`{revision}` is no git revision");
    }
    let prefix = git(kb, None, &["rev-parse", "--show-prefix"])?;
    let prefix = prefix.trim_end_matches('\n').trim_end_matches('/');
    let top =
        PathBuf::from(git(kb, None, &["rev-parse", "--show-toplevel"])?.trim_end_matches('\n'));
    let tree = format!("{revision}:{prefix}");
    git(kb, None, &["rev-parse", "--verify", "--quiet", &tree])
        .with_context(|| format!("git has no folder `{prefix}` at `{revision}`"))?;
    let temporary = tempfile::tempdir().context("cannot make a temporary folder")?;
    let index = temporary.path().join("index");
    let folder = temporary.path().join("kb");
    let into = format!("--prefix={}/", folder.display());
    git(&top, Some(&index), &["read-tree", &tree])?;
    git(&top, Some(&index), &["checkout-index", "--all", "--quiet", &into])?;
    Ok((temporary, folder))
}

fn git(dir: &Path, index: Option<&Path>, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(dir).args(arguments.iter().map(OsStr::new));
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command.output().context("cannot run git; it is needed for --base")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git {} failed: {}", arguments.join(" "), said.trim());
    }
    String::from_utf8(output.stdout).context("git answered in no UTF-8")
}
