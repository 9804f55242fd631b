//! `zhinan search`: the articles for what a reader types.

use std::io::Write;
use std::process::ExitCode;

use crate::cli;
use crate::index::build::in_memory;
use crate::index::search::{SearchIndex, Wanted};
use crate::kb::library::Reader;
use crate::lang::TextLang;
use crate::text::redact::Redactor;
use crate::web::api::search::{SearchAnswer, answer};
use crate::web::language::PageLang;

use super::{lexicon, library};

/// Runs the command.
pub fn run(args: &cli::Search) -> anyhow::Result<ExitCode> {
    let lexicon = lexicon::open(&args.lexicon.data, args.lexicon.lexicon.as_deref())?;
    let library = library::open(&args.kb.kb, lexicon.as_ref())?;
    let reader = Reader::from(args.audience);
    let index = SearchIndex::new(&in_memory(&library, reader)?, &library, reader)?;
    let query = Redactor::default().redact(&args.query).clean_text;
    let lang: TextLang = match &args.lang {
        Some(code) => code.parse()?,
        None => library.analyser.analyse(&query).lang,
    };
    let wanted = Wanted::best(args.limit);
    let found = index.search(&library, &query, lang.article_lang(), wanted)?;
    let answer = answer(&query, &found, PageLang::from(lang));
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
    } else {
        print(&mut out, &answer)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, answer: &SearchAnswer) -> std::io::Result<()> {
    for result in &answer.results {
        let only = if result.other_language { " only" } else { "" };
        writeln!(out, "{}  [{}{only}]  {}", result.title, result.lang, result.url)?;
        writeln!(out, "    {}", result.snippet)?;
    }
    match &answer.did_you_mean {
        Some(other) => writeln!(out, "Nothing found. Did you mean: {other}"),
        None if answer.results.is_empty() => writeln!(out, "Nothing found."),
        None => Ok(()),
    }
}
