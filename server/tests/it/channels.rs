//! Connecting a number, over HTTP: what Meta refuses is said in plain words, and nothing is kept.

use serde_json::{Value, json};

use crate::requests::Ask;
use crate::world::World;

async fn channels(world: &World) -> Vec<Value> {
    let list = Ask::get("/api/console/channels").cookie(&world.owner).send(&world.app).await;
    list.expect(200).json()["data"].as_array().cloned().expect("a list")
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_told_in_metas_code_and_nothing_is_kept() {
    let world = World::new().await;
    let access = world.test.simulator.access(0).expect("a number");
    let body = json!({
        "waba_id": access.waba_id, "phone_number_id": access.phone_number_id, "access_token": "EAAwrong"
    });
    for path in ["/api/console/channels/check", "/api/console/channels"] {
        let answer = Ask::post(path, &body).cookie(&world.owner).send(&world.app).await;
        assert_eq!(answer.verdict(), (422, "META_190".into()), "{}", answer.text());
        assert!(!answer.text().contains("EAAwrong"));
    }
    assert_eq!(channels(&world).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_connected_elsewhere_cannot_be_taken() {
    let world = World::new().await;
    let access = world.test.simulator.access(1).expect("a number");
    let body = json!({
        "waba_id": access.waba_id, "phone_number_id": access.phone_number_id,
        "access_token": access.token.expose()
    });
    let check =
        Ask::post("/api/console/channels/check", &body).cookie(&world.owner).send(&world.app).await;
    assert!(check.expect(200).json()["phone"].as_str().is_some_and(|phone| phone.starts_with('+')));
    let taken =
        Ask::post("/api/console/channels", &body).cookie(&world.owner).send(&world.app).await;
    assert_eq!(taken.verdict(), (409, "CHANNEL_EXISTS".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_shows_a_token_and_only_who_manages_channels_sees_the_webhook() {
    let world = World::new().await;
    let token = world.test.simulator.access(0).expect("a number").token;
    let list =
        Ask::get("/api/console/channels").cookie(&world.owner).send(&world.app).await.expect(200);
    assert!(!list.text().contains(token.expose()) && !list.text().contains("sealed"));
    let place = Some((world.first.tenant, whatsapp_core::Role::Member));
    let member = world.person("tomas@aurora.example", place, None).await;
    let seen =
        Ask::get("/api/console/channels").cookie(&member).send(&world.app).await.expect(200).json();
    assert_eq!(seen["data"][0]["webhook"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_renamed_and_disconnected() {
    let world = World::new().await;
    let path = format!("/api/console/channels/{}", world.first.channel);
    let renamed =
        Ask::new("PATCH", path.clone()).json(&json!({ "name": "Counter" })).cookie(&world.owner);
    assert_eq!(renamed.send(&world.app).await.expect(200).json()["name"], "Counter");
    Ask::new("DELETE", path).cookie(&world.owner).send(&world.app).await.expect(204);
    assert_eq!(channels(&world).await[0]["state"], "disconnected");
}
