//! What the Graph API says of numbers and subscriptions.

use serde_json::{Value, json};

use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::routes::{Call, Node, Row, row};
use super::seed::Number;
use super::world::World;
use crate::transport::Verb;

/// The routes of numbers, accounts and subscriptions.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Number, "", Route::Account, number_details),
    row(Verb::Get, Node::Waba, "", Route::Account, waba_details),
    row(Verb::Get, Node::Waba, "phone_numbers", Route::Account, numbers),
    row(Verb::Get, Node::Waba, "subscribed_apps", Route::Account, subscriptions),
    row(Verb::Post, Node::Waba, "subscribed_apps", Route::Account, subscribe),
    row(Verb::Delete, Node::Waba, "subscribed_apps", Route::Account, unsubscribe),
    Row {
        verb: Verb::Get,
        node: Node::Name("debug_token"),
        edge: "",
        route: Route::Account,
        open: true,
        answer: debug_token,
    },
];

type Made = Result<Value, GraphError>;

fn number_details(world: &mut World, call: &Call) -> Made {
    let number = world.number(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    Ok(world.describe(number))
}

fn waba_details(world: &mut World, call: &Call) -> Made {
    let waba = world.waba(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    Ok(json!({
        "id": waba.id, "name": waba.name, "currency": "USD", "timezone_id": "25",
        "account_review_status": "APPROVED",
    }))
}

fn numbers(world: &mut World, call: &Call) -> Made {
    let waba = world.waba(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    let all: Vec<Value> = waba.numbers.iter().map(|number| world.describe(number)).collect();
    page(&all, call)
}

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

fn debug_token(world: &mut World, call: &Call) -> Made {
    let app_token = format!("{}|{}", world.app.id, world.app.secret);
    if call.token != app_token {
        world.check_token(&call.token)?;
    }
    if call.query("input_token") != Some(world.app.token.as_str()) {
        let error = json!({"code": 190, "message": "Invalid OAuth access token."});
        return Ok(json!({"data": {"is_valid": false, "scopes": [], "error": error}}));
    }
    let scopes = ["whatsapp_business_management", "whatsapp_business_messaging"];
    let wabas: Vec<&String> = world.wabas.iter().map(|waba| &waba.id).collect();
    let granular: Vec<Value> =
        scopes.iter().map(|scope| json!({"scope": scope, "target_ids": wabas})).collect();
    Ok(json!({"data": {
        "app_id": world.app.id, "type": "SYSTEM_USER", "application": "Simulated app",
        "expires_at": 0, "data_access_expires_at": 0, "is_valid": true,
        "scopes": scopes, "granular_scopes": granular,
    }}))
}

impl World {
    /// A number as `GET /{number}` and the list of numbers show it.
    fn describe(&self, number: &Number) -> Value {
        let name = self.waba_of(&number.id).map(|waba| waba.name);
        let (line, fast) = (self.line(&number.id), self.per_second(&number.id) >= 1_000);
        json!({
            "id": number.id, "display_phone_number": number.display, "verified_name": name,
            "quality_rating": "GREEN", "code_verification_status": "VERIFIED",
            "name_status": "APPROVED", "status": if line.unregistered { "DISCONNECTED" } else { "CONNECTED" }, "platform_type": "CLOUD_API",
            "account_mode": "LIVE", "throughput": {"level": if fast { "HIGH" } else { "STANDARD" }},
            "whatsapp_business_manager_messaging_limit": self.tier.as_str(),
            "is_official_business_account": false, "is_on_biz_app": line.throughput == super::lines::Throughput::Coexistence,
        })
    }
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
