//! `zhinan erase`: takes what a person wrote out of the store, also while a server is at work on it.

use std::io::Write;
use std::process::ExitCode;

use crate::cli;
use crate::data::DataDir;
use crate::erasure::Erasures;
use crate::events::Erased;
use crate::events::erasure::sender_mark;
use crate::id::TicketId;
use crate::text::redact::Redactor;
use crate::time::now;

/// Runs the command.
pub fn run(args: &cli::Erase) -> anyhow::Result<ExitCode> {
    let data = DataDir::new(&args.data);
    let events = data.events();
    anyhow::ensure!(events.exists(), "there is no store `{}`; see --data", events.display());
    let store = super::events::open(&data)?;
    let erasures = Erasures::new(&data);
    let mut erased: Vec<Erased> = Vec::new();
    for &id in &args.ticket {
        erased.extend(erasures.ticket(&store, TicketId(id), now())?);
    }
    if !args.sender.is_empty() {
        let redactor = Redactor::new(super::serve::redaction_key(&data.redaction_key())?);
        for sender in &args.sender {
            erased.extend(erasures.sender(&store, sender_mark(&redactor, sender), now())?);
        }
    }
    let mut out = std::io::stdout().lock();
    let numbers: Vec<String> = erased.iter().map(|e| e.ticket.to_string()).collect();
    writeln!(out, "{} tickets erased {}", erased.len(), numbers.join(" "))?;
    writeln!(
        out,
        "backups made before lose them when they are restored here; other copies do not"
    )?;
    Ok(ExitCode::SUCCESS)
}
