//! Webhooks: what is to be told, when, in which call; doubled, late and out of order as the fault plan says.
//! Signs exactly the bytes that go out. Never posts anything.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};
use whatsapp_core::{Secret, Span, Timestamp};

use super::chance::Chance;
use super::error::GraphError;
use super::fact::Planned;
use super::faults::WebhookFaults;
use super::world::{Sent, World, Wrote};
use crate::webhook::{escape_non_ascii, sign};

/// Under which key of a change an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Messages,
    Statuses,
    Preferences,
    /// With the time of the entry.
    Template(Timestamp),
}

/// One thing to be told.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) waba: String,
    pub(super) number: Option<String>,
    pub(super) due: Timestamp,
    pub(super) slot: Slot,
    pub(super) value: Value,
    #[cfg_attr(not(feature = "simulator"), expect(dead_code, reason = "in process no call fails"))]
    pub(super) tries: u32,
}

/// A call to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookCall {
    /// The account it is about.
    pub waba_id: String,
    /// The items it tells, to say what became of it.
    pub(super) items: Vec<u64>,
    /// The bytes.
    pub body: Vec<u8>,
    /// The value of `X-Hub-Signature-256`.
    pub signature: String,
}

/// What is to be told and what is under way.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    next: u64,
    calls: u64,
    waiting: BTreeMap<(Timestamp, u64), Item>,
    /// Item → its moment in `waiting`.
    places: HashMap<u64, Timestamp>,
    flying: HashMap<u64, Item>,
}

impl Hooks {
    pub(super) fn push(&mut self, seed: u64, faults: &WebhookFaults, mut item: Item) {
        let mut chance = Chance::at(seed ^ 0x5151, self.next);
        if item.slot == Slot::Statuses && chance.happens(faults.drop_statuses) {
            self.next += 1;
            return;
        }
        let asked = item.due;
        item.due = asked + chance.span(faults.delay_ms);
        if chance.happens(faults.disorder) {
            item.due = item.due + chance.span([200, 2_000]);
        }
        if chance.happens(faults.duplicate) {
            let due = item.due + chance.span([0, 1_500]);
            self.insert(Item { due, ..item.clone() });
        }
        self.insert(item);
    }
    fn insert(&mut self, item: Item) {
        self.wait(self.next, item);
        self.next += 1;
    }
    fn wait(&mut self, id: u64, item: Item) {
        self.places.insert(id, item.due);
        self.waiting.insert((item.due, id), item);
    }
    /// When the next item is due.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.keys().next().map(|(due, _)| *due)
    }
    /// How many items are waiting or under way.
    #[cfg(feature = "simulator")]
    pub(super) fn open_items(&self) -> usize {
        self.waiting.len() + self.flying.len()
    }
    /// Items that were told, or that nobody wants.
    pub(super) fn told(&mut self, items: &[u64]) {
        for id in items {
            self.flying.remove(id);
            if let Some(due) = self.places.remove(id) {
                self.waiting.remove(&(due, *id));
            }
        }
    }
    /// The call failed: its items come again, later each time.
    #[cfg(feature = "simulator")]
    pub(super) fn failed(&mut self, faults: &WebhookFaults, items: &[u64], now: Timestamp) {
        for id in items {
            let Some(mut item) = self.flying.remove(id) else { continue };
            let doubled = faults.retry_first_ms.saturating_mul(1 << item.tries.min(20));
            item.tries += 1;
            item.due = now + Span::millis(i64::from(doubled.min(faults.retry_max_ms).max(1)));
            self.wait(*id, item);
        }
    }
    /// Takes what is due, in groups of one account and of a size that varies.
    fn take(&mut self, seed: u64, faults: &WebhookFaults, now: Timestamp) -> Vec<Vec<(u64, Item)>> {
        let later = self.waiting.split_off(&(now + Span::micros(1), 0));
        let due = std::mem::replace(&mut self.waiting, later);
        let mut groups: Vec<Vec<(u64, Item)>> = Vec::new();
        let mut open: HashMap<String, (usize, u64)> = HashMap::new();
        for ((_, id), item) in due {
            let place = open.get_mut(&item.waba).filter(|(_, room)| *room > 0);
            if let Some((index, room)) = place
                && let Some(group) = groups.get_mut(*index)
            {
                *room -= 1;
                group.push((id, item));
                continue;
            }
            self.calls += 1;
            let room = Chance::at(seed ^ 0xCA11, self.calls).below(u64::from(faults.batch.max(1)));
            open.insert(item.waba.clone(), (groups.len(), room));
            groups.push(vec![(id, item)]);
        }
        for (id, item) in groups.iter().flatten() {
            self.places.remove(id);
            self.flying.insert(*id, item.clone());
        }
        groups
    }
}

