//! The Graph API's routes of business numbers: what they are, how they are verified, registered and set up. Rules
//! and limits are those that our own client checks before it calls.

use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::accounts::page;
use super::desk::{CODE_HOLDS, Desk, DeskChange};
use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::lines::{LineChange, Throughput};
use super::office::{Deed, Made, done, of_whatsapp, params, refused, select, typed};
use super::routes::{Call, Node, Row, row};
use super::seed::Number;
use super::world::World;
use crate::api::{NewNumber, SettingsChange};
use crate::bounds;
use crate::transport::Verb;

/// The routes of numbers.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Number, "", Route::Numbers, details),
    row(Verb::Post, Node::Number, "", Route::Numbers, change),
    row(Verb::Get, Node::Waba, "phone_numbers", Route::Numbers, list),
    row(Verb::Post, Node::Waba, "phone_numbers", Route::Numbers, add),
    row(Verb::Post, Node::Number, "request_code", Route::Numbers, request_code),
    row(Verb::Post, Node::Number, "verify_code", Route::Numbers, verify_code),
    row(Verb::Post, Node::Number, "register", Route::Numbers, register),
    row(Verb::Post, Node::Number, "deregister", Route::Numbers, deregister),
    row(Verb::Get, Node::Number, "settings", Route::Numbers, settings),
    row(Verb::Post, Node::Number, "settings", Route::Numbers, change_settings),
];

/// What Meta gives of a number when nothing is asked for.
const FIRST: [&str; 4] =
    ["display_phone_number", "verified_name", "quality_rating", "code_verification_status"];

