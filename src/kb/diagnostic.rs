//! What is wrong with a file: where, what, and what to do about it.

use std::fmt;
use std::path::PathBuf;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be served; the version before it stays up.
    Error,
    /// The file is served, but an editor should look at it.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// One problem in one file. Sorts by place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the knowledge base.
    pub path: PathBuf,
    /// The line, from 1; 0 if the problem is the file as a whole.
    pub line: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, with the thing in backticks.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Diagnostic {
    /// An error at a line of a file.
    pub fn error(
        path: impl Into<PathBuf>,
        line: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let (path, message, help) = (path.into(), message.into(), help.into());
        Diagnostic { path, line, severity: Severity::Error, message, help }
    }

    /// A warning at a line of a file.
    pub fn warning(
        path: impl Into<PathBuf>,
        line: usize,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(path, line, message, help) }
    }

    /// Returns true if and only if the problem keeps the file from being served.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.path.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}\n  help: {}", self.message, self.help)
    }
}
