//! What can be typed after `zhinan import` and `zhinan export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::exchange::plan::Arrive;
use crate::id::ArticleId;

use super::{Audience, Kb};

/// `zhinan import`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Import {
    /// A folder, a zip archive, or one file (.md, .json, .csv)
    pub source: PathBuf,
    /// Change nothing; say for each article what would become of it
    #[arg(long)]
    pub dry_run: bool,
    /// Replace articles that are here; without it they are left as they are
    #[arg(long)]
    pub replace: bool,
    /// Whether readers see what arrives
    #[arg(long, value_enum, default_value_t = Arriving::Draft)]
    pub status: Arriving,
    /// Section of articles whose own is not known here
    #[arg(long, value_name = "ID")]
    pub section: Option<ArticleId>,
    /// Add sections that are not here
    #[arg(long)]
    pub add_sections: bool,
    /// Team that answers for new articles of other systems
    #[arg(long, value_name = "TEAM", default_value = "support")]
    pub owner: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Folder that keeps the history of what was published
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// Whether readers see what an import brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Arriving {
    /// New articles are drafts; replaced ones keep their status
    Draft,
    /// As the source says
    Keep,
    /// All are published
    Published,
}

impl From<Arriving> for Arrive {
    fn from(arriving: Arriving) -> Arrive {
        match arriving {
            Arriving::Draft => Arrive::Draft,
            Arriving::Keep => Arrive::Keep,
            Arriving::Published => Arrive::Published,
        }
    }
}

/// `zhinan export`
#[derive(Debug, Args)]
pub struct Export {
    /// What to make of the articles
    #[arg(value_enum)]
    pub format: ExportFormat,
    /// New file ending in .zip, or new folder
    pub out: PathBuf,
    /// Whose articles Zendesk's JSON holds; the site is public, Markdown is everything
    #[arg(long, value_enum, default_value_t = Audience::Public)]
    pub audience: Audience,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// What an export is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Every file of the knowledge base as it is
    Markdown,
    /// JSON as Zendesk's Help Center has it
    Zendesk,
    /// Pages of the public articles that need no server
    Site,
}
