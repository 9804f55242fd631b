//! The command line: what can be typed. What it means is in [`crate::cmd`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Settings;
use crate::kb::library::Reader;
use crate::lang::TextLang;
use crate::people::Role;

pub mod exchange;
pub mod operate;

use exchange::{Export, Import};
use operate::{Backup, Completions, Doctor, Man, Migrate, Restore};

/// Bilingual knowledge base and ticket-deflection engine.
///
/// Without a command, zhinan serves the knowledge base in ./kb.
#[derive(Debug, Parser)]
#[command(name = "zhinan", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve help pages and the API (the default)
    Serve(Serve),
    /// Search the articles
    Search(Search),
    /// Say which articles answer a ticket
    Suggest(Suggest),
    /// Take secrets out of texts
    Redact(Redact),
    /// Take secrets out of tickets that were recorded under older rules
    ScanStore(ScanStore),
    /// Take what a person wrote out of the recorded tickets
    Erase(Erase),
    /// Check the articles; exit 1 if there are errors
    Check(Check),
    /// Bring articles in: Markdown, Zendesk's JSON, CSV; all of them or none; exit 1 if refused
    Import(Import),
    /// Take articles out: Markdown as it is, Zendesk's JSON, or a site that works offline
    Export(Export),
    /// Measure ranking and abstention on a labelled set
    Eval(Eval),
    /// Replay tickets against the articles now and before; exit 1 if golden tickets are lost
    Replay(Replay),
    /// Count what recurs in the recorded tickets
    Report(Report),
    /// Replay a stream of tickets and write down each alert as it is raised
    Trends(Trends),
    /// Give and take access: add, list, disable, passwd
    User(User),
    /// Copy the events of one moment to a folder, also while serving
    Backup(Backup),
    /// Put a backup in the place of the events
    Restore(Restore),
    /// Bring the events of an older zhinan to the schema of this one; a copy of them is kept
    Migrate(Migrate),
    /// Look at disk, events, indexes, articles, clock and rights, and say what to do
    Doctor(Doctor),
    /// Print completions for a shell
    Completions(Completions),
    /// Write manual pages into a folder
    Man(Man),
}

/// The knowledge base to work on.
#[derive(Debug, Args)]
pub struct Kb {
    /// Folder of the articles
    #[arg(long, value_name = "DIR", default_value = "kb")]
    pub kb: PathBuf,
}

/// The sentence encoder.
#[derive(Debug, Args)]
pub struct Encoder {
    /// Sentence encoder: `auto` uses the fetched weights if they are there [default: auto]
    #[arg(long, value_name = "auto|none|URL")]
    pub encoder: Option<String>,
}

/// Who is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Audience {
    /// End users: public articles
    Public,
    /// Staff: public articles and internal runbooks
    Staff,
}

impl Audience {
    /// The name on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Audience::Public => "public",
            Audience::Staff => "staff",
        }
    }
}

impl From<Audience> for Reader {
    fn from(audience: Audience) -> Reader {
        match audience {
            Audience::Public => Reader::Public,
            Audience::Staff => Reader::Staff,
        }
    }
}

/// The bilingual lexicon to use.
#[derive(Debug, Args)]
pub struct Lexicon {
    /// Folder of what was fetched (models/): lexicon, encoder weights
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// English–Chinese lexicon: a file in the format of CC-CEDICT, or `none` [default: the one in
    /// the data folder, if it is there]
    #[arg(long, value_name = "FILE|none")]
    pub lexicon: Option<String>,
}

