//! Units of work: all or nothing, savepoints, and what a failure costs.

use super::Outcome;
use super::world::{NOW, World};
use crate::Mode;

pub(super) async fn what_is_dropped_did_not_happen(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let contact = world.contact("Ana");
    let mut unit = world.write(tenant).await?;
    unit.contacts().insert(&contact).await?;
    drop(unit);
    let mut unit = world.read(tenant).await?;
    assert_eq!(unit.contacts().find(contact.id).await?, None, "a dropped unit left something");
    Ok(())
}

pub(super) async fn what_is_committed_is_there(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let contact = world.contact("Ana");
    let mut unit = world.write(tenant).await?;
    unit.contacts().insert(&contact).await?;
    assert_eq!(
        unit.contacts().find(contact.id).await?.as_ref(),
        Some(&contact),
        "a unit does not see its own writes"
    );
    unit.commit().await?;
    let mut unit = world.read(tenant).await?;
    assert_eq!(unit.contacts().find(contact.id).await?, Some(contact), "a commit was lost");
    Ok(())
}

pub(super) async fn a_savepoint_that_is_dropped_costs_only_itself(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let (kept, lost) = (world.contact("Kept"), world.contact("Lost"));
    let mut system = world.system().await?;
    let mut inside = system.enter(tenant).await?;
    inside.contacts().insert(&kept).await?;
    inside.commit().await?;
    let mut inside = system.enter(tenant).await?;
    inside.contacts().insert(&lost).await?;
    drop(inside);
    system.platform_settings().put("savepoint", &serde_json::json!(1)).await?;
    system.commit().await?;
    let mut unit = world.read(tenant).await?;
    assert_eq!(unit.contacts().find(kept.id).await?, Some(kept), "the committed savepoint is lost");
    assert_eq!(unit.contacts().find(lost.id).await?, None, "the dropped savepoint stayed");
    Ok(())
}

pub(super) async fn a_savepoint_that_is_committed_stays(world: &World<'_>) -> Outcome {
    let (one, two) = (world.tenant().await?, world.tenant().await?);
    let (first, second) = (world.contact("First"), world.contact("Second"));
    let mut system = world.system().await?;
    for (tenant, contact) in [(one, &first), (two, &second)] {
        let mut inside = system.enter(tenant).await?;
        inside.contacts().insert(contact).await?;
        inside.commit().await?;
        let all = system.tenants().find(tenant).await?;
        assert!(all.is_some(), "after a savepoint the platform sees everything again");
    }
    let mut inside = system.enter(two).await?;
    assert_eq!(inside.contacts().find(first.id).await?, None, "a savepoint saw another tenant");
    inside.commit().await?;
    system.commit().await?;
    for (tenant, contact) in [(one, first), (two, second)] {
        let mut unit = world.read(tenant).await?;
        assert!(unit.contacts().find(contact.id).await?.is_some(), "a savepoint was lost");
    }
    Ok(())
}

pub(super) async fn a_failed_statement_ends_the_unit(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let before = world.contact("Before");
    unit.contacts().insert(&before).await?;
    // The id is taken: a rule of the schema is broken.
    let mut twice = world.message(&shop, "hello", NOW);
    unit.messages().insert(&twice).await?;
    twice.wamid = None;
    assert!(unit.messages().insert(&twice).await.is_err(), "one id was kept twice");
    assert!(unit.contacts().find(before.id).await.is_err(), "a failed unit still answered");
    assert!(unit.commit().await.is_err(), "a failed unit committed");
    let mut unit = world.read(shop.tenant).await?;
    assert_eq!(unit.contacts().find(before.id).await?, None, "a failed unit left something");
    Ok(())
}

pub(super) async fn a_failed_statement_ends_only_its_savepoint(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut system = world.system().await?;
    let mut inside = system.enter(shop.tenant).await?;
    let mut twice = world.message(&shop, "hello", NOW);
    inside.messages().insert(&twice).await?;
    let id = twice.id;
    twice.wamid = None;
    assert!(inside.messages().insert(&twice).await.is_err(), "one id was kept twice");
    assert!(inside.commit().await.is_err(), "a failed savepoint committed");
    let mut inside = system.enter(shop.tenant).await?;
    assert_eq!(inside.messages().find(id).await?, None, "a failed savepoint left something");
    inside.messages().insert(&twice).await?;
    inside.commit().await?;
    system.commit().await?;
    let mut unit = world.read(shop.tenant).await?;
    assert!(
        unit.messages().find(id).await?.is_some(),
        "the unit around a failed savepoint was lost"
    );
    Ok(())
}

pub(super) async fn a_reading_unit_changes_nothing(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.read(tenant).await?;
    let refused = unit.contacts().insert(&world.contact("Ana")).await.is_err();
    assert!(refused, "a reading unit wrote");
    Ok(())
}

pub(super) async fn a_reading_unit_sees_one_moment(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let contact = world.contact("Ana");
    let mut reader = world.read(tenant).await?;
    assert_eq!(reader.contacts().find(contact.id).await?, None);
    let mut writer = world.write(tenant).await?;
    writer.contacts().insert(&contact).await?;
    writer.commit().await?;
    let seen = reader.contacts().find(contact.id).await?;
    assert_eq!(seen, None, "what was committed later appeared in a reading unit");
    Ok(())
}

pub(super) async fn the_store_can_be_written(world: &World<'_>) -> Outcome {
    world.store.ping().await?;
    let (first, second) = (world.store.now().await?, world.store.now().await?);
    assert!(second >= first, "the time of leases went backwards");
    let mut system = world.store.system(Mode::Read).await?;
    let page = system.tenants().page(&whatsapp_core::PageRequest::first(1)).await?;
    assert_eq!(page.items.len(), 1, "tenants are listed");
    assert!(page.next.is_some(), "a full page leads on");
    Ok(())
}
