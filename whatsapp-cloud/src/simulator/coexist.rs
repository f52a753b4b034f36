//! Numbers that are also on the Business app: what the owner writes there is echoed, contacts and the past are
//! synchronised once, and the owner may disconnect. Never changes what the Cloud API itself accepted.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::chance::Chance;
use super::error::GraphError;
use super::fact::Fact;
use super::faults::Route;
use super::hooks::Slot;
use super::lines::Throughput;
use super::past::{AppContact, Past};
use super::routes::{Call, Node, Row, row};
use super::world::World;
use super::{history, ids};
use crate::transport::Verb;

/// The route of synchronising.
pub(super) const ROUTES: &[Row] =
    &[row(Verb::Post, Node::Number, "smb_app_data", Route::Numbers, synchronise)];

/// How long after onboarding the app's data may be asked for.
const SYNC_WITHIN: Span = Span::hours(24);

/// A number's life on the Business app.
#[derive(Clone, Debug)]
pub(super) struct Coexistence {
    pub(super) since: Timestamp,
    pub(super) shares_history: bool,
    pub(super) past: Past,
    pub(super) contacts_asked: bool,
    pub(super) history_asked: bool,
}

/// A message that the owner wrote on the app.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(feature = "simulator"),
    expect(dead_code, reason = "only the phone page shows them")
)]
pub(super) struct Echoed {
    pub(super) wamid: String,
    pub(super) number: String,
    pub(super) to: String,
    pub(super) at: Timestamp,
    pub(super) message: Value,
}

/// Somebody connects a number of the Business app: the body of `POST /_sim/coexistence/{id}/onboard`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Onboard {
    /// Whether the owner shares the past.
    #[serde(default = "yes")]
    shares_history: bool,
    /// What is on the app; of the seed if absent.
    #[serde(default)]
    past: Option<Past>,
}

const fn yes() -> bool {
    true
}

/// The owner writes on the app: the body of `POST /_sim/coexistence/{id}/echo`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Echo {
    to: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The owner keeps or forgets somebody: the body of `POST /_sim/coexistence/{id}/contact`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keep {
    who: String,
    /// Forgotten if absent.
    name: Option<String>,
}

/// The app goes away or comes back: the body of `POST /_sim/coexistence/{id}/disconnect`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Leave {
    #[serde(default = "removed")]
    event: String,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    initiated_by: Option<String>,
}

fn removed() -> String {
    "PARTNER_REMOVED".to_owned()
}

const REASONS: [&str; 6] = [
    "ACCOUNT_DISCONNECTED",
    "BUSINESS_DOWNGRADE",
    "CHANGE_NUMBER",
    "COMPANION_INACTIVITY",
    "PRIMARY_INACTIVITY",
    "USER_RE_REGISTERED",
];

type Made<T = ()> = Result<T, String>;

fn read<T: serde::de::DeserializeOwned>(body: Value) -> Made<T> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

