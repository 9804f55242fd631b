//! The knowledge base: Markdown files in, a checked [`library::Library`] out.
//!
//! [`load`] reads the folder, [`front_matter`] and [`markdown`] turn a file into an
//! [`article::Article`], [`library`] pairs the languages, [`check`] finds everything that an editor
//! should know. Problems are [`diagnostic::Diagnostic`]s, all of them at once; a broken file never
//! takes down the version before it.

pub mod article;
pub mod banners;
pub mod check;
pub mod diagnostic;
pub mod front_matter;
pub mod golden;
pub mod library;
pub mod load;
pub mod lock;
pub mod markdown;
pub mod sections;
pub mod stale;

pub use article::Article;
pub use diagnostic::Diagnostic;
pub use library::Library;
