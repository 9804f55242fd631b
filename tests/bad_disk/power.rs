//! Power loss: what a disk keeps of what it was not yet asked to keep is anybody's guess.
//!
//! A flow is recorded call by call. Then, for each seed, power goes at some call: writes and names
//! that were synced are there; of the others some are, some are not, some are torn at a sector, in
//! any combination, also with later ones kept and earlier ones lost. From what is left the program
//! must start and have all that it had acknowledged by then. Folders, once made, stay; the shared
//! index beside the log, which SQLite makes anew, does not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zhinan::backup;
use zhinan::data::DataDir;
use zhinan::erasure::Erasures;
use zhinan::events::Store;
use zhinan::events::sqlite::{SqliteStore, copy};
use zhinan::events::store::Recorded;
use zhinan::id::TicketId;
use zhinan::studio::publish;

use super::disk::{BadDisk, Call, Done};
use super::faults::{place, recounted, texts};
use crate::store::{at, keyed, ticket};

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Length(u64),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Length(length) => bytes.resize(*length as usize, 0),
            Change::Write(at, new) => {
                let (at, end) = (*at as usize, *at as usize + new.len());
                bytes.resize(bytes.len().max(end), 0);
                bytes[at..end].copy_from_slice(new);
            }
        }
    }
}

#[derive(Clone, Default)]
struct File {
    kept: Vec<u8>,
    pending: Vec<Change>,
}

/// A change to the list of names.
#[derive(Clone)]
enum Naming {
    /// A file gets its first name.
    Put(PathBuf, usize),
    Gone(PathBuf),
    /// A file, or all below a folder.
    Move(PathBuf, PathBuf),
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Naming::Put(name, file) => {
                names.insert(name.clone(), *file);
            }
            Naming::Gone(name) => {
                names.remove(name);
            }
            Naming::Move(from, to) => {
                let moved: Vec<PathBuf> =
                    names.keys().filter(|name| name.starts_with(from)).cloned().collect();
                for name in moved {
                    let file = names.remove(&name).unwrap();
                    let rest = name.strip_prefix(from).unwrap();
                    // Joining nothing would end the name with a stroke.
                    let now = if rest == Path::new("") { to.clone() } else { to.join(rest) };
                    names.insert(now, file);
                }
            }
        }
    }

    fn touches(&self, folder: &Path) -> bool {
        match self {
            Naming::Put(name, _) | Naming::Gone(name) => name.parent() == Some(folder),
            Naming::Move(from, to) => [from, to].iter().any(|name| name.parent() == Some(folder)),
        }
    }
}

/// A disk: what it must keep, and what it may.
#[derive(Clone, Default)]
struct Memory {
    files: Vec<File>,
    /// As programs see them.
    names: BTreeMap<PathBuf, usize>,
    kept_names: BTreeMap<PathBuf, usize>,
    pending_names: Vec<Naming>,
}

impl Memory {
    /// All of a folder, kept.
    fn of(folder: &Path) -> Memory {
        let mut memory = Memory::default();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(folder).unwrap().to_owned();
                memory.names.insert(name, memory.files.len());
                memory.files.push(File { kept: fs::read(path).unwrap(), pending: Vec::new() });
            }
        }
        memory.kept_names.clone_from(&memory.names);
        memory
    }

    fn file(&mut self, name: &Path) -> &mut File {
        let file = self.names.get(name).copied().unwrap_or_else(|| {
            let file = self.files.len();
            self.files.push(File::default());
            self.name(Naming::Put(name.to_owned(), file));
            file
        });
        &mut self.files[file]
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.pending_names.push(naming);
    }

    fn apply(&mut self, path: &Path, call: &Call) {
        match call {
            Call::Write { at, bytes } => {
                self.file(path).pending.push(Change::Write(*at, bytes.clone()));
            }
            Call::Truncate { length } => self.file(path).pending.push(Change::Length(*length)),
            Call::Open { truncate, .. } => {
                let file = self.file(path);
                file.pending.extend(truncate.then_some(Change::Length(0)));
            }
            Call::Rename { to } => self.name(Naming::Move(path.to_owned(), to.clone())),
            Call::Remove => self.name(Naming::Gone(path.to_owned())),
            Call::Sync if self.names.contains_key(path) => {
                let file = self.file(path);
                let File { kept, pending } = file;
                pending.drain(..).for_each(|change| change.apply(kept));
            }
            Call::Sync => {
                for naming in self.pending_names.extract_if(.., |naming| naming.touches(path)) {
                    naming.apply(&mut self.kept_names);
                }
            }
            Call::Read | Call::MakeDir => {}
        }
    }

    /// What is found after the power was gone.
    fn left(mut self, random: &mut fastrand::Rng) -> TempDir {
        // From a disk that forgets all to one that forgets nothing.
        let keeps = [0.0, 0.5, 0.9, 1.0][random.usize(..4)];
        for naming in &self.pending_names {
            if random.f64() < keeps {
                naming.apply(&mut self.kept_names);
            }
        }
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        for (name, file) in &self.kept_names {
            if name.to_string_lossy().ends_with("-shm") {
                continue;
            }
            let File { kept, pending } = &mut self.files[*file];
            for change in pending.drain(..) {
                if random.f64() < keeps {
                    torn(change, random).apply(kept);
                }
            }
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, kept).unwrap();
        }
        dir
    }
}

