//! The shape of the code base itself: layers, sizes, module docs, reasons for dependencies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in layer order: each may import those above it in this list, and its own.
const LAYERS: [&[&str]; 10] = [
    &["lang", "id", "time", "data"],
    &["text", "people", "notify"],
    &["encoder"],
    &["events", "kb"],
    &["index"],
    &["suggest", "trends", "desk"],
    &["engine", "eval", "backup", "erasure", "studio"],
    &["exchange"],
    &["config", "cli", "web"],
    &["cmd"],
];

/// Lines of a file before its tests from which on it must be more than one thing.
const FILE_LINES_MAX: usize = 500;

#[test]
fn imports_point_down_only() {
    let level: BTreeMap<&str, usize> = LAYERS
        .iter()
        .enumerate()
        .flat_map(|(level, modules)| modules.iter().map(move |m| (*m, level)))
        .collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(own) = module(&path) else { continue };
        let own_level = level.get(own.as_str()).copied();
        let own_level = own_level.unwrap_or_else(|| panic!("`{own}` stands in no layer"));
        for imported in imports(&text) {
            let known = level.get(imported.as_str()).copied();
            if known.is_none_or(|other| other > own_level) {
                wrong.push(format!("{} imports `{imported}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point up or to nowhere:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "files without a module doc: {silent:?}");
}

#[test]
fn no_file_is_more_than_one_thing() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.split("#[cfg(test)]").next().unwrap_or("").lines().count()))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(path, lines)| format!("{} has {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let body = manifest.split("[dependencies]").nth(1).unwrap();
    let body = body.split("[dev-dependencies]").next().unwrap();
    let mut commented = false;
    for line in body.lines().filter(|l| !l.trim().is_empty()) {
        assert!(commented || line.starts_with('#'), "no comment above `{line}`");
        commented = line.starts_with('#') || !commented || line.contains('=');
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    walk(&root().join("src"), &mut found);
    found.sort();
    found
}

fn walk(dir: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
        }
    }
}

/// The top module of a file: `src/text/fold.rs` → `text`; `main` and `lib` stand above all layers.
fn module(path: &Path) -> Option<String> {
    let first = path.components().nth(1)?.as_os_str().to_string_lossy().into_owned();
    let name = first.trim_end_matches(".rs").to_owned();
    (name != "main" && name != "lib").then_some(name)
}

fn imports(text: &str) -> Vec<String> {
    let code = text.lines().filter(|l| !l.trim_start().starts_with("//"));
    let mut found = Vec::new();
    for line in code {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let name: String =
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if let Some(group) = rest.strip_prefix('{') {
                let names = group.split(',').map(|n| n.trim().split("::").next().unwrap_or(""));
                found.extend(names.map(|n| n.trim_end_matches(['}', ';']).to_owned()));
            } else if !line[..at].ends_with('$') {
                found.push(name);
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}
