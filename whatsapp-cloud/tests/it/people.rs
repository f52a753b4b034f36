//! Customers act, and webhooks tell it in the reference's shape; what WhatsApp would not let happen is refused with
//! what to do instead.

#![expect(clippy::indexing_slicing, reason = "helpers of tests may fail the test")]

use std::path::Path;

use serde_json::{Map, Value, json};
use whatsapp_cloud::CloudError;
use whatsapp_core::{DeliveryStatus, Span};

use crate::scene::*;

/// The message of a call of the reference.
fn reference(name: &str) -> Value {
    let file = format!("tests/fixtures/webhook_msg_{name}.json");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let call: Value = serde_json::from_slice(&text).expect("reads");
    call.pointer("/entry/0/changes/0/value/messages/0").expect("a message").clone()
}

impl Scene {
    /// The messages that webhooks tell, as they are.
    fn messages(&self) -> Vec<Value> {
        let mut all = Vec::new();
        while let Some(at) = self.meta.next_webhook_at() {
            if at > self.env.now() {
                self.clock.set(at);
            }
            for call in self.meta.take_webhooks() {
                let body: Value = serde_json::from_slice(&call.body).expect("reads");
                let entries = body["entry"].as_array().expect("entries").clone();
                for change in entries.iter().filter_map(|e| e["changes"].as_array()).flatten() {
                    let messages = change.pointer("/value/messages").and_then(Value::as_array);
                    all.extend(messages.into_iter().flatten().cloned());
                }
            }
        }
        all
    }
    fn told_of(&self, act: Value) -> Value {
        self.meta.inbound(act).expect("understood");
        let mut all = self.messages();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }
    fn refused(&self, act: Value) -> String {
        match self.meta.inbound(act.clone()) {
            Err(CloudError::Invalid { message, .. }) => message,
            other => panic!("{act}: {other:?}"),
        }
    }
}

/// Without what differs from world to world.
fn shape(mut message: Value) -> Value {
    let map = message.as_object_mut().expect("an object");
    for key in ["from", "from_user_id", "from_parent_user_id", "id", "timestamp"] {
        map.remove(key);
    }
    map.remove("from_logical_id");
    if let Some(context) = map.get_mut("context").and_then(Value::as_object_mut) {
        context.remove("from");
    }
    message
}

/// What a customer did so that the reference's message came.
fn act(message: &Value) -> Value {
    let mut act: Map<String, Value> = shape(message.clone()).as_object().expect("object").clone();
    let why = act.remove("errors").and_then(|errors| errors.pointer("/0/code").cloned());
    if let Some(code) = why.filter(|code| *code != 131_051) {
        act.insert("unsupported".into(), json!({ "code": code }));
    }
    if let Some(context) = act.get_mut("context").and_then(Value::as_object_mut)
        && let Some(wamid) = context.remove("id")
    {
        context.insert("message_id".into(), wamid);
    }
    act.insert("from".into(), json!("+905550100234"));
    Value::Object(act)
}

#[test]
fn each_act_is_told_as_the_reference_shows_it() {
    for name in [
        "text",
        "text_reply",
        "text_forwarded",
        "text_frequently_forwarded",
        "text_product_enquiry",
        "text_ctwa_referral_image",
        "text_ctwa_referral_video_status_ad",
        "location_current",
        "location_place",
        "location_reply_to_request",
        "contacts",
        "contacts_from_contact_request",
        "reaction",
        "reaction_removed_empty",
        "reaction_removed_no_emoji",
        "button",
        "button_default_payload",
        "button_did_not_request_code",
        "interactive_button_reply",
        "interactive_list_reply",
        "interactive_list_reply_no_description",
        "interactive_nfm_reply_flow",
        "interactive_nfm_reply_address",
        "order",
        "request_welcome",
        "unsupported",
        "unsupported_with_type",
        "unsupported_media_too_big",
        "unsupported_coexistence_131060",
        "future_type",
    ] {
        let expected = reference(name);
        let told = scene().told_of(act(&expected));
        assert_eq!(shape(told), shape(expected), "{name}");
    }
}

