//! A wiped store is a new one: whatever the suite of all promises left behind is gone, and the suite, which wants an
//! empty database, holds on it again.

use whatsapp_core::{By, Event, Id};
use whatsapp_storage::{Mode, SqlStore, Store as _, conformance};

use crate::stores;

async fn first_position(store: &SqlStore) -> i64 {
    let mut system = store.system(Mode::Write).await.unwrap();
    let tenant = Id::from_uuid(uuid::Uuid::max());
    let kept = whatsapp_core::Tenant {
        id: tenant,
        name: "Tea".to_owned(),
        timezone: "UTC".to_owned(),
        state: whatsapp_core::tenant::TenantState::Active,
        created_at: crate::crowd::NOW,
    };
    system.tenants().insert(&kept).await.unwrap();
    let mut inside = system.enter(tenant).await.unwrap();
    let event = Event::CampaignProgressed { campaign: Id::from_uuid(uuid::Uuid::max()) };
    let events = [(Id::from_uuid(uuid::Uuid::max()), event)];
    inside.outbox().append(&events, &By::System, crate::crowd::NOW).await.unwrap();
    inside.commit().await.unwrap();
    system.event_log().sequence(10).await.unwrap();
    let first = system.event_log().read(0, 10).await.unwrap();
    system.commit().await.unwrap();
    assert_eq!(first.len(), 1, "only what was written after the wipe");
    first[0].position
}

async fn begins_anew(store: &SqlStore) {
    conformance::run_all(store).await;
    store.wipe().await.unwrap();
    assert_eq!(first_position(store).await, 1, "the counters begin anew");
    store.wipe().await.unwrap();
    conformance::run_all(store).await;
}

#[tokio::test]
async fn a_wiped_store_is_a_new_one_on_sqlite() {
    begins_anew(&stores::memory().await.store).await;
}

#[tokio::test]
async fn a_wiped_store_is_a_new_one_on_postgres() {
    begins_anew(&stores::postgres().await.store).await;
}