impl World {
    fn coexistence(&self, number: &str) -> Made<&Coexistence> {
        let line = self.line(number);
        line.coexistence.as_ref().ok_or_else(|| "this number is not on the Business app".to_owned())
    }
    /// Something happens on the app, in the words of the control route.
    pub(super) fn coexist(
        &mut self,
        now: Timestamp,
        number: &str,
        what: &str,
        body: Value,
    ) -> Made<Value> {
        match what {
            "onboard" => self.onboard(now, number, read(body)?)?,
            "echo" => {
                let wamid = self.echo(now, number, read(body)?)?;
                return Ok(json!({ "wamid": wamid }));
            }
            "contact" => self.keep(now, number, read(body)?)?,
            "disconnect" => self.leave(now, number, read(body)?)?,
            _ => return Err("onboard, echo, contact or disconnect".to_owned()),
        }
        Ok(json!({"success": true}))
    }
    /// A number of the Business app is connected.
    pub(super) fn onboard(&mut self, now: Timestamp, number: &str, asked: Onboard) -> Made {
        let number = self.own_number(Some(number))?;
        let past = match asked.past {
            Some(past) => past.checked()?,
            None => Past::of_seed(self.seed, &number, now),
        };
        let shares_history = asked.shares_history;
        self.happen(Fact::Onboarded { number, shares_history, past: Box::new(past), at: now });
        Ok(())
    }
    pub(super) fn apply_onboarded(
        &mut self,
        number: &str,
        shares_history: bool,
        past: Past,
        at: Timestamp,
    ) {
        for contact in &past.contacts {
            self.names.entry(contact.who.clone()).or_insert_with(|| contact.name.clone());
        }
        // Only what comes from now on opens a window.
        self.windows.retain(|(own, _), _| own != number);
        let line = self.lines.entry(number.to_owned()).or_default();
        line.throughput = Throughput::Coexistence;
        line.unregistered = false;
        line.coexistence = Some(Coexistence {
            since: at,
            shares_history,
            past,
            contacts_asked: false,
            history_asked: false,
        });
    }
    /// The owner writes to somebody on the app. It opens no window and costs nothing. Gives the message's id.
    pub(super) fn echo(&mut self, now: Timestamp, number: &str, echo: Echo) -> Made<String> {
        let number = self.own_number(Some(number))?;
        self.coexistence(&number)?;
        let to = Self::person(&echo.to)?;
        let kind = echo.kind.unwrap_or_else(|| "text".to_owned());
        let mut message = echo.rest;
        let given = message.get(&kind);
        if !given.is_some_and(|given| given.is_object() || given.is_array()) {
            return Err(format!("{kind}: give its object"));
        }
        message.insert("type".into(), json!(kind));
        let wamid = ids::wamid(&mut self.chance(), &to, true);
        let message = Value::Object(message);
        self.happen(Fact::Echoed { wamid: wamid.clone(), number, to, message, at: now });
        Ok(wamid)
    }
    pub(super) fn apply_echoed(
        &mut self,
        wamid: &str,
        number: &str,
        to: &str,
        message: &Value,
        at: Timestamp,
    ) {
        self.meet(to);
        let item = self.echo_item(wamid, number, to, message, at);
        self.tell(number, at, Slot::Echoes, Some(to), item);
        let (wamid, number, to) = (wamid.to_owned(), number.to_owned(), to.to_owned());
        self.echoes.push(Echoed { wamid, number, to, at, message: message.clone() });
    }
    /// A message that was written on the app.
    pub(super) fn echo_item(
        &self,
        wamid: &str,
        number: &str,
        to: &str,
        message: &Value,
        at: Timestamp,
    ) -> Value {
        let own = self.number(number).map(|own| own.phone.trim_start_matches('+'));
        let mut item = Map::new();
        item.insert("from".into(), json!(own));
        self.name_person(&mut item, to, ["to", "to_user_id", "to_parent_user_id"]);
        item.insert("id".into(), json!(wamid));
        item.insert("timestamp".into(), json!(at.seconds().to_string()));
        item.extend(message.as_object().cloned().unwrap_or_default());
        Value::Object(item)
    }
    /// The owner keeps somebody under a name, or forgets them.
    pub(super) fn keep(&mut self, now: Timestamp, number: &str, keep: Keep) -> Made {
        let number = self.own_number(Some(number))?;
        self.coexistence(&number)?;
        let who = Self::person(&keep.who)?;
        self.happen(Fact::Kept { number, who, name: keep.name, at: now });
        Ok(())
    }
    pub(super) fn apply_kept(
        &mut self,
        number: &str,
        who: &str,
        name: Option<&str>,
        at: Timestamp,
    ) {
        let line = self.lines.entry(number.to_owned()).or_default();
        let Some(own) = line.coexistence.as_mut() else { return };
        let told = own.contacts_asked;
        own.past.contacts.retain(|contact| contact.who != who);
        if let Some(name) = name {
            own.past.contacts.push(AppContact { who: who.to_owned(), name: name.to_owned() });
        }
        if told {
            let item = self.contact_item(who, name, at);
            self.tell(number, at, Slot::StateSync, None, item);
        }
    }
    fn contact_item(&self, who: &str, name: Option<&str>, at: Timestamp) -> Value {
        let mut contact = Map::new();
        if let Some(name) = name {
            contact.insert("full_name".into(), json!(name));
            let first = name.split(' ').next().unwrap_or(name);
            contact.insert("first_name".into(), json!(first));
        }
        if let Some(wa_id) = self.wa_id(who) {
            contact.insert("phone_number".into(), json!(wa_id));
        }
        if name.is_some() {
            contact.insert("user_id".into(), json!(self.user_id(who)));
        }
        let action = if name.is_some() { "add" } else { "remove" };
        let timestamp = at.seconds().to_string();
        json!({"type": "contact", "contact": contact, "action": action, "metadata": {"timestamp": timestamp}})
    }
    /// The owner disconnects the number, or the app loses it or finds it again.
    pub(super) fn leave(&mut self, now: Timestamp, number: &str, leave: Leave) -> Made {
        let number = self.own_number(Some(number))?;
        self.coexistence(&number)?;
        let known = ["PARTNER_REMOVED", "ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED"];
        if !known.contains(&leave.event.as_str()) {
            return Err(format!("event: one of {}", known.join(", ")));
        }
        let reason = leave.reason.unwrap_or_else(|| "ACCOUNT_DISCONNECTED".to_owned());
        if !REASONS.contains(&reason.as_str()) {
            return Err(format!("reason: one of {}", REASONS.join(", ")));
        }
        let by = leave.initiated_by.unwrap_or_else(|| "USER".to_owned());
        if !["USER", "SYSTEM"].contains(&by.as_str()) {
            return Err("initiated_by: USER or SYSTEM".to_owned());
        }
        self.happen(Fact::Left { number, event: leave.event, reason, by, at: now });
        Ok(())
    }
    pub(super) fn apply_left(
        &mut self,
        number: &str,
        event: &str,
        reason: &str,
        by: &str,
        at: Timestamp,
    ) {
        let line = self.lines.entry(number.to_owned()).or_default();
        line.unregistered = event != "ACCOUNT_RECONNECTED";
        if event == "PARTNER_REMOVED" {
            line.coexistence = None;
            line.throughput = Throughput::Standard;
        }
        let phone = self.number(number).map(|own| own.phone.trim_start_matches('+').to_owned());
        let mut value = json!({"phone_number": phone, "event": event});
        if let Some(map) = value.as_object_mut().filter(|_| event != "ACCOUNT_RECONNECTED") {
            let info = json!({"reason": reason, "initiated_by": by});
            map.insert("disconnection_info".into(), info);
        }
        self.tell_account(number, at, "account_update", value);
    }
}

