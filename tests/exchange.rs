//! Import and export: what comes in is checked whole, what goes out comes back the same, and no
//! archive leads anywhere.

mod archives; // sixty hostile archives and more
mod html; // HTML of other systems as our Markdown
mod program; // the commands: all or nothing, dry runs
mod sources; // Markdown, Zendesk and tables in both languages
mod studio; // the pages: look, then do
mod way_out; // exports: the same bytes, nothing internal, links that work

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use zhinan::exchange::archive::File;
use zhinan::exchange::plan::{Here, Options, Plan, plan};
use zhinan::exchange::read;
use zhinan::studio::publish;
use zhinan::text::redact::Redactor;

use crate::support::kb::TestKb;

/// Files of an import.
fn files(files: &[(&str, &str)]) -> Vec<File> {
    let file = |(name, text): &(&str, &str)| File {
        name: (*name).to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    files.iter().map(file).collect()
}

/// What an import would do to a knowledge base.
fn planned(kb: &TestKb, files: &[File], options: &Options) -> Plan {
    let library = kb.library();
    let here = Here {
        library: &library,
        today: "2026-11-20".parse().unwrap(),
        redactor: &Redactor::default(),
        files: &|section, id| publish::read(kb.path(), section, id),
        sections: &publish::read_sections(kb.path()).unwrap(),
    };
    plan(&here, read(files), options, &|| {})
}

/// Plans an import and carries it out.
fn imported(kb: &TestKb, files: &[File], options: &Options) -> Plan {
    let plan = planned(kb, files, options);
    assert!(!plan.is_refused(), "{plan:#?}");
    let journal = tempfile::tempdir().unwrap();
    publish::write_all(kb.path(), &journal.path().join("journal.json"), &plan.batch).unwrap();
    plan
}

/// Every verdict by id.
fn verdicts(plan: &Plan) -> BTreeMap<&str, &'static str> {
    plan.items.iter().map(|item| (item.id.as_str(), item.verdict.code())).collect()
}

/// Every reason for which something is refused, with its place.
fn reasons(plan: &Plan) -> Vec<String> {
    let own = plan.items.iter().filter_map(|item| match &item.verdict {
        zhinan::exchange::plan::Verdict::Refused(reasons) => Some(reasons),
        _ => None,
    });
    let all = plan.problems.iter().chain(own.flatten());
    all.map(|d| format!("{}:{}: {}", d.path.display(), d.line, d.message)).collect()
}

/// A folder with everything in it.
fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().display().to_string();
            if path.is_dir() {
                tree.insert(name, Vec::new());
                open.push(path);
            } else {
                tree.insert(name, fs::read(path).unwrap());
            }
        }
    }
    tree
}
