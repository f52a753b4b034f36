//! What is told by webhook of accounts, groups and calls; a number's own callback address; and marketing by its own
//! road.

use serde_json::{Value, json};
use whatsapp_cloud::api::*;
use whatsapp_cloud::message::{ProductPolicy, TemplateMessage};
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_cloud::webhook::{Inbound, parse};
use whatsapp_cloud::{
    AccountApi, CallbackOverride, MarketingApi, Messaging, OutgoingMessage, Recipient,
};
use whatsapp_core::{Content, Quality, Secret, Span};

use crate::scene::{ANA, Scene, code, scene};
use crate::wire::{self, endpoint, next};

/// All that is told, as (field, value), with the clock moved from webhook to webhook.
fn told(scene: &Scene) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    while let Some(at) = scene.meta.next_webhook_at() {
        if at > scene.env.now() {
            scene.clock.set(at);
        }
        for call in scene.meta.take_webhooks() {
            for change in parse(&call.body, scene.env.now()).expect("reads") {
                assert!(!matches!(change.inbound, Inbound::Raw { .. }), "{:?}", change.inbound);
            }
            let body: Value = serde_json::from_slice(&call.body).expect("JSON");
            let entries = body.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
            let changes = entries.iter().filter_map(|entry| entry.get("changes")?.as_array());
            for change in changes.flatten() {
                let field = change.get("field").and_then(Value::as_str).unwrap_or_default();
                all.push((field.to_owned(), change.get("value").cloned().unwrap_or_default()));
            }
        }
    }
    all
}

fn only(scene: &Scene, field: &str, path: &str) -> Value {
    let all = told(scene);
    let found = all.iter().find(|(name, _)| name == field).map(|(_, value)| value);
    found.and_then(|value| value.pointer(path)).cloned().unwrap_or_else(|| panic!("{all:?}"))
}

#[test]
fn what_meta_tells_of_accounts_for_its_own_reasons_can_be_told_as_the_reference_shows_it() {
    let scene = scene();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let text = std::fs::read_to_string(entry.expect("entry").path()).expect("reads");
        let call: Value = serde_json::from_str(&text).expect("JSON");
        let change = call.pointer("/entry/0/changes/0").cloned().unwrap_or_default();
        let field = change["field"].as_str().unwrap_or_default();
        if scene.meta.announce(field, change["value"].clone()).is_ok() {
            assert_eq!(told(&scene), [(field.to_owned(), change["value"].clone())]);
            count += 1;
        }
    }
    assert!(count >= 30, "only {count}");
    assert!(scene.meta.announce("messages", json!({"messages": []})).is_err(), "people do that");
    assert!(scene.meta.announce("account_update", json!({})).is_err(), "nothing to tell");
}

#[tokio::test]
async fn a_number_s_quality_is_read_and_not_told() {
    let scene = scene();
    let access = scene.number(0);
    scene.meta.change_number(&access.phone_number_id, json!({"quality": "RED"})).expect("changes");
    assert_eq!(scene.meta.phone_number(&access).await.expect("is there").quality, Quality::Red);
    assert!(told(&scene).is_empty());
    let odd = scene.meta.change_number(&access.phone_number_id, json!({"quality": "PINK"}));
    assert!(odd.is_err());
}

#[test]
fn a_new_customer_is_told_to_the_app_and_names_both_businesses() {
    let scene = scene();
    let signed = scene.meta.sign_up(json!({})).expect("signs up");
    let value = only(&scene, "account_update", "");
    assert_eq!(value["event"], "PARTNER_ADDED");
    assert_eq!(value["waba_info"]["waba_id"], signed["waba_id"]);
    assert_eq!(value["waba_info"]["owner_business_id"], signed["business_id"]);
}

