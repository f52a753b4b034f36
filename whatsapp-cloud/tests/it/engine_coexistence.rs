//! A number that is also on the Business app.

use serde_json::{Value, json};
use whatsapp_cloud::CloudError;
use whatsapp_cloud::transport::{GraphRequest, Transport};
use whatsapp_core::{Span, Timestamp};

use crate::scene::*;

impl Scene {
    fn app(&self, what: &str, body: Value) -> Value {
        let id = self.number(0).phone_number_id;
        self.meta.coexistence(&id, what, body).expect("understood")
    }
    async fn synchronise(&self, kind: &str) -> Result<Value, CloudError> {
        let access = self.number(0);
        let body = json!({"messaging_product": "whatsapp", "sync_type": kind});
        let path = [access.phone_number_id.as_str(), "smb_app_data"];
        let request = GraphRequest::post(&access.token, path, body);
        self.meta.exchange(request).await.map(|answer| answer.body)
    }
}

#[tokio::test]
async fn what_the_owner_writes_on_the_phone_is_echoed_and_opens_no_window() {
    let scene = scene();
    let id = scene.number(0).phone_number_id;
    let echo = json!({"to": ANA, "type": "text", "text": {"body": "From the shop"}});
    assert!(scene.meta.coexistence(&id, "echo", echo.clone()).is_err(), "not on the app");
    scene.opens(ANA);
    scene.app("onboard", json!({})); // what was written before opens no window either
    let wamid = scene.app("echo", echo)["wamid"].clone();
    let told = scene.raw();
    let (field, value) = &told[0];
    assert_eq!(field, "smb_message_echoes");
    let item = &value["message_echoes"][0];
    assert_eq!((&item["id"], &item["to"]), (&wamid, &json!("5511981234567")));
    assert_eq!(item["from"], value["metadata"]["display_phone_number"]);
    assert_eq!(item["text"]["body"], "From the shop");
    scene.hi(ANA).await.expect("accepted");
    assert_eq!(scene.failure(), 131_047);
    assert!(scene.meta.coexistence(&id, "echo", json!({"to": ANA, "type": "text"})).is_err());
    assert!(scene.meta.coexistence(&id, "dance", json!({})).is_err());
}

#[tokio::test]
async fn contacts_are_told_once_and_later_only_what_changes() {
    let scene = scene();
    scene.app("onboard", json!({}));
    scene.app("contact", json!({"who": ANA, "name": "Ana Rosa"}));
    assert!(scene.raw().is_empty(), "nobody asked yet");
    scene.synchronise("smb_app_state_sync").await.expect("accepted");
    let told = scene.raw();
    assert!(told.iter().all(|(field, _)| field == "smb_app_state_sync"));
    let all: usize = told.iter().map(|(_, v)| v["state_sync"].as_array().expect("one").len()).sum();
    assert_eq!(all, 13);
    scene.app("contact", json!({"who": ANA}));
    let told = scene.raw();
    let item = &told[0].1["state_sync"][0];
    assert_eq!(item["action"], "remove");
    assert_eq!(item["contact"], json!({"phone_number": "5511981234567"}));
    let again = scene.synchronise("smb_app_state_sync").await.expect_err("once");
    assert_eq!(code(&again), 2_593_107);
}

