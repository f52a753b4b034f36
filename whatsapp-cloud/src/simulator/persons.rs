//! What the world knows of each person: under which ids WhatsApp tells them, whether their phone is on, whom
//! they blocked. People are named by their number with plus sign, or by their business-scoped id.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use super::chance::Chance;
use super::fact::Fact;
use super::hooks::{Item, Slot};
use super::world::{World, Wrote};
use super::{fate, ids, regions};

/// What is not as it is with everybody else. Also the body of `POST /_sim/people`: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Person {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) username: Option<String>,
    /// Their business-scoped id, where it is not the one that follows from their number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<String>,
    /// The id that linked businesses share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parent_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) country_code: Option<String>,
    /// WhatsApp's name of their number, in digits, where it is not the number itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wa_id: Option<String>,
    /// They have a username, so that their number is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hides_phone: Option<bool>,
    /// Their phone is off: nothing is delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) off: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on_whatsapp: Option<bool>,
    /// Whether they let others see what they read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receipts: Option<bool>,
    /// The businesses, by number's id, that they blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) blocks: Option<BTreeSet<String>>,
    /// What a business compares to be sure that it is the same phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identity_key_hash: Option<String>,
}

fn take<T>(into: &mut Option<T>, from: Option<T>) {
    if from.is_some() {
        *into = from;
    }
}

impl Person {
    fn merge(&mut self, change: Self) {
        take(&mut self.name, change.name);
        take(&mut self.username, change.username);
        take(&mut self.user_id, change.user_id);
        take(&mut self.parent_user_id, change.parent_user_id);
        take(&mut self.country_code, change.country_code);
        take(&mut self.wa_id, change.wa_id);
        take(&mut self.hides_phone, change.hides_phone);
        take(&mut self.off, change.off);
        take(&mut self.on_whatsapp, change.on_whatsapp);
        take(&mut self.receipts, change.receipts);
        take(&mut self.blocks, change.blocks);
        take(&mut self.identity_key_hash, change.identity_key_hash);
    }
}

/// Everybody of whom there is something to know.
#[derive(Debug, Default)]
pub(super) struct People {
    all: BTreeMap<String, Person>,
    /// Business-scoped ids and WhatsApp's names of numbers → the person.
    aliases: HashMap<String, String>,
    /// Person → the numbers that have a conversation with them.
    known: HashMap<String, BTreeSet<String>>,
}

