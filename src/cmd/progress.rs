//! A progress bar on a terminal, nothing when the output is piped.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `length` steps, called `what`.
pub fn bar(length: usize, what: &'static str) -> ProgressBar {
    // indicatif draws on stderr and hides itself where that is not a terminal.
    let bar = ProgressBar::new(length as u64).with_message(what);
    match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
