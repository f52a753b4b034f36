//! The event log.

use whatsapp_core::{By, Event, Id, Tenant};

use super::Outcome;
use super::world::{NOW, World, later};
use crate::{StorageError, TenantTx};

fn events(world: &World<'_>, n: usize) -> Vec<(Id<Event>, Event)> {
    let event = || Event::ContactCreated { contact: world.env.id() };
    (0..n).map(|_| (world.env.id(), event())).collect()
}

async fn say(
    world: &World<'_>,
    tenant: Id<Tenant>,
    events: &[(Id<Event>, Event)],
) -> Result<(), StorageError> {
    let mut unit: Box<dyn TenantTx> = world.write(tenant).await?;
    unit.outbox().append(events, &By::System, NOW).await?;
    unit.commit().await
}

/// Gives positions to all that wait; answers the head.
async fn sequence(world: &World<'_>) -> Result<i64, StorageError> {
    let mut system = world.system().await?;
    while system.event_log().sequence(2).await? > 0 {}
    let head = system.event_log().head().await?;
    system.commit().await?;
    Ok(head)
}

pub(super) async fn positions_are_given_in_order_without_gaps(world: &World<'_>) -> Outcome {
    let (one, two) = (world.tenant().await?, world.tenant().await?);
    let before = sequence(world).await?;
    let (first, second) = (events(world, 3), events(world, 2));
    say(world, one, &first).await?;
    say(world, two, &second).await?;
    let mut system = world.system().await?;
    let (head, unseen) =
        (system.event_log().head().await?, system.event_log().read(before, 100).await?);
    if system.event_log().any_waiting().await? {
        assert_eq!((head, unseen.len()), (before, 0), "an event without position was read");
    } else {
        assert_eq!((head, unseen.len()), (before + 5, 5), "they have positions, and are not there");
    }
    drop(system);
    assert_eq!(sequence(world).await?, before + 5);
    let mut system = world.system().await?;
    assert!(!system.event_log().any_waiting().await?, "all have their positions");
    let read = system.event_log().read(before, 100).await?;
    let positions: Vec<_> = read.iter().map(|event| event.position).collect();
    assert_eq!(positions, (before + 1..=before + 5).collect::<Vec<_>>());
    let said: Vec<_> = first.iter().chain(&second).map(|(id, _)| *id).collect();
    assert_eq!(read.iter().map(|e| e.id).collect::<Vec<_>>(), said, "in the order they were said");
    let whose: Vec<_> = read.iter().map(|event| event.tenant).collect();
    assert_eq!(whose, [one, one, one, two, two]);
    let head = read.first().map(|e| (&e.event, &e.by, e.at));
    assert_eq!(head, first.first().map(|(_, event)| (event, &By::System, NOW)));
    let some = system.event_log().read(before + 1, 2).await?;
    assert_eq!(some.iter().map(|e| e.position).collect::<Vec<_>>(), [before + 2, before + 3]);
    Ok(())
}

pub(super) async fn a_cursor_stands_where_it_was_put(world: &World<'_>) -> Outcome {
    let name = format!("consumer-{}", world.env.uuid());
    let mut system = world.system().await?;
    assert_eq!(system.event_log().cursor(&name).await?, 0);
    system.event_log().advance(&name, 7).await?;
    assert_eq!(system.event_log().cursor(&name).await?, 7);
    system.event_log().advance(&name, 0).await?;
    assert_eq!(system.event_log().cursor(&name).await?, 0, "replay");
    Ok(())
}

pub(super) async fn trimming_keeps_the_head(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    say(world, tenant, &events(world, 2)).await?;
    let head = sequence(world).await?;
    say(world, tenant, &events(world, 1)).await?;
    let mut system = world.system().await?;
    let waits = system.event_log().any_waiting().await?;
    let last = if waits { head } else { head + 1 };
    let tail = system.event_log().tail().await?;
    assert!(tail > 0 && tail <= head, "the tail is the first position kept");
    assert_eq!(system.event_log().trim(NOW, 100).await?, 0, "nothing is older");
    assert_eq!(system.event_log().trim(later(1), 1).await?, 1, "no more than was asked for");
    while system.event_log().trim(later(1), 100).await? > 0 {}
    assert_eq!(system.event_log().tail().await?, 0, "nothing sequenced is kept");
    assert_eq!(system.event_log().head().await?, last, "trimming lost the head");
    system.commit().await?;
    assert_eq!(sequence(world).await?, head + 1, "an event that waited was trimmed");
    Ok(())
}

pub(super) async fn an_event_of_a_dropped_unit_never_happened(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let before = sequence(world).await?;
    let mut unit = world.write(tenant).await?;
    unit.outbox().append(&events(world, 1), &By::System, NOW).await?;
    drop(unit);
    assert_eq!(sequence(world).await?, before);
    Ok(())
}
