//! The control routes under `/_sim`: people act, faults are planned, time moves, the truth is told.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use whatsapp_core::Span;

use super::fact::Fact;
use super::faults::Faults;
use super::http::{NotWritten, Shared};
use super::people::Act;

const FILE_MAX: usize = 20 * 1024 * 1024;

type App = State<Arc<Shared>>;
type Made = Result<Response, NotWritten>;

/// All routes under `/_sim`, and the way there.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(async || Redirect::temporary("/_sim/phone")))
        .route("/_sim/world", get(world))
        .route("/_sim/state", get(state))
        .route("/_sim/log", get(log))
        .route("/_sim/inbound", post(inbound))
        .route("/_sim/open", post(open))
        .route("/_sim/preference", post(preference))
        .route("/_sim/sends", get(sends))
        .route("/_sim/threads", get(threads))
        .route("/_sim/thread", get(thread))
        .route("/_sim/faults", get(faults).put(plan))
        .route("/_sim/clock/advance", post(advance))
        .route("/_sim/templates/{id}", post(review))
        .route("/_sim/media", post(upload))
        .route("/_sim/media/{id}", get(file))
        .merge(super::phone_routes::router())
        .layer(DefaultBodyLimit::max(FILE_MAX))
}

fn wrong(why: impl Into<String>) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": why.into()}))).into_response()
}

/// Reads a JSON body; says what is wrong with it.
fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn done(result: Result<Value, String>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(why) => wrong(why),
    }
}

async fn world(State(shared): App) -> Made {
    Ok(Json(shared.with(|world, _| world.view_world(&shared.url))?).into_response())
}

/// The world's clock, and what webhooks are still to come.
async fn state(State(shared): App) -> Made {
    let view = shared.with(|world, now| {
        json!({
            "now": now.to_rfc3339(),
            "webhooks_waiting": world.hooks.open_items(),
            "next_webhook_at": world.hooks.next_due().map(whatsapp_core::Timestamp::to_rfc3339),
            "sends": world.sent.len(),
        })
    })?;
    Ok(Json(view).into_response())
}

async fn log(State(shared): App) -> Made {
    Ok(Json(shared.with(|world, _| json!({ "data": world.log }))?).into_response())
}

async fn inbound(State(shared): App, body: Bytes) -> Made {
    let act: Act = match read(&body) {
        Ok(act) => act,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.write(now, act))?;
    Ok(done(made.map(|wamid| json!({ "wamid": wamid }))))
}

#[derive(Deserialize)]
struct Opened {
    phone_number_id: String,
    who: String,
}

async fn open(State(shared): App, body: Bytes) -> Made {
    let asked: Opened = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.open(now, &asked.phone_number_id, &asked.who))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

#[derive(Deserialize)]
struct Wish {
    from: String,
    phone_number_id: Option<String>,
    stop: bool,
}

async fn preference(State(shared): App, body: Bytes) -> Made {
    let asked: Wish = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| {
        world.wish(now, asked.phone_number_id.as_deref(), &asked.from, asked.stop)
    })?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    after: usize,
    limit: Option<usize>,
}

async fn sends(State(shared): App, Query(part): Query<Part>) -> Made {
    let limit = part.limit.unwrap_or(10_000);
    let view = shared.with(|world, now| world.view_sends(part.after, limit, now))?;
    Ok(Json(view).into_response())
}

#[derive(Deserialize)]
struct Conversation {
    phone_number_id: String,
    #[serde(default)]
    who: String,
}

async fn threads(State(shared): App, Query(of): Query<Conversation>) -> Made {
    let view = shared.with(|world, _| world.view_threads(&of.phone_number_id, 200))?;
    Ok(Json(view).into_response())
}

async fn thread(State(shared): App, Query(of): Query<Conversation>) -> Made {
    let view = shared.with(|world, now| {
        let who = super::world::World::person(&of.who)?;
        Ok(world.view_thread(&of.phone_number_id, &who, now))
    })?;
    Ok(done(view))
}

async fn faults(State(shared): App) -> Made {
    Ok(Json(shared.with(|world, _| world.plan_left())?).into_response())
}

async fn plan(State(shared): App, body: Bytes) -> Made {
    let faults: Faults = match read(&body) {
        Ok(faults) => faults,
        Err(why) => return Ok(wrong(why)),
    };
    let kept = faults.clone();
    shared.with(|world, _| world.happen(Fact::Planned { faults: Box::new(faults) }))?;
    Ok(Json(kept).into_response())
}

#[derive(Deserialize)]
struct Advance {
    seconds: i64,
}

async fn advance(State(shared): App, body: Bytes) -> Made {
    let by: Advance = match read(&body) {
        Ok(by) => by,
        Err(why) => return Ok(wrong(why)),
    };
    if !(0..=366 * 86_400).contains(&by.seconds) {
        return Ok(wrong("seconds: 0 to one year"));
    }
    let now = shared.with(|world, now| {
        let step = Span::seconds(by.seconds);
        let ahead = world.ahead.as_micros().saturating_add(step.as_micros());
        world.happen(Fact::Clock { ahead });
        now + step
    })?;
    Ok(Json(json!({"now": now.to_rfc3339()})).into_response())
}

#[derive(Deserialize)]
struct Review {
    status: String,
    #[serde(default)]
    reason: String,
}

async fn review(State(shared): App, Path(id): Path<String>, body: Bytes) -> Made {
    let review: Review = match read(&body) {
        Ok(review) => review,
        Err(why) => return Ok(wrong(why)),
    };
    let reason = if review.reason.is_empty() { "NONE" } else { &review.reason };
    let made = shared.with(|world, now| world.review(now, &id, &review.status, reason))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

#[derive(Deserialize)]
struct NewFile {
    phone_number_id: String,
    #[serde(default)]
    filename: String,
}

/// A customer's file: the bytes are the body.
async fn upload(
    State(shared): App,
    Query(new): Query<NewFile>,
    headers: HeaderMap,
    body: Bytes,
) -> Made {
    let mime = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mime = mime.to_owned();
    if body.is_empty() || whatsapp_core::MediaKind::of_mime(&mime).is_err() {
        return Ok(wrong(format!("WhatsApp carries no files of type {mime:?}")));
    }
    let id = shared
        .with(|world, now| world.store_file(now, &new.phone_number_id, mime, new.filename, body))?;
    Ok(Json(json!({ "id": id })).into_response())
}

/// A file for the phone page. Only what a browser shows safely is shown, all else is downloaded.
async fn file(State(shared): App, Path(id): Path<String>) -> Made {
    let Some((mime, bytes)) = shared.with(|world, _| world.bytes_of(&id))? else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let safe = ["image/", "audio/", "video/"].iter().any(|kind| mime.starts_with(kind));
    let disposition = if safe { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, mime.as_str()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    Ok((headers, bytes).into_response())
}
