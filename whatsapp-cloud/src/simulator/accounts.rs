//! What the Graph API says of subscriptions, and pages of lists.

use serde_json::{Value, json};

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

/// A page of a list. A cursor is the place of the last entry.
pub(super) fn page(all: &[Value], call: &Call) -> Made {
    let start = match call.query("after") {
        None => 0,
        Some(cursor) => {
            let place = cursor.strip_prefix("QVFI").and_then(|place| place.parse::<usize>().ok());
            place
                .filter(|p| *p <= all.len())
                .ok_or_else(|| GraphError::new(131_059, "Bad cursor."))?
        }
    };
    let limit = call.query("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25_usize);
    let end = (start + limit.clamp(1, 250)).min(all.len());
    let data = all.get(start..end).unwrap_or_default();
    let cursors = json!({"before": format!("QVFI{start}"), "after": format!("QVFI{end}")});
    let paging = if end < all.len() {
        json!({"cursors": cursors, "next": format!("{}?limit={limit}&after=QVFI{end}", call.address())})
    } else {
        json!({ "cursors": cursors })
    };
    Ok(json!({"data": data, "paging": paging}))
}
