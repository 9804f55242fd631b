//! `zhinan completions` and `zhinan man`: the command line, told to shells and to `man`.

use std::fs;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::CommandFactory;

use crate::cli::{Cli, operate};

/// Prints what a shell needs to complete commands and flags.
pub fn run(args: &operate::Completions) -> anyhow::Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "zhinan", &mut text);
    std::io::stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a manual page for the program and each of its commands.
pub fn man(args: &operate::Man) -> anyhow::Result<ExitCode> {
    let problem = || format!("cannot write to `{}`", args.to.display());
    fs::create_dir_all(&args.to).with_context(problem)?;
    clap_mangen::generate_to(Cli::command(), &args.to).with_context(problem)?;
    Ok(ExitCode::SUCCESS)
}
