//! Templates of an account over the Graph API: list, read, create, change, delete, lift a pause. The rules of a
//! draft are the client's own; what is here is what only Meta knows.

use serde_json::{Map, Value, json};

use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::routes::{Call, Carried, Node, Row, row};
use super::shelf::TemplateChange;
use super::template_write::put;
use super::world::World;
use crate::template::rules;
use crate::transport::Verb;

/// The routes of templates.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Waba, "message_templates", Route::Templates, list),
    row(Verb::Post, Node::Waba, "message_templates", Route::Templates, create),
    row(Verb::Delete, Node::Waba, "message_templates", Route::Templates, delete),
    row(Verb::Get, Node::Template, "", Route::Templates, details),
    row(Verb::Post, Node::Template, "", Route::Templates, edit),
    row(Verb::Post, Node::Template, "unpause", Route::Templates, unpause),
];

const DEFAULT_FIELDS: &str =
    "name,parameter_format,components,language,status,category,sub_category,id";

pub(super) type Made = Result<Value, GraphError>;

/// What a call says: Meta takes JSON, a form, or parameters of the address.
pub(super) fn said(call: &Call) -> Result<Map<String, Value>, GraphError> {
    let read = |(key, text): (&String, &String)| {
        let structured = text.starts_with(['[', '{']) || key == "message_send_ttl_seconds";
        let value = structured.then(|| serde_json::from_str(text).ok()).flatten();
        (key.clone(), value.unwrap_or_else(|| json!(text)))
    };
    let mut said: Map<String, Value> = call.query.iter().map(read).collect();
    match &call.carried {
        Carried::Form { fields, .. } => said.extend(fields.iter().map(read)),
        _ => said.extend(call.json()?.as_object().cloned().unwrap_or_default()),
    }
    Ok(said)
}

/// A broken rule as Meta tells it.
pub(super) fn refused(broken: rules::Broken) -> GraphError {
    GraphError::user(
        broken.rule.subcode(),
        broken.rule.title(),
        &format!("{}: {broken}", broken.field),
    )
}

pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Only the fields that were asked for, and always the id.
pub(super) fn select(template: &Value, asked: Option<&str>) -> Value {
    let asked = asked.unwrap_or(DEFAULT_FIELDS);
    let (mut names, mut depth, mut name) = (vec!["id".to_owned()], 0_usize, String::new());
    for sign in asked.chars().chain([',']) {
        match sign {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => names.push(std::mem::take(&mut name)),
            other if depth == 0 => name.push(other),
            _ => {}
        }
    }
    let mut out = Map::new();
    for name in names {
        let name = name.trim().split('.').next().unwrap_or_default();
        if let Some(value) = template.get(name) {
            out.insert(name.to_owned(), value.clone());
        } else if name == "health_status" {
            let good = text(template, "status") == "APPROVED";
            let word = if good { "AVAILABLE" } else { "BLOCKED" };
            let entity = json!({
                "entity_type": "MESSAGE_TEMPLATE", "id": template.get("id"), "can_send_message": word,
            });
            out.insert(name.to_owned(), json!({"can_send_message": word, "entities": [entity]}));
        }
    }
    Value::Object(out)
}

