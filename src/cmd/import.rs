//! `zhinan import`: articles of a folder, an archive or a file into the knowledge base, all or none.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use crate::cli;
use crate::data::DataDir;
use crate::exchange::archive::{self, File};
use crate::exchange::plan::{self, Here, Options, Plan, Verdict};
use crate::exchange::{self, folder};
use crate::kb::Diagnostic;
use crate::studio::history::Revision;
use crate::studio::{Studio, publish};
use crate::text::redact::Redactor;
use crate::time::{day, now};

/// Runs the command.
pub fn run(args: &cli::exchange::Import) -> anyhow::Result<ExitCode> {
    let files = files(&args.source)?;
    let kb = &args.kb.kb;
    // A server that answers from these files would read half of what is being written.
    let data = DataDir::new(&args.data);
    let hold = (!args.dry_run).then(|| -> anyhow::Result<_> {
        std::fs::create_dir_all(data.path())
            .with_context(|| format!("cannot create `{}`; see --data", data.path().display()))?;
        data.hold().context("while it serves, import in the studio: /studio/import")
    });
    let _hold = hold.transpose()?;
    let library = super::library::open(kb, None)?;
    let read = exchange::read(&files);
    let options = Options {
        replace: args.replace,
        arrive: args.status.into(),
        section: args.section.clone(),
        add_sections: args.add_sections,
        // Whoever runs this may write into the folder anyway.
        unapproved: true,
        owner: args.owner.clone(),
    };
    let bar = super::progress::bar(read.proposals.len(), "articles");
    let here = Here {
        library: &library,
        today: day(now()),
        redactor: &Redactor::default(),
        files: &|section, id| publish::read(kb, section, id),
        sections: &publish::read_sections(kb)?,
    };
    let plan = plan::plan(&here, read, &options, &|| bar.inc(1));
    bar.finish_and_clear();
    let written = !args.dry_run && !plan.is_refused();
    if written {
        write(kb, &data, &plan)?;
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{:#}", as_json(&plan, written))?;
    } else {
        print(&mut out, &plan)?;
        let last = match (plan.is_refused(), args.dry_run) {
            (true, _) => "nothing was written: correct what is refused and import it again",
            (false, true) => "nothing was written: this was a dry run",
            (false, false) => "written; `zhinan check` lists what to look at",
        };
        writeln!(out, "{last}")?;
    }
    Ok(ExitCode::from(u8::from(plan.is_refused())))
}

/// The files of what is to be imported.
#[expect(clippy::disallowed_methods, reason = "what is imported is read here alone")]
fn files(source: &Path) -> anyhow::Result<Vec<File>> {
    let shown = || format!("cannot read `{}`", source.display());
    let meta = std::fs::metadata(source).with_context(shown)?;
    if meta.is_dir() {
        return Ok(folder::files(source)?);
    }
    anyhow::ensure!(meta.is_file(), "`{}` is neither a file nor a folder", source.display());
    let most = archive::INPUT_BYTES_MAX as u64;
    anyhow::ensure!(
        meta.len() <= most,
        "`{}` has {} bytes, more than {most}; split it, or import a folder",
        source.display(),
        meta.len()
    );
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    Ok(archive::files(&name, std::fs::read(source).with_context(shown)?)?)
}

fn write(kb: &Path, data: &DataDir, plan: &Plan) -> anyhow::Result<()> {
    let studio = Studio::new(&data.studio());
    publish::write_all(kb, &studio.journal, &plan.batch)?;
    let bar = super::progress::bar(plan.batch.articles.len(), "history");
    for written in &plan.batch.articles {
        let revision = Revision {
            at: now().to_string(),
            by: "zhinan import".to_owned(),
            reason: String::new(),
            before: written.before.clone(),
            after: written.after.clone(),
        };
        studio.history.add(&written.id, &revision).context("cannot keep the history")?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

fn print(out: &mut impl Write, plan: &Plan) -> std::io::Result<()> {
    for item in plan.items.iter().filter(|item| item.verdict != Verdict::Same) {
        let section = item.section.as_deref().unwrap_or("?");
        let langs: Vec<&str> = item.langs.iter().map(|lang| lang.code()).collect();
        let detail = match &item.verdict {
            Verdict::Changed(fields) | Verdict::Skipped(fields) => fields.join("; "),
            _ => format!("{}: {}", langs.join(", "), item.title),
        };
        writeln!(out, "{:8} {section}/{}  {detail}", item.verdict.code(), item.id)?;
        if let Verdict::Refused(reasons) = &item.verdict {
            reasons.iter().try_for_each(|reason| indented(out, reason))?;
        }
    }
    plan.problems.iter().try_for_each(|problem| writeln!(out, "{problem}"))?;
    for (name, why) in &plan.left_out {
        writeln!(out, "left out {name}: {why}")?;
    }
    for section in &plan.sections {
        writeln!(out, "section  {section}  (added)")?;
    }
    let count = |code| plan.count(code);
    let warnings: usize = plan.items.iter().map(|item| item.warnings).sum();
    writeln!(
        out,
        "{} new, {} changed, {} same, {} left as they are, {} refused; {warnings} warnings",
        count("new"),
        count("changed"),
        count("same"),
        count("skipped"),
        count("refused"),
    )
}

fn indented(out: &mut impl Write, reason: &Diagnostic) -> std::io::Result<()> {
    reason.to_string().lines().try_for_each(|line| writeln!(out, "  {line}"))
}

fn as_json(plan: &Plan, written: bool) -> Value {
    let reason = |d: &Diagnostic| {
        json!({
            "file": d.path.to_string_lossy(), "line": d.line, "message": d.message, "help": d.help,
        })
    };
    let item = |item: &plan::Item| {
        let (fields, reasons) = match &item.verdict {
            Verdict::Changed(fields) | Verdict::Skipped(fields) => (fields.clone(), Vec::new()),
            Verdict::Refused(reasons) => (Vec::new(), reasons.iter().map(reason).collect()),
            Verdict::New | Verdict::Same => (Vec::new(), Vec::new()),
        };
        json!({
            "id": item.id.as_str(),
            "section": item.section,
            "title": item.title,
            "file": item.place.file,
            "line": item.place.line,
            "langs": item.langs.iter().map(|lang| lang.code()).collect::<Vec<_>>(),
            "verdict": item.verdict.code(),
            "changes": fields,
            "reasons": reasons,
            "warnings": item.warnings,
        })
    };
    json!({
        "articles": plan.items.iter().map(item).collect::<Vec<_>>(),
        "problems": plan.problems.iter().map(reason).collect::<Vec<_>>(),
        "left_out": plan.left_out.iter().map(|(name, why)| json!({ "file": name, "why": why })).collect::<Vec<_>>(),
        "sections": plan.sections,
        "written": written,
    })
}
