//! Slices: the ways in which tickets are counted: by article, language, chain, version, word …
//!
//! Types only; [`super::slicer`] finds the slices of a ticket.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// What a slice counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SliceKind {
    /// Tickets that an article fits best.
    Article,
    /// The same among the writers of one language.
    ArticleInLanguage,
    /// The same where a word or an entity occurs as well.
    ArticleWith,
    /// Tickets of one cluster.
    Cluster,
    /// A blockchain.
    Chain,
    /// A coin.
    Token,
    /// A company or product.
    Product,
    /// A version number.
    Version,
    /// An error code.
    ErrorCode,
    /// A domain name.
    Domain,
    /// An address.
    Address,
    /// A glossary group, in whatever language.
    Term,
    /// Any other word.
    Word,
}

impl SliceKind {
    /// Returns true if and only if more of it means that something happened. A new version or
    /// device comes up in tickets of all kinds; only together with an article does it say anything.
    pub fn alerts(self) -> bool {
        self != SliceKind::Version
    }

    /// Returns true if and only if it can set tickets apart from others.
    pub fn marks(self) -> bool {
        self.names() || self == SliceKind::Article
    }

    /// Returns true if and only if its name can stand in a label.
    pub fn names(self) -> bool {
        !matches!(
            self,
            SliceKind::Article
                | SliceKind::ArticleInLanguage
                | SliceKind::ArticleWith
                | SliceKind::Cluster
        )
    }
}

/// One slice that a ticket belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Its identity: 64 bits keep chance collisions away.
    pub key: u64,
    /// For an article with a word: the key of the word.
    pub of: Option<u64>,
    /// What it counts.
    pub kind: SliceKind,
    /// What people call it. For glossary groups both languages, apart by ` / `.
    pub name: String,
}

/// The key of a slice: of its kind and of what tells it from others of its kind.
pub fn key(kind: SliceKind, parts: &[&str]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind as u8);
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xFF);
    }
    hasher.finish()
}