impl World {
    /// What is special about a person.
    pub(super) fn person_of(&self, who: &str) -> Option<&Person> {
        self.people.all.get(who)
    }
    fn is(&self, who: &str, what: impl Fn(&Person) -> Option<bool>) -> Option<bool> {
        self.person_of(who).and_then(what)
    }
    pub(super) fn is_off(&self, who: &str) -> bool {
        self.is(who, |person| person.off) == Some(true)
    }
    /// Whether nothing of this number ever reaches them.
    pub(super) fn is_unreachable(&self, number: &str, who: &str) -> bool {
        let blocks = |person: &Person| person.blocks.as_ref().map(|all| all.contains(number));
        self.is(who, |person| person.on_whatsapp) == Some(false)
            || self.is(who, blocks) == Some(true)
    }
    pub(super) fn shows_receipts(&self, who: &str) -> bool {
        self.is(who, |person| person.receipts) != Some(false)
    }
    /// The business-scoped id of a person.
    pub(super) fn user_id(&self, who: &str) -> String {
        let own = self.person_of(who).and_then(|person| person.user_id.clone());
        own.unwrap_or_else(|| bsuid(who))
    }
    /// WhatsApp's name of a person's number, in digits; `None` if they have none or hide it.
    pub(super) fn wa_id(&self, who: &str) -> Option<String> {
        let digits = who.strip_prefix('+')?;
        if let Some(own) = self.person_of(who).and_then(|person| person.wa_id.clone()) {
            return Some(own);
        }
        let short = self.faults.short_wa_ids.then(|| regions::short_wa_id(digits)).flatten();
        Some(short.unwrap_or_else(|| digits.to_owned()))
    }
    fn told_wa_id(&self, who: &str) -> Option<String> {
        let hides = self.is(who, |person| person.hides_phone) == Some(true);
        self.wa_id(who).filter(|_| !hides)
    }
    /// The person behind a number or id as a business writes it.
    pub(super) fn resolve(&self, who: &str) -> String {
        self.people.aliases.get(who).cloned().unwrap_or_else(|| who.to_owned())
    }
    /// From now on this person is found by their ids, too.
    pub(super) fn meet(&mut self, who: &str) {
        let Some(wa_id) = self.wa_id(who) else { return };
        let user_id = self.user_id(who);
        self.people.aliases.entry(user_id).or_insert_with(|| who.to_owned());
        let named = format!("+{wa_id}");
        if named != who {
            self.people.aliases.insert(named, who.to_owned());
        }
    }
    /// What a business compares to be sure that it is the same phone.
    pub(super) fn identity_hash(&self, who: &str) -> String {
        let own = self.person_of(who).and_then(|person| person.identity_key_hash.clone());
        own.unwrap_or_else(|| {
            let bytes = Chance::named(0, &format!("identity of {who}")).next().to_be_bytes();
            STANDARD.encode(bytes)
        })
    }
    /// Puts a person's ids into a webhook's item, as far as they are told.
    pub(super) fn name_person(&self, map: &mut Map<String, Value>, who: &str, keys: [&str; 3]) {
        let [phone_key, id_key, parent_key] = keys;
        if let Some(wa_id) = self.told_wa_id(who) {
            map.insert(phone_key.to_owned(), json!(wa_id));
        }
        map.insert(id_key.to_owned(), json!(self.user_id(who)));
        if let Some(parent) = self.person_of(who).and_then(|p| p.parent_user_id.as_ref()) {
            map.insert(parent_key.to_owned(), json!(parent));
        }
    }
    /// A person's entry of `contacts`.
    pub(super) fn card(&self, who: &str, number: Option<&str>) -> Value {
        let mut profile = Map::new();
        profile.extend(self.names.get(who).map(|name| ("name".to_owned(), json!(name))));
        let person = self.person_of(who);
        let mut tell = |key: &str, value: Option<&String>| {
            profile.extend(value.map(|value| (key.to_owned(), json!(value))));
        };
        tell("username", person.and_then(|p| p.username.as_ref()));
        tell("country_code", person.and_then(|p| p.country_code.as_ref()));
        let mut card = Map::new();
        card.insert("profile".into(), Value::Object(profile));
        self.name_person(&mut card, who, ["wa_id", "user_id", "parent_user_id"]);
        if number.is_some_and(|number| self.line(number).identity_check) {
            card.insert("identity_key_hash".into(), json!(self.identity_hash(who)));
        }
        Value::Object(card)
    }
}

