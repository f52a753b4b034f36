//! Control routes about accounts and tokens: customers sign up, codes are read, tokens end, people join and call.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde_json::json;

use super::control::{App, Entry, Made, done, read, wrong};
use super::office::Deed;
use super::signup::Wish;
use super::voice::Ring;

/// The routes of this file.
pub(super) fn table() -> Vec<Entry> {
    vec![
        ("get", "/_sim/codes", get(codes)),
        ("post", "/_sim/signup", post(signup)),
        ("post", "/_sim/tokens", post(tokens)),
        ("delete", "/_sim/numbers/{id}", delete(remove)),
        ("post", "/_sim/groups/{id}/join", post(join)),
        ("post", "/_sim/calls", post(calls)),
    ]
}

/// The verification codes that were sent to numbers.
async fn codes(State(shared): App) -> Made {
    Ok(Json(shared.with(|world, _| world.view_codes())?).into_response())
}

async fn signup(State(shared): App, body: Bytes) -> Made {
    let wish: Wish = match read(&body) {
        Ok(wish) => wish,
        Err(why) => return Ok(wrong(why)),
    };
    Ok(done(shared.with(|world, now| world.sign_up(now, wish))?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    token: Option<String>,
    after_seconds: Option<i64>,
    #[serde(default)]
    revoke: bool,
}

async fn tokens(State(shared): App, body: Bytes) -> Made {
    let asked: End = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| {
        world.end_token(now, asked.token.as_deref(), asked.after_seconds, asked.revoke)
    })?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

/// A number is deleted, as in WhatsApp Manager.
async fn remove(State(shared): App, Path(id): Path<String>) -> Made {
    let made = shared.with(|world, now| {
        let number = world.own_number(Some(&id))?;
        world.deed(now, Deed::Removed { number });
        Ok(json!({"success": true}))
    })?;
    Ok(done(made))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Join {
    who: String,
    #[serde(default)]
    leave: bool,
}

async fn join(State(shared): App, Path(id): Path<String>, body: Bytes) -> Made {
    let asked: Join = match read(&body) {
        Ok(asked) => asked,
        Err(why) => return Ok(wrong(why)),
    };
    let made = shared.with(|world, now| world.join_group(now, &id, &asked.who, asked.leave))?;
    Ok(done(made.map(|()| json!({"success": true}))))
}

async fn calls(State(shared): App, body: Bytes) -> Made {
    let ring: Ring = match read(&body) {
        Ok(ring) => ring,
        Err(why) => return Ok(wrong(why)),
    };
    Ok(done(shared.with(|world, now| world.ring(now, ring))?))
}
