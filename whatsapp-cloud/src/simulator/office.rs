//! What businesses set up beside their messages: PINs, profiles, codes, tokens, groups. What was done is a [`Deed`],
//! the only way this part of the world changes.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use super::desk::{Desk, DeskChange};
use super::error::GraphError;
use super::flows::{FlowChange, SimFlow};
use super::groups::{GroupDeed, SimGroup};
use super::routes::{Call, Carried};
use super::signup::{Customer, SignupCode};
use super::voice::{VoiceCall, VoiceDeed};
use super::world::World;
use crate::CloudError;

/// What an answer comes to.
pub(super) type Made = Result<Value, GraphError>;

/// A token of a customer, or what is different about the app's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TokenState {
    /// The only account it reaches; every one if absent.
    pub(super) waba: Option<String>,
    pub(super) expires: Option<Timestamp>,
    pub(super) revoked: bool,
    pub(super) issued: Option<Timestamp>,
}

/// What is set up of an account.
#[derive(Clone, Debug, Default)]
pub(super) struct AccountState {
    pub(super) settings: Map<String, Value>,
    /// Somebody who works on it → what they may do.
    pub(super) users: BTreeMap<String, Vec<String>>,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Office {
    pub(super) desks: BTreeMap<String, Desk>,
    pub(super) accounts: BTreeMap<String, AccountState>,
    pub(super) codes: BTreeMap<String, SignupCode>,
    pub(super) tokens: BTreeMap<String, TokenState>,
    /// Account → the business it is of.
    pub(super) owners: BTreeMap<String, String>,
    /// Which fields the app listens to; what it is told is not held back by it.
    pub(super) fields: BTreeSet<String>,
    pub(super) groups: BTreeMap<String, SimGroup>,
    pub(super) calls: BTreeMap<String, VoiceCall>,
    /// (number, person) who may be called.
    pub(super) callable: BTreeSet<(String, String)>,
    pub(super) flows: BTreeMap<String, SimFlow>,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum Deed {
    /// Something about a number.
    Desk { number: String, change: Box<DeskChange> },
    /// Settings of an account.
    Account { waba: String, change: Map<String, Value> },
    /// Somebody works on an account, or no longer.
    Assigned { waba: String, user: String, tasks: Vec<String> },
    /// A customer went through Embedded Signup.
    SignedUp(Box<Customer>),
    /// A number was added to an account.
    Added { waba: String, id: String, phone: String, display: String, name: String },
    /// A number was deleted.
    Removed { number: String },
    /// A code became a token.
    Exchanged { code: String, token: String, expires: Option<Timestamp> },
    /// A token ends at another moment, or at once.
    Token { token: String, state: TokenState },
    /// The app listens to these fields.
    Fields { fields: BTreeSet<String> },
    /// Something about a group.
    Group { number: String, deed: Box<GroupDeed> },
    /// Something about a call.
    Voice { number: String, deed: Box<VoiceDeed> },
    /// Something about a flow.
    Flow { id: String, change: Box<FlowChange> },
}

impl World {
    pub(super) fn deed(&mut self, at: Timestamp, deed: Deed) {
        self.happen(super::fact::Fact::Done { deed: Box::new(deed), at });
    }
    pub(super) fn apply_deed(&mut self, deed: Deed, at: Timestamp) {
        match deed {
            Deed::Desk { number, change } => self.apply_desk(&number, *change, at),
            Deed::Account { waba, change } => {
                self.office.accounts.entry(waba).or_default().settings.extend(change);
            }
            Deed::Assigned { waba, user, tasks } => {
                let users = &mut self.office.accounts.entry(waba).or_default().users;
                if tasks.is_empty() {
                    users.remove(&user)
                } else {
                    users.insert(user, tasks)
                };
            }
            Deed::SignedUp(customer) => self.apply_signup(*customer, at),
            Deed::Added { waba, id, phone, display, name } => {
                self.apply_added(&waba, id, phone, display, name);
            }
            Deed::Removed { number } => {
                self.office.desks.entry(number.clone()).or_default().deleted = Some(at);
                self.lines.entry(number).or_default().unregistered = true;
            }
            Deed::Exchanged { code, token, expires } => {
                self.apply_exchange(&code, token, expires, at)
            }
            Deed::Token { token, state } => drop(self.office.tokens.insert(token, state)),
            Deed::Fields { fields } => self.office.fields = fields,
            Deed::Group { number, deed } => self.apply_group(&number, *deed, at),
            Deed::Voice { number, deed } => self.apply_voice(&number, *deed, at),
            Deed::Flow { id, change } => self.apply_flow(&id, *change),
        }
    }
    /// What is set up of an account, if anything.
    pub(super) fn setting(&self, waba: &str, key: &str) -> Option<&Value> {
        self.office.accounts.get(waba).and_then(|account| account.settings.get(key))
    }
}

/// A request that Meta would not take for its form or its length.
pub(super) fn refused(error: CloudError) -> GraphError {
    let text = match &error {
        CloudError::Invalid { field, message } => format!("Param {field}: {message}."),
        other => format!("{other}."),
    };
    GraphError::new(100, text)
}

pub(super) fn done() -> Made {
    Ok(json!({"success": true}))
}

/// What a call carries, wherever it stands: object, form or address. Files are not in it.
pub(super) fn params(call: &Call) -> Result<Map<String, Value>, GraphError> {
    let hidden = ["access_token", "appsecret_proof"];
    let named = call.query.iter().filter(|(key, _)| !hidden.contains(&key.as_str()));
    let mut all: Map<String, Value> =
        named.map(|(key, value)| (key.clone(), json!(value))).collect();
    if let Carried::Form { fields, .. } = &call.carried {
        all.extend(fields.iter().map(|(key, value)| (key.clone(), json!(value))));
    } else {
        all.extend(call.json()?.as_object().cloned().unwrap_or_default());
    }
    Ok(all)
}

/// What a call carries, as one of the types of our own client: both sides know one form.
pub(super) fn typed<T: DeserializeOwned>(call: &Call) -> Result<T, GraphError> {
    let all = Value::Object(params(call)?);
    serde_json::from_value(all).map_err(|error| GraphError::new(100, format!("{error}.")))
}

/// Most calls about a number must say which product they mean.
pub(super) fn of_whatsapp(call: &Call) -> Result<(), GraphError> {
    let product = params(call)?.get("messaging_product").cloned();
    if product.as_ref().and_then(Value::as_str) == Some("whatsapp") {
        return Ok(());
    }
    Err(GraphError::new(100, "The parameter messaging_product is required."))
}

/// The parts of `fields`, without what stands in brackets inside of them.
pub(super) fn fields(call: &Call) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0_i32);
    for c in call.query("fields").unwrap_or_default().chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Of an object, what was asked for; without a wish, what Meta gives anyway. The id is always there.
pub(super) fn select(object: Value, call: &Call, first: &[&str]) -> Value {
    let asked = fields(call);
    let Value::Object(all) = object else { return object };
    let name = |part: &String| part.split(['.', '{']).next().unwrap_or_default().to_owned();
    let wanted: BTreeSet<String> = if asked.is_empty() {
        first.iter().map(|&name| name.to_owned()).collect()
    } else {
        asked.iter().map(name).collect()
    };
    let keep = |key: &String| key == "id" || wanted.contains(key);
    Value::Object(all.into_iter().filter(|(key, value)| keep(key) && !value.is_null()).collect())
}
