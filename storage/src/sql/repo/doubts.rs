//! [`DoubtStore`] in SQL. Each part of a statement follows an index of what is undecided: the ledger's length does
//! not matter.

use async_trait::async_trait;
use uuid::Uuid;
use whatsapp_core::{Id, SendState, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::{DoubtStore, Moved, Waiting};

struct Row {
    state: i64,
    lines: i64,
}

#[async_trait]
impl DoubtStore for SqlTenant<'_> {
    async fn waiting(&mut self) -> Result<Waiting, StorageError> {
        let query = q!(
            Row,
            r#"select u.state as "state!: i64", count(*) as "lines!: i64" from sends u
                where u.tenant_id = $1 and u.state in (2, 3) group by u.state
               union all select d.state, count(*) from sends d
                where d.tenant_id = $1 and d.state = 0 and d.campaign_id is null group by d.state
               union all select s.state, count(*) from campaigns k
                join sends s on s.tenant_id = $1 and s.campaign_id = k.id and s.state = 0
                where k.tenant_id = $1 group by s.state"#,
            self.tenant
        );
        let mut waiting = Waiting::default();
        for row in self.unit.all(query).await? {
            let state = SendState::from_rank(row.state)
                .ok_or_else(|| StorageError::corrupt("send state"))?;
            match state {
                SendState::Sending => waiting.sending += row.lines,
                SendState::Ambiguous => waiting.ambiguous += row.lines,
                _ => waiting.queued += row.lines,
            }
        }
        Ok(waiting)
    }
    async fn doubt(
        &mut self,
        until: Timestamp,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let query = one!(
            r#"select d.id as "id!: Uuid" from sends d
                where d.tenant_id = $1 and d.state = 0 and d.campaign_id is null and d.updated_at <= $2
               union all select s.id from campaigns k
                join sends s on s.tenant_id = $1 and s.campaign_id = k.id and s.state = 0
                where k.tenant_id = $1 and s.updated_at <= $2
               limit cast($3 as bigint)"#,
            self.tenant,
            until.micros(),
            i64::from(limit)
        );
        let chosen: Vec<Uuid> = self.unit.all(query).await?;
        let chosen: Vec<_> = chosen.into_iter().map(Id::from_uuid).collect();
        let mut lines = self.locked(&chosen).await?;
        // Somebody may have moved one in between.
        lines.retain(|line| line.state() == Some(SendState::Queued));
        for line in &mut lines {
            line.step(SendState::Unconfirmed, now, now);
        }
        self.write(&lines).await
    }
}
