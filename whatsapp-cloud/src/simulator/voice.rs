//! Calls by voice, as far as they are signalled: offers, answers, ends. No sound is carried.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::error::GraphError;
use super::faults::Route;
use super::hooks::Slot;
use super::office::{Deed, Made, done, of_whatsapp};
use super::routes::{Call, Node, Row, row};
use super::world::World;
use crate::transport::Verb;

/// The routes of calls.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Post, Node::Number, "calls", Route::Calls, signal),
    row(Verb::Get, Node::Number, "call_permissions", Route::Calls, permission),
];

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    Ringing,
    Accepted,
    Ended,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct VoiceCall {
    number: String,
    who: String,
    by_business: bool,
    stage: Stage,
    answered: Option<Timestamp>,
    data: Option<String>,
}

/// Something about a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum VoiceDeed {
    Begun { id: String, who: String, by_business: bool, data: Option<String> },
    Accepted { id: String },
    Ended { id: String, rejected: bool },
    Permitted { who: String, may: bool },
}

/// What a customer does about calls: the body of `POST /_sim/calls`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ring {
    /// `permit`, `forbid`, `call`, `accept`, `reject`, `hang_up`.
    action: String,
    who: Option<String>,
    phone_number_id: Option<String>,
    call_id: Option<String>,
}

const SDP: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

fn signal(world: &mut World, call: &Call) -> Made {
    of_whatsapp(call)?;
    let number = call.id().to_owned();
    let action = call.text("action")?.unwrap_or_default();
    if action == "connect" {
        return connect(world, call, number);
    }
    let id = call.text("call_id")?.unwrap_or_default();
    let known = world.office.calls.get(&id).filter(|known| known.number == number);
    let known = known.ok_or_else(|| GraphError::new(131_009, "call_id: there is no such call."))?;
    let wrong = |why: &str| Err(GraphError::new(131_009, why));
    let deed = match (action.as_str(), known.stage) {
        (_, Stage::Ended) => return wrong("The call has ended."),
        ("pre_accept" | "accept" | "reject", _) if known.by_business => {
            return wrong("The call is our own.");
        }
        ("pre_accept" | "accept", Stage::Ringing) => {
            session(call, "answer")?;
            if action == "pre_accept" {
                return done();
            }
            VoiceDeed::Accepted { id }
        }
        ("reject", Stage::Ringing) => VoiceDeed::Ended { id, rejected: true },
        ("terminate", _) => VoiceDeed::Ended { id, rejected: false },
        _ => return wrong("action: connect, pre_accept, accept, reject or terminate."),
    };
    world.deed(call.now, Deed::Voice { number, deed: Box::new(deed) });
    done()
}

fn session(call: &Call, kind: &str) -> Result<(), GraphError> {
    let text = |path: &str| call.json().ok()?.pointer(path)?.as_str().map(str::to_owned);
    let sdp = text("/session/sdp").unwrap_or_default();
    if text("/session/sdp_type").as_deref() == Some(kind) && sdp.starts_with("v=0") {
        return Ok(());
    }
    Err(GraphError::new(131_009, format!("session: give the {kind}.")))
}

fn connect(world: &mut World, call: &Call, number: String) -> Made {
    session(call, "offer")?;
    let settings = world.desk(&number).map(|desk| &desk.settings);
    let status = settings.and_then(|all| all.get("calling")).and_then(|own| own.get("status"));
    if status.and_then(Value::as_str) != Some("ENABLED") {
        return Err(GraphError::new(138_000, "Calls are not switched on."));
    }
    let to = call.text("to")?.or(call.text("recipient")?).unwrap_or_default();
    let who = World::person(&to).map_err(|why| GraphError::new(131_009, why))?;
    let who = world.resolve(&who);
    if !world.office.callable.contains(&(number.clone(), who.clone())) {
        return Err(GraphError::new(138_006, "This person has not permitted calls."));
    }
    let busy = |known: &VoiceCall| known.number == number && known.who == who;
    if world.office.calls.values().any(|known| busy(known) && known.stage != Stage::Ended) {
        return Err(GraphError::new(138_003, "There is a call with this person."));
    }
    let id = format!("wacid.HBgM{}", world.chance().hex(24));
    let data = call.text("biz_opaque_callback_data")?;
    let deed = VoiceDeed::Begun { id: id.clone(), who, by_business: true, data };
    world.deed(call.now, Deed::Voice { number, deed: Box::new(deed) });
    Ok(json!({"messaging_product": "whatsapp", "calls": [{ "id": id }]}))
}

fn permission(world: &mut World, call: &Call) -> Made {
    let who = call.query("user_wa_id").or_else(|| call.query("recipient")).unwrap_or_default();
    let who = World::person(who).map_err(|why| GraphError::new(131_009, why))?;
    let may = world.office.callable.contains(&(call.id().to_owned(), world.resolve(&who)));
    let action = |name: &str, can: bool| json!({"action_name": name, "can_perform_action": can});
    Ok(json!({
        "messaging_product": "whatsapp",
        "permission": {"status": if may { "permanent" } else { "no_permission" }},
        "actions": [action("start_call", may), action("send_call_permission_request", !may)],
    }))
}

