//! The search indexes: a library in, ranked articles out.
//!
//! There are two of them, public and staff, so that nothing about internal articles (not even a
//! term's rarity) can reach a public answer. They are derived from the library and disposable:
//! [`build`] makes or reopens one, [`search`] asks it, [`snippet`] shows why an article was found.
//! What a ticket is about is another question, answered in [`crate::suggest`].

pub mod build;
pub mod homophone;
pub mod query;
pub mod schema;
pub mod search;
pub mod snippet;
pub mod spell;
pub mod tokenizer;
pub mod translated;

/// What can go wrong with an index on disk.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// tantivy could not write or read it.
    #[error("the search index failed: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
    /// A document does not say whose it is.
    #[error(
        "the search index holds a document of no article (`{0}`); delete the folder `index` in the data directory, it is built again"
    )]
    Unnamed(String),
    /// The folder could not be made or moved.
    #[error("cannot write the search index to `{}`: {source}; check space and permissions", path.display())]
    Io {
        /// The folder.
        path: std::path::PathBuf,
        /// The reason.
        source: std::io::Error,
    },
}
