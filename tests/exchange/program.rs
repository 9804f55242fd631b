//! `zhinan import` and `zhinan export`: all or nothing, dry runs, exit status.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::tree;
use crate::support::app::help_centre;
use crate::support::kb::article_file;

fn zhinan(kb: &Path, data: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhinan"));
    command.args(arguments).arg("--kb").arg(kb);
    if arguments.first() == Some(&"import") {
        command.arg("--data").arg(data);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (status.code().unwrap(), said)
}

#[test]
fn an_import_is_whole_or_not_at_all() {
    let kb = help_centre();
    let dir = tempfile::tempdir().unwrap();
    let (data, source) = (dir.path().join("data"), dir.path().join("source"));
    let put = |path: &str, text: &str| {
        fs::create_dir_all(source.join(path).parent().unwrap()).unwrap();
        fs::write(source.join(path), text).unwrap();
    };
    let run = |arguments: &[&str]| {
        zhinan(kb.path(), &data, &[&["import", source.to_str().unwrap()], arguments].concat())
    };
    for n in 0..30 {
        put(&format!("help/new-{n}/en.md"), &article_file(&format!("New {n}"), "public", "Text."));
    }
    put("help/broken/zh.md", "---\naudience: public\ntitle: x\nfoo: y\n---\n");
    let before = tree(kb.path());
    let (code, said) = run(&[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("help/broken/zh.md:") && said.contains("nothing was written"), "{said}");
    assert_eq!(tree(kb.path()), before);
    fs::remove_dir_all(source.join("help/broken")).unwrap();
    let (code, said) = run(&["--dry-run"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("30 new, 0 changed") && said.contains("dry run"), "{said}");
    assert_eq!(tree(kb.path()), before);
    let (code, said) = run(&["--json"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("\"written\": true"), "{said}");
    assert_eq!(kb.library().pairs.len(), 34);
    assert!(run(&["--replace"]).1.contains("0 new, 0 changed, 30 same"));
    assert!(data.join("studio/history/new-7.jsonl").exists());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/passwd", source.join("help/link.md")).unwrap();
        let (code, said) = run(&["--dry-run"]);
        assert!(code == 2 && said.contains("a link or a device"), "{code} {said}");
    }
    assert_eq!(zhinan(kb.path(), &data, &["import", "/nowhere"]).0, 2);
}

#[test]
fn every_export_is_written_once() {
    let kb = help_centre();
    let dir = tempfile::tempdir().unwrap();
    for format in ["markdown", "zendesk", "site"] {
        let zip = dir.path().join(format!("{format}.zip"));
        let folder = dir.path().join(format);
        for out in [&zip, &folder] {
            let arguments = ["export", format, out.to_str().unwrap()];
            let (code, said) = zhinan(kb.path(), dir.path(), &arguments);
            assert!(code == 0 && out.exists(), "{said}");
            assert_eq!(zhinan(kb.path(), dir.path(), &arguments).0, 2, "nothing is written over");
        }
    }
    assert_eq!(tree(&dir.path().join("markdown")), tree(kb.path()));
}
