//! Where an article leads: other articles, the company's own addresses, and nowhere else.

use std::sync::LazyLock;

use regex::Regex;

use crate::id::ArticleId;
use crate::kb::article::Article;
use crate::kb::library::Library;
use crate::text::entity::{EntityKind, entities};
use crate::text::redact::SecretKind;

use super::place::{Findings, body_line, passages, value_line};

/// The company's domain; its subdomains are its own as well.
const DOMAIN: &str = "harborwallet.example";

pub(super) fn check(library: &Library, findings: &mut Findings<'_>) {
    let article = findings.article;
    for slug in &article.meta.related {
        let line = value_line(article, "related", slug);
        target(library, findings, line, slug);
    }
    for kind in article.meta.answers_leak.iter().filter(|k| SecretKind::from_code(k).is_none()) {
        let line = value_line(article, "answers_leak", kind);
        let known = SecretKind::ALL.map(SecretKind::code).join(", ");
        let message = format!("`{kind}` is no kind of secret");
        findings.error(line, message, &format!("use one of {known}"));
    }
    for link in &article.body.links {
        let line = body_line(article, link.line);
        match link.target.strip_prefix("article:") {
            Some(slug) => target(library, findings, line, slug),
            None if is_own(article, &link.target) => {}
            None => {
                let message = format!("the link `{}` leads elsewhere", link.target);
                let help = "link to `article:SLUG`, `https://harborwallet.example` or \
                            `mailto:…@harborwallet.example` only";
                findings.warning(line, message, help);
            }
        }
    }
    addresses(findings);
}

/// Another article, which must exist and be open to everyone who can read this one.
fn target(library: &Library, findings: &mut Findings<'_>, line: usize, slug: &str) {
    let pair = slug.parse::<ArticleId>().ok().and_then(|id| library.pairs.get(&id));
    let Some(pair) = pair else {
        let message = format!("there is no article `{slug}`");
        return findings.error(line, message, "use the folder name of an article, or leave it out");
    };
    let article = findings.article;
    if article.is_public() && !pair.versions().any(|v| v.is_public()) {
        let message = format!("`{slug}` is not for the public, but this article is");
        findings.error(line, message, "leave it out, or publish that article first");
    } else if article.is_published() && !pair.versions().any(|v| v.is_published()) {
        let message = format!("`{slug}` is not published, but this article is");
        findings.error(line, message, "leave it out, or publish that article first");
    }
}

fn is_own(article: &Article, target: &str) -> bool {
    if let Some(anchor) = target.strip_prefix('#') {
        return article.body.headings.iter().any(|h| h.anchor == anchor);
    }
    if let Some(mailbox) = target.strip_prefix("mailto:") {
        return mailbox
            .split('?')
            .next()
            .and_then(|m| m.split_once('@'))
            .is_some_and(|m| m.1 == DOMAIN);
    }
    target.strip_prefix("https://").is_some_and(|rest| is_own_host(host(rest)))
}

fn host(address: &str) -> &str {
    address.split(['/', '?', '#', ':']).next().unwrap_or_default()
}

fn is_own_host(host: &str) -> bool {
    host.strip_suffix(DOMAIN).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
}

/// Telephone numbers: international, North American, mainland mobile, 400 service, landline.
static PHONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\+\d{1,3}[\s.-]?\(?\d{1,4}\)?(?:[\s.-]?\d{2,4}){2,4}
        | (?:\(\d{3}\)\s?|(?-u:\b)\d{3}[\s.-])\d{3}[\s.-]\d{4}(?-u:\b)
        | (?-u:\b)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?-u:\b)
        | (?-u:\b)[48]00[\s-]?\d{3}[\s-]?\d{4}(?-u:\b)
        | (?-u:\b)0\d{2,3}[\s-]\d{7,8}(?-u:\b)",
    )
    .ok()
});

/// Web addresses and telephone numbers that stand in the text itself. Scammers live from readers
/// who are used to dialling and typing what a page tells them.
fn addresses(findings: &mut Findings<'_>) {
    for passage in passages(findings.article) {
        let found = entities(passage.text);
        for domain in found.iter().filter(|e| e.kind == EntityKind::Domain) {
            // `.example` is reserved: what stands there is an example of a false address.
            if !domain.value.ends_with(".example") {
                let message = format!("`{}` is an address of somebody else", domain.value);
                let help =
                    "describe the site instead of naming it; copies of it are one letter away";
                findings.warning(passage.line, message, help);
            }
        }
        let Some(phone) = PHONE.as_ref() else { continue };
        for number in phone.find_iter(passage.text) {
            // The digits of a hash or an address are no number to dial.
            let (start, end) = (number.start(), number.end());
            if !found.iter().any(|e| e.range.start < end && start < e.range.end) {
                let message = format!("`{}` looks like a telephone number", number.as_str());
                let help = "support has no telephone; name the contact form instead";
                findings.warning(passage.line, message, help);
            }
        }
    }
}
