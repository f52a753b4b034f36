//! [`JobQueueStore`] in SQL. A running job is due again when its lease ends, so a dead worker's jobs come back
//! by themselves.

use async_trait::async_trait;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::job::ClaimedJob;
use whatsapp_core::{Id, JobSpec, Lane, Tenant, Timestamp};

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::JobQueueStore;
use crate::sql::convert::word;

struct Row {
    tenant_id: Uuid,
    id: Uuid,
    kind: String,
    lane: String,
    body: Json<Value>,
    run_at: i64,
    job_key: Option<String>,
    attempts: i64,
}

fn read(row: Row, token: Uuid) -> Result<ClaimedJob, StorageError> {
    Ok(ClaimedJob {
        spec: JobSpec {
            id: Id::from_uuid(row.id),
            kind: row.kind,
            lane: word("lane", Lane::parse, &row.lane)?,
            body: row.body.0,
            run_at: Timestamp::from_micros(row.run_at),
            key: row.job_key,
        },
        tenant: Some(row.tenant_id).filter(|id| !id.is_nil()).map(Id::from_uuid),
        attempt: row.attempts,
        token,
    })
}

#[async_trait]
impl JobQueueStore for SqlSystem {
    async fn schedule(
        &mut self,
        tenant: Option<Id<Tenant>>,
        job: &JobSpec,
    ) -> Result<bool, StorageError> {
        let (body, tenant) = (Json(&job.body), tenant.map_or(Uuid::nil(), Id::uuid));
        let query = x!(
            "insert into jobs (tenant_id, id, kind, lane, body, run_at, job_key, state, due_at, attempts)
             values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $6, 0)
             on conflict (tenant_id, job_key) where state = 'waiting' do nothing",
            tenant,
            job.id.uuid(),
            job.kind,
            job.lane.as_str(),
            body as _,
            job.run_at.micros(),
            job.key
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn claim(
        &mut self,
        lane: Lane,
        now: Timestamp,
        limit: u32,
        lease_until: Timestamp,
        token: Uuid,
    ) -> Result<Vec<ClaimedJob>, StorageError> {
        let query = q!(
            Row,
            lite r#"update jobs set state = 'running', due_at = $3, token = $4, attempts = attempts + 1
                where (tenant_id, id) in (select tenant_id, id from jobs where lane = $1 and due_at <= $2
                    and state in ('waiting', 'running') order by due_at, id limit cast($5 as bigint))
                returning tenant_id as "tenant_id!: Uuid", id as "id!: Uuid", kind as "kind!",
                    lane as "lane!", body as "body!: Json<Value>", run_at as "run_at!",
                    job_key as "job_key?", attempts as "attempts!""#,
            pg r#"with chosen as materialized (select tenant_id, id from jobs where lane = $1
                    and due_at <= $2 and state in ('waiting', 'running') order by due_at, id limit cast($5 as bigint)
                    for update skip locked)
                update jobs set state = 'running', due_at = $3, token = $4, attempts = attempts + 1
                where (tenant_id, id) in (select tenant_id, id from chosen)
                returning tenant_id as "tenant_id!: Uuid", id as "id!: Uuid", kind as "kind!",
                    lane as "lane!", body as "body!: Json<Value>", run_at as "run_at!",
                    job_key as "job_key?", attempts as "attempts!""#,
            lane.as_str(),
            now.micros(),
            lease_until.micros(),
            token,
            i64::from(limit)
        );
        let mut rows = self.unit.all(query).await?;
        rows.sort_by_key(|row| (row.run_at, row.id));
        rows.into_iter().map(|row| read(row, token)).collect()
    }
    async fn complete(&mut self, id: Id<JobSpec>, token: Uuid) -> Result<bool, StorageError> {
        let query = x!(
            "delete from jobs where id = $1 and token = $2 and state = 'running'",
            id.uuid(),
            token
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn retry(
        &mut self,
        id: Id<JobSpec>,
        token: Uuid,
        at: Timestamp,
        error: &str,
    ) -> Result<bool, StorageError> {
        let query = x!(
            "update jobs set state = 'waiting', due_at = $3, token = null, error = $4
             where id = $1 and token = $2 and state = 'running' and not exists
                (select 1 from jobs w where w.tenant_id = jobs.tenant_id and w.job_key = jobs.job_key
                 and w.state = 'waiting')",
            id.uuid(),
            token,
            at.micros(),
            error
        );
        if self.unit.run(query).await? == 1 {
            return Ok(true);
        }
        // Another one with the same key was scheduled meanwhile: it does this one's work.
        self.complete(id, token).await
    }
    async fn bury(
        &mut self,
        id: Id<JobSpec>,
        token: Uuid,
        error: &str,
    ) -> Result<bool, StorageError> {
        let query = x!(
            "update jobs set state = 'buried', token = null, error = $3
             where id = $1 and token = $2 and state = 'running'",
            id.uuid(),
            token,
            error
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn next_due(&mut self, lane: Lane) -> Result<Option<Timestamp>, StorageError> {
        let query = one!(
            r#"select due_at as "due_at!" from jobs
               where lane = $1 and state in ('waiting', 'running') order by due_at limit 1"#,
            lane.as_str()
        );
        Ok(self.unit.maybe(query).await?.map(Timestamp::from_micros))
    }
    async fn buried(&mut self) -> Result<i64, StorageError> {
        let query = one!(r#"select count(*) as "n!: i64" from jobs where state = 'buried'"#);
        self.unit.one(query).await
    }
    async fn unfinished(&mut self) -> Result<i64, StorageError> {
        let query =
            one!(r#"select count(*) as "n!: i64" from jobs where state in ('waiting', 'running')"#);
        self.unit.one(query).await
    }
}
