//! Encoders: a text → a unit vector that says what it means, whatever its language.
//!
//! zhinan works fully without one. With one, [`crate::suggest`] and [`crate::engine`] see what words
//! alone do not: "my money vanished between two chains" is 跨链未到账. [`use3`] computes in this
//! process from weights that `scripts/fetch-encoder` gets ([`weights`], [`pieces`], [`charsmap`],
//! [`product`], [`layers`]); [`http`] asks a server; [`memo`] and [`vectors`] keep what was
//! computed.
//!
//! The same text gives the same vector, bit by bit, on every machine and in every batch: see
//! [`product`] for how sums are kept in order.

pub mod charsmap;
pub mod http;
pub mod layers;
pub mod memo;
pub mod pieces;
pub mod product;
pub mod use3;
pub mod vectors;
pub mod weights;

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A unit vector.
pub type Vector = Arc<[f32]>;

/// Why there is no vector.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// The weights' file cannot be used.
    #[error("cannot use the encoder `{path}`: {what}; remove it and run scripts/fetch-encoder")]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The server did not give vectors.
    #[error("the encoder at `{url}` did not answer: {what}")]
    Server {
        /// Its address.
        url: String,
        /// What went wrong.
        what: String,
    },
    /// There is no such encoder.
    #[error(
        "there is no encoder `{0}`; write auto, none or an address, as in http://127.0.0.1:8090/v1"
    )]
    Unknown(String),
}

/// Something that turns texts into vectors.
pub trait Encoder: Send + Sync {
    /// What people call it.
    fn name(&self) -> &str;

    /// How many numbers a vector has.
    fn dimension(&self) -> usize;

    /// Changes whenever the vectors do: what was stored under another version is computed again.
    fn version(&self) -> &str;

    /// Whether vectors are computed in this process, within milliseconds.
    fn is_near(&self) -> bool {
        false
    }

    /// A unit vector for each text, in order.
    fn encode(&self, texts: &[&str]) -> Result<Vec<Vector>, EncoderError>;
}

/// The encoder that is asked for: `none`; `auto`, the one whose weights lie in `models`, if they do;
/// or the address of a server.
pub fn open(choice: &str, models: &Path) -> Result<Option<Arc<dyn Encoder>>, EncoderError> {
    match choice {
        "none" => Ok(None),
        "auto" if use3::Use3::is_there(models) => Ok(Some(Arc::new(use3::Use3::open(models)?))),
        "auto" => Ok(None),
        url if url.starts_with("http://") => Ok(Some(Arc::new(http::Http::open(url)?))),
        other => Err(EncoderError::Unknown(other.to_owned())),
    }
}

/// The cosine of two unit vectors: eight sums side by side, added in a fixed order, so that wide
/// and narrow machines agree.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (a, rest_a) = a.as_chunks::<8>();
    let (b, rest_b) = b.as_chunks::<8>();
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    for ((sum, a), b) in sums.iter_mut().zip(rest_a).zip(rest_b) {
        *sum += a * b;
    }
    sums.iter().sum()
}
