//! The phone page and its parts, as they are served; and what only the phone asks for. Never anything from
//! elsewhere: the page is whole without a net.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::control::Entry;
use super::http::{NotWritten, Shared};

/// Name, type and text of each part.
const PARTS: [(&str, &str, &str); 11] = [
    ("phone.css", "text/css", include_str!("phone/phone.css")),
    ("kinds.css", "text/css", include_str!("phone/kinds.css")),
    ("main.js", SCRIPT, include_str!("phone/main.js")),
    ("core.js", SCRIPT, include_str!("phone/core.js")),
    ("thread.js", SCRIPT, include_str!("phone/thread.js")),
    ("bubbles.js", SCRIPT, include_str!("phone/bubbles.js")),
    ("interactive.js", SCRIPT, include_str!("phone/interactive.js")),
    ("template.js", SCRIPT, include_str!("phone/template.js")),
    ("forms.js", SCRIPT, include_str!("phone/forms.js")),
    ("compose.js", SCRIPT, include_str!("phone/compose.js")),
    ("faults.js", SCRIPT, include_str!("phone/faults.js")),
];
const SCRIPT: &str = "text/javascript";

/// Scripts only from here; pictures and sounds from where a business puts them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
    img-src * data: blob:; media-src * blob:; base-uri 'none'; form-action 'none'";

/// The routes of the phone.
pub(super) fn table() -> Vec<Entry> {
    vec![
        ("get", "/_sim/phone", get(page)),
        ("get", "/_sim/phone/{part}", get(part)),
        ("post", "/_sim/block", post(block)),
    ]
}

async fn page() -> Response {
    served("text/html", include_str!("phone/phone.html"))
}

async fn part(Path(name): Path<String>) -> Response {
    match PARTS.iter().find(|(part, ..)| *part == name) {
        Some((_, kind, text)) => served(kind, text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn served(kind: &str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format!("{kind}; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, text).into_response()
}

#[derive(Deserialize)]
struct Block {
    from: String,
    phone_number_id: String,
    block: bool,
}

/// A customer blocks the business, or lets it in again.
async fn block(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, NotWritten> {
    let asked: Block = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => return Ok(wrong(&error.to_string())),
    };
    let made = shared
        .with(|world, now| world.block(now, &asked.phone_number_id, &asked.from, asked.block))?;
    Ok(match made {
        Ok(()) => Json(json!({"success": true})).into_response(),
        Err(why) => wrong(&why),
    })
}

fn wrong(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": why}))).into_response()
}
