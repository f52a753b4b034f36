//! [`IdempotencyStore`] in SQL.

use async_trait::async_trait;
use whatsapp_core::{Span, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::{Call, Claim, IdempotencyStore};
use crate::sql::convert::number;

const KEPT: Span = Span::hours(24);

struct Row {
    fingerprint: Vec<u8>,
    resource: Option<String>,
    status: Option<i64>,
    answer: Option<Vec<u8>>,
}

impl SqlTenant<'_> {
    /// Forgets a few old keys of the tenant, so that nothing else has to.
    async fn forget_calls(&mut self, before: Timestamp) -> Result<(), StorageError> {
        let query = x!(
            lite "delete from idempotency where tenant_id = $1 and created_at <= $2",
            pg "with old as materialized (select tenant_id, route, call_key from idempotency
                    where tenant_id = $1 and created_at <= $2 limit 1000 for update skip locked)
                delete from idempotency where tenant_id = $1 and (tenant_id, route, call_key) in
                    (select tenant_id, route, call_key from old)",
            self.tenant,
            before.micros()
        );
        self.unit.run(query).await.map(drop)
    }
}

#[async_trait]
impl IdempotencyStore for SqlTenant<'_> {
    async fn claim(&mut self, call: &Call, now: Timestamp) -> Result<Claim, StorageError> {
        let (cutoff, fingerprint) = (now - KEPT, call.fingerprint.as_slice());
        self.forget_calls(cutoff).await?;
        // On PostgreSQL this waits for a transaction that inserted the same key and is not over yet.
        let query = x!(
            "insert into idempotency (tenant_id, route, call_key, fingerprint, created_at)
             values ($1, $2, $3, $4, $5) on conflict (tenant_id, route, call_key) do nothing",
            self.tenant,
            call.route,
            call.key,
            fingerprint,
            now.micros()
        );
        if self.unit.run(query).await? == 1 {
            return Ok(Claim::Fresh);
        }
        let query = q!(
            Row,
            r#"select fingerprint as "fingerprint!", resource as "resource?", status as "status?",
                answer as "answer?" from idempotency
               where tenant_id = $1 and route = $2 and call_key = $3"#,
            self.tenant,
            call.route,
            call.key
        );
        let row = self.unit.one(query).await?;
        if row.fingerprint != call.fingerprint {
            return Ok(Claim::Mismatch);
        }
        let answer = match (row.status, row.answer) {
            (Some(status), Some(body)) => Some((number("status", status)?, body)),
            _ => None,
        };
        Ok(Claim::Done { resource: row.resource.unwrap_or_default(), answer })
    }
    async fn attach(&mut self, call: &Call, resource: &str) -> Result<(), StorageError> {
        let query = x!(
            "update idempotency set resource = $4 where tenant_id = $1 and route = $2 and call_key = $3",
            self.tenant,
            call.route,
            call.key,
            resource
        );
        self.unit.run(query).await.map(drop)
    }
    async fn answer(&mut self, call: &Call, status: u16, body: &[u8]) -> Result<(), StorageError> {
        let query = x!(
            "update idempotency set status = $4, answer = $5
             where tenant_id = $1 and route = $2 and call_key = $3 and status is null",
            self.tenant,
            call.route,
            call.key,
            i64::from(status),
            body
        );
        self.unit.run(query).await.map(drop)
    }
}
