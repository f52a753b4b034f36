//! [`JobStore`] in SQL.

use async_trait::async_trait;
use sqlx::types::Json;
use whatsapp_core::JobSpec;

use super::SqlTenant;
use crate::StorageError;
use crate::repo::JobStore;

#[async_trait]
impl JobStore for SqlTenant<'_> {
    async fn schedule(&mut self, job: &JobSpec) -> Result<bool, StorageError> {
        let body = Json(&job.body);
        let query = x!(
            "insert into jobs (tenant_id, id, kind, lane, body, run_at, job_key, state, due_at, attempts)
             values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $6, 0)
             on conflict (tenant_id, job_key) where state = 'waiting' do nothing",
            self.tenant,
            job.id.uuid(),
            job.kind,
            job.lane.as_str(),
            body as _,
            job.run_at.micros(),
            job.key
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn cancel(&mut self, key: &str) -> Result<bool, StorageError> {
        let query = x!(
            "delete from jobs where tenant_id = $1 and job_key = $2 and state = 'waiting'",
            self.tenant,
            key
        );
        Ok(self.unit.run(query).await? > 0)
    }
}