#[tokio::test]
async fn pins_names_and_usernames_are_told_when_they_change() {
    let scene = scene();
    let access = scene.meta.access(0).expect("a number");
    scene.meta.set_pin(&access, &Pin::new("123456").expect("a pin")).await.expect("sets");
    assert_eq!(only(&scene, "security", "/event"), "PIN_CHANGED");
    scene.meta.set_display_name(&access, "Casa Nova").await.expect("asks");
    assert_eq!(only(&scene, "phone_number_name_update", "/decision"), "APPROVED");
    let number = scene.meta.business_number(&access).await.expect("tells");
    assert_eq!(number.new_display_name.as_deref(), Some("Casa Nova"));
    let pin = Pin::new("123456").expect("a pin");
    scene.meta.register_number(&access, &pin, None).await.expect("registers again");
    let number = scene.meta.business_number(&access).await.expect("tells");
    assert_eq!(number.verified_name.as_deref(), Some("Casa Nova"));
    scene.meta.claim_username(&access, "casa.nova", false).await.expect("claims");
    assert_eq!(only(&scene, "business_username_updates", "/status"), "approved");
}

#[tokio::test]
async fn a_group_lives_from_its_making_to_its_end() {
    let scene = scene();
    let (meta, access) = (&scene.meta, scene.meta.access(0).expect("a number"));
    let request = meta.create_group(&access, &NewGroup::new("Weekend hike")).await.expect("asks");
    assert!(meta.groups(&access, None).await.expect("lists").items.is_empty(), "not at once");
    let made = only(&scene, "group_lifecycle_update", "/groups/0");
    assert_eq!((&made["request_id"], &made["type"]), (&json!(request), &json!("group_create")));
    let id = made["group_id"].as_str().expect("an id");
    assert_eq!(meta.group_link(&access, id).await.expect("a link"), made["invite_link"]);
    assert_eq!(meta.groups(&access, None).await.expect("lists").items[0].id, id);
    meta.join_group(id, ANA, false).expect("follows the link");
    let joined = only(&scene, "group_participants_update", "/groups/0/added_participants/0/wa_id");
    assert_eq!(joined, "5511981234567");
    let group = meta.group(&access, id).await.expect("reads");
    assert_eq!((group.total, group.join_approval), (Some(1), Some(JoinApproval::Automatic)));
    let change = GroupChange::new().subject("Sunday hike");
    meta.change_group(&access, id, &change).await.expect("changes");
    let subject = only(&scene, "group_settings_update", "/groups/0/group_subject/text");
    assert_eq!(subject, "Sunday hike");
    meta.remove_from_group(&access, id, &[ANA]).await.expect("removes");
    let removed =
        only(&scene, "group_participants_update", "/groups/0/removed_participants/0/input");
    assert_eq!(removed, "5511981234567");
    let gone = meta.remove_from_group(&access, id, &[ANA]).await.expect_err("not in it");
    assert_eq!(code(&gone), 131_204);
    meta.delete_group(&access, id).await.expect("deletes");
    assert_eq!(only(&scene, "group_lifecycle_update", "/groups/0/type"), "group_delete");
    assert!(meta.group(&access, id).await.is_err());
}

#[tokio::test]
async fn who_needs_approval_waits_for_it_and_a_full_group_takes_nobody() {
    let scene = scene();
    let (meta, access) = (&scene.meta, scene.meta.access(0).expect("a number"));
    let wish = NewGroup::new("Hike").approval(JoinApproval::Required);
    meta.create_group(&access, &wish).await.expect("asks");
    let id = only(&scene, "group_lifecycle_update", "/groups/0/group_id");
    let id = id.as_str().expect("an id");
    for n in 0..9 {
        meta.join_group(id, &format!("+551198765000{n}"), false).expect("asks to come in");
    }
    let asked = meta.join_requests(&access, id, None).await.expect("lists").items;
    let ids: Vec<&str> = asked.iter().map(|request| request.id.as_str()).collect();
    assert_eq!(ids.len(), 9);
    let full = meta.approve_join_requests(&access, id, &ids).await.expect_err("nine are too many");
    assert_eq!(code(&full), 131_209);
    let outcome = meta.approve_join_requests(&access, id, &[ids[0], "nobody"]).await.expect("some");
    assert_eq!((outcome.approved.len(), outcome.failed.len()), (1, 1));
    let outcome = meta.reject_join_requests(&access, id, &ids[1..]).await.expect("answers");
    assert_eq!(outcome.rejected.len(), 8);
    assert_eq!(meta.group(&access, id).await.expect("reads").total, Some(1));
}

