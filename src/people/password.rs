//! Passwords: argon2id in, a PHC string out, and back.
//!
//! Hashing costs about 20 ms of a core and 19 MiB on purpose; callers that must not block enter
//! through a thread of their own. An account that does not exist costs the same ([`burn`]), so that
//! the time of an answer does not tell which names there are.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// Memory in KiB, passes and lanes: the least that OWASP's password storage cheat sheet names.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The shortest password, in characters.
pub const CHARS_MIN: usize = 10;
/// The longest password, in bytes: hashing reads every one of them.
pub const BYTES_MAX: usize = 1024;

/// Why a password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// It is too short.
    #[error("a password has at least 10 characters")]
    Short,
    /// It is too long.
    #[error("a password has at most 1,024 bytes")]
    Long,
    /// It is what everybody tries first.
    #[error(
        "the password is too easy to guess; several words that do not belong together are better"
    )]
    Easy,
}

/// The password could not be hashed: no randomness or no memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct NotHashed;

/// Checks a password that somebody wants to have.
pub fn check(password: &str, name: &str) -> Result<(), BadPassword> {
    if password.chars().count() < CHARS_MIN {
        return Err(BadPassword::Short);
    }
    if password.len() > BYTES_MAX {
        return Err(BadPassword::Long);
    }
    let lower = password.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    let common = ["password", "123456789", "qwertyuiop", "letmein", "iloveyou", "admin12345"];
    let guessed = common.iter().any(|c| lower.contains(c)) || lower.contains(name);
    if guessed || different.len() < 5 { Err(BadPassword::Easy) } else { Ok(()) }
}

/// The PHC string of a password, with a salt of its own.
pub fn hash(password: &str) -> Result<String, NotHashed> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| NotHashed)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(password.as_bytes()).map_err(|_| NotHashed)?;
    Ok(hash.to_string())
}

/// Returns true if and only if this is the password of a PHC string.
pub fn verify(password: &str, phc: &str) -> bool {
    if password.len() > BYTES_MAX {
        return false;
    }
    // The parameters come from the string, so older hashes stay good when ours change.
    PasswordHash::new(phc)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Takes as long as [`verify`] and says nothing.
pub fn burn(password: &str) {
    static NOBODY: LazyLock<String> =
        LazyLock::new(|| hash("nobody has this one").unwrap_or_default());
    verify(password, &NOBODY);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_names_its_parameters_and_knows_its_password() {
        let phc = hash("correct horse battery").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("correct horse battery", &phc));
        assert!(!verify("correct horse batterz", &phc) && !verify("", &phc) && !verify("a", "b"));
        assert_ne!(phc, hash("correct horse battery").unwrap(), "each has a salt of its own");
    }

    #[test]
    fn easy_passwords_are_refused() {
        assert_eq!(check("short", "li"), Err(BadPassword::Short));
        assert_eq!(check("Password2026!", "li"), Err(BadPassword::Easy));
        assert_eq!(check("aaaaaaaaaaaa", "li"), Err(BadPassword::Easy));
        assert_eq!(check("li.wei-12345x", "li.wei"), Err(BadPassword::Easy));
        assert_eq!(check(&"longer ".repeat(200), "li"), Err(BadPassword::Long));
        assert_eq!(check("修好自行车的蓝色钥匙圈儿", "li"), Ok(()));
    }
}