fn list(world: &mut World, call: &Call) -> Made {
    let waba = world.waba(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    let has = |template: &Value, key: &str, path: &str| {
        let word = template.pointer(path).and_then(Value::as_str).unwrap_or_default();
        call.query(key).is_none_or(|wanted| word.eq_ignore_ascii_case(wanted))
    };
    let contains = |text: &str, words: &str| text.to_lowercase().contains(&words.to_lowercase());
    let fits = |t: &&Value| {
        let content = t.get("components").map(Value::to_string).unwrap_or_default();
        has(t, "status", "/status")
            && has(t, "name", "/name")
            && has(t, "language", "/language")
            && has(t, "category", "/category")
            && has(t, "quality_score", "/quality_score/score")
            && call.query("content").is_none_or(|words| contains(&content, words))
            && call
                .query("name_or_content")
                .is_none_or(|words| contains(text(t, "name"), words) || contains(&content, words))
    };
    let all: Vec<Value> = waba
        .templates
        .iter()
        .filter(fits)
        .map(|template| select(template, call.query("fields")))
        .collect();
    let (stored, most) = (waba.templates.len(), world.stored_max());
    let mut answer = super::accounts::page(&all, call)?;
    if let (Some(_), Some(map)) = (call.query("summary"), answer.as_object_mut()) {
        let summary = json!({
            "total_count": all.len(), "message_template_count": stored,
            "message_template_limit": most, "are_translations_complete": true,
        });
        map.insert("summary".into(), summary);
    }
    Ok(answer)
}

fn details(world: &mut World, call: &Call) -> Made {
    let (waba, template) =
        world.template(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    let mut whole = template.clone();
    put(&mut whole, "health_status", world.template_health(template, waba));
    Ok(select(&whole, call.query("fields")))
}

fn create(world: &mut World, call: &Call) -> Made {
    let said = Value::Object(said(call)?);
    match call.path.get(2).map(String::as_str) {
        None => world.create_template(call.now, call.id(), &said),
        Some("archive") => world.archive_templates(call.now, call.id(), &said, true),
        Some("unarchive") => world.archive_templates(call.now, call.id(), &said, false),
        Some(other) => Err(GraphError::new(2_500, format!("Unknown path components: /{other}"))),
    }
}

fn edit(world: &mut World, call: &Call) -> Made {
    let said = Value::Object(said(call)?);
    world.edit_template(call.now, call.id(), &said)
}

fn delete(world: &mut World, call: &Call) -> Made {
    let waba = call.id().to_owned();
    let said = Value::Object(said(call)?);
    let ids = world.to_delete(&waba, &said)?;
    for id in ids {
        let (waba, change) = (waba.clone(), Box::new(TemplateChange::Deleted));
        world.happen(Fact::Template { waba, id, change, at: call.now });
    }
    Ok(json!({"success": true}))
}

fn unpause(world: &mut World, call: &Call) -> Made {
    let (waba, template) =
        world.template(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    if text(template, "status") != "PAUSED" {
        return Ok(json!({"success": false, "reason": "The template is not paused."}));
    }
    let (waba, change) = (waba.to_owned(), Box::new(TemplateChange::Unpaused));
    world.happen(Fact::Template { waba, id: call.id().to_owned(), change, at: call.now });
    Ok(json!({"success": true}))
}

impl World {
    /// Which templates a deletion is about: all of them exist, and none of them is disabled.
    fn to_delete(&self, waba: &str, said: &Value) -> Result<Vec<String>, GraphError> {
        let account = self.waba(waba).ok_or_else(|| GraphError::no_object(waba))?;
        let (name, id) = (text(said, "name"), text(said, "hsm_id"));
        let many = said.get("hsm_ids").and_then(Value::as_array);
        let id_of = |value: &Value| crate::webhook::plain_text(value).unwrap_or_default();
        let wrong = |why: &str| Err(GraphError::user(None, "Template cannot be deleted", why));
        let wanted: Vec<&Value> = match many {
            Some(_) if !name.is_empty() || !id.is_empty() => {
                return wrong("hsm_ids stands alone, without name and hsm_id.");
            }
            Some(ids) if ids.is_empty() || ids.len() > rules::DELETE_MAX => {
                return wrong("hsm_ids has 1 to 100 ids.");
            }
            Some(ids) => {
                let ids: Vec<String> = ids.iter().map(id_of).collect();
                let found: Vec<&Value> = account
                    .templates
                    .iter()
                    .filter(|t| ids.iter().any(|id| id == text(t, "id")))
                    .collect();
                if found.len() != ids.len() {
                    return wrong("One of the ids is not a template of this account.");
                }
                found
            }
            None if name.is_empty() => return wrong("name is required."),
            None => {
                let fits =
                    |t: &&Value| text(t, "name") == name && (id.is_empty() || text(t, "id") == id);
                account.templates.iter().filter(fits).collect()
            }
        };
        if wanted.is_empty() {
            return wrong("There is no such template.");
        }
        if wanted.iter().any(|t| text(t, "status") == "DISABLED") {
            let why = "A disabled template cannot be deleted.";
            return Err(GraphError::user(Some(2_388_039), "Template Cannot Be Changed", why));
        }
        Ok(wanted.into_iter().map(|t| text(t, "id").to_owned()).collect())
    }
}
