//! A folder on a disk that fails when told to, is as small as told, and remembers what was done.
//!
//! Disks are told apart by their folders, so that tests side by side do not disturb each other.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tempfile::TempDir;

/// Something that is done to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// It is opened.
    Open { create: bool, truncate: bool },
    /// It is read.
    Read,
    /// Bytes are written into it.
    Write { at: u64, bytes: Vec<u8> },
    /// It is made longer or shorter.
    Truncate { length: u64 },
    /// It, or the list of names that a folder is, is to be safe.
    Sync,
    /// It gets another name.
    Rename { to: PathBuf },
    /// Its name goes.
    Remove,
    /// A folder is made.
    MakeDir,
}

/// How a disk behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// Well.
    #[default]
    None,
    /// This call fails, counted from 1, with this error, and those after it perhaps too.
    At { call: usize, for_ever: bool, errno: i32 },
    /// It holds so many bytes.
    Holds(u64),
}

/// A call that was done.
#[derive(Debug, Clone)]
pub enum Done {
    /// To this file below the disk's folder.
    Call(PathBuf, Call),
    /// The test says that by now this was acknowledged.
    Acknowledged(usize),
}

#[derive(Default)]
struct State {
    fault: Fault,
    calls: usize,
    failed: usize,
    recorded: Option<Vec<Done>>,
}

struct Watched {
    root: PathBuf,
    state: Mutex<State>,
}

impl Watched {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

static DISKS: RwLock<Vec<Arc<Watched>>> = RwLock::new(Vec::new());
/// Spares every call of every other test the question.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Such a folder; gone when it is dropped.
pub struct BadDisk {
    watched: Arc<Watched>,
    // Goes when nobody watches any more.
    _dir: TempDir,
}

impl BadDisk {
    /// A disk that is well, in memory where there is such a place: thousands of runs wait for it.
    pub fn new() -> BadDisk {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let root = dir.path().canonicalize().unwrap();
        let watched = Arc::new(Watched { root, state: Mutex::default() });
        DISKS.write().unwrap().push(watched.clone());
        COUNT.fetch_add(1, Ordering::SeqCst);
        BadDisk { watched, _dir: dir }
    }

    pub fn path(&self) -> &Path {
        &self.watched.root
    }

    /// From now on it behaves like this; calls are counted anew.
    pub fn set(&self, fault: Fault) {
        let recorded = self.watched.state().recorded.take();
        *self.watched.state() = State { fault, recorded, ..State::default() };
    }

    /// Makes it well; says how many calls there were since it was told how to behave, and how many
    /// of them failed.
    pub fn mend(&self) -> (usize, usize) {
        let mut state = self.watched.state();
        state.fault = Fault::None;
        (state.calls, state.failed)
    }

    /// From now on it remembers what is done.
    pub fn record(&self) {
        self.watched.state().recorded = Some(Vec::new());
    }

    /// Notes between the calls that something was acknowledged.
    pub fn acknowledged(&self, what: usize) {
        if let Some(recorded) = &mut self.watched.state().recorded {
            recorded.push(Done::Acknowledged(what));
        }
    }

    /// What was done since [`BadDisk::record`], names relative to the folder.
    pub fn recorded(&self) -> Vec<Done> {
        self.watched.state().recorded.take().unwrap_or_default()
    }
}

impl Drop for BadDisk {
    fn drop(&mut self) {
        DISKS.write().unwrap().retain(|disk| !Arc::ptr_eq(disk, &self.watched));
        COUNT.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Does a call unless the disk that its file lies on refuses, which gives the error.
pub fn through(
    path: impl FnOnce() -> Option<PathBuf>,
    call: impl FnOnce() -> Call,
    real: impl FnOnce() -> i64,
) -> Result<i64, i32> {
    if COUNT.load(Ordering::SeqCst) == 0 {
        return Ok(real());
    }
    let Some((path, disk)) = path().and_then(|path| Some((path.clone(), disk_of(&path)?))) else {
        return Ok(real());
    };
    let (call, mut state) = (call(), disk.state());
    state.calls += 1;
    if let Some(errno) = refusal(&state, &disk.root, &path, &call) {
        state.failed += 1;
        return Err(errno);
    }
    let result = real();
    if let (0.., Some(recorded)) = (result, &mut state.recorded) {
        recorded.extend(noted(&disk.root, &path, call, result));
    }
    Ok(result)
}

fn disk_of(path: &Path) -> Option<Arc<Watched>> {
    // A test that panicked has left the list whole.
    let disks = DISKS.read().unwrap_or_else(PoisonError::into_inner);
    disks.iter().find(|disk| path.starts_with(&disk.root)).cloned()
}

fn refusal(state: &State, root: &Path, path: &Path, call: &Call) -> Option<i32> {
    match state.fault {
        Fault::None => None,
        Fault::At { call, for_ever, errno } => {
            (state.calls == call || (for_ever && state.calls > call)).then_some(errno)
        }
        Fault::Holds(bytes) => {
            let length = |path: &Path| path.metadata().map_or(0, |found| found.len());
            let more = match call {
                Call::Write { at, bytes } => (at + bytes.len() as u64).saturating_sub(length(path)),
                Call::MakeDir => 1,
                Call::Open { create: true, .. } if !path.exists() => 1,
                _ => 0,
            };
            (more > 0 && size(root) + more > bytes).then_some(libc::ENOSPC)
        }
    }
}

/// The bytes of all files below a folder.
fn size(folder: &Path) -> u64 {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let of = |path: PathBuf| {
        if path.is_dir() { size(&path) } else { path.metadata().map_or(0, |found| found.len()) }
    };
    entries.map(|entry| of(entry.path())).sum()
}

/// What a power loss needs to know of a call that was done.
fn noted(root: &Path, path: &Path, mut call: Call, result: i64) -> Option<Done> {
    let below = |path: &Path| path.strip_prefix(root).map(Path::to_owned).ok();
    match &mut call {
        Call::Read | Call::Open { create: false, truncate: false } => return None,
        Call::Write { bytes, .. } => bytes.truncate(usize::try_from(result).ok()?),
        Call::Rename { to } => *to = below(to)?,
        _ => {}
    }
    Some(Done::Call(below(path)?, call))
}
