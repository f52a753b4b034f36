//! Calls that are applied together: each says what it says, whatever else is in the batch.

use serde_json::{Value, json};
use whatsapp_cloud::simulator::{AcceptedSend, Faults};
use whatsapp_cloud::webhook::sign;
use whatsapp_core::contact::ContactFilter;
use whatsapp_core::{PageRequest, Span};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::ContactPatch;

use crate::sending::campaign_to;
use crate::shop;

/// Meta's word that these people stopped our marketing, in one call.
fn stopped(world: &TestPlatform, sends: &[&AcceptedSend]) -> String {
    let access = world.simulator.access(0).expect("has a number");
    let status = |send: &&AcceptedSend| {
        json!({
            "id": send.wamid,
            "status": "failed",
            "timestamp": world.platform.env().now().seconds().to_string(),
            "recipient_id": send.to.trim_start_matches('+'),
            "biz_opaque_callback_data": send.callback_data,
            "errors": [{"code": 131_050, "title": "User has stopped receipt of marketing messages"}],
        })
    };
    let statuses: Vec<Value> = sends.iter().map(status).collect();
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "0", "phone_number_id": access.phone_number_id},
        "statuses": statuses,
    });
    let changes = json!([{"field": "messages", "value": value}]);
    let entry = json!([{"id": access.waba_id, "changes": changes}]);
    json!({"object": "whatsapp_business_account", "entry": entry}).to_string()
}

async fn deliver(world: &mut TestPlatform, body: String) {
    let signature = sign(&world.simulator.app_secret(), body.as_bytes());
    world.platform.deliver(Some(&signature), body.into()).await.expect("is kept");
    world.settle().await;
}

/// Who wants no marketing, by number.
async fn unwilling(shop: &TestTenant) -> Vec<String> {
    let contacts = shop.workspace.contacts();
    let page = contacts.page(ContactFilter::default(), PageRequest::first(200)).await;
    let contacts = page.expect("reads").items.into_iter().filter(|c| !c.accepts_marketing());
    let mut phones: Vec<_> = contacts.filter_map(|c| Some(c.phone?.to_string())).collect();
    phones.sort();
    phones
}

#[tokio::test]
async fn a_repeated_word_of_one_person_is_no_news_because_of_anothers_in_the_same_call() {
    let (mut world, shop) = shop().await;
    let mut faults = Faults::default();
    faults.webhooks.drop_statuses = 1.0;
    world.simulator.set_faults(faults);
    let id = campaign_to(&shop, 2).await;
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    let sends = world.simulator.sends();
    let [ana, bia] = &sends[..] else { panic!("two were sent") };
    let told = stopped(&world, &[ana]);
    deliver(&mut world, told).await;
    assert_eq!(unwilling(&shop).await, [ana.to.clone()]);
    let contacts = shop.workspace.contacts();
    let page = contacts.page(ContactFilter::default(), PageRequest::first(200)).await;
    let people = page.expect("reads").items;
    let back = people.iter().find(|c| c.phone.as_ref().is_some_and(|p| p.as_str() == ana.to));
    let patch = ContactPatch { opted_out: Some(false), ..ContactPatch::default() };
    contacts.update(back.expect("is known").id, patch).await.expect("Ana wants it again");
    world.clock.advance(Span::minutes(1));
    let told = stopped(&world, &[ana, bia]);
    deliver(&mut world, told).await;
    assert_eq!(unwilling(&shop).await, [bia.to.clone()], "Ana's word is old, Bia's is new");
}
