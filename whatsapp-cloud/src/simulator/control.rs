//! The control routes under `/_sim`: people act, faults are planned, time moves, the truth is told.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use whatsapp_core::Span;

use super::fact::Fact;
use super::faults::Faults;
use super::http::{NotWritten, Shared};
use super::people::Act;

const FILE_MAX: usize = 20 * 1024 * 1024;

pub(super) type App = State<Arc<Shared>>;
pub(super) type Made = Result<Response, NotWritten>;

/// One route: verb, path, and who answers.
pub(super) type Entry = (&'static str, &'static str, MethodRouter<Arc<Shared>>);

/// All routes under `/_sim`, and the way there. `openapi.json` describes each.
pub(super) fn table() -> Vec<Entry> {
    let mut all: Vec<Entry> = vec![
        ("get", "/", get(async || Redirect::temporary("/_sim/phone"))),
        ("get", "/_sim/openapi.json", get(openapi)),
        ("get", "/_sim/world", get(world)),
        ("get", "/_sim/state", get(state)),
        ("get", "/_sim/log", get(log)),
        ("post", "/_sim/inbound", post(inbound)),
        ("post", "/_sim/open", post(open)),
        ("post", "/_sim/preference", post(preference)),
        ("get", "/_sim/sends", get(sends)),
        ("get", "/_sim/threads", get(threads)),
        ("get", "/_sim/thread", get(thread)),
        ("get", "/_sim/faults", get(faults)),
        ("put", "/_sim/faults", put(plan)),
        ("post", "/_sim/clock/advance", post(advance)),
        ("post", "/_sim/templates/{id}", post(review)),
        ("post", "/_sim/media", post(upload)),
        ("get", "/_sim/media/{id}", get(file)),
    ];
    all.extend(super::levers::table());
    all.extend(super::office_levers::table());
    all.extend(super::phone_routes::table());
    all
}

/// The routes of the table.
pub(super) fn router() -> Router<Arc<Shared>> {
    let routed = table()
        .into_iter()
        .fold(Router::new(), |router, (_, path, answers)| router.route(path, answers));
    routed.layer(DefaultBodyLimit::max(FILE_MAX))
}

/// The description of these routes, kept beside them.
async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("openapi.json")).into_response()
}

pub(super) fn wrong(why: impl Into<String>) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": why.into()}))).into_response()
}

/// Reads a JSON body; says what is wrong with it.
pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

pub(super) fn done(result: Result<Value, String>) -> Response {
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
            "webhooks_given_up": world.hooks.given_up,
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
        let who = world.conversation_of(&of.who)?;
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

/// Somebody decides about a template in place of Meta.
async fn review(State(shared): App, Path(id): Path<String>, body: Bytes) -> Made {
    let decision: Value = match read(&body) {
        Ok(decision) => decision,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.decide_in_words(now, &id, decision))?;
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
    let NewFile { phone_number_id, filename } = new;
    let id = shared
        .with(|world, now| world.store_file(now, &phone_number_id, mime, filename, body, true))?;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_control_route_is_described_and_every_description_has_its_route() {
        let document: Value = serde_json::from_str(include_str!("openapi.json")).expect("JSON");
        let mut described = BTreeSet::new();
        for (path, verbs) in document["paths"].as_object().expect("paths") {
            for verb in verbs.as_object().expect("verbs").keys() {
                described.insert(format!("{verb} {path}"));
            }
        }
        let routed: BTreeSet<String> =
            table().iter().map(|(verb, path, _)| format!("{verb} {path}")).collect();
        assert_eq!(routed, described);
    }
}
