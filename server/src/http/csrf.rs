//! Requests that a foreign page made a browser send are refused: an unsafe request with a cookie needs our
//! header, our content type, and an origin of ours. Looks at headers only.

use axum::http::{HeaderMap, Method, StatusCode, header};
use url::Url;

use crate::ServerSettings;
use crate::config::is_loopback;
use crate::error::ApiError;

/// Where the development server of the console runs.
const DEVELOPMENT: [&str; 2] = ["http://localhost:5173", "http://127.0.0.1:5173"];

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a page of ours made the request.
pub(crate) fn is_own_origin(settings: &ServerSettings, headers: &HeaderMap) -> bool {
    let Some(origin) = text(headers, "origin") else {
        return text(headers, "sec-fetch-site") == Some("same-origin");
    };
    if settings.origin().as_deref() == Some(origin) {
        return true;
    }
    if settings.development && DEVELOPMENT.contains(&origin) {
        return true;
    }
    // Under another name of this machine. Never under just any name that leads here: a stranger's may, too.
    if !settings.loopback {
        return false;
    }
    let host = text(headers, header::HOST.as_str());
    let scheme = if settings.is_https() { "https" } else { "http" };
    let parsed = Url::parse(origin).ok();
    parsed.is_some_and(|url| {
        url.scheme() == scheme
            && is_loopback(&url)
            && host.is_some()
            && origin.split_once("://").map(|(_, authority)| authority) == host
    })
}

/// Checks an unsafe request of the console.
///
/// # Errors
/// 403 `CSRF` saying what is missing; 415 `CONTENT_TYPE`.
pub(crate) fn check(
    settings: &ServerSettings,
    method: &Method,
    headers: &HeaderMap,
    upload: bool,
) -> Result<(), ApiError> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let refused = |message: &str| Err(ApiError::new(StatusCode::FORBIDDEN, "CSRF", message));
    if text(headers, "x-csrf") != Some("1") {
        return refused("the header X-CSRF: 1 is missing");
    }
    if !is_own_origin(settings, headers) {
        return refused("the request does not come from a page of this server");
    }
    let kind = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let wanted = if upload { "multipart/form-data" } else { "application/json" };
    if essence != wanted {
        let message = format!("send the body as {wanted}");
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "CONTENT_TYPE", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use whatsapp_core::Secret;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (header::HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        let settings = ServerSettings::new("https://chat.example.com", Secret::from("x"));
        let base = [("x-csrf", "1"), ("content-type", "application/json; charset=utf-8")];
        let cases: [(&[(&'static str, &'static str)], bool); 7] = [
            (&[], false),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://chat.example.com")], true),
            (&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "http://chat.example.com"), ("host", "chat.example.com")], false),
            (&[("origin", "null")], false),
        ];
        for (more, passes) in cases {
            let all: Vec<(&'static str, &'static str)> = base.iter().chain(more).copied().collect();
            let result = check(&settings, &Method::POST, &headers(&all), false);
            assert_eq!(result.is_ok(), passes, "{more:?}");
        }
    }
}
