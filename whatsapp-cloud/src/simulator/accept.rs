//! Accepting a message, as Meta does: token, number, speed, form, template; and what will become of it.

use serde_json::{Value, json};
use whatsapp_core::{Phone, Timestamp};

use super::chance::Chance;
use super::error::GraphError;
use super::fact::{Fact, Planned};
use super::faults::{Fault, Route};
use super::world::World;
use super::{check, ids, template_rules};

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
}

impl World {
    /// Answers a call, with what the fault plan does to it. `work` gets the code with which an accepted message
    /// must fail later, if it must.
    pub(super) fn answer(
        &mut self,
        route: Route,
        to: Option<&str>,
        now: Timestamp,
        work: impl FnOnce(&mut Self, Option<i64>) -> Result<Value, GraphError>,
    ) -> Reply {
        let fault = self.faults.roll(&mut self.fault_chance, route, to);
        match fault {
            None => self.finish(now, to, |world| work(world, None)),
            Some(Fault::Fail { code }) => self.finish(now, to, |world| work(world, Some(code))),
            Some(Fault::Refuse { code }) => {
                self.finish(now, to, |_| Err(GraphError::new(code, "by the fault plan")))
            }
            Some(Fault::Hang { ms }) => {
                Reply::Late(ms, Box::new(self.finish(now, to, |world| work(world, None))))
            }
            Some(Fault::ResetBefore) => {
                self.note_fault(now, to, "reset before acceptance");
                Reply::Reset
            }
            Some(Fault::ResetAfter) => {
                self.finish(now, to, |world| work(world, None));
                self.note_fault(now, to, "reset after acceptance");
                Reply::Reset
            }
            Some(Fault::StatusBefore { status }) => {
                self.note_fault(now, to, "server error before acceptance");
                Reply::Bare(status)
            }
            Some(Fault::StatusAfter { status }) => {
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
        match work(self) {
            Ok(value) => Reply::Answer(200, value),
            Err(error) => {
                self.note(json!({
                    "at": now.to_rfc3339(), "what": "refused", "code": error.code(), "to": to
                }));
                let trace = format!("A{}", self.fault_chance.hex(22));
                Reply::Answer(error.status, error.body(&trace))
            }
        }
    }
    fn note_fault(&mut self, now: Timestamp, to: Option<&str>, what: &str) {
        self.note(json!({"at": now.to_rfc3339(), "what": what, "to": to}));
    }

    /// `POST /{number}/messages`, whole.
    pub(super) fn messages(
        &mut self,
        now: Timestamp,
        token: &str,
        number: &str,
        body: &Value,
    ) -> Reply {
        let to = recipient(body).ok();
        self.answer(Route::Messages, to.as_deref(), now, |world, fails| {
            world.check_token(token)?;
            if world.number(number).is_none() {
                return Err(GraphError::no_object(number));
            }
            if body.get("messaging_product").and_then(Value::as_str) != Some("whatsapp") {
                return Err(GraphError::new(100, "The parameter messaging_product is required."));
            }
            if body.get("status").is_some() {
                return world.seen(now, number, body);
            }
            world.accept(now, number, body, fails)
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
        fails: Option<i64>,
    ) -> Result<Value, GraphError> {
        let to = recipient(body)?;
        if self.number(number).is_some_and(|own| own.phone == to) {
            return Err(GraphError::new(131_021, "The sender and the recipient are the same."));
        }
        if let Some(code) = self.meter.refuses(&self.faults.limits, number, &to, now) {
            return Err(GraphError::new(code, "Too many messages in a short time."));
        }
        check::message(body, |id| self.files.contains_key(id))?;
        let template = match body.get("template") {
            Some(template) => {
                let waba = self.waba_of(number).ok_or_else(|| GraphError::no_object(number))?;
                Some(template_rules::check(&waba.templates, template)?.clone())
            }
            None => None,
        };
        let open = self.window_is_open(number, &to, now);
        if template.is_none() && !open && self.faults.refuse_closed_window {
            return Err(GraphError::new(131_047, crate::explain(131_047).message));
        }
        let fails = fails.or_else(|| self.fails_later(number, &to, template.as_ref(), open));
        let mut chance = self.chance();
        let wamid = ids::wamid(&mut chance, &to, true);
        let plan = self.plan(&mut chance, now, body, open, fails);
        let answer = accepted(&wamid, &to, body);
        self.happen(Fact::Sent {
            wamid,
            number: number.to_owned(),
            to,
            at: now,
            body: body.clone(),
            plan,
        });
        Ok(answer)
    }
    fn fails_later(
        &self,
        number: &str,
        to: &str,
        template: Option<&Value>,
        open: bool,
    ) -> Option<i64> {
        if let Some(code) = self.faults.recipients.get(to) {
            return Some(*code);
        }
        let Some(template) = template else { return (!open).then_some(131_047) };
        let marketing = template.get("category").and_then(Value::as_str) == Some("MARKETING");
        let stopped = self.stopped.contains(&(number.to_owned(), to.to_owned()));
        (marketing && stopped).then_some(131_050)
    }
    fn plan(
        &self,
        chance: &mut Chance,
        now: Timestamp,
        body: &Value,
        open: bool,
        fails: Option<i64>,
    ) -> Vec<Planned> {
        let speed = &self.faults.speed;
        let planned = |status: &str, at, error| Planned { status: status.to_owned(), at, error };
        let sent_at = now + chance.span(speed.sent_ms);
        if let Some(code) = fails {
            return vec![planned("failed", sent_at, Some(code))];
        }
        let mut plan = vec![planned("sent", sent_at, None)];
        if body.get("type").and_then(Value::as_str) == Some("reaction") {
            return plan; // of a reaction only this is told
        }
        let delivered_at = sent_at + chance.span(speed.delivered_ms);
        plan.push(planned("delivered", delivered_at, None));
        if open || chance.happens(speed.read_probability) {
            plan.push(planned("read", delivered_at + chance.span(speed.read_ms), None));
        }
        plan
    }
}

/// To whom: the number with plus sign, or the business-scoped id.
fn recipient(body: &Value) -> Result<String, GraphError> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    match (text("to"), text("recipient")) {
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

fn accepted(wamid: &str, to: &str, body: &Value) -> Value {
    let user_id = super::hooks::bsuid(to);
    let contact = match to.strip_prefix('+') {
        Some(digits) => json!({"input": body.get("to"), "wa_id": digits, "user_id": user_id}),
        None => json!({"input": to, "user_id": user_id}),
    };
    let message = if body.get("template").is_some() {
        json!({"id": wamid, "message_status": "accepted"})
    } else {
        json!({ "id": wamid })
    };
    json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})
}