fn details(world: &mut World, call: &Call) -> Made {
    let number = world.number(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    Ok(select(world.describe(number), call, &FIRST))
}

fn list(world: &mut World, call: &Call) -> Made {
    let waba = world.waba(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    let all: Vec<Value> =
        waba.numbers.iter().map(|number| select(world.describe(number), call, &FIRST)).collect();
    page(&all, call)
}

fn add(world: &mut World, call: &Call) -> Made {
    let text = |key: &str| call.text(key).map(Option::unwrap_or_default);
    let number = NewNumber::new(text("cc")?, text("phone_number")?, text("verified_name")?);
    number.check().map_err(refused)?;
    let digits = format!("{}{}", number.cc, number.phone_number);
    let phone: whatsapp_core::Phone = whatsapp_core::Phone::from_wa_id(&digits)
        .map_err(|_| GraphError::new(100, "Param phone_number: this is no phone number."))?;
    let deleted = |id: &str| world.desk(id).is_some_and(|desk| desk.deleted.is_some());
    let taken = world.wabas.iter().flat_map(|waba| &waba.numbers);
    if taken.into_iter().any(|own| own.phone == phone.as_str() && !deleted(&own.id)) {
        return Err(GraphError::new(100, "This number is on WhatsApp already."));
    }
    let waba = world.waba(call.id()).ok_or_else(|| GraphError::no_object(call.id()))?;
    let most = if world.tier.as_str() == "TIER_250" { 2 } else { 20 };
    // The cap is the portfolio's, over all its accounts; what was deleted leaves room.
    let owner = world.owner(&waba.id);
    let own = world.wabas.iter().filter(|account| world.owner(&account.id) == owner);
    let count = own.flat_map(|account| &account.numbers).filter(|own| !deleted(&own.id)).count();
    if count >= most {
        return Err(GraphError::new(100, format!("The business may have {most} numbers.")));
    }
    let waba = waba.id.clone();
    let id = format!("1{}", world.chance().digits(14));
    let deed = Deed::Added {
        waba,
        id: id.clone(),
        phone: phone.as_str().to_owned(),
        display: format!("+{} {}", number.cc, number.phone_number),
        name: number.verified_name,
    };
    world.deed(call.now, deed);
    Ok(json!({ "id": id }))
}

fn change(world: &mut World, call: &Call) -> Made {
    let given = params(call)?;
    let id = call.id().to_owned();
    if let Some(to) = given.get("webhook_configuration") {
        let url = to.get("override_callback_uri").and_then(Value::as_str).unwrap_or_default();
        bounds::chars("override_callback_uri", url, bounds::CALLBACK_MAX).map_err(refused)?;
        if let Err(why) = &call.callback {
            return Err(GraphError::new(2_200, format!("Callback verification failed: {why}")));
        }
        let change = LineChange { callback: Some(url.to_owned()), ..LineChange::default() };
        world.happen(Fact::Line { number: id, change: Box::new(change), at: call.now });
        return done();
    }
    let change = if let Some(pin) = call.text("pin")? {
        bounds::digits("pin", &pin, bounds::PIN_DIGITS).map_err(refused)?;
        if world.line(&id).unregistered {
            return Err(GraphError::new(133_010, "Register the number first."));
        }
        DeskChange::Pin { pin }
    } else if let Some(name) = call.text("new_display_name")? {
        bounds::between("new_display_name", &name, bounds::DISPLAY_NAME).map_err(refused)?;
        DeskChange::Renamed { name }
    } else {
        return Err(GraphError::new(
            100,
            "Name a pin, a new_display_name or a webhook_configuration.",
        ));
    };
    world.deed(call.now, Deed::Desk { number: id, change: Box::new(change) });
    done()
}

fn request_code(world: &mut World, call: &Call) -> Made {
    let method = call.text("code_method")?.unwrap_or_default();
    if !["SMS", "VOICE"].contains(&method.as_str()) || call.text("language")?.is_none() {
        return Err(GraphError::new(100, "Give code_method (SMS or VOICE) and language."));
    }
    let desk = world.desk(call.id());
    if !desk.is_some_and(|desk| desk.unverified) {
        return Err(GraphError::new(136_024, "The number is verified already."));
    }
    let lately = |at: &&Timestamp| call.now - **at < Span::hours(bounds::REGISTRATION_HOURS);
    if desk.is_some_and(|desk| desk.codes_asked.iter().filter(lately).count() >= 10) {
        return Err(GraphError::new(136_024, "Too many codes were asked for; wait."));
    }
    let code = world.chance().digits(bounds::CODE_DIGITS);
    let change = Box::new(DeskChange::CodeAsked { code });
    world.deed(call.now, Deed::Desk { number: call.id().to_owned(), change });
    done()
}

fn verify_code(world: &mut World, call: &Call) -> Made {
    let given = call.text("code")?.unwrap_or_default();
    let code = world.desk(call.id()).and_then(|desk| desk.code.clone());
    match code {
        Some((code, at)) if code == given && call.now - at <= CODE_HOLDS => {}
        Some((code, _)) if code == given => {
            return Err(GraphError::new(136_025, "The code has expired: ask for another."));
        }
        _ => return Err(GraphError::new(136_025, "The code is wrong.")),
    }
    let change = Box::new(DeskChange::Verified);
    world.deed(call.now, Deed::Desk { number: call.id().to_owned(), change });
    Ok(json!({"success": true, "id": call.id()}))
}

/// What stands in the way of registering or deregistering, whatever was given.
fn registrable(world: &World, call: &Call, desk: &Desk) -> Result<(), GraphError> {
    if world.line(call.id()).coexistence.is_some() {
        return Err(GraphError::new(100, "The number is on the Business app and stays there."));
    }
    if let Some(deleted) = desk.deleted {
        let code = if call.now - deleted < Span::minutes(5) { 133_015 } else { 133_010 };
        return Err(GraphError::new(code, "The number was deleted."));
    }
    if desk.registered_lately(call.now) >= bounds::REGISTRATIONS_MAX {
        return Err(GraphError::new(133_016, "More than ten registrations in 72 hours."));
    }
    Ok(())
}

fn register(world: &mut World, call: &Call) -> Made {
    of_whatsapp(call)?;
    let pin = call.text("pin")?.unwrap_or_default();
    bounds::digits("pin", &pin, bounds::PIN_DIGITS).map_err(refused)?;
    let region = call.text("data_localization_region")?;
    if region.as_deref().is_some_and(|region| !bounds::REGIONS.contains(&region)) {
        return Err(GraphError::new(100, "Param data_localization_region: no such region."));
    }
    let number = call.id().to_owned();
    let desk = world.desk(&number).cloned().unwrap_or_default();
    registrable(world, call, &desk)?;
    if desk.unverified {
        return Err(GraphError::new(133_006, "Verify the number before you register it."));
    }
    if desk.wrong_lately(call.now) >= 5 {
        return Err(GraphError::new(133_008, "Too many wrong PINs: wait 12 hours."));
    }
    if desk.wrong_pins.last().is_some_and(|last| call.now - *last < Span::seconds(2)) {
        return Err(GraphError::new(133_009, "PINs were tried too fast: wait 2 seconds."));
    }
    if desk.pin.as_ref().is_some_and(|own| *own != pin) {
        let change = Box::new(DeskChange::WrongPin);
        world.deed(call.now, Deed::Desk { number, change });
        return Err(GraphError::new(133_005, "The two-step PIN is another one."));
    }
    let change = Box::new(DeskChange::Registered { pin, region });
    world.deed(call.now, Deed::Desk { number, change });
    done()
}

fn deregister(world: &mut World, call: &Call) -> Made {
    let number = call.id().to_owned();
    let desk = world.desk(&number).cloned().unwrap_or_default();
    registrable(world, call, &desk)?;
    if world.line(&number).unregistered {
        return Err(GraphError::new(133_010, "The number is not registered."));
    }
    world.deed(call.now, Deed::Desk { number, change: Box::new(DeskChange::Deregistered) });
    done()
}

fn settings(world: &mut World, call: &Call) -> Made {
    let own = world.desk(call.id()).map(|desk| desk.settings.clone()).unwrap_or_default();
    let mut all: Map<String, Value> = Map::new();
    all.insert("calling".into(), json!({"status": "DISABLED", "call_icon_visibility": "DEFAULT"}));
    all.insert("storage_configuration".into(), json!({"status": "DEFAULT"}));
    let check = world.line(call.id()).identity_check;
    all.insert("user_identity_change".into(), json!({"enable_identity_key_check": check}));
    for (key, value) in own {
        match (all.get_mut(&key).and_then(Value::as_object_mut), value.as_object()) {
            (Some(known), Some(more)) => known.extend(more.clone()),
            _ => drop(all.insert(key, value)),
        }
    }
    Ok(Value::Object(all))
}

fn change_settings(world: &mut World, call: &Call) -> Made {
    let change: SettingsChange = typed(call)?;
    change.check().map_err(refused)?;
    let id = call.id().to_owned();
    if let Some(identity) = &change.user_identity_change {
        let check = Some(identity.enable_identity_key_check);
        let change = LineChange { identity_check: check, ..LineChange::default() };
        world.happen(Fact::Line { number: id.clone(), change: Box::new(change), at: call.now });
    }
    let mut settings = world.desk(&id).map(|desk| desk.settings.clone()).unwrap_or_default();
    let given = serde_json::to_value(&change).unwrap_or_default();
    for (key, value) in given.as_object().cloned().unwrap_or_default() {
        match (settings.get_mut(&key).and_then(Value::as_object_mut), value.as_object()) {
            (Some(known), Some(more)) => known.extend(more.clone()),
            _ => drop(settings.insert(key, value)),
        }
    }
    settings.remove("user_identity_change");
    world.deed(
        call.now,
        Deed::Desk { number: id, change: Box::new(DeskChange::Settings { settings }) },
    );
    done()
}

impl World {
    pub(super) fn apply_added(
        &mut self,
        waba: &str,
        id: String,
        phone: String,
        display: String,
        name: String,
    ) {
        let Some(waba) = self.wabas.iter_mut().find(|own| own.id == waba) else { return };
        waba.numbers.insert(0, Number { id: id.clone(), phone, display });
        let desk = self.office.desks.entry(id.clone()).or_default();
        desk.unverified = true;
        desk.fresh = true;
        desk.name = Some(name);
        self.lines.entry(id).or_default().unregistered = true;
    }
    /// All that there is to say of a number.
    pub(super) fn describe(&self, number: &Number) -> Value {
        let (line, desk) = (self.line(&number.id), self.desk(&number.id));
        let waba = self.waba_of(&number.id);
        let level = if self.per_second(&number.id) >= 1_000 { "HIGH" } else { "STANDARD" };
        let fresh = desk.is_some_and(|desk| desk.fresh);
        let status = match (line.unregistered, fresh) {
            (true, true) => "PENDING",
            (true, false) => "DISCONNECTED",
            (false, _) => "CONNECTED",
        };
        let verified = !desk.is_some_and(|desk| desk.unverified);
        let new_name = desk.and_then(|desk| desk.new_name.as_ref());
        json!({
            "id": number.id, "display_phone_number": number.display,
            "verified_name": desk.and_then(|desk| desk.name.as_ref()).or(waba.map(|waba| &waba.name)),
            "quality_rating": line.quality, "quality_score": {"score": line.quality},
            "code_verification_status": if verified { "VERIFIED" } else { "NOT_VERIFIED" },
            "name_status": "APPROVED", "new_name_status": new_name.map(|_| "APPROVED"),
            "new_display_name": new_name, "status": status,
            "platform_type": if fresh { "NOT_APPLICABLE" } else { "CLOUD_API" },
            "account_mode": "LIVE", "throughput": {"level": level},
            "whatsapp_business_manager_messaging_limit": self.tier.as_str(),
            "messaging_limit_tier": self.tier.as_str(),
            "is_official_business_account": false,
            "is_pin_enabled": desk.is_some_and(|desk| desk.pin.is_some()),
            "is_on_biz_app": line.throughput == Throughput::Coexistence,
            "is_preverified_number": false,
            "last_onboarded_time": desk.and_then(|desk| desk.onboarded).map(Timestamp::to_rfc3339),
            "username": desk.and_then(|desk| desk.username.as_ref()),
            "conversational_automation": desk.map(|desk| with_id(&desk.starters, &number.id)),
            "webhook_configuration": {
                "phone_number": line.callback,
                "whatsapp_business_account": waba.and_then(|waba| self.callbacks.get(&waba.id)),
                "application": self.app_callback,
            },
            "health_status": self.health(Some(number), waba),
        })
    }
}

/// Starters as a number shows them: they are a node of their own.
fn with_id(starters: &Value, number: &str) -> Value {
    let mut shown = starters.clone();
    if let Some(map) = shown.as_object_mut() {
        map.insert("id".into(), json!(number));
    }
    shown
}
