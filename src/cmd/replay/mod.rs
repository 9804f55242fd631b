//! `zhinan replay`: golden and past tickets against the knowledge base now and against another state
//! of it. Exit status 1 if golden tickets are lost.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;

use crate::cli;
use crate::data::DataDir;
use crate::eval::replay::{ReplayTicket, Side, golden, past, replay};
use crate::events::Store;
use crate::id::ArticleId;
use crate::kb::library::Reader;
use crate::suggest::Matcher;

use super::{lexicon, library, progress};

pub mod base;
pub mod print;

/// Runs the command.
pub fn run(args: &cli::Replay) -> anyhow::Result<ExitCode> {
    let (_guard, before) = match (&args.base, &args.against) {
        (Some(revision), _) => {
            let (guard, folder) = base::at_revision(&args.kb.kb, revision)?;
            (Some(guard), folder)
        }
        (None, Some(folder)) => (None, folder.clone()),
        (None, None) => bail!("name the other state with --base or --against"),
    };
    let reader = Reader::from(args.audience);
    let lexicon = lexicon::open(&args.data, args.lexicon.as_deref())?;
    let open = |kb| library::open(kb, lexicon.as_ref());
    let (before, after) = (open(&before)?, open(&args.kb.kb)?);
    let known = Past::read(&args.data, args.past)?;
    let golden = golden(&after, reader, &before);
    let matcher = |library| Matcher::of_library(library, reader, &known.phrasings);
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| matcher(&before));
        let new = matcher(&after);
        (old.join(), new)
    });
    let Ok(old) = old else { bail!("fitting the other state failed") };
    let sides = (Side { library: &before, matcher: &old }, Side { library: &after, matcher: &new });
    let bar = progress::bar(golden.len() + known.tickets.len(), "replay");
    let made = replay(reader, sides, (&golden, &known.tickets), || bar.inc(1));
    bar.finish_and_clear();
    let titles = print::Titles { before: &before, after: &after, reader };
    if args.json {
        print::json(&made)?;
    } else {
        print::text(&made, &titles)?;
    }
    Ok(ExitCode::from(u8::from(made.golden_lost() > 0)))
}

/// What is known from the time before.
#[derive(Default)]
struct Past {
    tickets: Vec<ReplayTicket>,
    /// Confirmed tickets: both sides learn from them.
    phrasings: Vec<(String, ArticleId)>,
}

impl Past {
    /// The newest tickets of the store, if there is one.
    fn read(data: &Path, limit: usize) -> anyhow::Result<Past> {
        let data = DataDir::new(data);
        if limit == 0 || !data.events().exists() {
            return Ok(Past::default());
        }
        let store = super::events::open(&data)?;
        Ok(Past { tickets: past(&store, limit)?, phrasings: store.phrasings()? })
    }
}
