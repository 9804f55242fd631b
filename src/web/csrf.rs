//! Forms are accepted from our own pages only.
//!
//! A browser says where a form comes from in `Sec-Fetch-Site`; older ones say it in `Origin`. A
//! form without either is refused: programs have the JSON API, whose content type no foreign page
//! can send.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::Problem;

/// Refuses forms from elsewhere.
pub async fn protect(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_own(request.headers()) {
        return next.run(request).await;
    }
    refusal().into_response()
}

/// Why a form is refused.
pub fn refusal() -> Problem {
    let title = "this form was sent from another site";
    Problem::new(StatusCode::FORBIDDEN, "cross-site", title)
        .detail("open the page here and send the form again; programs use /api/v1")
}

/// Returns true if and only if a request comes from one of our own pages.
pub fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if headers.contains_key("sec-fetch-site") {
        return matches!(text("sec-fetch-site"), Some("same-origin" | "none"));
    }
    let origin = text(ORIGIN.as_str()).and_then(|o| o.split_once("://")).map(|(_, at)| at);
    origin.is_some() && origin == text(HOST.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)], expected: bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        assert_eq!(is_own(&map), expected, "{headers:?}");
    }

    #[test]
    fn knows_its_own_forms() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "none")], true);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], false);
        check(&[("origin", "http://a:8080"), ("host", "a:8080")], true);
        check(&[("origin", "http://b"), ("host", "a")], false);
        check(&[("origin", "null"), ("host", "a")], false);
        check(&[("host", "a")], false);
    }
}
