//! `zhinan suggest`: which articles answer a ticket, for one text or a file of them.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use crate::cli;
use crate::kb::library::{Library, Reader};
use crate::lang::Lang;
use crate::suggest::leak::answer_leaks;
use crate::suggest::{Corpus, Decision, Matcher, Said, Suggestion, Suggestions};
use crate::text::redact::{Redacted, Redactor};

use super::{encoder, jsonl, lexicon, library, progress};

/// The most suggestions for a ticket.
const SUGGESTIONS_MAX: usize = 5;

#[derive(Deserialize)]
struct TicketLine {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct AnswerLine {
    id: String,
    lang: &'static str,
    decision: &'static str,
    suggestions: Vec<SuggestionView>,
    redactions: Vec<super::redact::RedactionView>,
    clean_text: String,
}

#[derive(Serialize)]
struct SuggestionView {
    article: String,
    lang: &'static str,
    confidence: f32,
    /// Bytes of the clean text: the piece that it answers.
    span: [usize; 2],
    why: Vec<WhyView>,
}

#[derive(Serialize)]
struct WhyView {
    feature: &'static str,
    evidence: String,
    weight: f32,
}

/// Runs the command.
pub fn run(args: &cli::Suggest) -> anyhow::Result<ExitCode> {
    let lexicon = lexicon::open(&args.lexicon.data, args.lexicon.lexicon.as_deref())?;
    let library = library::open(&args.kb.kb, lexicon.as_ref())?;
    let (phrasings, malformed) = library::learned(args.learned.as_deref())?;
    let reader = Reader::from(args.audience);
    let memo = encoder::memo(&args.encoder, &args.lexicon.data, args.audience.code())?;
    let said = Said { confirmed: phrasings, rejected: Vec::new() };
    let corpus = Corpus::of_library(&library, reader, &said).with_memo(memo.clone());
    let matcher = Matcher::of_corpus(&corpus, &library, reader);
    encoder::keep(memo.as_ref());
    let answerer = Answerer { library: &library, matcher: &matcher, reader };
    match (&args.text, &args.jsonl, &args.out) {
        (Some(text), ..) => {
            answerer.print(text)?;
            Ok(ExitCode::SUCCESS)
        }
        (None, Some(input), Some(out)) => {
            let skipped = answerer.file(input, out)? + malformed;
            Ok(ExitCode::from(u8::from(skipped > 0)))
        }
        _ => Ok(ExitCode::from(2)),
    }
}

struct Answerer<'a> {
    library: &'a Library,
    matcher: &'a Matcher,
    reader: Reader,
}

impl Answerer<'_> {
    fn answer(&self, text: &str) -> (Redacted, Suggestions) {
        let redacted = Redactor::default().redact(text);
        let analysis = self.library.analyser.analyse(&redacted.without_placeholders());
        let mut suggestions =
            self.matcher.suggest(&self.library.analyser, &analysis, self.reader, SUGGESTIONS_MAX);
        for suggestion in &mut suggestions.candidates {
            suggestion.span = redacted.in_clean_text(suggestion.span.clone());
        }
        let leaked = (&redacted.kinds(), redacted.clean_text.len());
        answer_leaks(&mut suggestions, self.library, self.reader, leaked, SUGGESTIONS_MAX);
        (redacted, suggestions)
    }

    fn file(&self, input: &Path, out: &Path) -> anyhow::Result<usize> {
        let lines = jsonl::read::<TicketLine>(input)?;
        let bar = progress::bar(lines.records.len(), "suggest");
        let mut answers = Vec::with_capacity(lines.records.len());
        for ticket in lines.records {
            let (redacted, found) = self.answer(&ticket.text);
            answers.push(AnswerLine {
                id: ticket.id,
                lang: found.lang.code(),
                decision: found.decision.code(),
                suggestions: found.candidates.iter().map(view).collect(),
                redactions: super::redact::views(&redacted),
                clean_text: redacted.clean_text,
            });
            bar.inc(1);
        }
        bar.finish_and_clear();
        jsonl::write(out, &answers)?;
        Ok(lines.malformed)
    }

    fn print(&self, text: &str) -> anyhow::Result<()> {
        let (redacted, found) = self.answer(text);
        let mut out = std::io::stdout().lock();
        for redaction in &redacted.redactions {
            writeln!(out, "! a secret was taken out of the text: {}", redaction.kind.code())?;
        }
        if found.decision == Decision::Abstain {
            writeln!(
                out,
                "Nothing fits ({}, best guess {:.0} %).",
                found.lang,
                found.confidence * 100.0
            )?;
            return Ok(());
        }
        for suggestion in found.shown() {
            let title = self.title(suggestion);
            writeln!(out, "{:3.0} %  {}  {title}", suggestion.confidence * 100.0, suggestion.id)?;
            for why in suggestion.why.iter().take(6) {
                writeln!(
                    out,
                    "       {} {} ({:.0} %)",
                    why.feature,
                    why.evidence,
                    why.weight * 100.0
                )?;
            }
        }
        Ok(())
    }

    fn title(&self, suggestion: &Suggestion) -> String {
        let lang: Lang = suggestion.lang;
        let id = suggestion.id.parse().ok();
        let article = id.and_then(|id| self.library.article(&id, lang, self.reader).cloned());
        article.map_or(String::new(), |a| a.meta.title.clone())
    }
}

fn view(suggestion: &Suggestion) -> SuggestionView {
    let why = suggestion.why.iter().map(|w| WhyView {
        feature: w.feature,
        evidence: w.evidence.clone(),
        weight: w.weight,
    });
    SuggestionView {
        article: suggestion.id.clone(),
        lang: suggestion.lang.code(),
        confidence: suggestion.confidence,
        span: [suggestion.span.start, suggestion.span.end],
        why: why.collect(),
    }
}
