//! Backups: the data folder ↔ a backup folder.
//!
//! A backup holds the events of one moment, the key that marks equal secrets, and a manifest with
//! the size and hash of each file. Indexes are left out, since they are built again; `kb/` is
//! versioned by whoever writes it. Making one never stops a server; restoring needs the data folder
//! for itself, trusts nothing that it has not hashed, and throws nothing away.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::data::{DataDir, HoldError, sync_dir};
use crate::events::StoreError;
use crate::events::sqlite::copy::{self, Contents};
use crate::time::Timestamp;

/// The layout of a backup folder that this program writes and reads.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const EVENTS: &str = "events.sqlite";
const KEY: &str = "redaction.key";

/// Why a backup could not be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Something stands where the backup should go.
    #[error("`{0}` exists; name a folder that does not")]
    Exists(PathBuf),
    /// The backup is damaged or not a backup; nothing was changed.
    #[error("`{path}` cannot be restored: {reason}; nothing was changed")]
    Damaged {
        /// The file at fault.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The backup is checked and copied and could not be put in place.
    #[error("`{path}`: {source}; the backup is ready and is put in place at the next start")]
    Unfinished {
        /// The file at fault.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The data folder is in use.
    #[error(transparent)]
    Held(#[from] HoldError),
    /// The events could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read or written.
    #[error("`{path}`: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout of the folder.
    pub format: u32,
    /// When it was made, as RFC 3339.
    pub made: String,
    /// The version of the program that made it.
    pub version: String,
    /// The schema of the events.
    pub schema: u64,
    /// The tickets in it.
    pub tickets: u64,
    /// Its files.
    pub files: Vec<Entry>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its BLAKE3 hash, in hex.
    pub blake3: String,
}

/// Writes a backup of `data` to the new folder `to`. A server may be at work meanwhile.
pub fn make(data: &DataDir, to: &Path, made: Timestamp) -> Result<Manifest, BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let partial = with_suffix(to, ".partial");
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(at(&partial))?;
    }
    private_dir(&partial).map_err(at(&partial))?;
    let events = partial.join(EVENTS);
    // On a full disk the events cannot be opened, unless a server has them open.
    data.with_room(
        |error| *error == StoreError::Full,
        || {
            // What the first try left.
            drop(fs::remove_file(&events));
            copy::copy(&data.events(), &events)
        },
    )?;
    let Contents { schema, tickets, .. } = copy::inspect(&events)?;
    let mut files = vec![entry(&partial, EVENTS)?];
    if data.redaction_key().exists() {
        copy_file(&data.redaction_key(), &partial.join(KEY))?;
        files.push(entry(&partial, KEY)?);
    }
    let made = made.to_string();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let manifest = Manifest { format: FORMAT, made, version, schema, tickets, files };
    write_manifest(&partial, &manifest)?;
    for name in [EVENTS, KEY, MANIFEST].map(|name| partial.join(name)) {
        if name.exists() {
            sync(&name)?;
        }
    }
    sync_dir(&partial).map_err(at(&partial))?;
    fs::rename(&partial, to).map_err(at(to))?;
    let parent = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync_dir(parent).map_err(at(parent))?;
    Ok(manifest)
}

