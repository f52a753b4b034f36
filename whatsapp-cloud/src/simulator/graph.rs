//! The Graph API's routes: they take requests apart and let the world answer.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde::Deserialize;
use serde_json::Value;

use super::accept::Reply;
use super::accounts::Window;
use super::deliver::verify_callback;
use super::error::GraphError;
use super::faults::Route;
use super::http::{NotWritten, Shared, respond};

const BODY_MAX: usize = 110 * 1024 * 1024;

type App = State<Arc<Shared>>;
type Made = Result<Response, NotWritten>;

/// The routes under `/v{N}.0` and those of files.
pub(super) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/{version}/{id}", any(node))
        .route("/{version}/{id}/{edge}", any(edge))
        .route("/{version}/{id}/media", any(media))
        // Files come from another host at Meta, which asks for no proof.
        .route_layer(from_fn_with_state(Arc::clone(shared), proven))
        .route("/_media/", get(file))
        .layer(DefaultBodyLimit::max(BODY_MAX))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    access_token: Option<String>,
    appsecret_proof: Option<String>,
    phone_number_id: Option<String>,
    input_token: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
    status: Option<String>,
    name: Option<String>,
    language: Option<String>,
}

impl Asked {
    fn window(&self) -> Window {
        Window { limit: self.limit, after: self.after.clone() }
    }
}

fn token(headers: &HeaderMap, asked: &Asked) -> String {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header
        .and_then(|text| text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("OAuth ")));
    bearer.map(str::to_owned).or_else(|| asked.access_token.clone()).unwrap_or_default()
}

