//! People who hide their number, take another one, or are named otherwise than they are called.

use serde_json::{Value, json};
use whatsapp_cloud::simulator::Faults;

use crate::engine::*;
use crate::scene::*;

#[tokio::test]
async fn who_hides_the_number_is_told_and_reached_by_the_business_scoped_id_alone() {
    let scene = scene();
    let change = json!({"name": "Ana", "username": "ana.r", "hides_phone": true, "country_code": "BR", "parent_user_id": "BR.ENT.77"});
    scene.meta.change_person(ANA, change).expect("changes");
    scene.meta.write(ANA, "Hi").expect("writes");
    let told = scene.raw();
    let message = &told[0].1["messages"][0];
    assert!(message.get("from").is_none());
    assert_eq!(message["from_parent_user_id"], "BR.ENT.77");
    let user_id = message["from_user_id"].as_str().expect("an id").to_owned();
    assert!(user_id.starts_with("BR."));
    let card = &told[0].1["contacts"][0];
    assert_eq!(card["profile"], json!({"name": "Ana", "username": "ana.r", "country_code": "BR"}));
    assert!(card.get("wa_id").is_none());
    let sent = json!({"recipient": user_id, "type": "text", "text": {"body": "Hi"}});
    let answer = scene.post(sent).await.expect("accepted");
    assert_eq!(answer["contacts"][0], json!({"input": user_id, "user_id": user_id}));
    let told = scene.raw_statuses();
    assert_eq!(all_words(&told), ["sent", "delivered", "read"], "the window is the person's");
    assert!(told.iter().all(|status| status.get("recipient_id").is_none()));
    assert!(told.iter().all(|status| status["recipient_user_id"] == user_id.as_str()));
    scene.meta.change_person(ANA, json!({"hides_phone": false})).expect("changes");
    scene.hi(ANA).await.expect("accepted");
    assert_eq!(scene.raw_statuses()[0]["recipient_id"], "5511981234567");
}

#[tokio::test]
async fn another_number_and_another_id_are_told_to_every_business_that_knows_the_person() {
    let scene = scene();
    scene.opens(ANA);
    scene.hours(1, ANA).await.expect("accepted");
    scene.raw();
    let before = scene.meta.renew_person(ANA, Some("BR.1")).expect("renews");
    assert_eq!(before, "BR.1");
    let told = scene.raw();
    let updates: Vec<&Value> = told
        .iter()
        .filter(|(field, _)| field == "user_id_update")
        .map(|(_, value)| &value["user_id_update"][0])
        .collect();
    assert_eq!(updates.len(), 2, "both numbers");
    assert_eq!(updates[0]["user_id"]["current"], "BR.1");
    assert_eq!(updates[0]["wa_id"], "5511981234567");
    let system = messages(told);
    assert_eq!(system.len(), 2);
    assert_eq!(system[0]["system"]["type"], "user_changed_user_id");
    scene.meta.move_person(ANA, "+5511987654321").expect("moves");
    let told = scene.raw();
    assert!(told.iter().all(|(_, value)| value.get("contacts").is_none()));
    let system = messages(told);
    assert_eq!(system.len(), 2);
    assert_eq!(system[0]["from"], "5511981234567");
    assert_eq!(system[0]["system"]["wa_id"], "5511987654321");
    assert_eq!(system[0]["system"]["type"], "user_changed_number");
    assert!(scene.meta.move_person(ANA, "BR.1").is_err());
}

#[tokio::test]
async fn brazil_s_ninth_digit_is_not_part_of_the_name() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.short_wa_ids = true;
    scene.meta.set_faults(faults);
    scene.opens("+5511955500177");
    for to in ["+55 11 95550-0177", "+551155500177", "551155500177"] {
        let answer = scene.hi(to).await.expect("accepted");
        assert_eq!(answer["contacts"][0]["input"], to);
        assert_eq!(answer["contacts"][0]["wa_id"], "551155500177");
        let told = scene.raw_statuses();
        assert_eq!(all_words(&told), ["sent", "delivered", "read"], "one person: {to}");
        assert_eq!(told[0]["recipient_id"], "551155500177");
    }
}