impl World {
    /// The calls that are due. Say [`Fact::Told`](super::fact::Fact::Told) or `hooks.failed` of each.
    pub(super) fn due_calls(&mut self, now: Timestamp) -> Vec<WebhookCall> {
        let groups = self.hooks.take(self.seed, &self.faults.webhooks, now);
        groups.into_iter().map(|group| self.call(&group)).collect()
    }
    fn call(&self, group: &[(u64, Item)]) -> WebhookCall {
        let waba_id = group.first().map(|(_, item)| item.waba.clone()).unwrap_or_default();
        let mut changes: Vec<Value> = Vec::new();
        let mut time = None;
        let mut at = 0;
        while let Some((_, first)) = group.get(at) {
            // Neighbours of the same kind and number share one change, as Meta's batches do.
            let run = group
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take_while(|(_, item)| item.slot == first.slot && item.number == first.number);
            let items: Vec<&Item> = run.map(|(_, item)| item).collect();
            if let Slot::Template(moment) = first.slot {
                time = Some(moment.seconds());
            }
            at += items.len().max(1);
            changes.extend(self.changes(first, &items));
        }
        let mut entry = json!({"id": waba_id, "changes": changes});
        if let (Some(time), Some(map)) = (time, entry.as_object_mut()) {
            map.insert("time".into(), json!(time));
        }
        let root = json!({"object": "whatsapp_business_account", "entry": [entry]});
        let body = escape_non_ascii(&root.to_string()).into_bytes();
        let signature = sign(&Secret::from(self.app.secret.as_str()), &body);
        WebhookCall { waba_id, items: group.iter().map(|(id, _)| *id).collect(), body, signature }
    }
    fn changes(&self, first: &Item, items: &[&Item]) -> Vec<Value> {
        let (field, key) = match first.slot {
            Slot::Messages => ("messages", "messages"),
            Slot::Statuses => ("messages", "statuses"),
            Slot::Preferences => ("user_preferences", "user_preferences"),
            Slot::Template(_) => {
                let field = "message_template_status_update";
                return items.iter().map(|i| json!({"field": field, "value": i.value})).collect();
            }
        };
        let values: Vec<&Value> = items.iter().map(|item| &item.value).collect();
        let mut value = Map::new();
        value.insert("messaging_product".into(), json!("whatsapp"));
        let number = first.number.as_deref().and_then(|id| self.number(id));
        if let Some(number) = number {
            let display = number.phone.trim_start_matches('+');
            let metadata = json!({"display_phone_number": display, "phone_number_id": number.id});
            value.insert("metadata".into(), metadata);
        }
        if first.slot != Slot::Statuses {
            value.insert("contacts".into(), json!(self.cards(&values)));
        }
        value.insert(key.into(), json!(values));
        vec![json!({"field": field, "value": value})]
    }
    fn cards(&self, items: &[&Value]) -> Vec<Value> {
        let mut seen = Vec::new();
        for item in items {
            let person = |a: &str, b: &str| item.get(a).or_else(|| item.get(b)).cloned();
            let (wa_id, user_id) = (person("from", "wa_id"), person("from_user_id", "user_id"));
            let key = wa_id
                .as_ref()
                .and_then(Value::as_str)
                .map(|digits| format!("+{digits}"))
                .or_else(|| user_id.as_ref().and_then(Value::as_str).map(str::to_owned));
            let name = key.as_ref().and_then(|key| self.names.get(key));
            let mut card = Map::new();
            card.insert("profile".into(), name.map_or_else(|| json!({}), |n| json!({"name": n})));
            card.extend(wa_id.map(|id| ("wa_id".to_owned(), id)));
            card.extend(user_id.map(|id| ("user_id".to_owned(), id)));
            let card = Value::Object(card);
            if !seen.contains(&card) {
                seen.push(card);
            }
        }
        seen
    }
}

