//! Limits on attempts to sign in: by address and by account, exact over a sliding window.
//!
//! An attempt is counted before the password is looked at, so that fifty at once get no more tries
//! than fifty in a row, and is forgotten if it succeeds, so that an office behind one address can
//! begin its shift. Names that nobody has are counted like others.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;

use crate::time::Timestamp;

use super::rate::neighbourhood;

/// Failed attempts of an address in [`ADDRESS_WINDOW`].
const ADDRESS_MAX: usize = 5;
const ADDRESS_WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// Failed attempts on an account in [`ACCOUNT_WINDOW`].
const ACCOUNT_MAX: usize = 10;
const ACCOUNT_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// From so many keys on, those that have gone quiet are forgotten.
const KEYS_MAX: usize = 10_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Account(String),
}

impl Key {
    fn limit(&self) -> (usize, SignedDuration) {
        match self {
            Key::Address(_) => (ADDRESS_MAX, ADDRESS_WINDOW),
            Key::Account(_) => (ACCOUNT_MAX, ACCOUNT_WINDOW),
        }
    }
}

/// Attempts that count.
#[derive(Debug, Default)]
pub struct Attempts {
    by_key: Mutex<HashMap<Key, VecDeque<Timestamp>>>,
}

/// An attempt under way.
#[derive(Debug)]
#[must_use]
pub struct Attempt {
    keys: [Key; 2],
    at: Timestamp,
}

impl Attempts {
    /// Begins an attempt; after how many seconds to try again if it is one too many.
    pub fn begin(&self, address: IpAddr, account: &str, now: Timestamp) -> Result<Attempt, u64> {
        let keys = [Key::Address(neighbourhood(address)), Key::Account(account.to_owned())];
        let mut by_key = self.by_key();
        if by_key.len() >= KEYS_MAX {
            by_key.retain(|key, times| {
                forget(times, key.limit().1, now);
                !times.is_empty()
            });
        }
        for key in &keys {
            let (most, window) = key.limit();
            let Some(times) = by_key.get_mut(key) else { continue };
            forget(times, window, now);
            if times.len() >= most {
                let oldest = times.front().copied().unwrap_or(now);
                let wait = window - now.duration_since(oldest);
                return Err(u64::try_from(wait.as_secs()).unwrap_or(0) + 1);
            }
        }
        for key in &keys {
            by_key.entry(key.clone()).or_default().push_back(now);
        }
        Ok(Attempt { keys, at: now })
    }

    /// Forgets an attempt that succeeded.
    pub fn succeeded(&self, attempt: &Attempt) {
        let mut by_key = self.by_key();
        for key in &attempt.keys {
            let Some(times) = by_key.get_mut(key) else { continue };
            if let Some(place) = times.iter().position(|at| *at == attempt.at) {
                times.remove(place);
            }
        }
    }

    fn by_key(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<Timestamp>>> {
        // Every change is a push or a removal, so a panic elsewhere leaves nothing half done.
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops what lies before the window. A clock that was set back drops nothing that counts.
fn forget(times: &mut VecDeque<Timestamp>, window: SignedDuration, now: Timestamp) {
    while times.front().is_some_and(|at| now.duration_since(*at) >= window) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn an_address_has_five_tries_a_minute() {
        let attempts = Attempts::default();
        for n in 0..5 {
            assert!(attempts.begin(address(1), &format!("name{n}"), at(n)).is_ok());
        }
        assert_eq!(attempts.begin(address(1), "other", at(10)).err(), Some(51));
        assert!(attempts.begin(address(2), "other", at(10)).is_ok());
        assert!(attempts.begin(address(1), "other", at(60)).is_ok());
        assert!(attempts.begin(address(1), "other", at(60)).is_err());
    }

    #[test]
    fn an_account_has_ten_in_a_quarter_of_an_hour_from_everywhere() {
        let attempts = Attempts::default();
        for n in 0..10 {
            assert!(attempts.begin(address(n), "li", at(0)).is_ok());
        }
        assert_eq!(attempts.begin(address(99), "li", at(1)).err(), Some(900));
        assert!(attempts.begin(address(99), "wang", at(1)).is_ok());
        assert!(attempts.begin(address(99), "li", at(900)).is_ok());
    }

    #[test]
    fn success_is_not_held_against_anybody() {
        let attempts = Attempts::default();
        for second in 0..20 {
            let attempt = attempts.begin(address(1), "li", at(second)).unwrap();
            attempts.succeeded(&attempt);
        }
    }
}
