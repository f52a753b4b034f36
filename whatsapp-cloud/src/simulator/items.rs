//! The items of webhooks: a customer's message, a status, a wish about marketing.

use serde_json::{Map, Value, json};
use whatsapp_core::Timestamp;

use super::error::GraphError;
use super::fact::Planned;
use super::world::{Sent, World, Wrote};

/// The item of a customer's message.
pub(super) fn message(world: &World, wrote: &Wrote) -> Value {
    let mut item = Map::new();
    world.name_person(&mut item, &wrote.from, ["from", "from_user_id", "from_parent_user_id"]);
    item.insert("id".into(), json!(wrote.wamid));
    item.insert("timestamp".into(), json!(wrote.at.seconds().to_string()));
    item.extend(wrote.message.as_object().cloned().unwrap_or_default());
    if let Some(context) = item.get_mut("context").and_then(Value::as_object_mut)
        && let Some(wamid) = context.remove("message_id")
    {
        let number = world.number(&wrote.number).map(|n| n.phone.trim_start_matches('+'));
        context.insert("from".into(), json!(number));
        context.insert("id".into(), wamid);
    }
    Value::Object(item)
}

/// The item of a status.
pub(super) fn status(world: &World, sent: &Sent, planned: &Planned) -> Value {
    let mut item = Map::new();
    item.insert("id".into(), json!(sent.wamid));
    item.insert("status".into(), json!(planned.status));
    item.insert("timestamp".into(), json!(planned.at.seconds().to_string()));
    world.name_recipient(&mut item, sent, planned);
    if sent.body.mentions("recipient_identity_key_hash") {
        item.insert("recipient_identity_key_hash".into(), json!(world.identity_hash(&sent.to)));
    }
    if let Some(data) = sent.body.get("biz_opaque_callback_data") {
        item.insert("biz_opaque_callback_data".into(), data);
    }
    if let Some(code) = planned.error {
        item.insert("errors".into(), json!([GraphError::status_error(code)]));
    } else {
        charge(world, &mut item, sent, planned);
    }
    Value::Object(item)
}

/// The price stands beside sent, and beside the first proof of delivery.
fn charge(world: &World, item: &mut Map<String, Value>, sent: &Sent, planned: &Planned) {
    let told = |status: &str| {
        sent.plan.iter().any(|other| other.status == status && other.member == planned.member)
    };
    let proof = match planned.status.as_str() {
        "sent" | "delivered" => true,
        "read" => !told("delivered"),
        _ => false,
    };
    let Some(charge) = sent.charge.as_ref().filter(|_| proof) else { return };
    let free_entry = charge.kind == "free_entry_point";
    if free_entry || world.faults.webhooks.version < 24 {
        let mut conversation = Map::new();
        conversation.insert("id".into(), json!(charge.conversation));
        if planned.status == "sent" {
            let expires = charge.expires.seconds().to_string();
            conversation.insert("expiration_timestamp".into(), json!(expires));
        }
        conversation.insert("origin".into(), json!({"type": charge.category}));
        item.insert("conversation".into(), Value::Object(conversation));
    }
    item.insert(
        "pricing".into(),
        json!({
            "billable": charge.billable, "pricing_model": "PMP", "type": charge.kind,
            "category": charge.category,
        }),
    );
}

/// The item of a wish about marketing.
pub(super) fn wish(world: &World, who: &str, stop: bool, at: Timestamp) -> Value {
    let word = if stop { "stop" } else { "resume" };
    let mut item = Map::new();
    world.name_person(&mut item, who, ["wa_id", "user_id", "parent_user_id"]);
    item.insert("detail".into(), json!(format!("User requested to {word} marketing messages")));
    item.insert("category".into(), json!("marketing_messages"));
    item.insert("value".into(), json!(word));
    item.insert("timestamp".into(), json!(at.seconds()));
    Value::Object(item)
}
