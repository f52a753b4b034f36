//! From the envelope to the events: all entries, changes and items. What is not understood stays raw and never
//! hides what is; nothing vanishes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use super::events;
use super::wire::{plain_text, text_of, time_of};
use super::{Change, Inbound, Parsed, WebhookError};

/// What the readers of one change share, and where the events go.
pub(super) struct Reader<'a> {
    waba_id: &'a str,
    /// Meta's word for what the change is about.
    pub(super) field: &'a str,
    phone_number_id: Option<String>,
    display_phone: Option<String>,
    /// When Meta made the call, if it says.
    pub(super) sent_at: Option<Timestamp>,
    received_at: Timestamp,
    /// The cards of the people around the items.
    pub(super) contacts: Value,
    out: &'a mut Parsed,
}

/// Makes an event of an item, or gives the item back.
type ReadItem = fn(&mut Reader<'_>, Value) -> Result<Inbound, Value>;

impl Reader<'_> {
    fn push(&mut self, inbound: Inbound) {
        self.out.changes.push(Change {
            waba_id: self.waba_id.to_owned(),
            phone_number_id: self.phone_number_id.clone(),
            display_phone: self.display_phone.clone(),
            at: self.sent_at,
            inbound,
        });
    }
    fn take(&mut self, read: ReadItem, item: Value) {
        match read(self, item) {
            Ok(inbound) => self.push(inbound),
            Err(item) => self.raw(item),
        }
    }
    fn raw(&mut self, value: Value) {
        let word = ["type", "status", "event"].iter().find_map(|key| text_of(&value, key));
        self.count(word.as_deref().unwrap_or_default());
        self.push(Inbound::Raw { field: self.field.to_owned(), value });
    }
    /// Counts a word that is not known.
    pub(super) fn count(&mut self, word: &str) {
        let name = match (self.field, word) {
            ("", word) => word.to_owned(),
            (field, "") => field.to_owned(),
            (field, word) => format!("{field}/{word}"),
        };
        *self.out.unknown.entry(name.chars().take(128).collect()).or_default() += 1;
    }
    /// The time of the call, else the time it came.
    pub(super) fn moment(&self) -> Timestamp {
        self.sent_at.unwrap_or(self.received_at)
    }
}

/// Reads a whole call.
pub(super) fn read_call(
    mut root: Map<String, Value>,
    received_at: Timestamp,
) -> Result<Parsed, WebhookError> {
    let mut out = Parsed { changes: Vec::new(), unknown: BTreeMap::new() };
    let field = root.get("field").and_then(plain_text);
    match root.remove("entry") {
        Some(Value::Array(entries)) => {
            for entry in entries {
                read_entry(&mut out, field.as_deref(), entry, received_at);
            }
        }
        // A change without its envelope, as Meta's dashboard and some of its pages show it.
        None if field.is_some() && root.get("value").is_some_and(Value::is_object) => {
            read_change(&mut out, ("", None, received_at), field.as_deref(), Value::Object(root));
        }
        _ => return Err(WebhookError::Malformed("it has no list of entries".into())),
    }
    Ok(out)
}

fn read_entry(out: &mut Parsed, field: Option<&str>, entry: Value, received_at: Timestamp) {
    let mut entry = match entry {
        Value::Object(entry) => entry,
        other => return read_change(out, ("", None, received_at), field, other),
    };
    let waba_id = entry.get("id").and_then(plain_text).unwrap_or_default();
    let own_field = entry.get("field").and_then(plain_text);
    let changes = match entry.remove("changes") {
        Some(Value::Array(changes)) => Some(changes),
        Some(other) => {
            entry.insert("changes".to_owned(), other);
            None
        }
        None => None,
    };
    let entry = Value::Object(entry);
    let about = (waba_id.as_str(), time_of(&entry, "time"), received_at);
    let field = own_field.as_deref().or(field);
    match changes {
        Some(changes) => {
            for change in changes {
                read_change(out, about, field, change);
            }
        }
        None => read_change(out, about, field, entry),
    }
}

fn read_change(
    out: &mut Parsed,
    (waba_id, sent_at, received_at): (&str, Option<Timestamp>, Timestamp),
    outer_field: Option<&str>,
    mut change: Value,
) {
    let own_field = text_of(&change, "field");
    let value = match change.get_mut("value").map(Value::take) {
        Some(Value::Object(value)) => Some(value),
        Some(other) => {
            if let Some(place) = change.get_mut("value") {
                *place = other;
            }
            None
        }
        None => None,
    };
    let guessed = value.as_ref().map_or("", guess_field);
    let field = own_field.as_deref().or(outer_field).unwrap_or(guessed);
    let metadata = value.as_ref().and_then(|value| value.get("metadata"));
    let mut reader = Reader {
        waba_id,
        field,
        phone_number_id: metadata.and_then(|m| text_of(m, "phone_number_id")),
        display_phone: metadata.and_then(|m| text_of(m, "display_phone_number")),
        sent_at,
        received_at,
        contacts: Value::Null,
        out,
    };
    match value {
        Some(value) => read_value(&mut reader, &change, value),
        None => reader.raw(change),
    }
}

