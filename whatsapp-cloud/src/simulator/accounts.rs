//! What the Graph API says of subscriptions, and pages of lists.

use serde_json::{Value, json};
use whatsapp_core::{Span, Timestamp};

use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::routes::{Call, Node, Row, row};
use super::world::World;
use crate::transport::Verb;

/// The routes of subscriptions.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Waba, "subscribed_apps", Route::Account, subscriptions),
    row(Verb::Post, Node::Waba, "subscribed_apps", Route::Account, subscribe),
    row(Verb::Delete, Node::Waba, "subscribed_apps", Route::Account, unsubscribe),
];

type Made = Result<Value, GraphError>;

fn subscriptions(world: &mut World, call: &Call) -> Made {
    let data: Vec<Value> = world
        .callbacks
        .get(call.id())
        .map(|url| {
            let app = json!({"id": world.app.id, "name": "Simulated app", "link": "https://www.facebook.com/games/"});
            match url {
                Some(url) => json!({"whatsapp_business_api_data": app, "override_callback_uri": url}),
                None => json!({ "whatsapp_business_api_data": app }),
            }
        })
        .into_iter()
        .collect();
    Ok(json!({ "data": data }))
}

fn subscribe(world: &mut World, call: &Call) -> Made {
    let url = call.text("override_callback_uri")?.filter(|url| !url.is_empty());
    if let Err(why) = &call.callback {
        return Err(GraphError::new(2_200, format!("Callback verification failed: {why}")));
    }
    world.happen(Fact::Subscribed { waba: call.id().to_owned(), url });
    Ok(json!({"success": true}))
}

fn unsubscribe(world: &mut World, call: &Call) -> Made {
    world.happen(Fact::Unsubscribed { waba: call.id().to_owned() });
    Ok(json!({"success": true}))
}

/// A cursor holds so long. Meta tells no time, only that they end.
const CURSOR_HOLDS: Span = Span::hours(1);

/// A cursor is a place in the list and the second in which it was given out.
fn cursor(place: usize, now: Timestamp) -> String {
    format!("QVFI{place}Z{}", now.seconds())
}

fn place(cursor: &str, count: usize, now: Timestamp) -> Result<usize, GraphError> {
    let read = || {
        let (place, at) = cursor.strip_prefix("QVFI")?.split_once('Z')?;
        let place = place.parse::<usize>().ok().filter(|place| *place <= count)?;
        let age = now - Timestamp::from_seconds(at.parse().ok()?);
        (age < CURSOR_HOLDS).then_some(place)
    };
    read().ok_or_else(|| GraphError::new(131_059, "Bad cursor."))
}

/// A page of a list.
pub(super) fn page(all: &[Value], call: &Call) -> Made {
    let limit = call.query("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25_usize);
    let limit = limit.clamp(1, 250);
    let place = |cursor: &str| place(cursor, all.len(), call.now);
    let (start, end) = match (call.query("after"), call.query("before")) {
        (Some(after), _) => (place(after)?, place(after)?.saturating_add(limit)),
        (None, Some(before)) => (place(before)?.saturating_sub(limit), place(before)?),
        (None, None) => (0, limit),
    };
    let end = end.min(all.len());
    let [first, last] = [start, end].map(|place| cursor(place, call.now));
    let mut paging = json!({"cursors": {"before": first, "after": last}});
    if let Some(map) = paging.as_object_mut() {
        if end < all.len() {
            map.insert("next".into(), json!(neighbour(call, "after", &last)));
        }
        if start > 0 {
            map.insert("previous".into(), json!(neighbour(call, "before", &first)));
        }
    }
    Ok(json!({"data": all.get(start..end).unwrap_or_default(), "paging": paging}))
}

/// The address of the page before or after: the same question with another cursor.
fn neighbour(call: &Call, key: &str, cursor: &str) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(
        call.query.iter().filter(|(key, _)| !["after", "before"].contains(&key.as_str())),
    );
    pairs.append_pair(key, cursor);
    format!("{}?{}", call.address(), pairs.finish())
}