#[tokio::test]
async fn a_call_needs_a_switch_and_a_permission_and_is_told_at_each_step() {
    let scene = scene();
    let (meta, access) = (&scene.meta, scene.meta.access(0).expect("a number"));
    let ana = Recipient::from_address(ANA);
    let call =
        NewCall::new(ana.clone(), "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n").callback_data("c-1");
    assert_eq!(code(&meta.start_call(&access, &call).await.expect_err("off")), 138_000);
    let on = SettingsChange::new().calling(Switch::Enabled);
    meta.change_number_settings(&access, &on).await.expect("switches on");
    assert_eq!(code(&meta.start_call(&access, &call).await.expect_err("may not")), 138_006);
    assert!(!meta.call_permission(&access, &ana).await.expect("tells").allows("start_call"));
    meta.ring(json!({"action": "permit", "who": ANA})).expect("permits");
    assert!(meta.call_permission(&access, &ana).await.expect("tells").allows("start_call"));
    let id = meta.start_call(&access, &call).await.expect("calls");
    assert_eq!(code(&meta.start_call(&access, &call).await.expect_err("busy")), 138_003);
    let ringing = only(&scene, "calls", "/statuses/0");
    assert_eq!((&ringing["status"], &ringing["id"]), (&json!("RINGING"), &json!(id)));
    meta.ring(json!({"action": "accept", "call_id": id})).expect("accepts");
    let all = told(&scene);
    let answered = all.iter().find_map(|(_, value)| value.pointer("/calls/0/session/sdp_type"));
    assert_eq!(answered, Some(&json!("answer")));
    scene.clock.advance(Span::seconds(61));
    meta.end_call(&access, &id).await.expect("ends");
    let end = only(&scene, "calls", "/calls/0");
    assert_eq!((&end["status"], &end["duration"]), (&json!("COMPLETED"), &json!(61)));
    assert!(meta.end_call(&access, &id).await.is_err(), "it has ended");
}

#[tokio::test]
async fn an_incoming_call_is_accepted_or_rejected() {
    let scene = scene();
    let (meta, access) = (&scene.meta, scene.meta.access(0).expect("a number"));
    for accept in [true, false] {
        let id = meta.ring(json!({"action": "call", "who": ANA})).expect("calls");
        let id = id["call_id"].as_str().expect("an id").to_owned();
        let offer = only(&scene, "calls", "/calls/0");
        assert_eq!(
            (&offer["direction"], &offer["session"]["sdp_type"]),
            (&json!("USER_INITIATED"), &json!("offer"))
        );
        if accept {
            let answer = CallSession::answer("v=0\r\n");
            meta.pre_accept_call(&access, &id, &answer).await.expect("begins");
            meta.accept_call(&access, &id, &answer).await.expect("accepts");
            meta.ring(json!({"action": "hang_up", "call_id": id})).expect("hangs up");
        } else {
            meta.reject_call(&access, &id).await.expect("rejects");
        }
        let status = only(&scene, "calls", "/calls/0/status");
        assert_eq!(status, if accept { "COMPLETED" } else { "FAILED" });
    }
}

