//! The Graph API over HTTP: takes requests apart and lets the world answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde::Deserialize;

use super::batch::{form_value, read_parameters};
use super::deliver::verify_callback;
use super::http::{NotWritten, Shared, respond};
use super::routes::{Call, Carried, FormFile};
use crate::transport::Verb;

const BODY_MAX: usize = 110 * 1024 * 1024;

type App = State<Arc<Shared>>;
type Made = Result<Response, NotWritten>;

/// The routes under `/v{N}.0` and those of files.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/{version}/", any(root))
        .route("/{version}/{*path}", any(graph))
        .route("/_media/", get(file))
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

fn token(headers: &HeaderMap, query: &BTreeMap<String, String>) -> String {
    // A token in the address goes before the one in the header: so do clients that show the app's for one call.
    if let Some(token) = query.get("access_token") {
        return token.clone();
    }
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = header
        .and_then(|text| text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("OAuth ")));
    shown.map(str::to_owned).unwrap_or_default()
}

fn is_version(text: &str) -> bool {
    let parts = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(major, minor)| {
        [major, minor].iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// A call on no node: a batch.
async fn root(
    shared: App,
    Path(version): Path<String>,
    query: Query<BTreeMap<String, String>>,
    request: Request,
) -> Made {
    graph(shared, Path((version, String::new())), query, request).await
}

/// Any call of the Graph API.
async fn graph(
    State(shared): App,
    Path((version, path)): Path<(String, String)>,
    Query(query): Query<BTreeMap<String, String>>,
    request: Request,
) -> Made {
    let verb = match *request.method() {
        Method::GET => Verb::Get,
        Method::POST => Verb::Post,
        Method::DELETE => Verb::Delete,
        _ => return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response()),
    };
    if !is_version(&version) {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let token = token(request.headers(), &query);
    let mut call = Call {
        now: whatsapp_core::Timestamp::from_seconds(0), // set when the world is at hand
        verb,
        version,
        path: path.trim_end_matches('/').split('/').map(str::to_owned).collect(),
        query,
        carried: carried(request).await,
        token,
        base: shared.url.clone(),
        callback: Ok(()),
    };
    let is_message = call.path.last().is_some_and(|edge| edge.ends_with("messages"));
    if let Carried::Json(body) = &mut call.carried
        && !is_message
    {
        read_parameters(body);
    }
    // Whoever may not change the address must not make us ask it.
    let asked = shared.with(|world, now| {
        call.now = now;
        world.callback_of(&call)
    })?;
    if let Some((url, verify_token)) = asked {
        call.callback = verify_callback(&shared, &url, &verify_token).await;
    }
    let reply = shared.with(|world, now| {
        call.now = now;
        world.serve(&call)
    })?;
    Ok(respond(reply).await)
}

/// Reads what a request carries by its content type, as Meta does.
async fn carried(request: Request) -> Carried {
    let text = |headers: &HeaderMap, name: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_ascii_lowercase)
    };
    let kind = text(request.headers(), "content-type").unwrap_or_default();
    let offset = text(request.headers(), "file_offset");
    if let Some(offset) = offset {
        let offset = offset.parse().unwrap_or(u64::MAX);
        return match Bytes::from_request(request, &()).await {
            Ok(bytes) => Carried::Part { offset, bytes },
            Err(_) => Carried::NotJson,
        };
    }
    if kind.starts_with("multipart/form-data") {
        return match Multipart::from_request(request, &()).await {
            Ok(form) => read_form(form).await,
            Err(_) => Carried::NotJson,
        };
    }
    let Ok(body) = Bytes::from_request(request, &()).await else { return Carried::NotJson };
    if body.is_empty() {
        return Carried::Nothing;
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Carried::Json(form_value(url::form_urlencoded::parse(&body).into_owned()));
    }
    serde_json::from_slice(&body).map_or(Carried::NotJson, Carried::Json)
}

async fn read_form(mut form: Multipart) -> Carried {
    let (mut fields, mut file) = (BTreeMap::new(), None);
    while let Ok(Some(field)) = form.next_field().await {
        let key = field.name().unwrap_or_default().to_owned();
        let mime = field.content_type().map(str::to_owned);
        let name = field.file_name().map(str::to_owned);
        let Ok(bytes) = field.bytes().await else { return Carried::NotJson };
        if key == "file" {
            let mime = mime.unwrap_or_default();
            file = Some(FormFile { mime, name: name.unwrap_or_else(|| "file".to_owned()), bytes });
        } else {
            fields.insert(key, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Carried::Form { fields, file }
}

#[derive(Debug, Deserialize)]
struct Address {
    mid: String,
    ext: i64,
    hash: String,
}

/// The bytes of a file, with the token, for five minutes.
async fn file(State(shared): App, Query(address): Query<Address>, headers: HeaderMap) -> Made {
    let token = token(&headers, &BTreeMap::new());
    let found = shared.with(|world, now| {
        world.check_token(&token, now).ok()?;
        world.fetch(now, &address.mid, address.ext, &address.hash)
    })?;
    Ok(match found {
        Some((mime, bytes)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}
