//! One-time codes in many languages, the library, copying between accounts, the archive, groups.

use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use super::accounts::page;
use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::routes::{Call, Node, Row, row};
use super::shelf::TemplateChange;
use super::template_form as form;
use super::template_write::put;
use super::templates::{Made, said, select, text};
use super::world::World;
use crate::transport::Verb;

/// The routes of this file.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Post, Node::Waba, "upsert_message_templates", Route::Templates, upsert),
    row(Verb::Get, Node::Waba, "message_template_previews", Route::Templates, previews),
    row(Verb::Get, Node::Name("message_template_library"), "", Route::Templates, library),
    row(Verb::Post, Node::Waba, "migrate_message_templates", Route::Templates, migrate),
    row(Verb::Get, Node::Waba, "template_groups", Route::Templates, groups),
    row(Verb::Post, Node::Waba, "template_groups", Route::Templates, create_group),
    row(Verb::Get, Node::TemplateGroup, "", Route::Templates, group),
    row(Verb::Post, Node::TemplateGroup, "", Route::Templates, edit_group),
    row(Verb::Delete, Node::TemplateGroup, "", Route::Templates, delete_group),
];

/// In which languages previews are shown when none is asked for.
const PREVIEWED: [&str; 5] = ["en_US", "pt_BR", "es", "de", "fr"];

fn wrong(why: &str) -> GraphError {
    GraphError::user(None, "Invalid parameter", why)
}

fn upsert(world: &mut World, call: &Call) -> Made {
    let said = Value::Object(said(call)?);
    let languages = said.get("languages").and_then(Value::as_array).cloned().unwrap_or_default();
    if languages.is_empty() {
        return Err(wrong("languages is required."));
    }
    if !text(&said, "category").eq_ignore_ascii_case("AUTHENTICATION") {
        return Err(wrong("Only one-time codes can be made in many languages at once."));
    }
    let mut made = Vec::new();
    for language in languages.iter().filter_map(Value::as_str) {
        let mut draft = said.clone();
        if let Some(map) = draft.as_object_mut() {
            map.remove("languages");
            map.insert("language".into(), json!(language));
        }
        let there = world.waba(call.id()).into_iter().flat_map(|waba| &waba.templates);
        let there = there
            .into_iter()
            .find(|t| text(t, "name") == text(&draft, "name") && text(t, "language") == language)
            .map(|t| text(t, "id").to_owned());
        let id = match there {
            Some(id) => {
                world.replace_code(call.now, call.id(), &id, &draft)?;
                id
            }
            None => {
                let answer = world.create_template(call.now, call.id(), &draft)?;
                text(&answer, "id").to_owned()
            }
        };
        made.push(json!({"id": id, "status": "APPROVED", "language": language}));
    }
    Ok(json!({ "data": made }))
}

fn previews(_: &mut World, call: &Call) -> Made {
    let languages: Vec<&str> = match call.query("languages") {
        Some(codes) => codes.split(',').collect(),
        None => PREVIEWED.to_vec(),
    };
    let advice = call.query("add_security_recommendation") == Some("true");
    let minutes = call.query("code_expiration_minutes").and_then(|minutes| minutes.parse().ok());
    let one = |language: &str| {
        let (body, footer, button) = form::code_words(language, advice, minutes);
        let button = json!({"type": "OTP", "text": button, "autofill_text": "Autofill"});
        let mut preview = json!({"language": language, "body": body, "buttons": [button]});
        if let Some(footer) = footer {
            put(&mut preview, "footer", json!(footer));
        }
        preview
    };
    Ok(json!({"data": languages.into_iter().map(one).collect::<Vec<_>>()}))
}

fn library(_: &mut World, call: &Call) -> Made {
    let fits = |entry: &Value| {
        let word = |key: &str| {
            call.query(key).is_none_or(|wanted| text(entry, key).eq_ignore_ascii_case(wanted))
        };
        let industry = |wanted: &str| {
            let list = entry.get("industry").and_then(Value::as_array);
            list.into_iter()
                .flatten()
                .any(|i| i.as_str().is_some_and(|i| i.eq_ignore_ascii_case(wanted)))
        };
        let search = |words: &str| {
            let words = words.to_lowercase();
            let has = |key: &str| text(entry, key).to_lowercase().contains(&words);
            has("name") || has("body") || has("header")
        };
        ["topic", "usecase", "language"].into_iter().all(word)
            && call.query("industry").is_none_or(industry)
            && call.query("search").is_none_or(search)
    };
    let all: Vec<Value> = form::library().into_iter().filter(|entry| fits(entry)).collect();
    page(&all, call)
}

fn migrate(world: &mut World, call: &Call) -> Made {
    let source = call.text("source_waba_id")?.unwrap_or_default();
    let number = |key: &str, or: usize| -> Result<usize, GraphError> {
        Ok(call.text(key)?.and_then(|n| n.parse().ok()).unwrap_or(or))
    };
    let (page, count) = (number("page_number", 0)?, number("count", 100)?.clamp(1, 500));
    let from = world.waba(&source).filter(|waba| waba.id != call.id());
    let from =
        from.ok_or_else(|| wrong("source_waba_id is no other account of this portfolio."))?;
    let all = from.templates.iter().skip(page.saturating_mul(count)).take(count);
    let (mut migrated, mut failed) = (Vec::new(), Map::new());
    for template in all.cloned().collect::<Vec<_>>() {
        let id = text(&template, "id").to_owned();
        match world.copy_template(call.now, call.id(), template) {
            Ok(()) => migrated.push(id),
            Err(why) => drop(failed.insert(id, json!(why))),
        }
    }
    Ok(json!({"migrated_templates": migrated, "failed_templates": failed}))
}

