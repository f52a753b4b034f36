//! The Graph API's routes of how a number presents itself: QR codes, starters and commands, catalogue and cart,
//! username, and the key of its flows.

use serde_json::{Map, Value, json};

use super::accounts::page;
use super::desk::{DeskChange, Qr};
use super::error::GraphError;
use super::faults::Route;
use super::office::{Deed, Made, done, params, refused, typed};
use super::routes::{Call, Node, Row, row};
use super::world::World;
use crate::api::{ConversationStarters, NewQrCode};
use crate::bounds;
use crate::transport::Verb;

/// The routes of this family.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Number, "message_qrdls", Route::Qr, codes),
    row(Verb::Post, Node::Number, "message_qrdls", Route::Qr, make_code),
    row(Verb::Delete, Node::Number, "message_qrdls", Route::Qr, delete_code),
    row(Verb::Post, Node::Number, "conversational_automation", Route::Numbers, set_starters),
    row(Verb::Get, Node::Number, "whatsapp_commerce_settings", Route::Numbers, commerce),
    row(Verb::Post, Node::Number, "whatsapp_commerce_settings", Route::Numbers, set_commerce),
    row(Verb::Get, Node::Number, "username", Route::Numbers, username),
    row(Verb::Post, Node::Number, "username", Route::Numbers, claim),
    row(Verb::Delete, Node::Number, "username", Route::Numbers, release),
    row(Verb::Get, Node::Number, "username_suggestions", Route::Numbers, suggestions),
    row(Verb::Get, Node::Number, "whatsapp_business_encryption", Route::Numbers, flow_key),
    row(Verb::Post, Node::Number, "whatsapp_business_encryption", Route::Numbers, set_flow_key),
];

fn change(world: &mut World, call: &Call, change: DeskChange) {
    let number = call.id().to_owned();
    world.deed(call.now, Deed::Desk { number, change: Box::new(change) });
}

fn shown(code: &str, qr: &Qr) -> Value {
    let image = qr.image.as_ref().map(|form| {
        format!("https://scontent.xx.fbcdn.net/m1/v/t6/{code}.{}", form.to_ascii_lowercase())
    });
    let mut shown = json!({
        "code": code, "prefilled_message": qr.text,
        "deep_link_url": format!("https://wa.me/message/{code}"),
    });
    if let (Some(image), Some(map)) = (image, shown.as_object_mut()) {
        map.insert("qr_image_url".into(), json!(image));
    }
    shown
}

/// The code that a path names, if it names one.
fn named(call: &Call) -> Option<&str> {
    call.path.get(2).map(String::as_str).filter(|code| !code.is_empty())
}

fn codes(world: &mut World, call: &Call) -> Made {
    let all = world.desk(call.id()).map(|desk| desk.qr.clone()).unwrap_or_default();
    let wanted = named(call).or_else(|| call.query("code"));
    let mut all: Vec<(String, Qr)> =
        all.into_iter().filter(|(code, _)| wanted.is_none_or(|wanted| wanted == code)).collect();
    all.sort_by(|a, b| b.1.at.cmp(&a.1.at).then_with(|| a.0.cmp(&b.0)));
    let all: Vec<Value> = all.iter().map(|(code, qr)| shown(code, qr)).collect();
    page(&all, call)
}

/// Letters and digits of which none is taken for another.
fn new_code(world: &World) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut chance = world.chance();
    let sign = |_| {
        let place = usize::try_from(chance.below(32)).unwrap_or_default();
        char::from(SIGNS.get(place).copied().unwrap_or(b'A'))
    };
    (0..14).map(sign).collect()
}

fn make_code(world: &mut World, call: &Call) -> Made {
    let mut given = params(call)?;
    let known = world.desk(call.id()).map(|desk| desk.qr.clone()).unwrap_or_default();
    let code = given.remove("code").and_then(|code| code.as_str().map(str::to_owned));
    let wish: NewQrCode = serde_json::from_value(Value::Object(given))
        .map_err(|_| GraphError::new(100, "The parameter prefilled_message is required."))?;
    wish.check().map_err(refused)?;
    let (code, before) = match code {
        Some(code) => {
            let before = known.get(&code).cloned();
            let none = || GraphError::new(100, format!("There is no code {code}."));
            (code.clone(), Some(before.ok_or_else(none)?))
        }
        None if known.len() >= bounds::QR_CODES_MAX => {
            return Err(GraphError::new(100, "The number has 2,000 codes already."));
        }
        None => (new_code(world), None),
    };
    let qr = match before {
        Some(before) => Qr { text: wish.prefilled_message, ..before },
        None => Qr {
            text: wish.prefilled_message,
            image: wish.generate_qr_image.map(|form| form.as_str().to_owned()),
            at: call.now,
        },
    };
    let answer = shown(&code, &qr);
    change(world, call, DeskChange::Qr { code, qr });
    Ok(answer)
}