/// How people change.
impl World {
    /// Something about a person is different from now on.
    pub(super) fn change_person(
        &mut self,
        now: Timestamp,
        who: &str,
        change: Person,
    ) -> Result<(), String> {
        let who = Self::person(who)?;
        self.happen(Fact::Person { who, change: Box::new(change), at: now });
        Ok(())
    }
    /// A person takes another number: all their businesses are told.
    pub(super) fn move_person(
        &mut self,
        now: Timestamp,
        from: &str,
        to: &str,
    ) -> Result<(), String> {
        let (from, to) = (Self::person(from)?, Self::person(to)?);
        if !from.starts_with('+') || !to.starts_with('+') || from == to {
            return Err("from, to: give two phone numbers".to_owned());
        }
        self.happen(Fact::Moved { from, to, at: now });
        Ok(())
    }
    /// A person gets another business-scoped id.
    pub(super) fn renew_person(
        &mut self,
        now: Timestamp,
        who: &str,
        user_id: Option<String>,
    ) -> Result<String, String> {
        let who = Self::person(who)?;
        let country = regions::country(&who);
        let next = user_id.unwrap_or_else(|| format!("{country}.{}", self.chance().digits(20)));
        self.happen(Fact::Renewed { who, user_id: next.clone(), at: now });
        Ok(next)
    }
    pub(super) fn apply_person(&mut self, who: &str, change: Person, at: Timestamp) {
        if let Some(name) = &change.name {
            self.names.insert(who.to_owned(), name.clone());
        }
        let new_key = change.identity_key_hash.clone();
        let comes_back = change.off == Some(false) && self.is_off(who);
        self.people.all.entry(who.to_owned()).or_default().merge(change);
        self.meet(who);
        if comes_back {
            fate::deliver_parked(self, who, at);
        }
        if let Some(hash) = new_key {
            let body = format!("{}'s security code changed", self.called(who));
            let identity = json!({"acknowledged": false, "created_timestamp": at.seconds().to_string(), "hash": hash});
            let system = json!({"body": body, "type": "customer_identity_changed"});
            self.tell_system(who, at, &json!({"system": system, "identity": identity}), true);
        }
    }
    pub(super) fn apply_moved(&mut self, from: &str, to: &str, at: Timestamp) {
        let person = self.people.all.remove(from).unwrap_or_default();
        let new = self.wa_id(to).unwrap_or_default();
        let old = self.wa_id(from).unwrap_or_default();
        let body = format!("User {} changed from {old} to {new}", self.called(from));
        let system = json!({"body": body, "wa_id": new, "type": "user_changed_number"});
        self.tell_system(from, at, &json!({ "system": system }), false);
        if let Some(name) = self.names.remove(from) {
            self.names.insert(to.to_owned(), name);
        }
        // Another number is another id, and another phone.
        let kept = Person { user_id: None, wa_id: None, identity_key_hash: None, ..person };
        self.people.all.insert(to.to_owned(), kept);
        self.people.aliases.retain(|_, who| who != from);
        self.meet(to);
    }
    pub(super) fn apply_renewed(&mut self, who: &str, user_id: String, at: Timestamp) {
        let previous = self.user_id(who);
        let person = self.people.all.entry(who.to_owned()).or_default();
        person.user_id = Some(user_id.clone());
        let parent = person.parent_user_id.clone();
        self.people.aliases.remove(&previous);
        self.meet(who);
        let mut update = Map::new();
        update.extend(self.told_wa_id(who).map(|wa_id| ("wa_id".to_owned(), json!(wa_id))));
        update.insert("detail".into(), json!("User id has been updated."));
        update.insert("user_id".into(), json!({"previous": previous, "current": user_id}));
        if let Some(parent) = &parent {
            update.insert("parent_user_id".into(), json!({"previous": parent, "current": parent}));
        }
        update.insert("timestamp".into(), json!(at.seconds().to_string()));
        let body = format!("User {} changed from {previous} to {user_id}", self.called(who));
        let mut system = json!({"body": body, "user_id": user_id, "type": "user_changed_user_id"});
        if let (Some(parent), Some(map)) = (parent, system.as_object_mut()) {
            map.insert("parent_user_id".into(), json!(parent));
        }
        for number in self.known_by(who) {
            let item = Value::Object(update.clone());
            self.tell(&number, at, Slot::UserIds, Some(who), item);
        }
        self.tell_system(who, at, &json!({ "system": system }), false);
    }
    fn called(&self, who: &str) -> String {
        self.names.get(who).cloned().unwrap_or_else(|| who.trim_start_matches('+').to_owned())
    }
    /// A number has a conversation with somebody.
    pub(super) fn known(&mut self, who: &str, number: &str) {
        match self.people.known.get_mut(who) {
            Some(numbers) if numbers.contains(number) => {}
            Some(numbers) => drop(numbers.insert(number.to_owned())),
            None => {
                self.people.known.insert(who.to_owned(), BTreeSet::from([number.to_owned()]));
            }
        }
    }
    /// The numbers that have a conversation with somebody.
    fn known_by(&self, who: &str) -> BTreeSet<String> {
        self.people.known.get(who).cloned().unwrap_or_default()
    }
    /// Tells a system message about somebody to all who know them. It opens no window.
    fn tell_system(&mut self, who: &str, at: Timestamp, parts: &Value, card: bool) {
        for number in self.known_by(who) {
            let place = format!("{number}{who}{}", at.micros());
            let wamid = ids::wamid(&mut Chance::named(self.seed, &place), who, false);
            let mut message = parts.as_object().cloned().unwrap_or_default();
            message.insert("type".into(), json!("system"));
            let wrote = Wrote {
                wamid,
                number: number.clone(),
                from: who.to_owned(),
                at,
                message: Value::Object(message),
                seen: true,
            };
            let value = super::items::message(self, &wrote);
            let waba = self.waba_of(&number).map(|waba| waba.id.clone()).unwrap_or_default();
            // Beside most system messages no contacts stand.
            let card = card.then(|| who.to_owned());
            self.push(Item::new(waba, Some(number), at, Slot::Messages, card, value));
        }
    }
}

/// The business-scoped id that follows from a number: people without one have it as their name here.
pub(super) fn bsuid(who: &str) -> String {
    if who.starts_with('+') {
        format!("{}.{}", regions::country(who), Chance::named(0, who).digits(20))
    } else {
        who.to_owned()
    }
}