fn groups(world: &mut World, call: &Call) -> Made {
    let own = world.shelf.groups.values().filter(|(waba, _)| waba == call.id());
    let all: Vec<Value> = own.map(|(_, group)| group.clone()).collect();
    page(&all, call)
}

fn find_group(world: &World, call: &Call) -> Result<(String, Value), GraphError> {
    world.shelf.groups.get(call.id()).cloned().ok_or_else(|| GraphError::no_object(call.id()))
}

fn group(world: &mut World, call: &Call) -> Made {
    let fields = call.query("fields").unwrap_or("id,name,description");
    find_group(world, call).map(|(_, group)| select(&group, Some(fields)))
}

/// The ids that a call names, all of them of this account.
fn members(world: &World, waba: &str, said: &Value, key: &str) -> Result<Vec<String>, GraphError> {
    let ids = said.get(key).and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<String> = ids.filter_map(crate::webhook::plain_text).collect();
    let own = |id: &String| world.template(id).is_some_and(|(account, _)| account == waba);
    if ids.iter().all(own) { Ok(ids) } else { Err(wrong("There is no such template.")) }
}

fn create_group(world: &mut World, call: &Call) -> Made {
    let said = Value::Object(said(call)?);
    let ids = members(world, call.id(), &said, "whatsapp_business_templates")?;
    if text(&said, "name").is_empty() {
        return Err(wrong("name is required."));
    }
    let id = format!("5{}", world.chance().digits(14));
    let group = json!({
        "id": id, "name": text(&said, "name"), "description": text(&said, "description"),
        "whatsapp_business_templates": ids,
    });
    let waba = call.id().to_owned();
    world.happen(Fact::TemplateGroup { waba, id: id.clone(), group: Some(group), at: call.now });
    Ok(json!({ "id": id }))
}

fn edit_group(world: &mut World, call: &Call) -> Made {
    let said = Value::Object(said(call)?);
    let (waba, mut group) = find_group(world, call)?;
    let add = members(world, &waba, &said, "add_templates")?;
    let remove = members(world, &waba, &said, "remove_templates")?;
    let now = group.get("whatsapp_business_templates").and_then(Value::as_array).cloned();
    let now = now.unwrap_or_default().into_iter().filter_map(|id| crate::webhook::plain_text(&id));
    let mut ids: Vec<String> = now.filter(|id| !remove.contains(id) && !add.contains(id)).collect();
    ids.extend(add);
    put(&mut group, "whatsapp_business_templates", json!(ids));
    for key in ["name", "description"] {
        if let Some(value) = said.get(key) {
            put(&mut group, key, value.clone());
        }
    }
    let id = call.id().to_owned();
    world.happen(Fact::TemplateGroup { waba, id, group: Some(group), at: call.now });
    Ok(json!({"success": true}))
}

fn delete_group(world: &mut World, call: &Call) -> Made {
    let (waba, _) = find_group(world, call)?;
    let id = call.id().to_owned();
    world.happen(Fact::TemplateGroup { waba, id, group: None, at: call.now });
    Ok(json!({"success": true}))
}

impl World {
    /// A one-time code that is there is made anew; no quota counts that.
    fn replace_code(
        &mut self,
        now: Timestamp,
        waba: &str,
        id: &str,
        draft: &Value,
    ) -> Result<(), GraphError> {
        crate::template::rules::check_wire(draft).map_err(super::templates::refused)?;
        let mut fields = Map::new();
        let parts = form::code_components(draft, text(draft, "language"));
        fields.insert("components".into(), parts);
        if let Some(seconds) = draft.get("message_send_ttl_seconds") {
            fields.insert("message_send_ttl_seconds".into(), seconds.clone());
        }
        let verdict = super::shelf::Verdict {
            at: now,
            status: "APPROVED".to_owned(),
            reason: "NONE".to_owned(),
            info: None,
        };
        let change = Box::new(TemplateChange::Edited { fields, verdict: Some(verdict) });
        self.happen(Fact::Template { waba: waba.to_owned(), id: id.to_owned(), change, at: now });
        Ok(())
    }
    fn copy_template(
        &mut self,
        now: Timestamp,
        waba: &str,
        mut template: Value,
    ) -> Result<(), String> {
        let quality = template.pointer("/quality_score/score").and_then(Value::as_str);
        if text(&template, "status") != "APPROVED" || quality == Some("RED") {
            return Err("Only approved templates of good quality can be copied.".to_owned());
        }
        let (name, language) = (text(&template, "name"), text(&template, "language"));
        self.check_room(waba, name, language, now)
            .map_err(|_| "The account has such a template, or no room for it.".to_owned())?;
        let id = format!("1{}", self.chance().digits(15));
        put(&mut template, "id", json!(id));
        put(&mut template, "quality_score", json!({"score": "UNKNOWN"}));
        let change = Box::new(TemplateChange::Created { template, verdict: None });
        self.happen(Fact::Template { waba: waba.to_owned(), id, change, at: now });
        Ok(())
    }
    /// Puts templates away, or takes them out again.
    pub(super) fn archive_templates(
        &mut self,
        now: Timestamp,
        waba: &str,
        said: &Value,
        away: bool,
    ) -> Made {
        let ids: Vec<String> = text(said, "hsm_ids")
            .split(',')
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect();
        let own = |id: &String| self.template(id).is_some_and(|(account, _)| account == waba);
        if ids.is_empty() || !ids.iter().all(own) {
            return Err(wrong("hsm_ids must name templates of this account."));
        }
        let event = if away { "ARCHIVED" } else { "UNARCHIVED" };
        for id in ids {
            let (waba, status, reason) = (waba.to_owned(), event.to_owned(), "NONE".to_owned());
            self.happen(Fact::Reviewed { waba, id, status, reason, at: now });
        }
        Ok(json!({"success": true}))
    }
}