/// The field that a value without one must have been sent for.
fn guess_field(value: &Map<String, Value>) -> &'static str {
    const BY_KEY: [(&str, &str); 12] = [
        ("messages", "messages"),
        ("statuses", "messages"),
        ("message_echoes", "smb_message_echoes"),
        ("state_sync", "smb_app_state_sync"),
        ("history", "history"),
        ("user_preferences", "user_preferences"),
        ("calls", "calls"),
        ("new_quality_score", "message_template_quality_update"),
        ("new_category", "template_category_update"),
        ("message_template_id", "message_template_status_update"),
        ("alert_info", "account_alerts"),
        ("waba_info", "account_update"),
    ];
    BY_KEY.iter().find(|(key, _)| value.contains_key(*key)).map_or("", |(_, field)| *field)
}

fn read_value(reader: &mut Reader<'_>, change: &Value, mut value: Map<String, Value>) {
    if let Some(lists) = lists_of(reader.field) {
        return read_lists(reader, lists, value);
    }
    // Meta's documents show this block inside the value and beside it.
    if let Some(info) = change.get("rejection_info")
        && !value.contains_key("rejection_info")
    {
        value.insert("rejection_info".to_owned(), info.clone());
    }
    let value = Value::Object(value);
    match single_of(reader.field) {
        Some(read) => reader.take(read, value),
        None => reader.raw(value),
    }
}

/// The fields that tell many things at once: the keys of their lists, and who reads an item of each.
fn lists_of(field: &str) -> Option<&'static [(&'static str, ReadItem)]> {
    Some(match field {
        "messages" => &[
            ("messages", events::message),
            ("statuses", events::status),
            ("errors", events::error),
            ("user_actions", events::action),
        ],
        "smb_message_echoes" => &[("message_echoes", events::echo)],
        "smb_app_state_sync" => &[("state_sync", events::contact_sync)],
        "history" => &[
            ("history", events::history),
            ("messages", events::history_media),
            ("message_echoes", events::history_media),
        ],
        "user_preferences" => &[("user_preferences", events::preference)],
        "user_id_update" => &[("user_id_update", events::identity_change)],
        "automatic_events" => &[("automatic_events", events::automatic_event)],
        "calls" => {
            &[("calls", events::call), ("statuses", events::call_status), ("errors", events::error)]
        }
        "group_lifecycle_update"
        | "group_participants_update"
        | "group_participant_update"
        | "group_settings_update"
        | "group_status_update" => &[("groups", events::group)],
        _ => return None,
    })
}

/// The fields that tell one thing.
fn single_of(field: &str) -> Option<ReadItem> {
    Some(match field {
        "message_template_status_update"
        | "message_template_quality_update"
        | "message_template_components_update"
        | "template_category_update" => events::template,
        "phone_number_quality_update" => events::quality,
        "phone_number_name_update" => events::name,
        "account_update" => events::update,
        "account_review_update" => events::review,
        "account_alerts" => events::alert,
        "business_capability_update" => events::capability,
        "security" => events::security,
        "business_username_updates"
        | "business_username_update"
        | "phone_number_username_update" => events::username,
        "flows" => events::flow,
        "payment_configuration_update" => events::payment_configuration,
        "partner_solutions" => events::partner_solution,
        _ => return None,
    })
}

fn read_lists(
    reader: &mut Reader<'_>,
    lists: &[(&'static str, ReadItem)],
    mut value: Map<String, Value>,
) {
    let before = reader.out.changes.len();
    reader.contacts = value.get_mut("contacts").map(Value::take).unwrap_or_default();
    for (key, read) in lists {
        let Some(Value::Array(items)) = value.get_mut(*key) else { continue };
        for item in std::mem::take(items) {
            reader.take(*read, item);
        }
    }
    let surroundings = ["messaging_product", "metadata", "contacts"];
    let empty = |rest: &Value| rest.is_null() || rest.as_array().is_some_and(Vec::is_empty);
    let told = reader.out.changes.len() > before;
    if told {
        for (key, rest) in value {
            if !surroundings.contains(&key.as_str()) && !empty(&rest) {
                reader.raw(json!({ key: rest }));
            }
        }
    } else {
        // Nothing we know: the whole of it, as it came.
        if let Some(place) = value.get_mut("contacts") {
            *place = std::mem::take(&mut reader.contacts);
        }
        reader.raw(Value::Object(value));
    }
}
