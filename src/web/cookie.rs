//! Cookies: the session's and that of the chosen language.
//!
//! Under https the session's cookie is `__Host-zhinan`: the browser sends it to this host alone,
//! over TLS alone, and no other host can set it. Without https (the sample run on a loopback
//! address) browsers refuse that, so it is a plain `zhinan` there.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::people::secret::Secret;
use crate::people::session::LENGTH_MAX;

use super::language::PageLang;
use super::state::Settings;

/// The name of the cookie that keeps the language of staff pages.
pub const LANG: &str = "zhinan-lang";

fn is_https(settings: &Settings) -> bool {
    settings.public_url.starts_with("https://")
}

/// The name of the session's cookie.
pub fn name(settings: &Settings) -> &'static str {
    if is_https(settings) { "__Host-zhinan" } else { "zhinan" }
}

/// The cookie that opens a session.
pub fn open(settings: &Settings, secret: &Secret) -> HeaderValue {
    set(settings, name(settings), secret.text(), LENGTH_MAX.as_secs(), "; HttpOnly")
}

/// The cookie that ends it in the browser.
pub fn close(settings: &Settings) -> HeaderValue {
    set(settings, name(settings), "", 0, "; HttpOnly")
}

/// The cookie that keeps a language for a year.
pub fn lang(settings: &Settings, lang: PageLang) -> HeaderValue {
    set(settings, LANG, lang.path(), 365 * 24 * 3600, "")
}

fn set(settings: &Settings, name: &str, value: &str, age: i64, more: &str) -> HeaderValue {
    let secure = if is_https(settings) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax{more}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The value of a cookie; `None` if it was not sent, or sent twice.
pub fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(n, _)| *n == name).map(|(_, value)| value);
    let first = values.next();
    // Two cookies of one name mean that somebody else has set one of them.
    first.filter(|_| values.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; zhinan=abc; b=2"));
        assert_eq!(value(&headers, "zhinan"), Some("abc"));
        assert_eq!(value(&headers, "__Host-zhinan"), None);
        headers.append(COOKIE, HeaderValue::from_static("zhinan=other"));
        assert_eq!(value(&headers, "zhinan"), None);
    }
}