#[tokio::test]
async fn marketing_has_a_road_of_its_own() {
    let scene = scene();
    let (meta, access) = (&scene.meta, scene.meta.access(0).expect("a number"));
    let to = || Recipient::from_address(ANA);
    let offer = TemplateMessage::new("autumn_offer", "en_US").body(["Ana", "40%"]);
    let offer = OutgoingMessage::new(to(), offer);
    let options = MarketingOptions::default().policy(ProductPolicy::Strict).share_activity(true);
    let sent = meta.send_marketing(&access, &offer, options).await.expect("accepted");
    let all = told(&scene);
    let paid = all.iter().find_map(|(_, value)| value.pointer("/statuses/0/pricing/category"));
    assert_eq!(paid, Some(&json!("marketing_lite")), "{}", sent.wamid);
    let hours = OutgoingMessage::new(to(), TemplateMessage::new("store_hours", "en_US"));
    let refused = meta.send_marketing(&access, &hours, MarketingOptions::default()).await;
    assert_eq!(code(&refused.expect_err("no marketing")), 134_100);
    meta.send(&access, &offer).await.expect("marketing also goes as any message");
    let only = WabaChange::new().marketing_only_by_its_own_api(true);
    meta.change_account(&access, &only).await.expect("changes");
    assert_eq!(code(&meta.send(&access, &offer).await.expect_err("switched off")), 131_063);
    meta.send(&access, &hours).await.expect("what is no marketing goes on");
    meta.send_marketing(&access, &offer, options).await.expect("its own road is open");
}

#[tokio::test]
async fn a_new_template_needs_ten_minutes_before_it_goes_by_its_own_road() {
    let scene = scene();
    let (meta, access) = (&scene.meta, scene.meta.access(0).expect("a number"));
    let text = "Hello there, our big autumn sale has begun today.";
    let draft = json!({
        "name": "new_sale", "language": "en_US", "category": "MARKETING",
        "components": [{"type": "BODY", "text": text}],
    });
    let path = [access.waba_id.as_str(), "message_templates"];
    let made = meta.exchange(GraphRequest::post(&access.token, path, draft)).await.expect("made");
    let id = made.body.get("id").and_then(Value::as_str).expect("an id").to_owned();
    meta.review_template(&id, "APPROVED", "NONE").expect("approves");
    let to = Recipient::from_address(ANA);
    let sale = OutgoingMessage::new(to, TemplateMessage::new("new_sale", "en_US"));
    scene.clock.advance(Span::minutes(9));
    let early = meta.send_marketing(&access, &sale, MarketingOptions::default()).await;
    assert_eq!(code(&early.expect_err("too young")), 134_101);
    scene.clock.advance(Span::minutes(1));
    meta.send_marketing(&access, &sale, MarketingOptions::default()).await.expect("old enough");
}

#[tokio::test]
async fn a_number_s_own_address_comes_before_the_account_s_and_is_proved_first() {
    let meta = wire::meta().await;
    let (account_url, mut account) = endpoint(Vec::new()).await;
    let (number_url, mut number) = endpoint(Vec::new()).await;
    let (client, access) = (&meta.client, &meta.access);
    client.subscribe_app(access, wire::callback(&account_url, "my-token")).await.expect("proved");
    let to = |token: &str| CallbackOverride {
        url: number_url.clone(),
        verify_token: Secret::from(token),
    };
    let refused = client.override_number_callback(access, &to("another")).await;
    assert_eq!(code(&refused.expect_err("not proved")), 2_200);
    assert_eq!(client.number_callbacks(access).await.expect("reads").number, None);
    client.override_number_callback(access, &to("my-token")).await.expect("proved");
    let addresses = client.number_callbacks(access).await.expect("reads");
    assert_eq!(addresses.number.as_deref(), Some(number_url.as_str()));
    assert_eq!(addresses.account.as_deref(), Some(account_url.as_str()));
    let write = json!({"from": ANA, "text": {"body": "Hi"}});
    meta.control.ask("POST", "/_sim/inbound", &write).await;
    next(&mut number).await;
    client.clear_number_callback(access).await.expect("clears");
    assert_eq!(client.number_callbacks(access).await.expect("reads").number, None);
    meta.control.ask("POST", "/_sim/inbound", &write).await;
    next(&mut account).await;
    let hi = OutgoingMessage::new(Recipient::from_address(ANA), Content::text("Hi"));
    client.send(access, &hi).await.expect("accepted");
    meta.running.stop().await;
}
