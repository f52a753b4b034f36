//! Control routes that change people, numbers and templates: the levers of a test.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use super::control::{App, Entry, Made, done, read, wrong};
use super::fact::Fact;
use super::fate::Hold;
use super::lines::LineChange;
use super::persons::Person;
use super::tuning::MessagingLimit;
use super::world::World;

/// The routes of this file.
pub(super) fn table() -> Vec<Entry> {
    vec![
        ("get", "/_sim/people", get(person)),
        ("post", "/_sim/people", post(change_person)),
        ("post", "/_sim/people/move", post(move_person)),
        ("post", "/_sim/people/renew", post(renew_person)),
        ("get", "/_sim/numbers/{id}", get(number)),
        ("post", "/_sim/numbers/{id}", post(change_number)),
        ("post", "/_sim/coexistence/{id}/{what}", post(coexistence)),
        ("post", "/_sim/templates/{id}/hold", post(judge)),
        ("put", "/_sim/portfolio", put(portfolio)),
        ("put", "/_sim/callback", put(callback)),
        ("post", "/_sim/announce", post(announce)),
    ]
}

#[derive(Deserialize)]
struct Who {
    who: String,
}

/// How a person is told and reached.
async fn person(State(shared): App, Query(of): Query<Who>) -> Made {
    let view = shared.with(|world, _| {
        let who = World::person(&of.who)?;
        Ok(json!({
            "who": who, "wa_id": world.wa_id(&who), "user_id": world.user_id(&who),
            "identity_key_hash": world.identity_hash(&who), "name": world.names.get(&who),
            "special": world.person_of(&who),
        }))
    })?;
    Ok(done(view))
}

/// `who`, and what is different from now on.
async fn change_person(State(shared): App, body: Bytes) -> Made {
    let (who, change) = match split(&body) {
        Ok(parts) => parts,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.change_person(now, &who, change))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

fn split(body: &[u8]) -> Result<(String, Person), String> {
    let mut body: Value = read(body)?;
    let map = body.as_object_mut().ok_or("give an object")?;
    let who = map.remove("who").and_then(|who| who.as_str().map(str::to_owned));
    let change = serde_json::from_value(body).map_err(|error| error.to_string())?;
    Ok((who.ok_or("who: give a number or an id")?, change))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    from: String,
    to: String,
}

async fn move_person(State(shared): App, body: Bytes) -> Made {
    let asked: Moved = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.move_person(now, &asked.from, &asked.to))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renewed {
    who: String,
    user_id: Option<String>,
}

async fn renew_person(State(shared): App, body: Bytes) -> Made {
    let asked: Renewed = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.renew_person(now, &asked.who, asked.user_id))?;
    Ok(done(made.map(|user_id| json!({ "user_id": user_id }))))
}

/// What holds for a number.
async fn number(State(shared): App, Path(id): Path<String>) -> Made {
    let view = shared.with(|world, now| {
        let id = world.own_number(Some(&id))?;
        let line = world.line(&id);
        Ok(json!({
            "id": id, "registered": !line.unregistered, "throughput": line.throughput,
            "per_second": world.per_second(&id), "allow": line.allowed, "blocked": line.blocked,
            "quality": line.quality, "identity_check": line.identity_check,
            "callback": line.callback,
            "on_business_app": line.coexistence.is_some(),
            "upgrades": line.upgrades_until.is_some_and(|until| now < until),
        }))
    })?;
    Ok(done(view))
}

async fn change_number(State(shared): App, Path(id): Path<String>, body: Bytes) -> Made {
    let change: LineChange = match read(&body) {
        Ok(change) => change,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.change_line(now, &id, change))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

/// Something happens on the Business app: `onboard`, `echo`, `contact`, `disconnect`.
async fn coexistence(
    State(shared): App,
    Path((id, what)): Path<(String, String)>,
    body: Bytes,
) -> Made {
    let body: Value = match read(&body) {
        Ok(body) => body,
        Err(why) => return Ok(wrong(why)),
    };
    Ok(done(shared.with(|world, now| world.coexist(now, &id, &what, body))?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Judged {
    what: Hold,
}

async fn judge(State(shared): App, Path(id): Path<String>, body: Bytes) -> Made {
    let asked: Judged = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.judge(now, &id, asked.what))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Portfolio {
    messaging_limit: MessagingLimit,
}

async fn portfolio(State(shared): App, body: Bytes) -> Made {
    let asked: Portfolio = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let tier = asked.messaging_limit;
    shared.with(|world, now| world.happen(Fact::Tier { tier, at: now }))?;
    Ok(Json(json!({"messaging_limit": tier})).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Callback {
    url: Option<String>,
}

/// Where webhooks go that no override leads elsewhere.
async fn callback(State(shared): App, body: Bytes) -> Made {
    let asked: Callback = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let url = asked.url.filter(|url| !url.is_empty());
    if url.as_ref().is_some_and(|url| url.parse::<url::Url>().is_err()) {
        return Ok(wrong("url: this is no address"));
    }
    shared.with(|world, _| world.happen(Fact::Listens { url: url.clone() }))?;
    Ok(Json(json!({ "url": url })).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Announcement {
    waba_id: Option<String>,
    field: String,
    value: Value,
}

/// Meta tells something of an account for reasons of its own.
async fn announce(State(shared): App, body: Bytes) -> Made {
    let Announcement { waba_id, field, value } = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.announce(now, waba_id.as_deref(), &field, value))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}