/// The business-scoped id of a person: people without a number have it as their name here.
pub(super) fn bsuid(who: &str) -> String {
    match who.strip_prefix('+') {
        Some(digits) => {
            let country = if digits.starts_with("55") { "BR" } else { "GB" };
            format!("{country}.{}", Chance::named(0, who).digits(20))
        }
        None => who.to_owned(),
    }
}

fn person(map: &mut Map<String, Value>, who: &str, phone_key: &str, id_key: &str) {
    if let Some(digits) = who.strip_prefix('+') {
        map.insert(phone_key.to_owned(), json!(digits));
    }
    map.insert(id_key.to_owned(), json!(bsuid(who)));
}

/// The item of a customer's message.
pub(super) fn message(world: &World, wrote: &Wrote) -> Value {
    let mut item = Map::new();
    person(&mut item, &wrote.from, "from", "from_user_id");
    item.insert("id".into(), json!(wrote.wamid));
    item.insert("timestamp".into(), json!(wrote.at.seconds().to_string()));
    item.extend(wrote.message.as_object().cloned().unwrap_or_default());
    let answered = item.get("context").and_then(|c| c.get("message_id")).cloned();
    if let Some(wamid) = answered {
        let number = world.number(&wrote.number).map(|n| n.phone.trim_start_matches('+'));
        item.insert("context".into(), json!({"from": number, "id": wamid}));
    }
    Value::Object(item)
}

/// The item of a status.
pub(super) fn status(sent: &Sent, planned: &Planned) -> Value {
    let mut item = Map::new();
    item.insert("id".into(), json!(sent.wamid));
    item.insert("status".into(), json!(planned.status));
    item.insert("timestamp".into(), json!(planned.at.seconds().to_string()));
    person(&mut item, &sent.to, "recipient_id", "recipient_user_id");
    if let Some(data) = sent.body.get("biz_opaque_callback_data") {
        item.insert("biz_opaque_callback_data".into(), data.clone());
    }
    match planned.error {
        Some(code) => {
            item.insert("errors".into(), json!([GraphError::status_error(code)]));
        }
        None if matches!(planned.status.as_str(), "sent" | "delivered") => {
            let category = if sent.kind() == "template" { "utility" } else { "service" };
            let pricing = json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": category});
            item.insert("pricing".into(), pricing);
        }
        None => {}
    }
    Value::Object(item)
}

/// The item of a wish about marketing.
pub(super) fn wish(who: &str, stop: bool, at: Timestamp) -> Value {
    let word = if stop { "stop" } else { "resume" };
    let mut item = Map::new();
    person(&mut item, who, "wa_id", "user_id");
    item.insert("detail".into(), json!(format!("User requested to {word} marketing messages")));
    item.insert("category".into(), json!("marketing_messages"));
    item.insert("value".into(), json!(word));
    item.insert("timestamp".into(), json!(at.seconds()));
    Value::Object(item)
}

/// The value of a template's change.
pub(super) fn review(template: &Map<String, Value>, status: &str, reason: &str) -> Value {
    let id = template.get("id").and_then(Value::as_str).and_then(|id| id.parse::<u64>().ok());
    json!({
        "event": status,
        "message_template_id": id,
        "message_template_name": template.get("name"),
        "message_template_language": template.get("language"),
        "message_template_category": template.get("category"),
        "reason": reason,
    })
}
