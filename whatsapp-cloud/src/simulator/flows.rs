//! Flows, as far as they are managed: drafts, their JSON, publishing. What a flow shows is not simulated.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::accounts::page;
use super::error::GraphError;
use super::faults::Route;
use super::office::{Deed, Made, done, params, refused, select};
use super::routes::{Call, Carried, Node, Row, row};
use super::world::World;
use crate::api::NewFlow;
use crate::transport::Verb;

/// The routes of flows.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Waba, "flows", Route::Account, list),
    row(Verb::Post, Node::Waba, "flows", Route::Account, make),
    row(Verb::Get, Node::Flow, "", Route::Account, details),
    row(Verb::Delete, Node::Flow, "", Route::Account, delete),
    row(Verb::Get, Node::Flow, "assets", Route::Account, assets),
    row(Verb::Post, Node::Flow, "assets", Route::Account, set_json),
    row(Verb::Post, Node::Flow, "publish", Route::Account, publish),
    row(Verb::Post, Node::Flow, "deprecate", Route::Account, deprecate),
];

/// A flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SimFlow {
    pub(super) waba: String,
    name: String,
    categories: Vec<String>,
    status: String,
    endpoint: Option<String>,
    json: Option<String>,
}

/// Something about a flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum FlowChange {
    Made { flow: SimFlow },
    Json { json: String },
    Status { status: String },
    Deleted,
}

/// What is wrong with a flow's JSON, in Meta's form. Only the outermost shape is looked at.
fn faults(json: Option<&str>) -> Vec<Value> {
    let fault = |error: &str, message: String, line: usize, column: usize| {
        json!({
            "error": error, "error_type": "FLOW_JSON_ERROR", "message": message,
            "line_start": line, "column_start": column,
        })
    };
    let Some(json) = json else { return Vec::new() };
    match serde_json::from_str::<Value>(json) {
        Err(error) => {
            vec![fault("INVALID_JSON", error.to_string(), error.line(), error.column())]
        }
        Ok(value) => ["version", "screens"]
            .into_iter()
            .filter(|key| value.get(key).is_none())
            .map(|key| {
                let message = format!("Property {key} is required.");
                fault("MISSING_REQUIRED_TYPE_PROPERTY", message, 1, 1)
            })
            .collect(),
    }
}

fn own<'a>(world: &'a World, call: &Call) -> Result<&'a SimFlow, GraphError> {
    world.office.flows.get(call.id()).ok_or_else(|| GraphError::no_object(call.id()))
}

fn act(world: &mut World, call: &Call, id: String, change: FlowChange) {
    world.deed(call.now, Deed::Flow { id, change: Box::new(change) });
}

fn shown(id: &str, flow: &SimFlow) -> Value {
    json!({
        "id": id, "name": flow.name, "status": flow.status, "categories": flow.categories,
        "validation_errors": faults(flow.json.as_deref()), "endpoint_uri": flow.endpoint,
        "json_version": flow.json.as_ref().map(|_| "7.0"),
        "whatsapp_business_account": {"id": flow.waba},
    })
}

const FIRST: [&str; 4] = ["name", "status", "categories", "validation_errors"];

fn list(world: &mut World, call: &Call) -> Made {
    let flows = world.office.flows.iter().filter(|(_, flow)| flow.waba == call.id());
    let all: Vec<Value> = flows.map(|(id, flow)| select(shown(id, flow), call, &FIRST)).collect();
    page(&all, call)
}