#[test]
fn a_permission_to_call_holds_seven_days_unless_it_is_for_ever() {
    let scene = scene();
    let expires = (scene.env.now() + Span::hours(7 * 24)).seconds().to_string();
    let mut expected = reference("interactive_call_permission_reply");
    let reply = json!({"response": "accept"});
    let interactive = json!({"type": "call_permission_reply", "call_permission_reply": reply});
    let mut asked = act(&expected);
    asked["interactive"] = interactive;
    let told = scene.told_of(asked.clone());
    let place = "/interactive/call_permission_reply/expiration_timestamp";
    *expected.pointer_mut(place).expect("is there") = json!(expires);
    assert_eq!(shape(told), shape(expected));
    asked["interactive"]["call_permission_reply"] =
        json!({"response": "accept", "is_permanent": true});
    assert_eq!(scene.told_of(asked).pointer(place), None);
}

#[test]
fn each_kind_of_file_is_told_with_its_own_parts() {
    let scene = scene();
    for (kind, given, name) in [
        ("image", json!({"caption": "Broken zip"}), "image"),
        ("audio", json!({"voice": true}), "audio_voice"),
        ("sticker", json!({}), "sticker_static"),
        ("document", json!({"filename": "proforma-20417.pdf", "caption": "Proforma"}), "document"),
    ] {
        let mut asked = json!({"from": ANA, "type": kind});
        asked[kind] = given;
        let told = scene.told_of(asked);
        let keys = |message: &Value| -> Vec<String> {
            let mut keys: Vec<_> =
                message[kind].as_object().expect("a file").keys().cloned().collect();
            keys.retain(|key| key != "url"); // newer accounts only
            keys.sort();
            keys
        };
        assert_eq!(keys(&told), keys(&reference(name)), "{kind}");
    }
}

#[test]
fn words_can_be_edited_for_fifteen_minutes_and_taken_back_for_two_days() {
    let scene = scene();
    let wamid = scene.meta.write(ANA, "Olá").expect("writes");
    scene.messages();
    let edit = json!({"from": ANA, "type": "edit",
        "edit": {"original_message_id": wamid, "body": "Olá!"}});
    let told = shape(scene.told_of(edit.clone()));
    let mut expected = shape(reference("edit_text"));
    expected["edit"]["original_message_id"] = json!(wamid);
    expected["edit"]["message"]["text"]["body"] = json!("Olá!");
    assert_eq!(told, expected);
    scene.clock.advance(Span::minutes(16));
    assert!(scene.refused(edit).contains("15 minutes"));
    let revoke = json!({"from": ANA, "type": "revoke", "revoke": {"original_message_id": wamid}});
    assert_eq!(shape(scene.told_of(revoke.clone()))["type"], "revoke");
    scene.clock.advance(Span::hours(48));
    assert!(scene.refused(revoke).contains("2 days"));
    let strange = json!({"from": "+5511981230000", "type": "revoke",
        "revoke": {"original_message_id": wamid}});
    assert!(scene.refused(strange).contains("no message of this person"));
}

#[test]
fn what_is_not_whole_is_refused_with_what_to_write() {
    let scene = scene();
    for (act, part) in [
        (json!({"type": "text"}), "body"),
        (json!({"type": "location", "location": {"latitude": "north"}}), "latitude"),
        (json!({"type": "contacts", "contacts": []}), "cards"),
        (json!({"type": "reaction"}), "message_id"),
        (json!({"type": "button", "button": {}}), "text"),
        (json!({"type": "interactive", "interactive": {"type": "wheel"}}), "button_reply"),
        (json!({"type": "interactive", "interactive": {"type": "list_reply"}}), "id"),
        (
            json!({"type": "interactive", "interactive": {"type": "nfm_reply",
                "nfm_reply": {"name": "flow", "response_json": "{"}}}),
            "JSON",
        ),
        (json!({"type": "order", "order": {"catalog_id": "1"}}), "product_items"),
        (json!({"type": "video"}), "/_sim/media"),
        (json!({"type": "image", "image": {"data": "?"}}), "base64"),
        (json!({"type": "unsupported", "unsupported": {"code": 1}}), "131052"),
    ] {
        let mut act = act;
        act["from"] = json!(ANA);
        let why = scene.refused(act.clone());
        assert!(why.contains(part), "{act}: {why}");
    }
    assert!(scene.messages().is_empty());
}

#[tokio::test]
async fn who_blocked_the_business_neither_hears_nor_writes() {
    let scene = scene();
    scene.meta.block_business(ANA, true).expect("blocks");
    assert!(scene.meta.write(ANA, "Hi").is_err());
    scene.text(ANA).await.expect("accepted");
    assert_eq!(words(&scene.statuses()), [DeliveryStatus::Failed]);
    scene.meta.block_business(ANA, false).expect("lets in");
    scene.meta.write(ANA, "Hi").expect("writes again");
}
