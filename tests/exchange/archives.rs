//! Hostile archives, each written byte by byte: every one is refused with a reason, quickly, in
//! little memory, and leaves nothing behind.

use std::io::{Cursor, Write};
use std::time::Instant;

use zhinan::exchange::archive::{FILES_MAX, INPUT_BYTES_MAX, files};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{imported, tree};
use crate::support::kb::TestKb;

/// An entry of an archive, true or not.
#[derive(Clone)]
struct Entry {
    name: Vec<u8>,
    data: Vec<u8>,
    /// The kind and rights of the file, as Unix has them.
    mode: u32,
    flags: u16,
    method: u16,
    crc: Option<u32>,
    size: Option<u32>,
    packed: Option<u32>,
    local_name: Option<Vec<u8>>,
    extra: Vec<u8>,
    at: Option<u32>,
}

fn entry(name: impl AsRef<[u8]>) -> Entry {
    Entry {
        name: name.as_ref().to_vec(),
        data: b"# Title\n\nText.\n".to_vec(),
        mode: 0o100_644,
        flags: 0,
        method: 0,
        crc: None,
        size: None,
        packed: None,
        local_name: None,
        extra: Vec::new(),
        at: None,
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 },
        )
    };
    !bytes.iter().fold(!0, step)
}

fn le(out: &mut Vec<u8>, bytes: usize, value: u32) {
    out.extend_from_slice(&value.to_le_bytes()[..bytes]);
}

/// An archive of entries; the end record says `count` entries where it does not say the truth.
fn archive_with(entries: &[Entry], count: Option<u32>) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for e in entries {
        let at = e.at.unwrap_or(out.len() as u32);
        let sizes =
            (e.packed.unwrap_or(e.data.len() as u32), e.size.unwrap_or(e.data.len() as u32));
        let crc = e.crc.unwrap_or_else(|| crc32(&e.data));
        let common = |out: &mut Vec<u8>, name: &[u8]| {
            for (bytes, value) in [
                (2, 20),
                (2, u32::from(e.flags)),
                (2, u32::from(e.method)),
                (4, 0x0021_0000),
                (4, crc),
                (4, sizes.0),
                (4, sizes.1),
                (2, name.len() as u32),
                (2, e.extra.len() as u32),
            ] {
                le(out, bytes, value);
            }
        };
        if e.at.is_none() {
            let name = e.local_name.as_ref().unwrap_or(&e.name);
            out.extend_from_slice(b"PK\x03\x04");
            common(&mut out, name);
            out.extend_from_slice(name);
            out.extend_from_slice(&e.extra);
            out.extend_from_slice(&e.data);
        }
        central.extend_from_slice(b"PK\x01\x02");
        le(&mut central, 2, 0x0314);
        common(&mut central, &e.name);
        for (bytes, value) in [(2, 0), (2, 0), (2, 0), (4, e.mode << 16), (4, at)] {
            le(&mut central, bytes, value);
        }
        central.extend_from_slice(&e.name);
        central.extend_from_slice(&e.extra);
    }
    let (start, length) = (out.len() as u32, central.len() as u32);
    out.extend_from_slice(&central);
    out.extend_from_slice(b"PK\x05\x06");
    let count = count.unwrap_or(entries.len() as u32);
    for (bytes, value) in [(4, 0), (2, count), (2, count), (4, length), (4, start), (2, 0)] {
        le(&mut out, bytes, value);
    }
    out
}

fn archive(entries: &[Entry]) -> Vec<u8> {
    archive_with(entries, None)
}

/// An archive as an honest program packs it.
fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Bytes that pack to about a thirtieth.
fn dense(bytes: usize) -> Vec<u8> {
    let mut seed: u32 = 1;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    let block: Vec<u8> = (0..1000).map(|_| next()).collect();
    let mut out = Vec::with_capacity(bytes);
    while out.len() < bytes {
        out.extend_from_slice(&block);
        out.extend((0..20).map(|_| next()));
    }
    out
}

