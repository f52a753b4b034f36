//! The console: pages and their files, embedded at build time. For every address that is no file the page
//! itself, which finds its way; never for `/api`.

mod page;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::error::ApiError;
use crate::state::{Answer, App};

#[derive(RustEmbed)]
#[folder = "web/dist/console"]
struct Files;

/// Everything that no route of the table serves.
pub(crate) async fn serve(State(app): State<App>, request: Request) -> Answer {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") || path.starts_with("/socket.io") {
        return Err(not_found());
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            "only GET here",
        ));
    }
    let name = path.trim_start_matches('/');
    match Files::get(name).filter(|_| name != "index.html" && !name.starts_with('.')) {
        Some(file) => Ok(asset(name, file, request.headers())),
        // A file that is gone must not become a page: the browser would take it for a script.
        None if name.starts_with("assets/") => Err(not_found()),
        None => page::answer(&app, Files::get("index.html"), request.headers()),
    }
}

fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "ROUTE_NOT_FOUND", "there is nothing under this address")
}

fn asset(name: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = tag(&file);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    // Names in `assets` carry a hash of their content, but for the one that boots the page.
    let hashed = name.starts_with("assets/") && !name.starts_with("assets/boot");
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    let mut response = Body::from(file.data).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
    response
}

fn tag(file: &EmbeddedFile) -> HeaderValue {
    let hex: String =
        file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{hex}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("\"-\""))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