fn make(world: &mut World, call: &Call) -> Made {
    let mut given = params(call)?;
    // A form brings the list as text.
    if let Some(list) = given.get("categories").and_then(Value::as_str) {
        let list = serde_json::from_str(list).unwrap_or(Value::Null);
        given.insert("categories".into(), list);
    }
    let wish: NewFlow = serde_json::from_value(Value::Object(given))
        .map_err(|error| GraphError::new(100, format!("{error}.")))?;
    wish.check().map_err(refused)?;
    let waba = call.id().to_owned();
    if world.office.flows.values().any(|flow| flow.waba == waba && flow.name == wish.name) {
        return Err(GraphError::new(100, "Flow name is not unique.").with_subcode(Some(4_016_019)));
    }
    let copied = match &wish.clone_flow_id {
        Some(id) => {
            let original = world.office.flows.get(id).filter(|flow| flow.waba == waba);
            original.ok_or_else(|| GraphError::no_object(id))?.json.clone()
        }
        None => None,
    };
    let json = wish.flow_json.or(copied);
    let wrong = faults(json.as_deref());
    let published = wish.publish && wrong.is_empty();
    let flow = SimFlow {
        waba,
        name: wish.name,
        categories: wish.categories.iter().map(|word| word.as_str().to_owned()).collect(),
        status: if published { "PUBLISHED" } else { "DRAFT" }.to_owned(),
        endpoint: wish.endpoint_uri,
        json,
    };
    let id = format!("11{}", world.chance().digits(14));
    act(world, call, id.clone(), FlowChange::Made { flow });
    Ok(json!({"id": id, "success": !wish.publish || published, "validation_errors": wrong}))
}

fn details(world: &mut World, call: &Call) -> Made {
    Ok(select(shown(call.id(), own(world, call)?), call, &FIRST))
}

fn assets(world: &mut World, call: &Call) -> Made {
    let there = own(world, call)?.json.is_some();
    let url = format!("https://mmg.whatsapp.net/m1/v/t24/{}", call.id());
    let asset = json!({"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": url});
    page(if there { std::slice::from_ref(&asset) } else { &[] }, call)
}

fn set_json(world: &mut World, call: &Call) -> Made {
    if own(world, call)?.status != "DRAFT" {
        return Err(GraphError::new(139_001, "Only a draft can be changed."));
    }
    let Carried::Form { file: Some(file), .. } = &call.carried else {
        return Err(GraphError::new(100, "The parameter file is required."));
    };
    let json = String::from_utf8_lossy(&file.bytes).into_owned();
    let wrong = faults(Some(&json));
    act(world, call, call.id().to_owned(), FlowChange::Json { json });
    Ok(json!({"success": true, "validation_errors": wrong}))
}

fn publish(world: &mut World, call: &Call) -> Made {
    let flow = own(world, call)?;
    if flow.status != "DRAFT" || flow.json.is_none() || !faults(flow.json.as_deref()).is_empty() {
        return Err(GraphError::new(139_002, "Only a draft without faults can be published."));
    }
    settle(world, call, "PUBLISHED")
}

fn deprecate(world: &mut World, call: &Call) -> Made {
    if own(world, call)?.status != "PUBLISHED" {
        return Err(GraphError::new(139_003, "Only a published flow can be withdrawn."));
    }
    settle(world, call, "DEPRECATED")
}

fn settle(world: &mut World, call: &Call, status: &str) -> Made {
    act(world, call, call.id().to_owned(), FlowChange::Status { status: status.to_owned() });
    done()
}

fn delete(world: &mut World, call: &Call) -> Made {
    if own(world, call)?.status != "DRAFT" {
        return Err(GraphError::new(139_004, "Only a draft can be deleted."));
    }
    act(world, call, call.id().to_owned(), FlowChange::Deleted);
    done()
}

impl World {
    pub(super) fn apply_flow(&mut self, id: &str, change: FlowChange) {
        let flows = &mut self.office.flows;
        match (change, flows.get_mut(id)) {
            (FlowChange::Made { flow }, _) => drop(flows.insert(id.to_owned(), flow)),
            (FlowChange::Json { json }, Some(flow)) => flow.json = Some(json),
            (FlowChange::Status { status }, Some(flow)) => flow.status = status,
            (FlowChange::Deleted, _) => drop(flows.remove(id)),
            (_, None) => {}
        }
    }
}
