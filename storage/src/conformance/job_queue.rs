//! The job queue.

use serde_json::json;
use uuid::Uuid;
use whatsapp_core::job::ClaimedJob;
use whatsapp_core::{Id, JobSpec, Lane, Tenant, Timestamp};

use super::Outcome;
use super::world::{NOW, World, later};
use crate::{StorageError, SystemTx};

fn job(world: &World<'_>, lane: Lane, key: Option<&str>) -> JobSpec {
    JobSpec {
        id: world.env.id(),
        kind: "test".to_owned(),
        lane,
        body: json!({"n": 1, "text": "ü"}),
        run_at: NOW,
        key: key.map(str::to_owned),
    }
}

async fn claim(
    system: &mut Box<dyn SystemTx>,
    lane: Lane,
    now: Timestamp,
    token: Uuid,
) -> Result<Vec<ClaimedJob>, StorageError> {
    system.job_queue().claim(lane, now, 100, now + whatsapp_core::Span::seconds(60), token).await
}

/// Schedules for a tenant and answers whether it was new.
async fn schedule(
    world: &World<'_>,
    tenant: Id<Tenant>,
    job: &JobSpec,
) -> Result<bool, StorageError> {
    let mut unit = world.write(tenant).await?;
    let new = unit.jobs().schedule(job).await?;
    unit.commit().await?;
    Ok(new)
}

fn of(claimed: &[ClaimedJob], id: Id<JobSpec>) -> Option<&ClaimedJob> {
    claimed.iter().find(|claimed| claimed.spec.id == id)
}

pub(super) async fn a_job_is_claimed_once_when_due(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let (mut late, own) = (job(world, Lane::Care, None), job(world, Lane::Care, None));
    late.run_at = later(10);
    assert!(schedule(world, tenant, &late).await?);
    let token = world.env.uuid();
    let mut system = world.system().await?;
    assert!(system.job_queue().schedule(None, &own).await?);
    let due = system.job_queue().next_due(Lane::Care).await?;
    assert!(due.is_some_and(|due| due <= NOW));
    let claimed = claim(&mut system, Lane::Care, NOW, token).await?;
    assert!(of(&claimed, late.id).is_none(), "a job ran too early");
    let mine = of(&claimed, own.id).map(|c| (c.spec.clone(), c.tenant, c.attempt, c.token));
    assert_eq!(mine, Some((own.clone(), None, 1, token)), "the platform's own job");
    let claimed = claim(&mut system, Lane::Care, later(10), token).await?;
    assert!(of(&claimed, own.id).is_none(), "a job was claimed twice");
    let theirs = of(&claimed, late.id).map(|c| (c.tenant, c.spec.run_at));
    assert_eq!(theirs, Some((Some(tenant), later(10))));
    assert!(system.job_queue().unfinished().await? >= 2);
    assert!(system.job_queue().complete(own.id, token).await?);
    assert!(!system.job_queue().complete(own.id, token).await?, "done twice");
    system.job_queue().complete(late.id, token).await?;
    system.commit().await
}

pub(super) async fn a_waiting_key_is_not_doubled(world: &World<'_>) -> Outcome {
    let (one, two) = (world.tenant().await?, world.tenant().await?);
    let (first, second) = (job(world, Lane::Media, Some("k")), job(world, Lane::Media, Some("k")));
    assert!(schedule(world, one, &first).await?);
    assert!(!schedule(world, one, &second).await?, "two jobs with one key wait");
    assert!(schedule(world, two, &second).await?, "another tenant's key");
    let token = world.env.uuid();
    let mut system = world.system().await?;
    let claimed = claim(&mut system, Lane::Media, NOW, token).await?;
    assert!(of(&claimed, first.id).is_some() && of(&claimed, second.id).is_some());
    system.commit().await?;
    let third = job(world, Lane::Media, Some("k"));
    assert!(schedule(world, one, &third).await?, "while the first runs, the next may wait");
    let mut system = world.system().await?;
    let again = system.job_queue().retry(first.id, token, NOW, "try again").await?;
    assert!(again, "the claim was not lost");
    let claimed = claim(&mut system, Lane::Media, NOW, world.env.uuid()).await?;
    let here = claimed.iter().filter(|c| c.tenant == Some(one)).count();
    assert_eq!(here, 1, "a retried job and a new one with its key become one");
    for job in claimed {
        system.job_queue().complete(job.spec.id, job.token).await?;
    }
    system.job_queue().complete(second.id, token).await?;
    system.commit().await
}

