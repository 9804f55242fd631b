//! One integration-test binary; a module for each capability.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should fail where it stands")]

mod kb_check; // what is said about every mistake in an article
mod loading; // files → library: what is refused, what is kept
mod properties; // what must hold for every text
mod search; // what a reader's words must find, and must not
mod support; // what the tests share
mod tidy; // the shape of the code base itself
