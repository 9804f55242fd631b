//! The commands, a file each. Exit status: 0 fine, 1 findings, 2 could not run.

use std::process::ExitCode;

use crate::cli::{Cli, Command};

pub mod serve;

/// Runs what was asked for; without a command, the main job: serve.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command.unwrap_or_else(|| Command::Serve(crate::cli::Serve::default())) {
        Command::Serve(args) => serve::run(&args),
        _ => Ok(ExitCode::SUCCESS),
    }
}