/// Checks every byte of a backup.
pub fn verify(backup: &Path) -> Result<Manifest, BackupError> {
    let path = backup.join(MANIFEST);
    let damaged = |path: &Path, reason: &str| BackupError::Damaged {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    let file = File::open(&path).map_err(|_| damaged(&path, "it has no manifest"))?;
    let manifest: Manifest = serde_json::from_reader(io::BufReader::new(file))
        .map_err(|_| damaged(&path, "its manifest does not parse"))?;
    if manifest.format != FORMAT {
        return Err(damaged(&path, "it was made by a newer zhinan; run that one"));
    }
    for known in &manifest.files {
        if ![EVENTS, KEY].contains(&known.name.as_str()) {
            return Err(damaged(&path, "its manifest names a file that no backup has"));
        }
        let file = backup.join(&known.name);
        let found = entry(backup, &known.name).map_err(|_| damaged(&file, "it is missing"))?;
        if found != *known {
            return Err(damaged(&file, "its size or hash is not the one in the manifest"));
        }
    }
    if !manifest.files.iter().any(|file| file.name == EVENTS) {
        return Err(damaged(&path, "its manifest names no events"));
    }
    Ok(manifest)
}

/// Puts a backup in the place of what is in `data`, which is kept in a folder beside it. Returns
/// the manifest and that folder, if there was anything to keep.
pub fn restore(
    backup: &Path,
    data: &DataDir,
    now: Timestamp,
) -> Result<(Manifest, Option<PathBuf>), BackupError> {
    let manifest = verify(backup)?;
    private_dir(data.path()).map_err(at(data.path()))?;
    let _hold = data.hold()?;
    finish(data)?;
    // Copied and looked at first, so that what is renamed into place is known to be good.
    let Incoming { events: incoming, key: incoming_key, ready } = Incoming::of(data);
    for stale in [&incoming, &incoming_key] {
        remove_if_there(stale)?;
    }
    copy_file(&backup.join(EVENTS), &incoming)?;
    let found = copy::inspect(&incoming)?;
    copy::settle(&incoming)?;
    if found.tickets != manifest.tickets || found.schema != manifest.schema {
        let reason = "its events are not those of the manifest".to_owned();
        return Err(BackupError::Damaged { path: backup.join(EVENTS), reason });
    }
    sync(&incoming)?;
    let kept = keep_old(data, now)?;
    let key = backup.join(KEY);
    if key.exists() {
        copy_file(&key, &incoming_key)?;
        sync(&incoming_key)?;
    }
    sync_dir(data.path()).map_err(at(data.path()))?;
    // The one step that decides: from here on the backup counts, also after a crash.
    fs::rename(&incoming, &ready).map_err(at(&ready))?;
    match finish(data) {
        Err(BackupError::Io { path, source }) => Err(BackupError::Unfinished { path, source }),
        Err(error) => Err(error),
        Ok(_) => Ok((manifest, kept)),
    }
}

/// Where a backup waits in a data folder before it is put in place.
struct Incoming {
    events: PathBuf,
    key: PathBuf,
    /// The events, once all is there.
    ready: PathBuf,
}

impl Incoming {
    fn of(data: &DataDir) -> Incoming {
        let at = |name| data.path().join(name);
        Incoming {
            events: at("incoming.sqlite"),
            key: at("incoming.key"),
            ready: at("restored.sqlite"),
        }
    }
}

/// Whether a restore was cut off after it was decided.
pub fn is_unfinished(data: &DataDir) -> bool {
    Incoming::of(data).ready.exists()
}

/// Finishes a restore that was cut off; says whether there was one. Whoever opens the events calls
/// this first, while holding the folder.
pub fn finish(data: &DataDir) -> Result<bool, BackupError> {
    if !is_unfinished(data) {
        return Ok(false);
    }
    let Incoming { key, ready, .. } = Incoming::of(data);
    sync_dir(data.path()).map_err(at(data.path()))?;
    if key.exists() {
        fs::rename(&key, data.redaction_key()).map_err(at(&data.redaction_key()))?;
        sync_dir(data.path()).map_err(at(data.path()))?;
    }
    // The log of the old events must not outlive them: SQLite would apply it to the new ones.
    for suffix in ["-wal", "-shm"] {
        remove_if_there(&with_suffix(&data.events(), suffix))?;
    }
    sync_dir(data.path()).map_err(at(data.path()))?;
    fs::rename(&ready, data.events()).map_err(at(&data.events()))?;
    sync_dir(data.path()).map_err(at(data.path()))?;
    Ok(true)
}

/// Copies the events that are about to be replaced into a folder of their own.
fn keep_old(data: &DataDir, now: Timestamp) -> Result<Option<PathBuf>, BackupError> {
    let events = data.events();
    if !events.exists() {
        return Ok(None);
    }
    let kept = data.path().join(format!("before-restore-{}", now.strftime("%Y%m%dT%H%M%SZ")));
    private_dir(&kept).map_err(at(&kept))?;
    if data.redaction_key().exists() {
        copy_file(&data.redaction_key(), &kept.join(KEY))?;
    }
    let log = |suffix: &str| with_suffix(&events, suffix);
    if copy::settle(&events).is_err() {
        // Damaged events cannot be settled; they are kept with their log for whoever repairs them.
        for suffix in ["-wal", "-shm"] {
            if log(suffix).exists() {
                copy_file(&log(suffix), &kept.join(format!("{EVENTS}{suffix}")))?;
            }
        }
    }
    copy_file(&events, &kept.join(EVENTS))?;
    sync(&kept.join(EVENTS))?;
    sync_dir(&kept).map_err(at(&kept))?;
    Ok(Some(kept))
}

fn entry(folder: &Path, name: &str) -> Result<Entry, BackupError> {
    let path = folder.join(name);
    let mut hasher = blake3::Hasher::new();
    let bytes = File::open(&path)
        .and_then(|mut file| io::copy(&mut file, &mut hasher))
        .map_err(at(&path))?;
    Ok(Entry { name: name.to_owned(), bytes, blake3: hasher.finalize().to_hex().to_string() })
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let path = folder.join(MANIFEST);
    let text = serde_json::to_vec_pretty(manifest).map_err(io::Error::other).map_err(at(&path))?;
    fs::write(&path, text).map_err(at(&path))
}

fn copy_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    fs::copy(from, to).map(drop).map_err(at(to))
}

fn remove_if_there(path: &Path) -> Result<(), BackupError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

fn private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { path, source }
}
