//! The commands, a file each. Exit status: 0 fine, 1 findings, 2 could not run.

use std::process::ExitCode;

use crate::cli::{Cli, Command, Serve};

pub mod backup;
pub mod check;
pub mod completions;
pub mod doctor;
pub mod encoder;
pub mod erase;
pub mod eval;
mod events;
pub mod export;
pub mod import;
pub mod jsonl;
pub mod lexicon;
pub mod library;
pub mod migrate;
pub mod progress;
pub mod redact;
pub mod replay;
pub mod report;
pub mod scan_store;
pub mod search;
pub mod serve;
pub mod suggest;
pub mod trends;
pub mod user;

/// Runs what was asked for; without a command, the main job: serve.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command.unwrap_or_else(|| Command::Serve(Serve::default())) {
        Command::Serve(args) => serve::run(&args),
        Command::Suggest(args) => suggest::run(&args),
        Command::Redact(args) => redact::run(&args),
        Command::ScanStore(args) => scan_store::run(&args),
        Command::Erase(args) => erase::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Trends(args) => trends::run(&args),
        Command::User(args) => user::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Migrate(args) => migrate::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => completions::man(&args),
    }
}
