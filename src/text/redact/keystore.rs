//! Keystore files (encrypted private keys as JSON) and key files in PEM.
//!
//! In: the view. Out: findings from the outermost bracket to its match, or to the end of what was
//! pasted if the end is missing. Parses no JSON: people paste halves and escaped forms.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::view::View;
use super::{Finding, SecretKind};

/// A keystore has 400 to 1,000 bytes; brackets further apart belong to other data.
const KEYSTORE_BYTES_MAX: usize = 4096;
/// A long RSA key in PEM has about 3,300 bytes.
const PEM_BYTES_MAX: usize = 8192;

static CIPHERTEXT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    // Polkadot's files say "encoded", with how beside it.
    let encoded = r#"encoded\\?["']?\s*:\s*\\?["']?[0-9a-z+/=\\]{80,}\\?["']?\s*,\s*\\?["']?encoding\\?["']?"#;
    Regex::new(&format!(
        r#"ciphertext\\?["']?\s*[:=]\s*\\?["']?[0-9a-z+/=]{{24,}}\\?["']?|{encoded}"#
    ))
    .ok()
});

/// Finds keystores and key files.
pub(super) fn find(view: &View, found: &mut Vec<Finding>) {
    json(view, found);
    pem(view, found);
    putty(view, found);
}

fn json(view: &View, found: &mut Vec<Finding>) {
    let keys = view.keys();
    let Some(ciphertext) =
        CIPHERTEXT.as_ref().filter(|_| holds(keys, "ciphertext") || holds(keys, "\"encoded"))
    else {
        return;
    };
    let pairs = brackets(keys);
    let mut reached = 0;
    for m in ciphertext.find_iter(keys) {
        if m.start() < reached {
            continue;
        }
        // The outermost bracket around it that is not too wide; without one, the value alone.
        let near = m.start().saturating_sub(KEYSTORE_BYTES_MAX);
        let first = pairs.partition_point(|pair| pair.start < near);
        let around =
            pairs.get(first..).unwrap_or_default().iter().take_while(|p| p.start < m.start());
        let outer = around
            .into_iter()
            .find(|pair| pair.end >= m.end() && pair.len() <= KEYSTORE_BYTES_MAX)
            .cloned()
            .unwrap_or(m.range());
        reached = outer.end;
        found.push(Finding::new(SecretKind::Keystore, outer, m.as_str()));
    }
}

/// Matching braces by their start; what is never closed ends at the last brace or quote.
fn brackets(keys: &str) -> Vec<Range<usize>> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    let mut last_sign = 0;
    for (at, byte) in keys.bytes().enumerate() {
        match byte {
            b'{' => open.push(at),
            b'}' => pairs.extend(open.pop().map(|start| start..at + 1)),
            _ => {}
        }
        if matches!(byte, b'}' | b'"' | b'\'') {
            last_sign = at + 1;
        }
    }
    pairs.extend(open.into_iter().map(|start| start..last_sign.max(start + 1)));
    pairs.sort_by_key(|pair| pair.start);
    pairs
}

/// Most texts hold none of the words that are looked for: this is the fastest way to know.
fn holds(text: &str, part: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some()
}

fn pem(view: &View, found: &mut Vec<Finding>) {
    const END: &str = "-----end";
    let keys = view.keys();
    if !holds(keys, "-----begin") {
        return;
    }
    let mut reached = 0;
    for (start, _) in keys.match_indices("-----begin") {
        let head = super::context::after(keys, start, PEM_BYTES_MAX);
        let is_key = head.lines().next().is_some_and(|line| line.contains("private key"));
        if start < reached || !is_key {
            continue;
        }
        let end = head.find(END).map_or(head.len(), |at| {
            let tail = head.get(at + END.len()..).unwrap_or_default();
            at + END.len() + tail.find("-----").map_or(0, |dashes| dashes + 5)
        });
        reached = start + end;
        let secret = view.slice(start..reached);
        found.push(Finding::new(SecretKind::PrivateKey, start..reached, secret));
    }
}

/// Finds the private part of `.ppk` key files: the lines of base64 behind the count of lines.
fn putty(view: &View, found: &mut Vec<Finding>) {
    const START: &str = "private-lines:";
    if !holds(view.keys(), START) {
        return;
    }
    for (start, _) in view.keys().match_indices(START) {
        let part = super::context::after(view.text(), start, PEM_BYTES_MAX);
        let Some((head, rest)) = part.split_once('\n') else { continue };
        let is_base64 = |line: &&str| {
            let line = line.trim();
            let belongs = |b| u8::is_ascii_alphanumeric(&b) || matches!(b, b'+' | b'/' | b'=');
            line.len() > 2 && line.bytes().all(belongs)
        };
        let len: usize = rest.split_inclusive('\n').take_while(is_base64).map(str::len).sum();
        let body = rest.get(..len).unwrap_or_default().trim_end();
        if !body.is_empty() {
            let from = start + head.len() + 1;
            found.push(Finding::new(SecretKind::PrivateKey, from..from + body.len(), body));
        }
    }
}
