//! `zhinan check`: a library and a day in, everything that an editor should know out, at once.
//!
//! Errors are what would mislead or fail a reader (a dead link, a public page that leads to an
//! internal one); warnings are what an editor should look at. [`article`], [`references`],
//! [`language`] and [`secrets`] look at one language version, [`pair`] at both versions of an
//! article, [`questions`], [`golden`], [`phrasings`] and [`banners`] at the library as a whole. Nothing here
//! reads a file.

mod article;
mod banners;
mod golden;
mod language;
mod pair;
mod phrasings;
mod place;
mod questions;
mod references;
mod secrets;

use crate::kb::article::Article;
use crate::kb::diagnostic::Diagnostic;
use crate::kb::front_matter::Status;
use crate::kb::library::Library;
use crate::time::Date;

use place::Findings;

/// Checks a library as of `today`. Problems come in the order of their places.
pub fn check(library: &Library, today: Date) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for pair in library.pairs.values() {
        pair::check(library, pair, &mut all);
        for version in pair.versions().filter(|v| v.meta.status != Status::Archived) {
            version_alone(library, version, today, &mut all);
        }
    }
    banners::check(library, today, &mut all);
    questions::check(library, &mut all);
    golden::check(library, &mut all);
    phrasings::check(library, &mut all);
    all.sort();
    all.dedup();
    all
}

fn version_alone(library: &Library, version: &Article, today: Date, all: &mut Vec<Diagnostic>) {
    let mut findings = Findings { article: version, all };
    article::check(&mut findings, today);
    references::check(library, &mut findings);
    language::check(library.analyser.glossary(), &mut findings);
    secrets::check(&mut findings);
}
