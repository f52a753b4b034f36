//! [`LeaseStore`] in SQL. A row stays when its lease ends, so that the epoch only grows.

use async_trait::async_trait;
use uuid::Uuid;
use whatsapp_core::Timestamp;

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::LeaseStore;

#[async_trait]
impl LeaseStore for SqlSystem {
    async fn acquire(
        &mut self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<i64>, StorageError> {
        let query = one!(
            // What another node holds is not even touched: its row is locked while its holder works.
            r#"insert into leases (name, holder, epoch, until_at)
               select cast($1 as text), $2, 1, cast($4 as bigint)
               where not exists (select 1 from leases where name = $1 and holder <> $2 and until_at > $3)
               on conflict (name) do update set holder = excluded.holder, until_at = excluded.until_at,
                epoch = case when leases.holder = excluded.holder and leases.until_at > $3
                    then leases.epoch else leases.epoch + 1 end
               where leases.holder is null or leases.until_at <= $3 or leases.holder = excluded.holder
               returning epoch as "epoch!""#,
            name,
            holder,
            now.micros(),
            until.micros()
        );
        self.unit.maybe(query).await
    }
    async fn renew(
        &mut self,
        name: &str,
        holder: Uuid,
        epoch: i64,
        until: Timestamp,
    ) -> Result<bool, StorageError> {
        let query = x!(
            "update leases set until_at = $4 where name = $1 and holder = $2 and epoch = $3",
            name,
            holder,
            epoch,
            until.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn release(&mut self, name: &str, holder: Uuid) -> Result<(), StorageError> {
        let query = x!(
            "update leases set holder = null, until_at = 0 where name = $1 and holder = $2",
            name,
            holder
        );
        self.unit.run(query).await.map(drop)
    }
    async fn seize_all(&mut self) -> Result<u64, StorageError> {
        let query = x!("update leases set holder = null, until_at = 0 where holder is not null");
        self.unit.run(query).await
    }
}
