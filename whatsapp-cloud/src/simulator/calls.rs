//! Webhook calls: which items go together into one body, in Meta's envelope, signed over exactly the bytes that
//! go out. Never posts anything.

use serde_json::{Map, Value, json};
use whatsapp_core::{Secret, Timestamp};

use super::chance::Chance;
use super::hooks::{Item, Slot, WebhookCall};
use super::world::World;
use crate::webhook::{escape_non_ascii, sign};

/// Meta's own limit of a call's bytes.
const MOST_BYTES: usize = 3 * 1024 * 1024;

type Numbered = (u64, Item);

impl World {
    /// The calls that are due. Say [`Fact::Told`](super::fact::Fact::Told) or `Untold` of each.
    pub(super) fn due_calls(&mut self, now: Timestamp) -> Vec<WebhookCall> {
        let mut hooks = std::mem::take(&mut self.hooks);
        let faults = &self.faults.webhooks;
        let groups =
            hooks.take(self.seed, faults, now, |item| self.address(item).unwrap_or_default());
        self.hooks = hooks;
        let mut calls = Vec::new();
        for group in groups {
            self.compose(&group, &mut calls);
        }
        calls
    }
    /// Where an item goes: the number's own address before the account's before the app's. What is about the
    /// account itself only goes to the app's.
    fn address(&self, item: &Item) -> Option<String> {
        if item.waba == self.own_business() {
            return self.app_callback.clone();
        }
        let account = self.callbacks.get(&item.waba)?;
        let own = item.number.as_deref().and_then(|number| self.line(number).callback.clone());
        let app = || self.app_callback.clone();
        match item.slot {
            // Without an address of the app, there is only the account's.
            Slot::Account(..) => app().or_else(|| account.clone()),
            _ => own.or_else(|| account.clone()).or_else(app),
        }
    }
    /// Makes one call of a group, or several if it were too large.
    fn compose(&self, group: &[Numbered], calls: &mut Vec<WebhookCall>) {
        let call = self.call(group);
        if call.body.len() > MOST_BYTES && group.len() > 1 {
            let (left, right) = group.split_at(group.len() / 2);
            self.compose(left, calls);
            self.compose(right, calls);
        } else {
            calls.push(call);
        }
    }
    fn call(&self, group: &[Numbered]) -> WebhookCall {
        let mut entries: Vec<Value> = Vec::new();
        let mut rest = group;
        while let Some((_, first)) = rest.first() {
            let same = rest.iter().take_while(|(_, item)| item.waba == first.waba).count();
            let (own, others) = rest.split_at_checked(same.max(1)).unwrap_or((rest, &[]));
            entries.push(self.entry(&first.waba, own));
            rest = others;
        }
        let root = json!({"object": "whatsapp_business_account", "entry": entries});
        let body = escape_non_ascii(&root.to_string()).into_bytes();
        let first = group.first();
        WebhookCall {
            waba_id: first.map(|(_, item)| item.waba.clone()).unwrap_or_default(),
            url: first.and_then(|(_, item)| self.address(item)),
            items: group.iter().map(|(id, _)| *id).collect(),
            signature: self.signed(first, &body),
            body,
        }
    }
    fn signed(&self, first: Option<&Numbered>, body: &[u8]) -> String {
        let wrong = first.is_some_and(|(id, item)| {
            let place = id.wrapping_mul(64).wrapping_add(u64::from(item.tries));
            let likely = self.faults.webhooks.wrong_signature;
            likely > 0.0 && Chance::at(self.seed ^ 0x516, place).happens(likely)
        });
        let secret = if wrong { "not the app's secret" } else { self.app.secret.as_str() };
        sign(&Secret::from(secret), body)
    }
    fn entry(&self, waba: &str, group: &[Numbered]) -> Value {
        let mut changes: Vec<Value> = Vec::new();
        let mut time = None;
        let mut rest = group;
        while let Some((_, first)) = rest.first() {
            // Neighbours of the same kind and number share one change, as Meta's batches do.
            let like = |item: &Item| item.slot == first.slot && item.number == first.number;
            let same = rest.iter().take_while(|(_, item)| like(item)).count();
            let (own, others) = rest.split_at_checked(same.max(1)).unwrap_or((rest, &[]));
            if let Slot::Account(_, moment) = first.slot {
                time = Some(moment.seconds());
            }
            changes.extend(self.changes(first, own));
            rest = others;
        }
        let mut entry = json!({"id": waba, "changes": changes});
        if let (Some(time), Some(map)) = (time, entry.as_object_mut()) {
            map.insert("time".into(), json!(time));
        }
        entry
    }
    fn changes(&self, first: &Item, items: &[Numbered]) -> Vec<Value> {
        let (field, key) = match first.slot {
            Slot::Messages => ("messages", "messages"),
            Slot::Statuses => ("messages", "statuses"),
            Slot::Preferences => ("user_preferences", "user_preferences"),
            Slot::UserIds => ("user_id_update", "user_id_update"),
            Slot::Echoes => ("smb_message_echoes", "message_echoes"),
            Slot::StateSync => ("smb_app_state_sync", "state_sync"),
            Slot::History => ("history", "history"),
            Slot::HistoryMessages => ("history", "messages"),
            Slot::HistoryEchoes => ("history", "message_echoes"),
            Slot::Groups(field) => (field, "groups"),
            Slot::Voice => ("calls", "calls"),
            Slot::VoiceStatus => ("calls", "statuses"),
            Slot::Account(field, _) => {
                let one = |(_, item): &Numbered| json!({"field": field, "value": item.value});
                return items.iter().map(one).collect();
            }
        };
        let mut value = Map::new();
        value.insert("messaging_product".into(), json!("whatsapp"));
        let number = first.number.as_deref().and_then(|id| self.number(id));
        if let Some(number) = number {
            let display = number.phone.trim_start_matches('+');
            let metadata = json!({"display_phone_number": display, "phone_number_id": number.id});
            value.insert("metadata".into(), metadata);
        }
        let cards = self.cards(first.number.as_deref(), items);
        if !cards.is_empty() {
            value.insert("contacts".into(), json!(cards));
        }
        let values: Vec<&Value> = items.iter().map(|(_, item)| &item.value).collect();
        value.insert(key.into(), json!(values));
        vec![json!({"field": field, "value": value})]
    }
    /// The people beside the items, each once. Older payloads have none beside statuses.
    fn cards(&self, number: Option<&str>, items: &[Numbered]) -> Vec<Value> {
        let mut seen: Vec<&str> = Vec::new();
        for (_, item) in items {
            let hidden = item.slot == Slot::Statuses && self.faults.webhooks.version < 24;
            if let Some(who) = item.who.as_deref().filter(|_| !hidden)
                && !seen.contains(&who)
            {
                seen.push(who);
            }
        }
        seen.into_iter().map(|who| self.card(who, number)).collect()
    }
}