/// One write in four loses what comes after some sector.
fn torn(change: Change, random: &mut fastrand::Rng) -> Change {
    match change {
        Change::Write(at, mut bytes) if random.usize(..4) == 0 => {
            bytes.truncate(random.usize(..=bytes.len() / SECTOR) * SECTOR);
            Change::Write(at, bytes)
        }
        other => other,
    }
}

/// Lets power go at a call of each seed's own; `check` gets what is left and what was acknowledged.
fn over_seeds(seeds: u64, before: &Memory, done: &[Done], check: impl Fn(&Path, &[usize])) {
    for seed in 0..seeds {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut memory, mut acknowledged) = (before.clone(), Vec::new());
        for one in &done[..random.usize(..=done.len())] {
            match one {
                Done::Call(path, call) => memory.apply(path, call),
                Done::Acknowledged(what) => acknowledged.push(*what),
            }
        }
        let left = memory.left(&mut random);
        let told = std::panic::AssertUnwindSafe(|| check(left.path(), &acknowledged));
        if let Err(cause) = std::panic::catch_unwind(told) {
            panic!("seed {seed}: {:?}", cause.downcast_ref::<String>());
        }
    }
}

/// Writes as four clients do who send together, and notes what is acknowledged.
fn send(disk: &BadDisk, store: &SqliteStore, from: usize) {
    std::thread::scope(|scope| {
        for client in 0..4 {
            scope.spawn(move || {
                for n in (0..5).map(|n| from + client * 5 + n) {
                    let key = format!("key-{n}");
                    let text = format!("{key} {}", "x".repeat(n * 97 % 5000));
                    let sent = keyed(ticket(n as i64, &text, Some("fees")), &key, &key);
                    assert!(matches!(store.record_ticket(&sent), Ok(Recorded::New(_))));
                    disk.acknowledged(n);
                }
            });
        }
    });
}

/// What a store is after a power loss, whatever was cut off.
fn sound(path: &Path, acknowledged: &[usize]) {
    let store = SqliteStore::open(path).unwrap();
    let found = recounted(&store);
    let known: Vec<&str> = found.keys().filter_map(|text| text.split(' ').next()).collect();
    for n in acknowledged {
        let key = format!("key-{n}");
        assert_eq!(known.iter().filter(|k| **k == key).count(), 1, "`{key}`");
    }
    assert!(found.iter().all(|(text, ids)| text.is_empty() || ids.len() == 1), "doubled");
    store.record_ticket(&ticket(1, "the next one", None)).unwrap();
    drop(store);
    assert_eq!(copy::inspect(path).unwrap().tickets, 1 + found.values().flatten().count() as u64);
}

#[test]
fn every_acknowledged_ticket_outlives_a_power_loss() {
    let disk = BadDisk::new();
    let path = disk.path().join("events.sqlite");
    disk.record();
    for session in 0..3 {
        // Closing folds the log into the file.
        let store = SqliteStore::open(&path).unwrap();
        send(&disk, &store, session * 20);
    }
    let done = disk.recorded();
    over_seeds(500, &Memory::default(), &done, |left, acknowledged| {
        sound(&left.join("events.sqlite"), acknowledged);
    });
}