/// `POST /{number}/smb_app_data`: contacts or the past of the app, once, within a day of onboarding.
fn synchronise(world: &mut World, call: &Call) -> Result<Value, GraphError> {
    let number = call.id().to_owned();
    let kind = call.text("sync_type")?.unwrap_or_default();
    let of_history = match kind.as_str() {
        "smb_app_state_sync" => false,
        "history" => true,
        _ => return Err(GraphError::new(100, "sync_type: smb_app_state_sync or history")),
    };
    let own = world
        .coexistence(&number)
        .map_err(|why| GraphError::new(100, format!("Param sync_type: {why}.")))?;
    if if of_history { own.history_asked } else { own.contacts_asked } {
        return Err(GraphError::new(2_593_107, "This was synchronised before."));
    }
    if call.now - own.since > SYNC_WITHIN {
        return Err(GraphError::new(2_593_108, "More than 24 hours passed since onboarding."));
    }
    let media = match of_history && own.shares_history {
        true => history::files(world, &number, call.now),
        false => Default::default(),
    };
    world.happen(Fact::Synced { number: number.clone(), of_history, media, at: call.now });
    let request =
        Chance::named(world.seed, &format!("{number} {kind} {}", call.now.micros())).hex(12);
    Ok(json!({"messaging_product": "whatsapp", "request_id": request}))
}

impl World {
    pub(super) fn apply_synced(
        &mut self,
        number: &str,
        of_history: bool,
        media: &history::Files,
        at: Timestamp,
    ) {
        let line = self.lines.entry(number.to_owned()).or_default();
        let Some(own) = line.coexistence.as_mut() else { return };
        if of_history {
            own.history_asked = true;
            let (shares, past) = (own.shares_history, own.past.clone());
            if shares {
                history::tell(self, number, &past, media, at);
            } else {
                let error = GraphError::status_error(2_593_109);
                self.tell(number, at, Slot::History, None, json!({"errors": [error]}));
            }
            return;
        }
        own.contacts_asked = true;
        for contact in own.past.contacts.clone() {
            let item = self.contact_item(&contact.who, Some(&contact.name), at);
            self.tell(number, at, Slot::StateSync, None, item);
        }
    }
}