fn is_version(text: &str) -> bool {
    let parts = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(major, minor)| {
        [major, minor].iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// Checks `appsecret_proof` before anything else happens, where a call gives one.
async fn proven(
    State(shared): App,
    Query(asked): Query<Asked>,
    request: Request,
    next: Next,
) -> Made {
    if let Some(proof) = &asked.appsecret_proof {
        let token = token(request.headers(), &asked);
        if let Err(error) = shared.with(|world, _| world.check_proof(&token, proof))? {
            return Ok(respond(Reply::Answer(error.status, error.body("A0"))).await);
        }
    }
    Ok(next.run(request).await)
}

/// Answers a call that needs nothing but the world.
async fn answer(
    shared: &Shared,
    route: Route,
    work: impl FnOnce(&mut super::world::World, whatsapp_core::Timestamp) -> Result<Value, GraphError>,
) -> Made {
    let reply = shared.with(|world, now| world.answer(route, None, now, |w, _| work(w, now)))?;
    Ok(respond(reply).await)
}

/// `/{version}/{id}`: a number, an account, a file, or `debug_token`.
async fn node(
    State(shared): App,
    Path((version, id)): Path<(String, String)>,
    method: Method,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Made {
    let token = token(&headers, &asked);
    if !is_version(&version) {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    if id == "debug_token" {
        let input = asked.input_token.unwrap_or_default();
        return answer(&shared, Route::Account, |w, _| w.debug_token(&token, &input)).await;
    }
    let is_file =
        shared.with(|world, _| world.number(&id).is_none() && world.waba(&id).is_none())?;
    let base = shared.url.clone();
    match (method, is_file) {
        (Method::GET, true) => {
            answer(&shared, Route::Media, |world, now| {
                world.locate(now, &token, &id, asked.phone_number_id.as_deref(), &base)
            })
            .await
        }
        (Method::DELETE, true) => {
            answer(&shared, Route::Media, |world, _| world.delete_file(&token, &id)).await
        }
        (Method::GET, false) => {
            answer(&shared, Route::Account, |world, _| {
                if world.waba(&id).is_some() {
                    world.waba_details(&token, &id)
                } else {
                    world.number_details(&token, &id)
                }
            })
            .await
        }
        _ => answer(&shared, Route::Account, |_, _| Err(GraphError::no_object(&id))).await,
    }
}

/// `/{version}/{id}/{edge}`.
async fn edge(
    State(shared): App,
    Path((version, id, edge)): Path<(String, String, String)>,
    method: Method,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let token = token(&headers, &asked);
    if !is_version(&version) {
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let base = format!("{}/{version}", shared.url);
    match (method.as_str(), edge.as_str()) {
        ("POST", "messages") => messages(&shared, &token, &id, &body).await,
        ("GET", "phone_numbers") => {
            answer(&shared, Route::Account, |world, _| {
                world.numbers(&token, &id, &asked.window(), &base)
            })
            .await
        }
        ("GET", "message_templates") => {
            let only = [
                ("status", asked.status.clone()),
                ("name", asked.name.clone()),
                ("language", asked.language.clone()),
            ];
            answer(&shared, Route::Templates, |world, _| {
                world.templates(&token, &id, &asked.window(), &only, &base)
            })
            .await
        }
        ("GET", "subscribed_apps") => {
            answer(&shared, Route::Account, |world, _| world.subscriptions(&token, &id)).await
        }
        ("POST", "subscribed_apps") => subscribe(&shared, &token, &id, &body).await,
        ("DELETE", "subscribed_apps") => {
            answer(&shared, Route::Account, |world, _| world.unsubscribe(&token, &id)).await
        }
        _ => {
            answer(&shared, Route::Account, |_, _| {
                Err(GraphError::new(2_500, format!("Unknown path components: /{edge}")))
            })
            .await
        }
    }
}

async fn messages(shared: &Shared, token: &str, id: &str, body: &[u8]) -> Made {
    let reply = match serde_json::from_slice::<Value>(body) {
        Ok(body) => shared.with(|world, now| world.messages(now, token, id, &body))?,
        Err(_) => {
            let error = GraphError::new(100, "The body is not JSON.");
            Reply::Answer(error.status, error.body("A0"))
        }
    };
    Ok(respond(reply).await)
}

#[derive(Debug, Default, Deserialize)]
struct Subscription {
    override_callback_uri: Option<String>,
    verify_token: Option<String>,
}

async fn subscribe(shared: &Shared, token: &str, id: &str, body: &[u8]) -> Made {
    let asked: Subscription = if body.is_empty() {
        Subscription::default()
    } else {
        match serde_json::from_slice(body) {
            Ok(asked) => asked,
            Err(_) => {
                let wrong = || Err(GraphError::new(100, "The body is not JSON."));
                return answer(shared, Route::Account, |_, _| wrong()).await;
            }
        }
    };
    let url = asked.override_callback_uri.filter(|url| !url.is_empty());
    if let Some(url) = &url {
        let allowed = shared.with(|world, _| world.check_waba(token, id))?;
        let verified = match allowed {
            Ok(()) => {
                let verify_token = asked.verify_token.unwrap_or_default();
                let asked = verify_callback(shared, url, &verify_token).await;
                asked.map_err(|why| {
                    GraphError::new(2_200, format!("Callback verification failed: {why}"))
                })
            }
            Err(error) => Err(error),
        };
        if let Err(error) = verified {
            return answer(shared, Route::Account, |_, _| Err(error)).await;
        }
    }
    answer(shared, Route::Account, |world, _| world.subscribe(token, id, url)).await
}

/// `POST /{version}/{number}/media`.
async fn media(
    State(shared): App,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Made {
    let token = token(&headers, &asked);
    let mut found: Option<(String, String, Bytes)> = None;
    let mut product = false;
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let mime = field.content_type().unwrap_or_default().to_owned();
        let filename = field.file_name().unwrap_or("file").to_owned();
        let Ok(bytes) = field.bytes().await else { break };
        match name.as_str() {
            "file" => found = Some((mime, filename, bytes)),
            "messaging_product" => product = &bytes[..] == b"whatsapp",
            _ => {}
        }
    }
    answer(&shared, Route::Media, |world, now| match found {
        Some((mime, filename, bytes)) if product => {
            world.upload(now, &token, &id, &mime, &filename, bytes)
        }
        _ => Err(GraphError::new(100, "messaging_product and file are required.")),
    })
    .await
}

#[derive(Debug, Deserialize)]
struct Address {
    mid: String,
    ext: i64,
    hash: String,
}

/// The bytes of a file, with the token, for five minutes.
async fn file(State(shared): App, Query(address): Query<Address>, headers: HeaderMap) -> Made {
    let token = token(&headers, &Asked::default());
    let found = shared.with(|world, now| {
        world.check_token(&token).ok()?;
        world.fetch(now, &address.mid, address.ext, &address.hash)
    })?;
    Ok(match found {
        Some((mime, bytes)) => ([(header::CONTENT_TYPE, mime)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}
