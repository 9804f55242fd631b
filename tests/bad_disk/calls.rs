//! The C library's file calls as this test binary sees them: each asks [`super::disk`] first.
//!
//! A program's own definition of a symbol wins over that of a shared library, so whoever calls
//! `write` here (std, SQLite, tantivy, cap-std) comes by. Each definition asks the disk that the file
//! lies on, if it is one of ours, and then does the system call. What goes around: pages that are
//! mapped, looks at names (`stat`, `readdir`), and `openat2`, by which cap-std opens; what is then
//! done with those files is seen.
#![expect(
    unsafe_code,
    reason = "the one place: C functions that pass on the arguments that they were given"
)]

use std::ffi::{CStr, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use libc::{
    AT_FDCWD, AT_REMOVEDIR, O_APPEND, O_CREAT, O_TRUNC, SEEK_CUR, SYS_fdatasync, SYS_fsync,
    SYS_ftruncate, SYS_lseek, SYS_mkdirat, SYS_openat, SYS_pread64, SYS_pwrite64, SYS_read,
    SYS_renameat2, SYS_unlinkat, SYS_write, c_char, c_int, c_long, c_uint, c_void, iovec, off_t,
    size_t, ssize_t, syscall,
};

use super::disk::{Call, through};

/// What a call returns that was not let through.
fn failed(errno: c_int) -> c_long {
    // SAFETY: it points to this thread's own errno.
    unsafe { *libc::__errno_location() = errno };
    -1
}

/// The file behind a number.
fn path_of(fd: c_int) -> Option<PathBuf> {
    let link = format!("/proc/self/fd/{fd}\0");
    let mut path = vec![0_u8; 4096];
    // SAFETY: the name ends with a zero, and the buffer is as long as it is said to be.
    let length =
        unsafe { libc::readlink(link.as_ptr().cast(), path.as_mut_ptr().cast(), path.len()) };
    path.truncate(usize::try_from(length).ok()?);
    Some(PathBuf::from(OsString::from_vec(path)))
}

/// The file that a name means.
///
/// SAFETY: `name` must be a string that ends with a zero.
unsafe fn named(dir: c_int, name: *const c_char) -> PathBuf {
    // SAFETY: the caller of the C function promised it.
    let name = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()));
    match path_of(dir) {
        Some(dir) if dir != Path::new("") && name.is_relative() => dir.join(name),
        _ => name.to_owned(),
    }
}

/// Where the next `read` or `write` of a file goes.
fn place(fd: c_int) -> u64 {
    // SAFETY: numbers in, numbers out.
    let (flags, place) =
        unsafe { (libc::fcntl(fd, libc::F_GETFL), syscall(SYS_lseek, fd, 0, SEEK_CUR)) };
    if flags & O_APPEND != 0 { size(fd) } else { u64::try_from(place).unwrap_or_default() }
}

fn size(fd: c_int) -> u64 {
    path_of(fd).and_then(|path| path.metadata().ok()).map_or(0, |found| found.len())
}

/// Does a call on an open file, or not.
fn on_file(fd: c_int, call: impl FnOnce() -> Call, real: impl FnOnce() -> c_long) -> c_long {
    through(|| path_of(fd), call, real).unwrap_or_else(failed)
}