/// `zhinan serve`
#[derive(Debug, Args, Default)]
pub struct Serve {
    /// Address of the public listener [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Address of the operators' listener, or `off` [default: 127.0.0.1:8081]
    #[arg(long, value_name = "ADDR|off")]
    pub ops_listen: Option<String>,
    /// Folder for events and indexes [default: data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder of the articles [default: kb]
    #[arg(long, value_name = "DIR")]
    pub kb: Option<PathBuf>,
    /// `off` lifts the limits on public requests, for measuring on loopback [default: on]
    #[arg(long, value_name = "on|off")]
    pub rate_limit: Option<String>,
    /// Sentence encoder: `auto` uses the fetched weights if they are there [default: auto]
    #[arg(long, value_name = "auto|none|URL")]
    pub encoder: Option<String>,
    /// English–Chinese lexicon: a file, or `none` [default: the one in the data folder]
    #[arg(long, value_name = "FILE|none")]
    pub lexicon: Option<String>,
    /// File with settings; flags and ZHINAN_* variables win over it
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl Serve {
    /// The settings given on the command line.
    pub fn settings(&self) -> Settings {
        Settings {
            listen: self.listen.clone(),
            ops_listen: self.ops_listen.clone(),
            data: self.data.clone(),
            kb: self.kb.clone(),
            public_url: None,
            rate_limit: self.rate_limit.clone(),
            encoder: self.encoder.clone(),
            lexicon: self.lexicon.clone(),
            ..Settings::default()
        }
    }
}

/// `zhinan search`
#[derive(Debug, Args)]
pub struct Search {
    /// What to search for
    pub query: String,
    /// Language of the reader: en, zh or zh-Hant; by default that of the query
    #[arg(long)]
    pub lang: Option<String>,
    /// The most results
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// Who is asking
    #[arg(long, value_enum, default_value_t = Audience::Public)]
    pub audience: Audience,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lexicon: Lexicon,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// `zhinan suggest`
#[derive(Debug, Args)]
pub struct Suggest {
    /// The ticket's text
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub text: Option<String>,
    /// Tickets, one JSON object a line: {"id", "text"}
    #[arg(long, value_name = "IN", requires = "out")]
    pub jsonl: Option<PathBuf>,
    /// File for the answers, one a line
    #[arg(long, value_name = "OUT")]
    pub out: Option<PathBuf>,
    /// Who is asking
    #[arg(long, value_enum, default_value_t = Audience::Public)]
    pub audience: Audience,
    /// Confirmed tickets to learn from for this run: {"text", "article"} a line
    #[arg(long, value_name = "FILE")]
    pub learned: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub encoder: Encoder,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lexicon: Lexicon,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// `zhinan redact`
#[derive(Debug, Args)]
pub struct Redact {
    /// Texts, one JSON object a line: {"id", "text"}
    #[arg(long, value_name = "IN")]
    pub jsonl: PathBuf,
    /// File for the clean texts, one a line
    #[arg(long, value_name = "OUT")]
    pub out: PathBuf,
}

/// `zhinan scan-store`
#[derive(Debug, Args)]
pub struct ScanStore {
    /// Folder of the recorded events
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Change nothing; exit 1 if there is something to take out
    #[arg(long)]
    pub dry_run: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `zhinan erase`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("who").required(true).multiple(true))]
pub struct Erase {
    /// Number of a ticket
    #[arg(long, value_name = "NUMBER", group = "who")]
    pub ticket: Vec<u64>,
    /// Key of a sender, as it was sent with the tickets
    #[arg(long, value_name = "KEY", group = "who")]
    pub sender: Vec<String>,
    /// Folder of the recorded events
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
}

/// `zhinan check`
#[derive(Debug, Args)]
pub struct Check {
    /// Record that the translation of this article (or of `all`) is up to date
    #[arg(long, value_name = "SLUG")]
    pub accept: Option<String>,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// `zhinan eval`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct Eval {
    /// Evaluation set: corpus.jsonl, queries.jsonl, qrels.tsv and perhaps train.jsonl
    #[arg(long, value_name = "DIR", group = "what")]
    pub set: Option<PathBuf>,
    /// Labelled tickets to answer from the knowledge base
    #[arg(long, value_name = "LABELLED", group = "what")]
    pub tickets: Option<PathBuf>,
    /// Generate so many articles on another subject and ask questions, alone and among chatter
    #[arg(long, value_name = "ARTICLES", group = "what")]
    pub chatter: Option<usize>,
    /// File for the answers, one a line
    #[arg(long, value_name = "OUT", required_unless_present_any = ["compare", "chatter"])]
    pub run: Option<PathBuf>,
    /// Compare two files that --run wrote for the same queries, instead of answering
    #[arg(long, value_names = ["A", "B"], num_args = 2, conflicts_with_all = ["run", "curves"])]
    pub compare: Vec<PathBuf>,
    /// Draw the reliability and the precision/coverage curve into a folder, as SVG
    #[arg(long, value_name = "DIR")]
    pub curves: Option<PathBuf>,
    /// Print the figures as one JSON object
    #[arg(long)]
    pub json: bool,
    /// Answer each of K parts with the other parts' tickets confirmed as phrasings
    #[arg(long, value_name = "K", requires = "tickets")]
    pub folds: Option<usize>,
    /// Confirmed tickets to learn from for this run: {"text", "article"} a line
    #[arg(long, value_name = "FILE")]
    pub learned: Option<PathBuf>,
    /// Who is asking
    #[arg(long, value_enum, default_value_t = Audience::Staff)]
    pub audience: Audience,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub encoder: Encoder,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub lexicon: Lexicon,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// `zhinan replay`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("other").required(true))]
pub struct Replay {
    /// Compare with the knowledge base as git has it at a revision
    #[arg(long, value_name = "REV", group = "other")]
    pub base: Option<String>,
    /// Compare with another folder
    #[arg(long, value_name = "DIR", group = "other")]
    pub against: Option<PathBuf>,
    /// Who is asking
    #[arg(long, value_enum, default_value_t = Audience::Staff)]
    pub audience: Audience,
    /// Folder of the recorded events; without one, golden tickets alone are replayed
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// The most recorded tickets that are replayed, the newest first; 0 for none
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub past: usize,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
    /// English–Chinese lexicon: a file, or `none` [default: the one in the data folder]
    #[arg(long, value_name = "FILE|none")]
    pub lexicon: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// `zhinan user`
#[derive(Debug, Args)]
pub struct User {
    /// What to do.
    #[command(subcommand)]
    pub command: UserCommand,
}

/// What can be done to people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a person; the password is asked for, or read from standard input
    Add(UserAdd),
    /// List everybody: name, role, shown name, last seen
    List {
        /// Folder of the recorded events
        #[arg(long, value_name = "DIR", default_value = "data")]
        data: PathBuf,
    },
    /// Lock a person out; their sessions and tokens end at once
    Disable(UserName),
    /// Give a person a new password; their sessions end at once
    Passwd(UserName),
}

/// `zhinan user add`
#[derive(Debug, Args)]
pub struct UserAdd {
    /// Name to sign in with
    pub name: String,
    /// agent, editor, lead or admin
    #[arg(long)]
    pub role: Role,
    /// Name that customers see
    #[arg(long)]
    pub display: Option<String>,
    /// Folder of the recorded events
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
}

/// A person and where they are kept.
#[derive(Debug, Args)]
pub struct UserName {
    /// Name to sign in with
    pub name: String,
    /// Folder of the recorded events
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
}

/// `zhinan report`
#[derive(Debug, Args)]
pub struct Report {
    /// How far back: 24h, 7d, 30d
    #[arg(long, default_value = "7d")]
    pub since: String,
    /// Folder of the recorded events
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Language of the report
    #[arg(long, value_name = "en|zh|zh-Hant", default_value = "en")]
    pub lang: TextLang,
    /// Markdown for a meeting, HTML for a mail, JSON for a program
    #[arg(long, value_enum, default_value_t = ReportFormat::Md)]
    pub format: ReportFormat,
    /// The same as --format json
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Markdown.
    Md,
    /// A page that mail programs show.
    Html,
    /// JSON.
    Json,
}

/// `zhinan trends`
#[derive(Debug, Args)]
pub struct Trends {
    /// Tickets in the order of their times, one JSON object a line: {"at", "text"}, perhaps "from"
    #[arg(long, value_name = "IN")]
    pub stream: PathBuf,
    /// File for the alerts, one a line
    #[arg(long, value_name = "OUT")]
    pub out: PathBuf,
    #[command(flatten)]
    #[expect(missing_docs, reason = "documented at its type")]
    pub kb: Kb,
}
