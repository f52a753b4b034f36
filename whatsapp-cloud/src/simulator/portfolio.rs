//! The Graph API's routes of accounts, of the businesses they are of, and of where the app's webhooks go.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::accounts::page;
use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::office::{Deed, Made, done, fields, params, refused, select, typed};
use super::routes::{Call, Node, Row, row};
use super::seed::Waba;
use super::world::World;
use crate::api::WabaChange;
use crate::transport::Verb;

/// The routes of this family.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Waba, "", Route::Account, details),
    row(Verb::Post, Node::Waba, "", Route::Account, change),
    row(Verb::Get, Node::Waba, "assigned_users", Route::Account, users),
    row(Verb::Post, Node::Waba, "assigned_users", Route::Account, assign),
    row(Verb::Delete, Node::Waba, "assigned_users", Route::Account, unassign),
    row(Verb::Get, Node::Business, "owned_whatsapp_business_accounts", Route::Account, owned),
    row(Verb::Get, Node::Business, "client_whatsapp_business_accounts", Route::Account, clients),
    app(Verb::Get, subscriptions),
    app(Verb::Post, subscribe),
];

/// A route that only the app's own token opens.
const fn app(verb: Verb, answer: super::routes::Handler) -> Row {
    let (node, edge, route) = (Node::App, "subscriptions", Route::Subscription);
    Row { verb, node, edge, route, open: true, answer }
}

const FIRST: [&str; 4] = ["name", "currency", "timezone_id", "message_template_namespace"];

fn describe(world: &World, waba: &Waba) -> Value {
    let owner = world.owner(&waba.id);
    let insights = world.setting(&waba.id, "is_enabled_for_insights");
    let name = world.setting(&waba.id, "name").cloned().unwrap_or_else(|| json!(waba.name));
    let zone = world.setting(&waba.id, "timezone_id").cloned().unwrap_or_else(|| json!("25"));
    json!({
        "id": waba.id, "name": name, "currency": "USD", "timezone_id": zone,
        "message_template_namespace": super::chance::Chance::named(0, &waba.id).hex(32),
        "account_review_status": "APPROVED", "business_verification_status": "verified",
        "country": "BR", "ownership_type": "CLIENT_OWNED",
        "owner_business_info": {"id": owner, "name": waba.name},
        "primary_business_location": "BR", "marketing_messages_lite_api_status": "ONBOARDED",
        "whatsapp_business_manager_messaging_limit": world.tier.as_str(),
        "is_enabled_for_insights": insights.cloned().unwrap_or(json!(false)),
        "health_status": world.health(None, Some(waba)),
    })
}

