//! Leases.

use super::Outcome;
use super::world::{NOW, World, later};

pub(super) async fn a_lease_has_one_holder(world: &World<'_>) -> Outcome {
    let (ana, bia) = (world.env.uuid(), world.env.uuid());
    let name = format!("lease-{}", world.env.uuid());
    let mut system = world.system().await?;
    let epoch = system.leases().acquire(&name, ana, NOW, later(60)).await?;
    assert!(epoch.is_some(), "a free lease was refused");
    assert_eq!(system.leases().acquire(&name, bia, later(59), later(119)).await?, None);
    let epoch = epoch.unwrap_or_default();
    assert!(!system.leases().renew(&name, bia, epoch, later(90)).await?, "renewed by another");
    assert!(!system.leases().renew(&name, ana, epoch + 1, later(90)).await?, "a wrong epoch");
    assert!(system.leases().renew(&name, ana, epoch, later(90)).await?);
    assert_eq!(system.leases().acquire(&name, bia, later(89), later(119)).await?, None);
    system.leases().release(&name, bia).await?;
    assert_eq!(system.leases().acquire(&name, bia, later(89), later(119)).await?, None);
    system.leases().release(&name, ana).await?;
    assert!(system.leases().acquire(&name, bia, later(61), later(119)).await?.is_some());
    Ok(())
}

pub(super) async fn an_ended_lease_gets_a_greater_epoch(world: &World<'_>) -> Outcome {
    let (ana, bia) = (world.env.uuid(), world.env.uuid());
    let name = format!("lease-{}", world.env.uuid());
    let mut system = world.system().await?;
    let first = system.leases().acquire(&name, ana, NOW, later(60)).await?;
    let second = system.leases().acquire(&name, bia, later(60), later(120)).await?;
    assert!(second > first, "an epoch did not grow: {first:?} {second:?}");
    assert!(!system.leases().renew(&name, ana, first.unwrap_or_default(), later(300)).await?);
    system.leases().release(&name, bia).await?;
    let third = system.leases().acquire(&name, ana, later(61), later(120)).await?;
    assert!(third > second, "a release forgot the epoch");
    Ok(())
}

pub(super) async fn a_kept_lease_keeps_its_epoch(world: &World<'_>) -> Outcome {
    let ana = world.env.uuid();
    let name = format!("lease-{}", world.env.uuid());
    let mut system = world.system().await?;
    let first = system.leases().acquire(&name, ana, NOW, later(60)).await?;
    let kept = system.leases().acquire(&name, ana, later(30), later(90)).await?;
    assert_eq!(kept, first);
    Ok(())
}

pub(super) async fn all_leases_can_be_seized(world: &World<'_>) -> Outcome {
    let (dead, alive) = (world.env.uuid(), world.env.uuid());
    let name = format!("lease-{}", world.env.uuid());
    let mut system = world.system().await?;
    let first = system.leases().acquire(&name, dead, NOW, later(60)).await?;
    assert!(system.leases().seize_all().await? >= 1);
    let second = system.leases().acquire(&name, alive, NOW, later(60)).await?;
    assert!(second > first, "a seized lease is free, under a greater epoch");
    Ok(())
}
