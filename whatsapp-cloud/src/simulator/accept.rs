//! Accepting a message, as Meta does: token, number, speed, form, template; and what will become of it.

use serde_json::{Value, json};
use whatsapp_core::{Phone, Timestamp};

use super::body::{Body, kind_of};
use super::chance::Chance;
use super::error::GraphError;
use super::fact::{Fact, Terms};
use super::fate::{Hold, Sending, Waits};
use super::faults::{Asked, Fault, Route};
use super::group_sends::is_group;
use super::world::World;
use super::{check, ids, template_rules};

/// By which route a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// `messages`.
    Messages,
    /// `marketing_messages`: the Marketing Messages API.
    Marketing,
}

/// What goes back to the caller.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// An HTTP status and Meta's body.
    Answer(u16, Value),
    /// An HTTP status and no body of Meta's.
    Bare(u16),
    /// Nothing: the connection breaks.
    Reset,
    /// The first answer, but only after so many milliseconds.
    Late(u32, Box<Reply>),
    /// The answer's head at once, its body after so many milliseconds.
    Slow(u32, Box<Reply>),
    /// The answer with more headers.
    With(Vec<(&'static str, String)>, Box<Reply>),
}

impl World {
    /// Answers a call that is about no number in particular, see [`World::answer_for`].
    pub(super) fn answer(
        &mut self,
        route: Route,
        to: Option<&str>,
        now: Timestamp,
        work: impl FnOnce(&mut Self, Option<i64>) -> Result<Value, GraphError>,
    ) -> Reply {
        self.answer_for(&Asked { route, to, number: None }, now, work)
    }
    /// Answers a call, with what the fault plan does to it. `work` gets the code with which an accepted message
    /// must fail later, if it must.
    pub(super) fn answer_for(
        &mut self,
        call: &Asked<'_>,
        now: Timestamp,
        work: impl FnOnce(&mut Self, Option<i64>) -> Result<Value, GraphError>,
    ) -> Reply {
        let to = call.to;
        let Some(fault) = self.roll(call, now) else {
            return self.finish(now, to, |world| work(world, None));
        };
        let boxed = |reply| Box::new(reply);
        match fault {
            Fault::Fail { code } => self.finish(now, to, |world| work(world, Some(code))),
            Fault::Refuse { code, subcode, transient, status } => self.finish(now, to, |_| {
                let error = GraphError::new(code, "by the fault plan");
                Err(error.with_subcode(subcode).with_transient(transient).with_status(status))
            }),
            Fault::SlowDown { retry_after, code } => {
                let error = GraphError::new(code, "by the fault plan").with_status(Some(429));
                let reply = self.finish(now, to, |_| Err(error));
                Reply::With(vec![("retry-after", retry_after.to_string())], boxed(reply))
            }
            Fault::Hang { ms } => {
                Reply::Late(ms, boxed(self.finish(now, to, |world| work(world, None))))
            }
            Fault::SlowBody { ms } => {
                Reply::Slow(ms, boxed(self.finish(now, to, |world| work(world, None))))
            }
            Fault::HangBefore { ms } => {
                self.note_fault(now, to, "hung before acceptance");
                Reply::Late(ms, boxed(Reply::Reset))
            }
            Fault::ResetBefore => {
                self.note_fault(now, to, "reset before acceptance");
                Reply::Reset
            }
            Fault::ResetAfter => {
                self.finish(now, to, |world| work(world, None));
                self.note_fault(now, to, "reset after acceptance");
                Reply::Reset
            }
            Fault::StatusBefore { status } => {
                self.note_fault(now, to, "server error before acceptance");
                Reply::Bare(status)
            }
            Fault::StatusAfter { status } => {
                self.finish(now, to, |world| work(world, None));
                self.note_fault(now, to, "server error after acceptance");
                Reply::Bare(status)
            }
        }
    }
    fn finish(
        &mut self,
        now: Timestamp,
        to: Option<&str>,
        work: impl FnOnce(&mut Self) -> Result<Value, GraphError>,
    ) -> Reply {
        self.answers += 1;
        match work(self) {
            Ok(value) => Reply::Answer(200, value),
            Err(error) => {
                self.note(json!({
                    "at": now.to_rfc3339(), "what": "refused", "code": error.code(), "to": to
                }));
                let trace = format!("A{}", Chance::at(self.seed ^ 0x7ACE, self.answers).hex(22));
                Reply::Answer(error.status, error.body(&trace))
            }
        }
    }
    fn note_fault(&mut self, now: Timestamp, to: Option<&str>, what: &str) {
        self.note(json!({"at": now.to_rfc3339(), "what": what, "to": to}));
    }

    /// `POST /{number}/messages` or `/{number}/marketing_messages`, whole.
    pub(super) fn messages(
        &mut self,
        now: Timestamp,
        token: &str,
        number: &str,
        body: &Value,
        door: Door,
    ) -> Reply {
        let to = recipient(body).ok().map(|to| self.resolve(&to));
        let call = Asked { route: Route::Messages, number: Some(number), to: to.as_deref() };
        self.answer_for(&call, now, |world, fails| {
            world.check_token(token, now)?;
            world.check_reach(token, number)?;
            if world.number(number).is_none() {
                return Err(GraphError::no_object(number));
            }
            if body.get("messaging_product").and_then(Value::as_str) != Some("whatsapp") {
                return Err(GraphError::new(100, "The parameter messaging_product is required."));
            }
            if door == Door::Messages && body.get("status").is_some() {
                return world.seen(now, number, body);
            }
            world.accept(now, number, body, door, fails)
        })
    }
    fn seen(&mut self, now: Timestamp, number: &str, body: &Value) -> Result<Value, GraphError> {
        if body.get("status").and_then(Value::as_str) != Some("read") {
            return Err(GraphError::new(131_009, "status must be read."));
        }
        let wamid = body.get("message_id").and_then(Value::as_str).unwrap_or_default();
        let known = self.wrote.iter().any(|m| m.wamid == wamid && m.number == number);
        if !known {
            return Err(GraphError::new(131_009, "message_id is not a message to this number."));
        }
        let typing = body.get("typing_indicator").is_some();
        self.happen(Fact::Seen { wamid: wamid.to_owned(), typing, at: now });
        Ok(json!({"success": true}))
    }
    fn accept(
        &mut self,
        now: Timestamp,
        number: &str,
        body: &Value,
        door: Door,
        fails: Option<i64>,
    ) -> Result<Value, GraphError> {
        let to = self.resolve(&recipient(body)?);
        self.check_group(number, &to, now)?;
        if self.number(number).is_some_and(|own| own.phone == to) {
            return Err(GraphError::new(131_021, "The sender and the recipient are the same."));
        }
        if let Some(code) = self.line_refuses(number, &to, now) {
            return Err(GraphError::new(code, crate::explain(code).message));
        }
        let (limits, per_second) = (&self.faults.limits, self.per_second(number));
        if let Some(code) = self.meter.refuses(limits, per_second, number, &to, now) {
            return Err(GraphError::new(code, "Too many messages in a short time."));
        }
        let template = self.well_formed(number, body, now)?;
        let open = self.window_is_open(number, &to, now);
        let sending = Sending { number, to: &to, body, template, open, now, door };
        if template.is_none() && !open && self.faults.refuse_closed_window {
            return Err(GraphError::new(131_047, crate::explain(131_047).message));
        }
        if sending.category() == Some("AUTHENTICATION") && body.get("recipient").is_some() {
            return Err(GraphError::new(131_062, "Codes go to phone numbers only."));
        }
        if self.wants_marketing_api(&sending) {
            return Err(GraphError::new(131_063, "Marketing goes by its own API here."));
        }
        let (answer, fact) = self.accepted(&sending, fails);
        self.happen(fact);
        Ok(answer)
    }
    /// The template of a message, if it has one; or what is wrong with the form of either. What Meta says of a
    /// template's own form comes before what it says of any message's.
    fn well_formed(
        &self,
        number: &str,
        body: &Value,
        now: Timestamp,
    ) -> Result<Option<&Value>, GraphError> {
        let waba = self.waba_of(number).ok_or_else(|| GraphError::no_object(number))?;
        let template = body.get("template").filter(|_| kind_of(body) == "template");
        let found = template.map(|sent| template_rules::check(&waba.templates, sent, now));
        match (found, check::message(body, |id| self.file_for(now, number, id).is_some())) {
            (Some(Err(own)), Err(_)) if matches!(own.code(), 132_000 | 132_005..=132_018) => {
                Err(own)
            }
            (_, Err(form)) => Err(form),
            (found, Ok(())) => found.transpose(),
        }
    }
    /// The answer to a message, and the fact that it was accepted.
    fn accepted(&self, sending: &Sending<'_>, fails: Option<i64>) -> (Value, Fact) {
        let fails = fails.or_else(|| self.fails_later(sending));
        let mut chance = self.chance();
        let wamid = ids::wamid(&mut chance, sending.to, true);
        let (plan, waits) = self.plan(&mut chance, sending, fails);
        let status = match self.fates.hold(sending.template_id()) {
            Some(Hold::Hold) if waits == Some(Waits::Review) => "held_for_quality_assessment",
            Some(Hold::Pause) if fails == Some(132_015) => "paused",
            _ => "accepted",
        };
        let answer = self.sent_answer(&wamid, sending, status);
        let lives = sending.template.and_then(|t| t.get("message_send_ttl_seconds"));
        let terms = Terms {
            category: sending.category().map(str::to_owned),
            template: sending.template_id().map(str::to_owned),
            lives_seconds: lives.and_then(Value::as_i64).filter(|seconds| *seconds > 0),
            // How groups count for the messaging limit is told nowhere: here they do not.
            outside: !sending.open && !is_group(sending.to),
            charge: fails.is_none().then(|| self.charge(&mut chance, sending)),
            waits,
        };
        let fact = Fact::Sent {
            wamid,
            number: sending.number.to_owned(),
            to: sending.to.to_owned(),
            at: sending.now,
            body: Body::new(sending.body),
            plan,
            terms: Some(Box::new(terms)),
        };
        (answer, fact)
    }
    fn sent_answer(&self, wamid: &str, sending: &Sending<'_>, status: &str) -> Value {
        if is_group(sending.to) {
            let mut message = json!({"id": wamid, "group_id": sending.to});
            if let Some(map) = message.as_object_mut().filter(|_| sending.template.is_some()) {
                map.insert("message_status".into(), json!(status));
            }
            let contact = json!({"input": sending.to, "wa_id": sending.to});
            return json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]});
        }
        let mut contact = serde_json::Map::new();
        let input = sending.body.get("to").or_else(|| sending.body.get("recipient"));
        contact.insert("input".into(), json!(input));
        if sending.body.get("to").is_some() {
            contact.insert("wa_id".into(), json!(self.wa_id(sending.to)));
        }
        contact.insert("user_id".into(), json!(self.user_id(sending.to)));
        let message = if sending.template.is_some() {
            json!({"id": wamid, "message_status": status})
        } else {
            json!({ "id": wamid })
        };
        json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})
    }
}

/// To whom: the number with plus sign, the business-scoped id, or the group's id.
fn recipient(body: &Value) -> Result<String, GraphError> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let group = body.get("recipient_type").is_some_and(|kind| kind == "group");
    match (text("to"), text("recipient")) {
        // Dots and plus signs are of people: no group of ours has them.
        (Some(to), None) if group => Ok(to.replace(['.', '+'], "_")),
        (Some(to), None) => {
            let digits: String = to.chars().filter(|c| !" +-().".contains(*c)).collect();
            let phone = Phone::from_wa_id(&digits);
            phone.map(|phone| phone.as_str().to_owned()).map_err(|_| {
                GraphError::new(131_009, "to must be a phone number with its country code.")
            })
        }
        (None, Some(bsuid)) if bsuid.contains('.') => Ok(bsuid.to_owned()),
        (None, Some(_)) => Err(GraphError::new(131_009, "recipient is no user id.")),
        (None, None) => Err(GraphError::new(131_008, "to or recipient is required.")),
        (Some(_), Some(_)) => Err(GraphError::new(100, "Give either to or recipient.")),
    }
}