fn delete_code(world: &mut World, call: &Call) -> Made {
    let code = named(call).unwrap_or_default().to_owned();
    if !world.desk(call.id()).is_some_and(|desk| desk.qr.contains_key(&code)) {
        return Err(GraphError::no_object(&code));
    }
    change(world, call, DeskChange::QrGone { code });
    done()
}

fn set_starters(world: &mut World, call: &Call) -> Made {
    let starters: ConversationStarters = typed(call)?;
    starters.check().map_err(refused)?;
    let starters = serde_json::to_value(&starters).unwrap_or_default();
    change(world, call, DeskChange::Starters { starters });
    done()
}

fn commerce(world: &mut World, call: &Call) -> Made {
    let mut all = json!({"id": call.id(), "is_cart_enabled": true, "is_catalog_visible": false});
    if let (Some(map), Some(desk)) = (all.as_object_mut(), world.desk(call.id())) {
        map.extend(desk.commerce.clone());
    }
    Ok(json!({"data": [all]}))
}

fn set_commerce(world: &mut World, call: &Call) -> Made {
    let given = params(call)?;
    let mut commerce = Map::new();
    for key in ["is_cart_enabled", "is_catalog_visible"] {
        let Some(value) = given.get(key) else { continue };
        let on = value.as_bool().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        let on = on.ok_or_else(|| GraphError::new(100, format!("Param {key}: true or false.")))?;
        commerce.insert(key.into(), json!(on));
    }
    change(world, call, DeskChange::Commerce { commerce });
    done()
}

fn username(world: &mut World, call: &Call) -> Made {
    let name = world.desk(call.id()).and_then(|desk| desk.username.clone());
    Ok(match name {
        Some(name) => json!({"username": name, "status": "approved"}),
        None => json!({}),
    })
}

fn claim(world: &mut World, call: &Call) -> Made {
    let name = call.text("username")?.unwrap_or_default();
    bounds::username(&name).map_err(refused)?;
    let holds = |desk: &super::desk::Desk| desk.username.as_deref() == Some(&name);
    let holder = world.office.desks.iter().find(|(id, desk)| *id != call.id() && holds(desk));
    if let Some(holder) = holder.map(|(id, _)| id.clone()) {
        let waba = |number: &str| world.waba_of(number).map(|waba| world.owner(&waba.id));
        if waba(&holder) != waba(call.id()) {
            return Err(GraphError::new(147_001, "Somebody has it."));
        }
        let transfer = params(call)?.get("force_transfer").is_some_and(|given| {
            given.as_bool().unwrap_or(false) || given.as_str() == Some("true")
        });
        if !transfer {
            return Err(GraphError::new(147_005, "Another of your numbers has it."));
        }
        let change = Box::new(DeskChange::Username { username: None });
        world.deed(call.now, Deed::Desk { number: holder, change });
    }
    if world.line(call.id()).unregistered {
        return Err(GraphError::new(147_002, "The number is not registered."));
    }
    change(world, call, DeskChange::Username { username: Some(name) });
    Ok(json!({"status": "approved"}))
}

fn release(world: &mut World, call: &Call) -> Made {
    change(world, call, DeskChange::Username { username: None });
    done()
}

fn suggestions(world: &mut World, call: &Call) -> Made {
    let name = world.waba_of(call.id()).map(|waba| waba.name.clone()).unwrap_or_default();
    let plain: String = name
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        .take(24)
        .collect();
    let names = [plain.clone(), format!("{plain}.shop"), format!("{plain}_official")];
    Ok(json!({"data": [{"username_suggestions": names}]}))
}

fn flow_key(world: &mut World, call: &Call) -> Made {
    let key = world.desk(call.id()).and_then(|desk| desk.flow_key.clone());
    let data: Vec<Value> = key
        .map(|key| json!({"business_public_key": key, "business_public_key_signature_status": "VALID"}))
        .into_iter()
        .collect();
    Ok(json!({ "data": data }))
}

fn set_flow_key(world: &mut World, call: &Call) -> Made {
    let key = params(call)?.get("business_public_key").and_then(Value::as_str).map(str::to_owned);
    let key = key.filter(|key| key.trim_start().starts_with("-----BEGIN PUBLIC KEY-----"));
    let key = key.ok_or_else(|| GraphError::new(100, "business_public_key: give a key in PEM."))?;
    change(world, call, DeskChange::FlowKey { key });
    done()
}
