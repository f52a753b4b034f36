//! Any order, any doubling, same state: 10,000 random histories of statuses, told through signed webhooks in
//! random order, must end where the ordered, single telling ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use whatsapp_cloud::simulator::{AcceptedSend, Faults};
use whatsapp_cloud::webhook::sign;
use whatsapp_core::env::{SeededEntropy, SystemClock};
use whatsapp_core::{
    Audience, Campaign, DeliveryStatus, Env, Id, PageRequest, SendState, Template, Variables,
};
use whatsapp_platform::testing::{TestPlatform, TestTenant};
use whatsapp_platform::workspace::NewCampaign;
use whatsapp_storage::{Mode, Store};

use crate::open_world;

const HISTORIES: usize = 10_000;
const STATUSES: [DeliveryStatus; 4] =
    [DeliveryStatus::Sent, DeliveryStatus::Delivered, DeliveryStatus::Read, DeliveryStatus::Failed];

#[test]
fn ten_thousand_histories_in_any_order_end_in_the_state_of_the_ordered_one() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(histories());
}

async fn histories() {
    let (mut world, store) = open_world().await;
    let shop = world.tenant("Casa Aurora").await;
    hurry(&*store, &shop).await;
    let campaign = everybody(&mut world, &shop).await;
    let chance = Env::new(Arc::new(SystemClock), Arc::new(SeededEntropy::new(99)));
    let mut expected = BTreeMap::new();
    let mut items: Vec<Value> = Vec::new();
    for send in world.simulator.sends() {
        let told: Vec<_> =
            (0..=chance.below(4)).filter_map(|_| chance.pick(&STATUSES).copied()).collect();
        for status in &told {
            for _ in 0..=chance.below(2) {
                items.push(item(&send, *status));
            }
        }
        expected.insert(send.to, ordered(&told));
    }
    assert_eq!(expected.len(), HISTORIES);
    shuffle(&mut items, &chance);
    tell(&mut world, &items).await;
    compare(&shop, campaign, &expected).await;
}

/// A campaign to everybody, accepted by Meta, of which Meta tells nothing: the telling is ours.
async fn everybody(world: &mut TestPlatform, shop: &TestTenant) -> Id<Campaign> {
    let mut faults = Faults::default();
    faults.webhooks.drop_statuses = 1.0;
    faults.limits.per_second = 1_000_000;
    world.simulator.set_faults(faults);
    let number = |n| format!("+5511{:09}", 910_000_000 + n).parse().expect("valid");
    let audience = Audience { phones: (0..HISTORIES).map(number).collect(), ..Audience::default() };
    let templates = shop.workspace.templates();
    let templates = templates.page(Default::default(), PageRequest::default()).await;
    let templates = templates.expect("reads").items;
    let simple =
        |t: &&Template| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body");
    let template = templates.iter().find(simple).expect("one is simple");
    let variables = template.variables().into_iter().map(|v| (v.key, "x".to_owned()));
    let new = NewCampaign {
        name: "All".into(),
        template: template.id,
        audience,
        variables: Variables::from_pairs(variables),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let id = shop.workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id;
    shop.workspace.campaigns().start(id).await.expect("starts");
    world.settle().await;
    id
}

async fn tell(world: &mut TestPlatform, items: &[Value]) {
    let access = world.simulator.access(0).expect("has a number");
    for group in items.chunks(100) {
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "0", "phone_number_id": access.phone_number_id},
            "statuses": group,
        });
        let change = json!({"field": "messages", "value": value});
        let entry = json!({"id": access.waba_id, "changes": [change]});
        let body = json!({"object": "whatsapp_business_account", "entry": [entry]}).to_string();
        let signature = sign(&world.simulator.app_secret(), body.as_bytes());
        world.platform.deliver(Some(&signature), body.into()).await.expect("is kept");
    }
    world.settle().await;
}

async fn compare(shop: &TestTenant, id: Id<Campaign>, expected: &BTreeMap<String, SendState>) {
    let mut seen = 0;
    let mut page = PageRequest::first(200);
    loop {
        let found = shop.workspace.campaigns().recipients(id, None, None, page.clone()).await;
        let found = found.expect("reads");
        for recipient in &found.items {
            let ordered = expected.get(&recipient.recipient.address);
            assert_eq!(Some(&recipient.recipient.state), ordered);
            seen += 1;
        }
        match found.next {
            Some(next) => page = page.after(Some(next)),
            None => break,
        }
    }
    assert_eq!(seen, HISTORIES);
    let counts = shop.workspace.campaigns().find(id).await.expect("finds").campaign.counts;
    let ended =
        |state| i64::try_from(expected.values().filter(|s| **s == state).count()).expect("fits");
    assert_eq!(counts.sent, ended(SendState::Sent));
    assert_eq!(counts.delivered, ended(SendState::Delivered));
    assert_eq!(counts.read, ended(SendState::Read));
    assert_eq!(counts.failed, ended(SendState::Failed));
}

/// A number without a limit, so that the histories need no hours of simulated time.
async fn hurry(store: &dyn Store, shop: &TestTenant) {
    let mut tx = store.tenant(shop.tenant, Mode::Write).await.expect("opens");
    let mut channel = tx.channels().find(shop.channel).await.expect("reads").expect("is there");
    channel.throughput = 1_000_000;
    assert!(tx.channels().update(&channel).await.expect("writes"));
    tx.commit().await.expect("commits");
}

/// The state after the history in its natural order, each status once.
fn ordered(told: &[DeliveryStatus]) -> SendState {
    let natural = [
        DeliveryStatus::Sent,
        DeliveryStatus::Failed,
        DeliveryStatus::Delivered,
        DeliveryStatus::Read,
    ];
    let known = natural.into_iter().filter(|status| told.contains(status));
    known.fold(SendState::Accepted, |_, status| status.state())
}

fn item(send: &AcceptedSend, status: DeliveryStatus) -> Value {
    let failed = status == DeliveryStatus::Failed;
    let errors = json!([{"code": 131_026, "title": "Message undeliverable"}]);
    json!({
        "id": send.wamid,
        "status": status.as_str(),
        "timestamp": "1772442100",
        "recipient_id": send.to.trim_start_matches('+'),
        "biz_opaque_callback_data": send.callback_data,
        "errors": if failed { errors } else { Value::Null },
    })
}

fn shuffle(items: &mut [Value], chance: &Env) {
    for i in (1..items.len()).rev() {
        let j = usize::try_from(chance.below(u64::try_from(i + 1).expect("fits"))).expect("fits");
        items.swap(i, j);
    }
}
