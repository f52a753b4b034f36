//! Takes jobs of a lane, runs them, and notes how they ended. Lanes cannot slow each other down.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;
use whatsapp_core::job::ClaimedJob;
use whatsapp_core::{Class, Classified, Lane, Span, Timestamp};
use whatsapp_storage::Mode;

use super::{Done, OUTAGE_TRIES, TRIES, Task, backoff, run};
use crate::Error;
use crate::platform::Inner;
use crate::weather::Step;

/// So many jobs of a lane run at once on one node.
const AT_ONCE: u32 = 8;
/// An idle lane is looked at every so many polls.
const QUIET: i64 = 4;
/// A job has so long before somebody else may take it.
const LEASE: Span = Span::minutes(5);

/// Runs until `stop`; a job that runs is finished first.
pub(crate) async fn run_jobs(inner: Arc<Inner>, lane: Lane, stop: CancellationToken) {
    while !stop.is_cancelled() {
        inner.weather.beat(lane.as_str());
        let wait = match work(&inner, lane).await {
            Ok(None) => continue,
            Ok(Some(wait)) => wait,
            Err(error) => {
                tracing::error!(%error, lane = lane.as_str(), "jobs could not be taken");
                inner.settings.poll
            }
        };
        tokio::select! {
            () = inner.wake.jobs.notified() => {}
            () = tokio::time::sleep(wait.to_std()) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Takes and runs what is due. When nothing was: for how long nothing will be, unless somebody tells of a new job.
///
/// # Errors
/// When the store fails.
pub(crate) async fn work(inner: &Inner, lane: Lane) -> Result<Option<Span>, Error> {
    let poll = inner.settings.poll;
    let step = if lane == Lane::Campaign { Step::Sending } else { Step::Jobs };
    if !inner.weather.may(step) {
        return Ok(Some(poll));
    }
    let now = inner.env.now();
    let mut look = inner.store.system(Mode::Read).await?;
    let next = look.job_queue().next_due(lane).await?;
    drop(look);
    if next.is_none_or(|at| at > now) {
        return Ok(Some(quiet(poll, next, now)));
    }
    let mut tx = inner.store.system(Mode::Write).await?;
    let token = inner.env.uuid();
    let jobs = tx.job_queue().claim(lane, now, AT_ONCE, now + LEASE, token).await?;
    tx.commit().await?;
    let ran = jobs.len();
    for result in join_all(jobs.into_iter().map(|job| one(inner, job))).await {
        result?;
    }
    Ok((ran == 0).then_some(poll))
}

/// How long a lane need not be looked at whose next job is due then: who adds one tells of it, and where that word was
/// lost it is found at the latest after [`QUIET`] polls.
fn quiet(poll: Span, next: Option<Timestamp>, now: Timestamp) -> Span {
    let most = Span::micros(poll.as_micros().saturating_mul(QUIET));
    next.map_or(most, |at| (at - now).min(most))
}

async fn one(inner: &Inner, job: ClaimedJob) -> Result<(), Error> {
    let ended = match (serde_json::from_value::<Task>(job.spec.body.clone()), job.tenant) {
        (Ok(task), Some(tenant)) => run(inner, tenant, task).await,
        (Err(error), _) => {
            Err(Error::Internal(format!("a job of kind {} cannot be read: {error}", job.spec.kind)))
        }
        (Ok(_), None) => {
            Err(Error::Internal(format!("a job of kind {} has no tenant", job.spec.kind)))
        }
    };
    let (id, token, now) = (job.spec.id, job.token, inner.env.now());
    let mut tx = inner.store.system(Mode::Write).await?;
    match ended {
        Ok(Done::Done) => {
            tx.job_queue().complete(id, token).await?;
        }
        Ok(Done::Next(task)) => {
            // Complete first: the next step has the same key, and one job with it may wait.
            if tx.job_queue().complete(id, token).await? {
                tx.job_queue().schedule(job.tenant, &task.job(&inner.env, now)).await?;
            }
        }
        Err(error) if job.attempt < tries(&error) => {
            // Meta's own wait is the least; during an outage it is asked ever more seldom.
            let wait = backoff(job.attempt, &inner.env).max(after(&error).unwrap_or(Span::ZERO));
            tracing::warn!(%error, kind = job.spec.kind, attempt = job.attempt, "a job will be tried again");
            tx.job_queue().retry(id, token, now + wait, &error.to_string()).await?;
        }
        Err(error) => {
            tracing::error!(%error, kind = job.spec.kind, attempt = job.attempt, "a job was put aside");
            tx.job_queue().bury(id, token, &error.to_string()).await?;
            if let (Some(tenant), Ok(task)) = (job.tenant, serde_json::from_value(job.spec.body)) {
                super::give_up(inner, &mut *tx, tenant, task, &error).await?;
            }
        }
    }
    Ok(tx.commit().await?)
}

/// How often a job that failed like this is tried in all.
fn tries(error: &Error) -> i64 {
    match error.class() {
        // Meta, the files or the database are away: that passes, and is not the job's fault.
        Class::Upstream | Class::Unavailable => OUTAGE_TRIES,
        Class::Limited { .. } | Class::Conflict => TRIES,
        _ => 0,
    }
}

fn after(error: &Error) -> Option<Span> {
    match (error, error.class()) {
        (_, Class::Limited { after }) => Some(after),
        (Error::Cloud(cloud), _) => cloud.retry_after(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_lane_sleeps_until_its_next_job_and_never_long() {
        let (poll, now) = (Span::millis(500), Timestamp::from_seconds(1_000));
        assert_eq!(quiet(poll, None, now), Span::seconds(2));
        assert_eq!(quiet(poll, Some(now + Span::millis(30)), now), Span::millis(30));
        assert_eq!(quiet(poll, Some(now + Span::hours(1)), now), Span::seconds(2));
    }
}
