//! The one page of the console: its nonce, brand, language and direction are written into it, so that nothing
//! flashes and no script needs to stand in it.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse};
use rust_embed::EmbeddedFile;

use crate::docs::{escape, nonce};
use crate::error::ApiError;
use crate::state::{Answer, App};

/// Languages of the console, and which of them are written from the right.
const LANGUAGES: [(&str, &str); 8] = [
    ("en", "ltr"),
    ("es", "ltr"),
    ("pt-BR", "ltr"),
    ("fr", "ltr"),
    ("de", "ltr"),
    ("hi", "ltr"),
    ("ar", "rtl"),
    ("id", "ltr"),
];

const MISSING: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Console</title></head>\
<body><h1>The console is not built into this server</h1><p>Run <code>cargo xtask web</code>, then build the server \
again. The API works: see <a href=\"/api/docs\">its reference</a>.</p></body></html>";

/// The page.
pub(crate) fn answer(app: &App, index: Option<EmbeddedFile>, headers: &HeaderMap) -> Answer {
    let nonce = nonce(app.platform.env());
    let html = match index {
        Some(file) => fill(
            &String::from_utf8_lossy(&file.data),
            &nonce,
            &app.settings.brand,
            language(headers),
        ),
        None => MISSING.to_owned(),
    };
    let mut response = Html(html).into_response();
    let policy = HeaderValue::try_from(policy(app, &nonce))
        .map_err(|e| ApiError::internal(e.to_string()))?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

fn fill(index: &str, nonce: &str, brand: &str, (language, direction): (&str, &str)) -> String {
    index
        .replace("__CSP_NONCE__", nonce)
        .replacen("lang=\"en\" dir=\"ltr\"", &format!("lang=\"{language}\" dir=\"{direction}\""), 1)
        .replacen("<title>Console</title>", &format!("<title>{}</title>", escape(brand)), 1)
}

/// No inline script and no foreign origin; styles that components add at run time carry the nonce.
fn policy(app: &App, nonce: &str) -> String {
    let socket = match app.settings.origin() {
        Some(origin) => format!(" {}", origin.replacen("http", "ws", 1)),
        None => String::new(),
    };
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' blob:; \
         media-src 'self' blob:; font-src 'self'; connect-src 'self'{socket}; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// The first language that the browser asks for and the console has.
fn language(headers: &HeaderMap) -> (&'static str, &'static str) {
    let wanted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let tags = wanted.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let mut found =
        tags.filter_map(|tag| LANGUAGES.iter().find(|(name, _)| primary(name) == primary(tag)));
    found.next().copied().unwrap_or(("en", "ltr"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_speaks_the_browsers_language() {
        for (wanted, expected) in [
            ("ar-EG,ar;q=0.9,en;q=0.5", ("ar", "rtl")),
            ("pt,en", ("pt-BR", "ltr")),
            ("xx, hi;q=0.3", ("hi", "ltr")),
            ("", ("en", "ltr")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(wanted));
            assert_eq!(language(&headers), expected, "{wanted}");
        }
    }

    #[test]
    fn a_brand_cannot_bring_markup_into_the_page() {
        let index =
            "<html lang=\"en\" dir=\"ltr\"><title>Console</title><meta content=\"__CSP_NONCE__\">";
        let page = fill(index, "n1", "<script>", ("ar", "rtl"));
        assert_eq!(
            page,
            "<html lang=\"ar\" dir=\"rtl\"><title>&lt;script&gt;</title><meta content=\"n1\">"
        );
    }
}
