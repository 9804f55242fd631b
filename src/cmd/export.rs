//! `zhinan export`: the articles for others, as an archive or a folder; the same articles give the
//! same bytes.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use crate::cli;
use crate::cli::exchange::ExportFormat;
use crate::exchange::archive::{self, File};
use crate::exchange::{folder, to_zendesk};
use crate::web::pages::templates::Templates;
use crate::web::site;

/// Runs the command.
pub fn run(args: &cli::exchange::Export) -> anyhow::Result<ExitCode> {
    let kb = &args.kb.kb;
    let files = match args.format {
        ExportFormat::Markdown => folder::knowledge_base(kb)?,
        ExportFormat::Zendesk => {
            to_zendesk::files(&super::library::open(kb, None)?, args.audience.into())
        }
        ExportFormat::Site => {
            let templates = Templates::new().context("the templates are broken")?;
            site::files(&templates, &super::library::open(kb, None)?)?
        }
    };
    let is_zip = args.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    if is_zip { write_zip(&args.out, &files) } else { write_folder(&args.out, &files) }?;
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} files, {bytes} bytes in `{}`", files.len(), args.out.display())?;
    Ok(ExitCode::SUCCESS)
}

fn write_zip(out: &Path, files: &[File]) -> anyhow::Result<()> {
    let bytes = archive::pack(files)?;
    let mut file = std::fs::File::create_new(out).with_context(|| {
        format!("cannot make `{}`; name a file that is not there yet", out.display())
    })?;
    file.write_all(&bytes).with_context(|| format!("cannot write `{}`", out.display()))
}

fn write_folder(out: &Path, files: &[File]) -> anyhow::Result<()> {
    std::fs::create_dir(out).with_context(|| {
        format!("cannot make `{}`; name a folder that is not there yet", out.display())
    })?;
    let bar = super::progress::bar(files.len(), "files");
    for file in files {
        let path = out.join(&file.name);
        let folder = path.parent().unwrap_or(out);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, &file.bytes))
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}
