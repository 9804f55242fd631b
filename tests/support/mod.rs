//! What the tests share: a knowledge base made of a few lines, and a server for it.

pub mod app;
pub mod kb;