fn hostile_names() -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = [
        "../evil.md",
        "a/../../evil.md",
        "/etc/evil.md",
        "//evil.md",
        "..\\evil.md",
        "a\\b.md",
        "C:\\evil.md",
        "C:/evil.md",
        "c:evil.md",
        "\\\\server\\share\\x.md",
        "a/./b.md",
        "./a.md",
        "a//b.md",
        "..",
        "a/..",
        "a/.. /b.md",
        ".../x.md",
        "a /x.md",
        " a.md",
        "nul.md",
        "CON",
        "aux.en.md",
        "a/com1.md",
        "LPT9",
        "a\0b.md",
        "a\nb.md",
        "a\u{1b}[2Jb.md",
        "\u{202e}dm.exe.md",
        "\u{feff}a.md",
        "a\u{200b}.md",
        "a:stream.md",
        "x.md::$DATA",
        "",
    ]
    .map(|name| name.as_bytes().to_vec())
    .to_vec();
    names.push(b"caf\xe9.md".to_vec());
    names.push(b"\xd7\xaa\xd5\xcb.md".to_vec());
    names.push(b"\xc0\xae\xc0\xae/x.md".to_vec());
    names.push([vec![b'a'; 300], b".md".to_vec()].concat());
    names.push([b"ab/".repeat(500), b"x.md".to_vec()].concat());
    names.push([b"a/".repeat(40), b"x.md".to_vec()].concat());
    names
}

fn hostile() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = hostile_names()
        .iter()
        .map(|name| {
            let shown = String::from_utf8_lossy(name).chars().take(20).collect();
            // Also behind an honest file: what stands before it must not be kept.
            (shown, archive(&[entry("help/fine/en.md"), entry(name)]))
        })
        .collect();
    let mut add = |what: &str, bytes: Vec<u8>| all.push((what.to_owned(), bytes));
    add("one name twice", archive(&[entry("a.md"), entry("a.md")]));
    add("capitals", archive(&[entry("A.md"), entry("a.md")]));
    add("capitals of é", archive(&[entry("É.md"), entry("é.md")]));
    for (what, kind) in [
        ("link", 0o120),
        ("block", 0o060),
        ("character", 0o020),
        ("pipe", 0o010),
        ("socket", 0o140),
    ] {
        let target = b"../../../etc/passwd".to_vec();
        add(what, archive(&[Entry { mode: kind << 9 | 0o777, data: target, ..entry("a.md") }]));
    }
    add("encrypted", archive(&[Entry { flags: 1, ..entry("a.md") }]));
    add("strongly encrypted", archive(&[Entry { flags: 0x41, ..entry("a.md") }]));
    for method in [1, 6, 9, 12, 14, 93, 99] {
        add(&format!("method {method}"), archive(&[Entry { method, ..entry("a.md") }]));
    }
    add("wrong checksum", archive(&[Entry { crc: Some(1), ..entry("a.md") }]));
    add("shorter than it is", archive(&[Entry { size: Some(3), ..entry("a.md") }]));
    add("longer than it is", archive(&[Entry { size: Some(u32::MAX - 1), ..entry("a.md") }]));
    add("packed beyond the end", archive(&[Entry { packed: Some(u32::MAX - 1), ..entry("a.md") }]));
    add("two names", archive(&[Entry { local_name: Some(b"../b.md".to_vec()), ..entry("a.md") }]));
    add("shared bytes", archive(&[entry("a.md"), Entry { at: Some(0), ..entry("b.md") }]));
    add("beyond the end", archive(&[Entry { at: Some(9_999_999), ..entry("b.md") }]));
    add("no deflate stream", archive(&[Entry { method: 8, ..entry("a.md") }]));
    add("a folder with content", archive(&[entry("a/")]));
    let renamed = [
        b"\x75\x70\x0e\x00\x01".to_vec(),
        crc32(b"a.md").to_le_bytes().to_vec(),
        b"../evil.m".to_vec(),
    ]
    .concat();
    add("renamed by an extra field", archive(&[Entry { extra: renamed, ..entry("a.md") }]));
    let good = archive(&[entry("help/fine/en.md"), entry("help/other/en.md")]);
    for cut in [4, 30, good.len() / 2, good.len() - 30, good.len() - 1] {
        add(&format!("cut at {cut}"), good[..cut].to_vec());
    }
    add("behind a program", [b"#!/bin/sh\nexit\n".to_vec(), good.clone()].concat());
    add("behind a picture named .zip", [b"\x89PNG\r\n\x1a\n".to_vec(), good.clone()].concat());
    add("noise", dense(4096));
    add("too many declared", archive_with(&[entry("a.md")], Some(65_535)));
    add("nested", archive(&[Entry { data: good.clone(), ..entry("inner.zip") }]));
    add("nested under another name", archive(&[Entry { data: good, ..entry("inner.md") }]));
    add("nested gzip", archive(&[Entry { data: b"\x1f\x8b\x08\0".to_vec(), ..entry("b.md") }]));
    add("blanks without end", packed(&[("a.md".into(), vec![b' '; 60_000_000])]));
    add("a file too large", packed(&[("a.md".into(), dense(34_000_000))]));
    let four = dense(4_000_000);
    add(
        "too much in all",
        packed(&(0..27).map(|n| (format!("{n}.md"), four.clone())).collect::<Vec<_>>()),
    );
    let many = |n: usize| {
        (0..n).map(|n| Entry { data: Vec::new(), ..entry(format!("{n}.md")) }).collect::<Vec<_>>()
    };
    add("too many files", archive(&many(FILES_MAX + 1)));
    add("ten times too many", archive(&many(FILES_MAX * 10)));
    add("too large itself", vec![b'P'; INPUT_BYTES_MAX + 1]);
    all
}