fn details(world: &mut World, call: &Call) -> Made {
    let waba = world.waba(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    let mut answer = select(describe(world, waba), call, &FIRST);
    for field in fields(call) {
        let name = field.split('.').next().unwrap_or_default();
        if let (Some(figures), Some(map)) =
            (world.figures(waba, name, &field), answer.as_object_mut())
        {
            map.insert(name.to_owned(), figures?);
        }
    }
    Ok(answer)
}

fn change(world: &mut World, call: &Call) -> Made {
    let mut given = params(call)?;
    // Meta's own examples give this in the address.
    for key in ["is_enabled_for_insights", "disable_marketing_messages_on_cloud_api"] {
        if let Some(flag) =
            given.get(key).and_then(Value::as_str).and_then(|text| text.parse::<bool>().ok())
        {
            given.insert(key.into(), json!(flag));
        }
    }
    if given.get("is_enabled_for_insights") == Some(&json!(false)) {
        return Err(GraphError::new(200_006, "It cannot be taken back."));
    }
    let change: WabaChange = serde_json::from_value(Value::Object(given))
        .map_err(|error| GraphError::new(100, format!("{error}.")))?;
    change.check().map_err(refused)?;
    if change.is_enabled_for_insights == Some(true) {
        world.happen(Fact::Insights { waba: call.id().to_owned(), at: call.now });
    }
    let change = serde_json::to_value(&change).unwrap_or_default();
    let change = change.as_object().cloned().unwrap_or_default();
    world.deed(call.now, Deed::Account { waba: call.id().to_owned(), change });
    done()
}

fn users(world: &mut World, call: &Call) -> Made {
    if call.query("business").is_none() {
        return Err(GraphError::new(100, "The parameter business is required."));
    }
    let users = world.office.accounts.get(call.id()).map(|account| account.users.clone());
    let shown = |(id, tasks): (String, Vec<String>)| json!({"id": id, "name": "Somebody", "user_type": "BUSINESS_USER", "tasks": tasks});
    let all: Vec<Value> = users.unwrap_or_default().into_iter().map(shown).collect();
    page(&all, call)
}

fn user(call: &Call) -> Result<String, GraphError> {
    let user = call.text("user")?.filter(|user| user.bytes().all(|b| b.is_ascii_digit()));
    user.ok_or_else(|| GraphError::new(100, "The parameter user is required."))
}

fn assign(world: &mut World, call: &Call) -> Made {
    #[derive(serde::Deserialize)]
    struct Tasks {
        tasks: Vec<String>,
    }
    let user = user(call)?;
    let Tasks { tasks } = typed(call)?;
    if tasks.is_empty() {
        return Err(GraphError::new(100, "The parameter tasks is required."));
    }
    world.deed(call.now, Deed::Assigned { waba: call.id().to_owned(), user, tasks });
    done()
}

fn unassign(world: &mut World, call: &Call) -> Made {
    let (waba, user) = (call.id().to_owned(), user(call)?);
    world.deed(call.now, Deed::Assigned { waba, user, tasks: Vec::new() });
    done()
}

fn owned(world: &mut World, call: &Call) -> Made {
    list(world, call, |world, waba| world.owner(&waba.id) == call.id())
}

/// What others have shared with the app's business.
fn clients(world: &mut World, call: &Call) -> Made {
    let own = world.own_business();
    list(world, call, |world, waba| call.id() == own && world.owner(&waba.id) != own)
}

fn list(world: &World, call: &Call, fits: impl Fn(&World, &Waba) -> bool) -> Made {
    let wabas = world.wabas.iter().filter(|waba| fits(world, waba));
    let all: Vec<Value> = wabas.map(|waba| select(describe(world, waba), call, &FIRST)).collect();
    page(&all, call)
}

fn by_the_app(world: &World, call: &Call) -> Result<(), GraphError> {
    if call.token == world.app_token() {
        return Ok(());
    }
    Err(GraphError::titled(15, "This method must be called with an app access_token."))
}

fn subscriptions(world: &mut World, call: &Call) -> Made {
    by_the_app(world, call)?;
    let fields: Vec<Value> = world
        .office
        .fields
        .iter()
        .map(|name| json!({"name": name, "version": call.version}))
        .collect();
    let data: Vec<Value> = world
        .app_callback
        .iter()
        .map(|url| {
            json!({"object": "whatsapp_business_account", "callback_url": url, "active": true, "fields": fields})
        })
        .collect();
    Ok(json!({ "data": data }))
}

fn subscribe(world: &mut World, call: &Call) -> Made {
    by_the_app(world, call)?;
    let given: Map<String, Value> = params(call)?;
    if given.get("object").and_then(Value::as_str) != Some("whatsapp_business_account") {
        return Err(GraphError::new(100, "Param object: whatsapp_business_account."));
    }
    let url = given.get("callback_url").and_then(Value::as_str).unwrap_or_default().to_owned();
    if url.is_empty() {
        return Err(GraphError::new(100, "The parameter callback_url is required."));
    }
    if let Err(why) = &call.callback {
        return Err(GraphError::new(2_200, format!("Callback verification failed: {why}")));
    }
    let fields: BTreeSet<String> = match given.get("fields") {
        Some(Value::String(text)) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        Some(Value::Array(all)) => {
            all.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => return Err(GraphError::new(100, "The parameter fields is required.")),
    };
    world.deed(call.now, Deed::Fields { fields });
    world.happen(Fact::Listens { url: Some(url) });
    done()
}
