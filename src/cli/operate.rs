//! What can be typed after the commands of whoever runs a server: backup, restore, migrate, doctor,
//! completions, man.

use std::path::PathBuf;

use clap::Args;

use super::Kb;

/// `zhinan backup`
#[derive(Debug, Args)]
pub struct Backup {
    /// New folder for the backup [default: backup- and the time]
    #[arg(value_name = "FOLDER")]
    pub to: Option<PathBuf>,
    /// Folder of the recorded events
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Check this backup instead of making one
    #[arg(long, value_name = "FOLDER", conflicts_with = "to")]
    pub verify: Option<PathBuf>,
}

/// `zhinan restore`
#[derive(Debug, Args)]
pub struct Restore {
    /// Folder of the backup
    #[arg(value_name = "FOLDER")]
    pub backup: PathBuf,
    /// Folder to restore to; what is there is kept in a folder beside it
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
}

/// `zhinan migrate`
#[derive(Debug, Args)]
pub struct Migrate {
    /// Folder of the recorded events
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Change nothing; exit 1 if a migration is needed
    #[arg(long)]
    pub check: bool,
}

/// `zhinan completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `zhinan man`
#[derive(Debug, Args)]
pub struct Man {
    /// Folder for the pages
    #[arg(value_name = "FOLDER")]
    pub to: PathBuf,
}

/// `zhinan doctor`
#[derive(Debug, Args)]
pub struct Doctor {
    /// Folder for events and indexes
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}