pub(super) async fn a_lost_claim_changes_nothing(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let spec = job(world, Lane::Care, None);
    schedule(world, tenant, &spec).await?;
    let (token, stranger) = (world.env.uuid(), world.env.uuid());
    let mut system = world.system().await?;
    claim(&mut system, Lane::Care, NOW, token).await?;
    assert!(!system.job_queue().complete(spec.id, stranger).await?);
    assert!(!system.job_queue().retry(spec.id, stranger, NOW, "x").await?);
    assert!(!system.job_queue().bury(spec.id, stranger, "x").await?);
    assert!(system.job_queue().complete(spec.id, token).await?);
    system.commit().await
}

pub(super) async fn a_dead_workers_job_comes_back(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let spec = job(world, Lane::Care, None);
    schedule(world, tenant, &spec).await?;
    let (dead, alive) = (world.env.uuid(), world.env.uuid());
    let mut system = world.system().await?;
    claim(&mut system, Lane::Care, NOW, dead).await?;
    let early = claim(&mut system, Lane::Care, later(59), alive).await?;
    assert!(of(&early, spec.id).is_none(), "a lease was broken");
    let claimed = claim(&mut system, Lane::Care, later(60), alive).await?;
    assert_eq!(of(&claimed, spec.id).map(|c| c.attempt), Some(2));
    assert!(!system.job_queue().complete(spec.id, dead).await?, "the dead one finished it");
    assert!(system.job_queue().complete(spec.id, alive).await?);
    system.commit().await
}

pub(super) async fn a_retried_job_waits(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let spec = job(world, Lane::Campaign, Some("retry"));
    schedule(world, tenant, &spec).await?;
    let token = world.env.uuid();
    let mut system = world.system().await?;
    claim(&mut system, Lane::Campaign, NOW, token).await?;
    assert!(system.job_queue().retry(spec.id, token, later(30), "not yet").await?);
    let early = claim(&mut system, Lane::Campaign, later(29), token).await?;
    assert!(of(&early, spec.id).is_none());
    let claimed = claim(&mut system, Lane::Campaign, later(30), token).await?;
    assert_eq!(of(&claimed, spec.id).map(|c| c.attempt), Some(2));
    system.job_queue().complete(spec.id, token).await?;
    system.commit().await
}

pub(super) async fn a_buried_job_is_kept(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let spec = job(world, Lane::Care, None);
    schedule(world, tenant, &spec).await?;
    let token = world.env.uuid();
    let mut system = world.system().await?;
    let before = system.job_queue().buried().await?;
    claim(&mut system, Lane::Care, NOW, token).await?;
    assert!(system.job_queue().bury(spec.id, token, "hopeless").await?);
    assert_eq!(system.job_queue().buried().await?, before + 1);
    let claimed = claim(&mut system, Lane::Care, later(10_000), token).await?;
    assert!(of(&claimed, spec.id).is_none(), "a buried job ran");
    Ok(())
}

pub(super) async fn a_waiting_job_is_taken_back(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let spec = job(world, Lane::Care, Some("reminder"));
    schedule(world, tenant, &spec).await?;
    let mut unit = world.write(tenant).await?;
    assert!(unit.jobs().cancel("reminder").await?);
    assert!(!unit.jobs().cancel("reminder").await?);
    unit.commit().await?;
    let mut system = world.system().await?;
    let claimed = claim(&mut system, Lane::Care, NOW, world.env.uuid()).await?;
    assert!(of(&claimed, spec.id).is_none());
    Ok(())
}

pub(super) async fn lanes_do_not_meet(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let spec = job(world, Lane::Media, None);
    schedule(world, tenant, &spec).await?;
    let token = world.env.uuid();
    let mut system = world.system().await?;
    for lane in [Lane::Campaign, Lane::Care] {
        assert!(of(&claim(&mut system, lane, NOW, token).await?, spec.id).is_none());
    }
    assert!(of(&claim(&mut system, Lane::Media, NOW, token).await?, spec.id).is_some());
    Ok(())
}
