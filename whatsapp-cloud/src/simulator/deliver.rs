//! Posts webhooks: when they are due, many at a time, again and later each time until they are answered 200.
//! And asks a callback address whether it is the right one.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use whatsapp_core::Span;

use super::chance::Chance;
use super::fact::Fact;
use super::hooks::WebhookCall;
use super::http::Shared;

const AT_ONCE: usize = 64;
/// How long to wait when nothing is due: something may have failed to wake us.
const IDLE: Duration = Duration::from_secs(5);

/// Runs for ever.
pub(super) async fn run(shared: Arc<Shared>) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut posts = JoinSet::new();
    loop {
        let taken = shared.with(|world, now| {
            let mut calls = world.due_calls(now);
            // Meta tells nobody who does not listen, and does not keep it for later.
            let lost = calls.extract_if(.., |call| call.url.is_none());
            let items: Vec<u64> = lost.flat_map(|call| call.items).collect();
            if !items.is_empty() {
                world.happen(Fact::Told { items });
            }
            let wait = world.hooks.next_due().map(|due| (due - now).max(Span::millis(1)).to_std());
            (calls, wait)
        });
        let Ok((calls, wait)) = taken else {
            tracing::error!("the simulator cannot write its log");
            return;
        };
        for call in calls {
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
            let shared = Arc::clone(&shared);
            posts.spawn(async move {
                deliver(&shared, call).await;
                drop(permit);
            });
        }
        while posts.try_join_next().is_some() {}
        tokio::select! {
            () = shared.changed.notified() => {}
            () = tokio::time::sleep(wait.unwrap_or(IDLE).min(IDLE)) => {}
        }
    }
}

async fn deliver(shared: &Shared, call: WebhookCall) {
    let Some(url) = &call.url else { return };
    let told = post(shared, url, &call).await;
    let items = call.items;
    let settled = shared.with(|world, now| {
        world.happen(if told { Fact::Told { items } } else { Fact::Untold { items, at: now } });
    });
    if settled.is_err() {
        tracing::error!("the simulator cannot write its log");
    }
    shared.changed.notify_one();
}

async fn post(shared: &Shared, url: &str, call: &WebhookCall) -> bool {
    let answer = shared
        .http
        .post(url)
        .header("content-type", "application/json")
        .header("x-hub-signature-256", &call.signature)
        .body(call.body.clone())
        .send()
        .await;
    let outcome = match answer {
        Ok(answer) if answer.status().as_u16() == 200 => return true,
        Ok(answer) => format!("HTTP {}", answer.status().as_u16()),
        Err(error) => error.without_url().to_string(),
    };
    tracing::debug!(outcome, "a webhook will be posted again");
    let noted = shared.with(|world, now| {
        let at = now.to_rfc3339();
        world.note(json!({"at": at, "what": "webhook not answered 200", "outcome": outcome}));
    });
    drop(noted); // a note is never written to disk
    false
}

/// The handshake: the address must echo the challenge to who knows its token.
pub(super) async fn verify_callback(
    shared: &Shared,
    url: &str,
    verify_token: &str,
) -> Result<(), String> {
    let asked = shared.with(|world, now| {
        let place = world.seed ^ now.micros().unsigned_abs();
        (place, world.faults.webhooks.wrong_verify_token)
    });
    let (place, wrong) = asked.unwrap_or_default();
    let verify_token = if wrong { "not the right token" } else { verify_token };
    let challenge = Chance::named(place, "challenge").digits(10);
    let query = [
        ("hub.mode", "subscribe"),
        ("hub.challenge", challenge.as_str()),
        ("hub.verify_token", verify_token),
    ];
    let answer = shared.http.get(url).query(&query).send().await;
    let answer = answer.map_err(|error| error.without_url().to_string())?;
    let status = answer.status().as_u16();
    let body = answer.text().await.map_err(|error| error.without_url().to_string())?;
    match (status, body == challenge) {
        (200, true) => Ok(()),
        (200, false) => Err("the response does not match the challenge".to_owned()),
        _ => Err(format!("HTTP Status Code = {status}")),
    }
}