#[test]
fn an_erasure_outlives_a_power_loss() {
    let disk = BadDisk::new();
    let data = DataDir::new(disk.path());
    let store = SqliteStore::open(&data.events()).unwrap();
    send(&disk, &store, 0);
    drop(store);
    let before = Memory::of(disk.path());
    disk.record();
    let store = SqliteStore::open(&data.events()).unwrap();
    Erasures::new(&data).ticket(&store, TicketId(5), at(50)).unwrap();
    disk.acknowledged(5);
    send(&disk, &store, 20);
    drop(store);
    over_seeds(100, &before, &disk.recorded(), |left, acknowledged| {
        let data = DataDir::new(left);
        let store = SqliteStore::open(&data.events()).unwrap();
        Erasures::new(&data).apply(&store, at(60)).unwrap();
        let erased = store.ticket(TicketId(5)).is_err();
        assert!(erased || !acknowledged.contains(&5));
        let left = store.tickets(None, usize::MAX).unwrap().len() + usize::from(erased);
        let sent = acknowledged.iter().filter(|n| **n >= 20).count();
        assert!(left >= 20 + sent, "{left} tickets of {}", 20 + sent);
    });
}

#[test]
fn a_publish_outlives_a_power_loss_in_both_languages() {
    let disk = BadDisk::new();
    let (kb, journal) = (disk.path().join("kb"), disk.path().join("studio/publishing.json"));
    let (section, id) = place();
    let words = ["walrus", "zebra", "heron", "otter"];
    let publish = |word, tag: &str| {
        publish::write(&kb, &journal, (&section, &id), &texts(word), tag).unwrap();
    };
    fs::create_dir_all(&kb).unwrap();
    publish("walrus", &zhinan::studio::Texts::default().tag());
    let before = Memory::of(disk.path());
    disk.record();
    for (n, pair) in words.windows(2).enumerate() {
        publish(pair[1], &texts(pair[0]).tag());
        disk.acknowledged(n + 1);
    }
    over_seeds(300, &before, &disk.recorded(), |left, acknowledged| {
        let kb = left.join("kb");
        publish::recover(&kb, &left.join("studio/publishing.json")).unwrap();
        let now = publish::read(&kb, &section, &id).unwrap();
        let at = words.iter().position(|word| now == texts(word));
        let least = acknowledged.last().copied().unwrap_or(0);
        assert!(at.is_some_and(|at| at >= least), "{at:?} after {acknowledged:?}: {now:?}");
    });
}

#[test]
fn a_backup_and_a_restore_outlive_a_power_loss() {
    let disk = BadDisk::new();
    let (data, to) = (DataDir::new(disk.path().join("data")), disk.path().join("backup"));
    fs::create_dir(data.path()).unwrap();
    fs::write(data.redaction_key(), [1; 32]).unwrap();
    let store = SqliteStore::open(&data.events()).unwrap();
    send(&disk, &store, 0);
    drop(store);
    let before = Memory::of(disk.path());
    disk.record();
    backup::make(&data, &to, at(9)).unwrap();
    disk.acknowledged(1);
    let store = SqliteStore::open(&data.events()).unwrap();
    send(&disk, &store, 100);
    drop(store);
    fs::write(data.redaction_key(), [2; 32]).unwrap();
    fs::File::open(data.redaction_key()).unwrap().sync_all().unwrap();
    disk.acknowledged(2);
    backup::restore(&to, &data, at(10)).unwrap();
    disk.acknowledged(3);
    over_seeds(300, &before, &disk.recorded(), |left, acknowledged| {
        let (data, to) = (DataDir::new(left.join("data")), left.join("backup"));
        let last = acknowledged.iter().filter(|n| **n < 4).max().copied().unwrap_or(0);
        assert!(last < 1 || to.exists(), "the backup is gone");
        if to.exists() {
            assert_eq!(backup::verify(&to).unwrap().tickets, 20);
        }
        backup::finish(&data).unwrap();
        let key = fs::read(data.redaction_key()).unwrap().first().copied();
        let tickets = recounted(&SqliteStore::open(&data.events()).unwrap()).len();
        match (last, tickets, key) {
            (0 | 1, 20..=40, _) | (2, 40, Some(2)) | (2 | 3, 20, Some(1)) => {}
            mixed => panic!("{mixed:?}"),
        }
    });
}
