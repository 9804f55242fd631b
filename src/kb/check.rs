//! `zhinan check`: everything that an editor should know about a library, at once.

use super::diagnostic::Diagnostic;
use super::library::Library;
use crate::time::Date;

/// Checks a library as of `today`.
pub fn check(_library: &Library, _today: Date) -> Vec<Diagnostic> {
    Vec::new()
}