#[tokio::test]
async fn the_past_comes_in_phases_and_chunks_and_its_files_apart() {
    let scene = scene();
    scene.app("onboard", json!({}));
    let answer = scene.synchronise("history").await.expect("accepted");
    assert!(answer["request_id"].is_string());
    let told = scene.raw();
    assert!(told.iter().all(|(field, _)| field == "history"));
    let chunks: Vec<Value> = told
        .iter()
        .filter_map(|(_, value)| value.get("history")?.as_array().cloned())
        .flatten()
        .collect();
    let figure = |chunk: &Value, key: &str| chunk["metadata"][key].as_i64().expect("a number");
    let phases: Vec<i64> = chunks.iter().map(|chunk| figure(chunk, "phase")).collect();
    assert!(phases.is_sorted() && phases.contains(&0) && phases.contains(&2), "{phases:?}");
    let orders: Vec<i64> = chunks.iter().map(|chunk| figure(chunk, "chunk_order")).collect();
    assert_eq!(orders, (1..=i64::try_from(chunks.len()).expect("few")).collect::<Vec<_>>());
    assert_eq!(figure(chunks.last().expect("one"), "progress"), 100);
    let past: Vec<Value> = chunks
        .iter()
        .flat_map(|chunk| chunk["threads"].as_array().cloned().expect("threads"))
        .flat_map(|thread| thread["messages"].as_array().cloned().expect("messages"))
        .collect();
    assert!(past.iter().all(|message| message["history_context"]["status"].is_string()));
    let young = scene.env.now() - Span::days(14);
    let is_young = |message: &&Value| {
        let at = message["timestamp"].as_str().and_then(|text| text.parse().ok());
        Timestamp::from_seconds(at.expect("seconds")) > young
    };
    let placeholder = |message: &&Value| message["type"] == "media_placeholder";
    let expected = past.iter().filter(placeholder).filter(is_young).count();
    let lists = ["messages", "message_echoes"];
    let files: Vec<Value> = told
        .iter()
        .flat_map(|(_, value)| lists.iter().filter_map(|key| value.get(*key)?.as_array().cloned()))
        .flatten()
        .collect();
    assert_eq!(files.len(), expected);
    assert!(files.iter().all(|file| past.iter().any(|message| message["id"] == file["id"])));
    assert_eq!(code(&scene.synchronise("history").await.expect_err("once")), 2_593_107);
}

#[tokio::test]
async fn a_past_that_is_not_shared_or_asked_for_too_late_does_not_come() {
    let scene = scene();
    scene.app("onboard", json!({"shares_history": false}));
    scene.synchronise("history").await.expect("accepted");
    let told = scene.raw();
    assert_eq!(told[0].1["history"][0]["errors"][0]["code"], 2_593_109);
    scene.app("onboard", json!({"past": {"contacts": [], "threads": []}}));
    scene.synchronise("history").await.expect("asked anew after onboarding anew");
    assert_eq!(scene.raw()[0].1["history"][0]["metadata"]["progress"], 100);
    scene.clock.advance(Span::hours(25));
    let late = scene.synchronise("smb_app_state_sync").await.expect_err("too late");
    assert_eq!(code(&late), 2_593_108);
    assert_eq!(code(&scene.synchronise("dreams").await.expect_err("unknown")), 100);
}

#[tokio::test]
async fn the_owner_may_disconnect_and_it_is_told_to_the_app() {
    let scene = scene();
    scene.app("onboard", json!({}));
    scene.app("disconnect", json!({"event": "ACCOUNT_OFFBOARDED", "reason": "USER_RE_REGISTERED"}));
    assert_eq!(code(&scene.hours(0, ANA).await.expect_err("gone")), 133_010);
    let mut told = scene.raw();
    scene.app("disconnect", json!({"event": "ACCOUNT_RECONNECTED"}));
    scene.hours(0, ANA).await.expect("back");
    told.extend(scene.raw());
    scene.app("disconnect", json!({}));
    told.extend(scene.raw());
    let updates: Vec<&Value> =
        told.iter().filter(|(f, _)| f == "account_update").map(|(_, value)| value).collect();
    let events: Vec<&str> = updates.iter().map(|v| v["event"].as_str().expect("one")).collect();
    assert_eq!(events, ["ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED", "PARTNER_REMOVED"]);
    assert_eq!(updates[0]["disconnection_info"]["reason"], "USER_RE_REGISTERED");
    assert!(updates[1].get("disconnection_info").is_none());
    let id = scene.number(0).phone_number_id;
    assert!(scene.meta.coexistence(&id, "disconnect", json!({})).is_err(), "no longer on the app");
}
