//! [`LedgerStore`] in SQL: three probes of an index for each channel, whatever the ledger's length.

use async_trait::async_trait;
use uuid::Uuid;
use whatsapp_core::{Channel, Id, SendState, Tenant, Timestamp};

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::LedgerStore;

struct Place {
    tenant_id: Uuid,
    id: Uuid,
}

struct StateRow {
    state: i64,
    lines: i64,
}

#[async_trait]
impl LedgerStore for SqlSystem {
    async fn busy_channels(
        &mut self,
        now: Timestamp,
    ) -> Result<Vec<(Id<Tenant>, Id<Channel>)>, StorageError> {
        let query = q!(
            Place,
            r#"select c.tenant_id as "tenant_id!: Uuid", c.id as "id!: Uuid" from channels c
               where exists (select 1 from sends s where s.tenant_id = c.tenant_id and s.channel_id = c.id
                    and s.state in (2, 3))
                or exists (select 1 from sends s where s.tenant_id = c.tenant_id and s.channel_id = c.id
                    and s.state = 0 and s.campaign_id is null and s.not_before <= $1)
                or exists (select 1 from campaigns k where k.tenant_id = c.tenant_id and k.channel_id = c.id
                    and k.status in ('scheduled', 'sending') and k.status = 'sending'
                    and exists (select 1 from sends s where s.tenant_id = k.tenant_id
                        and s.campaign_id = k.id and s.state = 0 and s.not_before <= $1))
               order by c.tenant_id, c.id"#,
            now.micros()
        );
        let rows = self.unit.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| (Id::from_uuid(row.tenant_id), Id::from_uuid(row.id)))
            .collect())
    }
    async fn campaigns_due(&mut self, now: Timestamp) -> Result<Vec<Id<Tenant>>, StorageError> {
        let query = one!(
            lite r#"select distinct tenant_id as "id!: Uuid" from campaigns
               where (status = 'scheduled' and scheduled_at <= $1)
                    or (status = 'sending' and n_waiting = 0 and n_ambiguous = 0)
                    or (status = 'sending' and n_failed >= 50
                        and n_failed > n_accepted + n_sent + n_delivered + n_read)
                    or (status = 'sending' and n_waiting > 0 and rules ->> 'deadline' <= $1)
                    or (status in ('cancelled', 'failed') and n_waiting > 0
                        and exists (select 1 from sends s where s.tenant_id = campaigns.tenant_id
                            and s.campaign_id = campaigns.id and s.state = 0))"#,
            pg r#"select distinct tenant_id as "id!: Uuid" from campaigns
               where (status = 'scheduled' and scheduled_at <= $1)
                    or (status = 'sending' and n_waiting = 0 and n_ambiguous = 0)
                    or (status = 'sending' and n_failed >= 50
                        and n_failed > n_accepted + n_sent + n_delivered + n_read)
                    or (status = 'sending' and n_waiting > 0 and (rules ->> 'deadline')::bigint <= $1)
                    or (status in ('cancelled', 'failed') and n_waiting > 0
                        and exists (select 1 from sends s where s.tenant_id = campaigns.tenant_id
                            and s.campaign_id = campaigns.id and s.state = 0))"#,
            now.micros()
        );
        Ok(self.unit.all(query).await?.into_iter().map(Id::from_uuid).collect())
    }
    async fn states(&mut self) -> Result<Vec<(SendState, i64)>, StorageError> {
        let query = q!(
            StateRow,
            r#"select state as "state!", count(*) as "lines!: i64" from sends group by state order by state"#
        );
        let rows = self.unit.all(query).await?;
        let read = |row: StateRow| {
            let state = SendState::from_rank(row.state)
                .ok_or_else(|| StorageError::corrupt("send state"))?;
            Ok((state, row.lines))
        };
        rows.into_iter().map(read).collect()
    }
}
