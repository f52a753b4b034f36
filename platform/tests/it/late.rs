//! What Meta tells late of templates and accounts, or what had to wait here: it undoes nothing newer.

use std::sync::Arc;

use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use whatsapp_cloud::simulator::MessagingLimit;
use whatsapp_cloud::webhook::sign;
use whatsapp_core::template::Category;
use whatsapp_core::{
    ChannelState, Env, PageRequest, Quality, Span, Template, TemplateStatus, Timestamp,
};
use whatsapp_platform::testing::{Background, Part, TestPlatform, TestTenant};
use whatsapp_storage::Store;
use whatsapp_storage::sql::SqlStore;

use crate::channels::number;
use crate::shop;

/// A change of an account, and the moment that the call says.
fn change(world: &TestPlatform, at: Timestamp, changes: &[(&str, Value)]) -> String {
    let access = world.simulator.access(0).expect("has a number");
    let change = |(field, value): &(&str, Value)| json!({"field": field, "value": value});
    let changes: Vec<_> = changes.iter().map(change).collect();
    let entry = json!([{"id": access.waba_id, "time": at.seconds(), "changes": changes}]);
    json!({"object": "whatsapp_business_account", "entry": entry}).to_string()
}

/// Tells it, and nothing but the call is worked on.
async fn tell(world: &TestPlatform, call: String) {
    let signature = sign(&world.simulator.app_secret(), call.as_bytes());
    world.platform.deliver(Some(&signature), call.into()).await.expect("is kept");
    let mut background = Background::default();
    background.turn(&world.platform, Part::Inbound).await.expect("is applied");
}

async fn template(shop: &TestTenant, known: Option<&Template>) -> Template {
    let templates = shop.workspace.templates();
    let page = templates.page(Default::default(), PageRequest::first(200)).await.expect("reads");
    let fits = |t: &Template| match known {
        Some(known) => t.id == known.id,
        None => t.status == TemplateStatus::Approved && t.category == Category::Utility,
    };
    page.items.into_iter().find(fits).expect("is there")
}

/// What each kind of call says of a template: first this, then that.
fn words(kind: usize, second: bool) -> (&'static str, Value) {
    match kind {
        0 => {
            let category = if second { "MARKETING" } else { "AUTHENTICATION" };
            ("template_category_update", json!({"new_category": category}))
        }
        1 => {
            let quality = if second { "GREEN" } else { "RED" };
            ("message_template_quality_update", json!({"new_quality_score": quality}))
        }
        _ => {
            let event = if second { "DISABLED" } else { "PAUSED" };
            ("message_template_status_update", json!({"event": event}))
        }
    }
}

#[tokio::test]
async fn what_is_told_late_of_a_template_undoes_nothing_and_meta_is_asked() {
    for kind in 0..3 {
        let (mut world, shop) = shop().await;
        let before = template(&shop, None).await;
        let now = world.platform.env().now();
        let mut told = Vec::new();
        for (seconds, second) in [(60, false), (120, true)] {
            let (field, mut value) = words(kind, second);
            value["message_template_id"] = before.meta_id.clone().into();
            value["message_template_name"] = before.name.clone().into();
            value["message_template_language"] = before.language.clone().into();
            told.push(change(&world, now + Span::seconds(seconds), &[(field, value)]));
        }
        world.clock.advance(Span::seconds(180));
        let (first, second) = (told.remove(0), told.remove(0));
        tell(&world, second).await;
        let after = template(&shop, Some(&before)).await;
        assert_ne!(said(&after), said(&before), "{kind}: the newer word holds");
        tell(&world, first).await;
        let still = template(&shop, Some(&before)).await;
        assert_eq!(said(&still), said(&after), "{kind}: the older one came too late");
        world.settle().await;
        let asked = template(&shop, Some(&before)).await;
        assert_eq!(said(&asked), said(&before), "{kind}: Meta was asked, and knew of neither");
    }
}

fn said(template: &Template) -> (Category, Quality, TemplateStatus) {
    (template.category, template.quality, template.status)
}

#[tokio::test]
async fn a_ban_before_a_number_was_connected_anew_does_not_stop_it_however_late_it_is_told() {
    let (world, shop) = shop().await;
    let state =
        async || shop.workspace.channels().find(shop.channel).await.expect("is there").state;
    let ban = |at| change(&world, at, &[("account_update", json!({"event": "DISABLED_UPDATE"}))]);
    let removed =
        |at| change(&world, at, &[("account_update", json!({"event": "PARTNER_REMOVED"}))]);
    let began = world.platform.env().now() + Span::seconds(60);
    world.clock.set(began);
    tell(&world, ban(began)).await;
    assert_eq!(state().await, ChannelState::Paused);
    world.clock.advance(Span::seconds(60));
    let again = number(&world, 0);
    shop.workspace.channels().connect(again).await.expect("is connected anew");
    world.clock.advance(Span::seconds(60));
    tell(&world, removed(began + Span::seconds(59))).await;
    assert_eq!(state().await, ChannelState::Connected, "that was before");
    tell(&world, ban(began + Span::seconds(61))).await;
    assert_eq!(state().await, ChannelState::Paused, "that was after");
}

#[tokio::test]
async fn a_limit_in_a_call_that_had_to_wait_is_read_from_meta() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("store.db").display());
    let store = SqlStore::connect(&url, Env::system()).await.expect("opens");
    let store = Arc::new(store) as Arc<dyn Store>;
    let mut world = TestPlatform::on(move |_| store).await;
    let shop = world.tenant("Casa Aurora").await;
    let mut db = SqliteConnection::connect(&url).await.expect("opens");
    let refuse = "create trigger refuse before insert on contacts
        begin select raise(abort, 'refused on purpose'); end";
    sqlx::query(refuse).execute(&mut db).await.expect("is made");
    let limit = async || {
        shop.workspace.channels().find(shop.channel).await.expect("is there").messaging_limit
    };
    let number = world.simulator.numbers().remove(0).phone_number_id;
    let message = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "0", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": "5511981234567"}],
        "messages": [{"from": "5511981234567", "id": "wamid.1", "timestamp": "1772442000",
            "type": "text", "text": {"body": "Hello"}}],
    });
    let capability = json!({"max_daily_conversations_per_business": "TIER_250"});
    let both = [("business_capability_update", capability), ("messages", message)];
    let now = world.platform.env().now();
    tell(&world, change(&world, now, &both)).await;
    assert_eq!(limit().await, Some(250), "and the message has to wait");
    world.simulator.set_messaging_limit(MessagingLimit::Tier10K);
    for _ in 0..10 {
        world.settle().await;
        world.clock.advance(Span::seconds(1));
        assert_eq!(limit().await, Some(10_000), "the newer limit holds");
    }
    sqlx::query("drop trigger refuse").execute(&mut db).await.expect("is dropped");
    world.clock.advance(Span::minutes(10));
    world.settle().await;
    assert_eq!(limit().await, Some(10_000));
    let talks = shop.workspace.conversations().page(Default::default(), Default::default()).await;
    assert_eq!(talks.expect("reads").items.len(), 1, "and the message is heard");
}
