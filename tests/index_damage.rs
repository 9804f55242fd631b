//! Damaged search indexes: whatever happened to the files, the next start answers right, and a
//! server at work goes on from what it has in memory.

use std::fs;
use std::path::{Path, PathBuf};

use zhinan::index::build::{damaged, open_or_build};
use zhinan::index::search::{SearchIndex, Wanted};
use zhinan::kb::library::{Library, Reader};
use zhinan::lang::Lang;

use crate::support::app::{help_centre, with_runbooks};

const QUERIES: [(&str, Lang); 8] = [
    ("transaction pending", Lang::En),
    ("card declined", Lang::En),
    ("zanzibar", Lang::En),
    ("export csv", Lang::En),
    ("转账待确认", Lang::Zh),
    ("矿工费", Lang::Zh),
    ("银行卡被拒", Lang::Zh),
    ("加速 transaction", Lang::Zh),
];

/// What is found, in order, with scores to the last bit.
fn answers(index: &SearchIndex, library: &Library) -> Vec<String> {
    let found = |(query, lang): &(&str, Lang)| {
        let hits = index.search(library, query, *lang, Wanted::best(10)).unwrap().hits;
        let shown = hits.iter().map(|hit| {
            format!(
                "{} {} {:x} {:?}",
                hit.article.id,
                hit.article.lang,
                hit.score.to_bits(),
                hit.snippet
            )
        });
        format!("{query}: {}", shown.collect::<Vec<_>>().join(", "))
    };
    QUERIES.iter().map(found).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Does something to one of the folders; says which and what.
fn damage(dir: &Path, random: &mut fastrand::Rng) -> String {
    let folders = files(dir);
    let folder = &folders[random.usize(..folders.len())];
    let files = files(folder);
    let file = &files[random.usize(..files.len())];
    let mut bytes = fs::read(file).unwrap();
    let done = match random.usize(..8) {
        0 | 1 => {
            for _ in 0..=random.usize(..3) {
                let place = random.usize(..bytes.len());
                bytes[place] ^= 1 << random.usize(..8);
            }
            fs::write(file, bytes).unwrap();
            "bits flipped"
        }
        2 => {
            bytes.truncate(random.usize(..bytes.len()));
            fs::write(file, bytes).unwrap();
            "cut short"
        }
        3 => {
            bytes.push(random.u8(..));
            fs::write(file, bytes).unwrap();
            "made longer"
        }
        4 => {
            fs::write(file, bytes.iter().map(|_| random.u8(..)).collect::<Vec<_>>()).unwrap();
            "overwritten"
        }
        5 => {
            fs::remove_file(file).unwrap();
            "deleted"
        }
        6 => {
            let other =
                files.iter().find(|other| *other != file && fs::read(other).unwrap() != bytes);
            fs::copy(other.unwrap(), file).unwrap();
            "replaced by another file"
        }
        _ => {
            // Each is whole, and the public would read what is internal.
            let aside = dir.join("building-aside");
            fs::rename(&folders[0], &aside).unwrap();
            fs::rename(&folders[1], &folders[0]).unwrap();
            fs::rename(&aside, &folders[1]).unwrap();
            "exchanged with the other index"
        }
    };
    format!("{} {done}", file.strip_prefix(dir).unwrap().display())
}

#[test]
fn a_hundred_damages_are_seen_and_mended_and_change_no_answer() {
    let kb = with_runbooks(help_centre());
    let (library, dir) = (kb.library(), tempfile::tempdir().unwrap());
    let dir = dir.path();
    let open = |reader| {
        let index = open_or_build(dir, &library, reader).unwrap();
        SearchIndex::new(&index, &library, reader).unwrap()
    };
    let serving = Reader::ALL.map(open);
    let right = |served: &[SearchIndex; 2]| served.each_ref().map(|side| answers(side, &library));
    let expected = right(&serving);
    assert!(expected[0].iter().all(|line| !line.contains("rpc-degradation")));
    assert!(expected[1].iter().any(|line| line.contains("rpc-degradation")));
    assert_eq!(damaged(dir), Vec::<PathBuf>::new());
    for seed in 0..100 {
        let done = damage(dir, &mut fastrand::Rng::with_seed(seed));
        assert!(!damaged(dir).is_empty(), "seed {seed}: {done}, and nobody sees it");
        assert_eq!(right(&serving), expected, "seed {seed}: {done}, while serving");
        assert_eq!(right(&Reader::ALL.map(open)), expected, "seed {seed}: {done}");
        assert_eq!(damaged(dir), Vec::<PathBuf>::new(), "seed {seed}: {done}, not mended");
    }
}