/// SAFETY: `data` must point to `length` bytes.
unsafe fn bytes(data: *const c_void, length: size_t) -> Vec<u8> {
    // SAFETY: the caller of the C function promised it.
    unsafe { std::slice::from_raw_parts(data.cast::<u8>(), length) }.to_vec()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, data: *const c_void, length: size_t) -> ssize_t {
    let call = || Call::Write { at: place(fd), bytes: unsafe { bytes(data, length) } };
    on_file(fd, call, || unsafe { syscall(SYS_write, fd, data, length) }) as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite64(
    fd: c_int,
    data: *const c_void,
    length: size_t,
    at: off_t,
) -> ssize_t {
    let call = || Call::Write { at: at as u64, bytes: unsafe { bytes(data, length) } };
    on_file(fd, call, || unsafe { syscall(SYS_pwrite64, fd, data, length, at) }) as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite(
    fd: c_int,
    data: *const c_void,
    length: size_t,
    at: off_t,
) -> ssize_t {
    unsafe { pwrite64(fd, data, length, at) }
}

/// Writes the first piece alone, as it may; the caller comes again with the rest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writev(fd: c_int, pieces: *const iovec, count: c_int) -> ssize_t {
    let pieces = unsafe { std::slice::from_raw_parts(pieces, count.max(0) as usize) };
    let piece = pieces.iter().find(|piece| piece.iov_len > 0);
    piece.map_or(0, |piece| unsafe { write(fd, piece.iov_base, piece.iov_len) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, data: *mut c_void, length: size_t) -> ssize_t {
    on_file(fd, || Call::Read, || unsafe { syscall(SYS_read, fd, data, length) }) as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pread64(
    fd: c_int,
    data: *mut c_void,
    length: size_t,
    at: off_t,
) -> ssize_t {
    on_file(fd, || Call::Read, || unsafe { syscall(SYS_pread64, fd, data, length, at) }) as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pread(fd: c_int, data: *mut c_void, length: size_t, at: off_t) -> ssize_t {
    unsafe { pread64(fd, data, length, at) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fsync(fd: c_int) -> c_int {
    on_file(fd, || Call::Sync, || unsafe { syscall(SYS_fsync, fd) }) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdatasync(fd: c_int) -> c_int {
    on_file(fd, || Call::Sync, || unsafe { syscall(SYS_fdatasync, fd) }) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate64(fd: c_int, length: off_t) -> c_int {
    let call = || Call::Truncate { length: length as u64 };
    on_file(fd, call, || unsafe { syscall(SYS_ftruncate, fd, length) }) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ftruncate(fd: c_int, length: off_t) -> c_int {
    unsafe { ftruncate64(fd, length) }
}

/// In C the last argument may be missing; then it is not looked at either.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat(
    dir: c_int,
    name: *const c_char,
    flags: c_int,
    mode: c_uint,
) -> c_int {
    let path = || Some(unsafe { named(dir, name) });
    let call = || Call::Open { create: flags & O_CREAT != 0, truncate: flags & O_TRUNC != 0 };
    let real = || unsafe { syscall(SYS_openat, dir, name, flags, mode) };
    through(path, call, real).unwrap_or_else(failed) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat64(
    dir: c_int,
    name: *const c_char,
    flags: c_int,
    mode: c_uint,
) -> c_int {
    unsafe { openat(dir, name, flags, mode) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(name: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    unsafe { openat(AT_FDCWD, name, flags, mode) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(name: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    unsafe { openat(AT_FDCWD, name, flags, mode) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn renameat2(
    from_dir: c_int,
    from: *const c_char,
    to_dir: c_int,
    to: *const c_char,
    flags: c_uint,
) -> c_int {
    let path = || Some(unsafe { named(from_dir, from) });
    let call = || Call::Rename { to: unsafe { named(to_dir, to) } };
    let real = || unsafe { syscall(SYS_renameat2, from_dir, from, to_dir, to, flags) };
    through(path, call, real).unwrap_or_else(failed) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn renameat(
    from_dir: c_int,
    from: *const c_char,
    to_dir: c_int,
    to: *const c_char,
) -> c_int {
    unsafe { renameat2(from_dir, from, to_dir, to, 0) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    unsafe { renameat2(AT_FDCWD, from, AT_FDCWD, to, 0) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlinkat(dir: c_int, name: *const c_char, flags: c_int) -> c_int {
    let path = || Some(unsafe { named(dir, name) });
    let real = || unsafe { syscall(SYS_unlinkat, dir, name, flags) };
    through(path, || Call::Remove, real).unwrap_or_else(failed) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlink(name: *const c_char) -> c_int {
    unsafe { unlinkat(AT_FDCWD, name, 0) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn rmdir(name: *const c_char) -> c_int {
    unsafe { unlinkat(AT_FDCWD, name, AT_REMOVEDIR) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdirat(dir: c_int, name: *const c_char, mode: c_uint) -> c_int {
    let path = || Some(unsafe { named(dir, name) });
    let real = || unsafe { syscall(SYS_mkdirat, dir, name, mode) };
    through(path, || Call::MakeDir, real).unwrap_or_else(failed) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mkdir(name: *const c_char, mode: c_uint) -> c_int {
    unsafe { mkdirat(AT_FDCWD, name, mode) }
}

/// Copying inside the kernel is not to be had here: whoever asks falls back to `read` and `write`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn copy_file_range(
    _: c_int,
    _: *mut off_t,
    _: c_int,
    _: *mut off_t,
    _: size_t,
    _: c_uint,
) -> ssize_t {
    failed(libc::ENOSYS) as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn sendfile(_: c_int, _: c_int, _: *mut off_t, _: size_t) -> ssize_t {
    failed(libc::ENOSYS) as ssize_t
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn sendfile64(_: c_int, _: c_int, _: *mut off_t, _: size_t) -> ssize_t {
    failed(libc::ENOSYS) as ssize_t
}
