//! Time as an argument: [`Timestamp`] in, never a clock. Only `cmd` and `web` ask what time it is.

pub use jiff::{Timestamp, civil::Date};

/// The day of a moment, in UTC.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The current time; the only clock in the program.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}
