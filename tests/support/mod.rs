//! What the tests share: a knowledge base made of a few lines.

pub(crate) mod kb;