impl World {
    /// A customer calls, answers, hangs up, or says who may call.
    pub(super) fn ring(&mut self, now: Timestamp, ring: Ring) -> Result<Value, String> {
        let number = self.own_number(ring.phone_number_id.as_deref())?;
        let who = || Self::person(ring.who.as_deref().ok_or("who: give somebody")?);
        let act = |world: &mut Self, number: String, deed| {
            world.deed(now, Deed::Voice { number, deed: Box::new(deed) });
        };
        match ring.action.as_str() {
            "permit" | "forbid" => {
                let deed = VoiceDeed::Permitted { who: who()?, may: ring.action == "permit" };
                act(self, number, deed);
            }
            "call" => {
                let id = format!("wacid.HBgM{}", self.chance().hex(24));
                let (id_told, who) = (id.clone(), who()?);
                let deed = VoiceDeed::Begun { id, who, by_business: false, data: None };
                act(self, number, deed);
                return Ok(json!({ "call_id": id_told }));
            }
            "accept" | "reject" | "hang_up" => {
                let id = ring.call_id.ok_or("call_id: give one")?;
                let known = self.office.calls.get(&id).ok_or("call_id: there is no such call")?;
                if known.stage == Stage::Ended || (ring.action != "hang_up" && !known.by_business) {
                    return Err("call_id: this cannot be done to this call now".to_owned());
                }
                let number = known.number.clone();
                let deed = match ring.action.as_str() {
                    "accept" => VoiceDeed::Accepted { id },
                    other => VoiceDeed::Ended { id, rejected: other == "reject" },
                };
                act(self, number, deed);
            }
            _ => return Err("action: permit, forbid, call, accept, reject or hang_up".to_owned()),
        }
        Ok(json!({"success": true}))
    }
    pub(super) fn apply_voice(&mut self, number: &str, deed: VoiceDeed, at: Timestamp) {
        match deed {
            VoiceDeed::Begun { id, who, by_business, data } => {
                self.meet(&who);
                let number = number.to_owned();
                if !by_business {
                    self.known(&who, &number);
                    self.open_window(&number, &who, at);
                }
                let stage = Stage::Ringing;
                let call = VoiceCall { number, who, by_business, stage, answered: None, data };
                if by_business {
                    self.tell_ring(&id, &call, "RINGING", at + Span::seconds(1));
                } else {
                    self.tell_call(
                        &id,
                        &call,
                        "connect",
                        at,
                        json!({"session": {"sdp_type": "offer", "sdp": SDP}}),
                    );
                }
                self.office.calls.insert(id, call);
            }
            VoiceDeed::Accepted { id } => {
                let Some(call) = self.office.calls.get_mut(&id) else { return };
                call.stage = Stage::Accepted;
                call.answered = Some(at);
                let call = call.clone();
                if call.by_business {
                    self.tell_ring(&id, &call, "ACCEPTED", at);
                    self.tell_call(
                        &id,
                        &call,
                        "connect",
                        at,
                        json!({"session": {"sdp_type": "answer", "sdp": SDP}}),
                    );
                }
            }
            VoiceDeed::Ended { id, rejected } => {
                let Some(call) = self.office.calls.get_mut(&id) else { return };
                call.stage = Stage::Ended;
                let call = call.clone();
                if rejected && call.by_business {
                    self.tell_ring(&id, &call, "REJECTED", at);
                }
                let mut more =
                    json!({"status": if call.answered.is_some() { "COMPLETED" } else { "FAILED" }});
                if let (Some(from), Some(map)) = (call.answered, more.as_object_mut()) {
                    map.insert("start_time".into(), json!(from.seconds().to_string()));
                    map.insert("end_time".into(), json!(at.seconds().to_string()));
                    map.insert("duration".into(), json!(at.seconds() - from.seconds()));
                }
                self.tell_call(&id, &call, "terminate", at, more);
            }
            VoiceDeed::Permitted { who, may } => {
                let key = (number.to_owned(), who);
                if may {
                    self.office.callable.insert(key)
                } else {
                    self.office.callable.remove(&key)
                };
            }
        }
    }
    fn tell_call(&mut self, id: &str, call: &VoiceCall, event: &str, at: Timestamp, more: Value) {
        let own = self.number(&call.number).map(|own| own.phone.trim_start_matches('+').to_owned());
        let mut item = Map::new();
        item.insert("id".into(), json!(id));
        let (person, other) = if call.by_business { ("to", "from") } else { ("from", "to") };
        let ids = [format!("{person}_user_id"), format!("{person}_parent_user_id")];
        self.name_person(&mut item, &call.who, [person, &ids[0], &ids[1]]);
        item.insert(other.into(), json!(own));
        item.insert("event".into(), json!(event));
        item.insert("timestamp".into(), json!(at.seconds().to_string()));
        let direction = if call.by_business { "BUSINESS_INITIATED" } else { "USER_INITIATED" };
        item.insert("direction".into(), json!(direction));
        item.extend(
            call.data.clone().map(|data| ("biz_opaque_callback_data".to_owned(), json!(data))),
        );
        item.extend(more.as_object().cloned().unwrap_or_default());
        self.tell(
            &call.number.clone(),
            at,
            Slot::Voice,
            Some(&call.who.clone()),
            Value::Object(item),
        );
    }
    fn tell_ring(&mut self, id: &str, call: &VoiceCall, status: &str, at: Timestamp) {
        let mut item = Map::new();
        item.insert("id".into(), json!(id));
        item.insert("type".into(), json!("call"));
        item.insert("status".into(), json!(status));
        item.insert("timestamp".into(), json!(at.seconds().to_string()));
        let keys = ["recipient_id", "recipient_user_id", "recipient_parent_user_id"];
        self.name_person(&mut item, &call.who, keys);
        item.extend(
            call.data.clone().map(|data| ("biz_opaque_callback_data".to_owned(), json!(data))),
        );
        self.tell(&call.number, at, Slot::VoiceStatus, None, Value::Object(item));
    }
}
