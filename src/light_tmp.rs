//! scratch
#![allow(missing_docs)]
pub mod id; pub mod kb; pub mod lang; pub mod text; pub mod time;
