//! Any order, any doubling, same state: 10,000 random histories of statuses, told through signed webhooks in
//! random order, must end where the ordered, single telling ends.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use whatsapp_core::env::SeededEntropy;
use whatsapp_core::{Audience, ContactSource, DeliveryStatus, Env, NewContact, PageRequest, SendState, Variables};
use whatsapp_platform::workspace::NewCampaign;

use crate::shop;

const HISTORIES: usize = 10_000;
const STATUSES: [DeliveryStatus; 4] = [DeliveryStatus::Sent, DeliveryStatus::Delivered, DeliveryStatus::Read, DeliveryStatus::Failed];

#[test]
fn ten_thousand_histories_in_any_order_end_in_the_state_of_the_ordered_one() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(histories());
}

async fn histories() {
    let (mut world, shop) = shop().await;
    let chance = Env::new(std::sync::Arc::new(whatsapp_core::env::SystemClock), std::sync::Arc::new(SeededEntropy::new(99)));
    // Everybody is accepted and nothing is told by itself: the telling is ours.
    let quiet = whatsapp_cloud::simulator::WebhookFaults { drop_statuses: 1.0, ..Default::default() };
    let limits = whatsapp_cloud::simulator::Limits { per_second: 1_000_000, ..Default::default() };
    world.simulator.set_faults(whatsapp_cloud::simulator::Faults { webhooks: quiet, limits, ..Default::default() });
    let audience = Audience { tags: vec!["all".into()], ..Audience::default() };
    for n in 0..HISTORIES {
        let mut new = NewContact::with_phone(format!("+5511{:09}", 910_000_000 + n).parse().expect("valid"));
        new.tags = vec!["all".into()];
        shop.workspace.contacts().upsert(new, ContactSource::Manual, None).await.expect("adds");
    }
    let templates = shop.workspace.templates().page(Default::default(), PageRequest::default()).await.expect("reads").items;
    let template = templates.iter().find(|t| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body")).expect("one is simple");
    let variables = Variables::from_pairs(template.variables().into_iter().map(|v| (v.key, "x".to_owned())));
    let new = NewCampaign { name: "All".into(), template: template.id, audience, variables, rate: None, scheduled_at: None };
    let id = shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id;
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    let sends = world.simulator.sends();
    assert_eq!(sends.len(), HISTORIES);

    let mut expected = BTreeMap::new();
    let mut items: Vec<Value> = Vec::new();
    for send in &sends {
        let told: Vec<_> = (0..=chance.below(4)).filter_map(|_| chance.pick(&STATUSES).copied()).collect();
        expected.insert(send.to.clone(), ordered(&told));
        for status in told {
            for _ in 0..=chance.below(2) {
                items.push(item(send.wamid.as_str(), send.to.as_str(), send.callback_data.as_deref(), status));
            }
        }
    }
    shuffle(&mut items, &chance);
    let access = world.simulator.access(0).expect("has a number");
    for group in items.chunks(100) {
        let body = json!({"object": "whatsapp_business_account", "entry": [{"id": access.waba_id, "changes": [{"field": "messages", "value": {
            "messaging_product": "whatsapp", "metadata": {"display_phone_number": "0", "phone_number_id": access.phone_number_id}, "statuses": group}}]}]});
        let body = serde_json::to_vec(&body).expect("serialises");
        let signature = whatsapp_cloud::webhook::sign(&world.simulator.app_secret(), &body);
        world.platform.deliver(Some(&signature), body.into()).await.expect("is kept");
    }
    world.settle().await;

    let mut seen = 0;
    let mut page = PageRequest::first(200);
    loop {
        let found = shop.workspace.campaigns().recipients(id, None, None, page.clone()).await.expect("reads");
        for recipient in &found.items {
            assert_eq!(Some(&recipient.state), expected.get(&recipient.address), "{}", recipient.address);
            seen += 1;
        }
        match found.next {
            Some(next) => page = page.after(Some(next)),
            None => break,
        }
    }
    assert_eq!(seen, HISTORIES);
    let counts = shop.workspace.campaigns().find(id).await.expect("finds").campaign.counts;
    let in_state = |state| i64::try_from(expected.values().filter(|s| **s == state).count()).expect("fits");
    assert_eq!((counts.sent, counts.delivered), (in_state(SendState::Sent), in_state(SendState::Delivered)));
    assert_eq!((counts.read, counts.failed), (in_state(SendState::Read), in_state(SendState::Failed)));
}

/// The state after the history in its natural order, each status once.
fn ordered(told: &[DeliveryStatus]) -> SendState {
    let natural = [DeliveryStatus::Sent, DeliveryStatus::Failed, DeliveryStatus::Delivered, DeliveryStatus::Read];
    let known = natural.into_iter().filter(|status| told.contains(status));
    known.fold(SendState::Accepted, |_, status| status.state())
}

fn item(wamid: &str, to: &str, callback_data: Option<&str>, status: DeliveryStatus) -> Value {
    let mut item = json!({"id": wamid, "status": status.as_str(), "timestamp": "1772442100", "recipient_id": to.trim_start_matches('+'),
        "biz_opaque_callback_data": callback_data});
    if status == DeliveryStatus::Failed {
        item["errors"] = json!([{"code": 131_026, "title": "Message undeliverable"}]);
    }
    item
}

fn shuffle(items: &mut [Value], chance: &Env) {
    for i in (1..items.len()).rev() {
        let j = usize::try_from(chance.below(u64::try_from(i + 1).expect("fits"))).expect("fits");
        items.swap(i, j);
    }
}
