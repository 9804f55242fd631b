//! The sentence encoder for a command that runs once.

use std::path::Path;
use std::sync::Arc;

use crate::cli;
use crate::config::Settings;
use crate::data::DataDir;
use crate::encoder;
use crate::encoder::memo::Memo;

/// The encoder that was asked for, with what it computed before for `what`.
pub fn memo(args: &cli::Encoder, data: &Path, what: &str) -> anyhow::Result<Option<Arc<Memo>>> {
    let choice = args.encoder.clone().or(Settings::from_environment().encoder);
    let models = DataDir::new(data).models();
    let encoder = encoder::open(choice.as_deref().unwrap_or("auto"), &models)?;
    let file = data.join("vectors").join(format!("{what}.bin"));
    Ok(encoder.map(|encoder| Arc::new(Memo::new(encoder, Some(file)))))
}

/// Keeps what was computed; failing to is no reason to fail.
pub fn keep(memo: Option<&Arc<Memo>>) {
    if let Some(Err(error)) = memo.map(|memo| memo.save()) {
        tracing::warn!("cannot keep the vectors: {error}");
    }
}