/// The most memory that this process has had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:"));
    let kib = line.and_then(|l| l.split_whitespace().nth(1)?.parse::<usize>().ok());
    kib.unwrap_or(0) * 1024
}

#[test]
fn every_hostile_archive_is_refused_and_leaves_nothing() {
    let kb = TestKb::new().article("old", "en", "Old", "Text.");
    let before = tree(kb.path().parent().unwrap().join(kb.path().file_name().unwrap()).as_path());
    let all = hostile();
    assert!(all.len() >= 60, "{}", all.len());
    let base = peak();
    for (what, bytes) in all {
        let begun = Instant::now();
        let refused = files("upload.zip", bytes).err();
        let took = begun.elapsed();
        let why = refused.unwrap_or_else(|| panic!("{what} was taken")).to_string();
        assert!(why.len() > 20 && !why.contains(['\n', '\u{1b}', '\u{202e}']), "{what}: {why}");
        assert!(took.as_secs() < 5, "{what} took {took:?}");
    }
    let grown = peak().saturating_sub(base);
    assert!(grown < 300 * 1024 * 1024, "{grown} bytes");
    assert_eq!(tree(kb.path()), before);
}

#[test]
fn an_honest_archive_is_taken() {
    let litter = [entry("__MACOSX/._en.md"), entry("help/.DS_Store")];
    let folder = Entry { data: Vec::new(), mode: 0o040_755, ..entry("help/") };
    let text = crate::support::kb::article_file("New", "public", "Text.");
    let article = Entry { data: text.into_bytes(), ..entry("help/new-one/en.md") };
    let bytes = archive(&[&[folder, article][..], &litter[..]].concat());
    let found = files("upload.zip", bytes).unwrap();
    assert_eq!(found.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["help/new-one/en.md"]);
    let kb = TestKb::new();
    imported(&kb, &found, &zhinan::exchange::plan::Options::default());
    assert!(kb.path().join("help/new-one/en.md").exists());
}
