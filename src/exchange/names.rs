//! Names of files in an archive or folder: which are let in.
//!
//! Nothing is ever unpacked to a disk, so no name can lead anywhere; but whoever packs such names
//! means harm, or has an archive that other programs would unpack over something.

/// The longest name and the longest part of one, in bytes; the most parts.
const NAME_BYTES_MAX: usize = 1024;
const PART_BYTES_MAX: usize = 255;
const PARTS_MAX: usize = 16;

/// Names that mean a device on Windows, whatever their ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Endings of files that hold files.
const ARCHIVES: [&str; 10] =
    [".zip", ".jar", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst"];

/// Why a name is refused; `None` if it is fine. `/` divides its parts.
pub(super) fn refused(name: &str) -> Option<&'static str> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Some("a name that is empty or too long");
    }
    if name.starts_with('/') {
        return Some("an absolute name");
    }
    if name.contains('\\') {
        return Some("a name with a backslash");
    }
    if name.contains(':') {
        return Some("a name with a colon, as in a drive or a stream");
    }
    if name.chars().any(is_hidden) {
        return Some("a name with control or invisible characters");
    }
    let name = name.strip_suffix('/').unwrap_or(name);
    if name.split('/').count() > PARTS_MAX {
        return Some("a name of too many parts");
    }
    name.split('/').find_map(part_refused)
}

fn part_refused(part: &str) -> Option<&'static str> {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = ["com", "lpt"].iter().find_map(|p| stem.strip_prefix(p));
    match part {
        "" => Some("a name with an empty part"),
        "." | ".." => Some("a name that leads out of its folder"),
        _ if part.len() > PART_BYTES_MAX => Some("a name that is empty or too long"),
        _ if part.ends_with(['.', ' ']) || part.starts_with(' ') => {
            Some("a name that begins or ends with a space or ends with a dot")
        }
        _ if DEVICES.contains(&stem.as_str()) => Some("the name of a device"),
        _ if numbered
            .is_some_and(|n| matches!(n, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9")) =>
        {
            Some("the name of a device")
        }
        _ => None,
    }
}

/// Control characters, and those that turn or hide what a name says.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c as u32, 0x00AD | 0x061C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x2069 | 0xFEFF)
}

/// Returns true if and only if a file by this name, or with these first bytes, holds other files.
pub(super) fn is_archive(name: &str, bytes: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    ARCHIVES.iter().any(|ending| name.ends_with(ending))
        || [&b"PK\x03\x04"[..], b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh"]
            .iter()
            .any(|magic| bytes.starts_with(magic))
}

/// Returns true if and only if a file is some system's own and no content: `.DS_Store`, `__MACOSX/`.
pub(super) fn is_litter(name: &str) -> bool {
    let mut parts = name.split('/');
    parts.any(|part| part.starts_with('.') || part == "__MACOSX" || part == "Thumbs.db")
}
