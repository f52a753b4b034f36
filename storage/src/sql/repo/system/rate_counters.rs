//! [`RateCounterStore`] in SQL.

use async_trait::async_trait;
use whatsapp_core::Timestamp;

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::RateCounterStore;

#[async_trait]
impl RateCounterStore for SqlSystem {
    async fn add(&mut self, key: &str, window: Timestamp, n: i64) -> Result<i64, StorageError> {
        let query = one!(
            r#"insert into rate_counters (counter_key, window_start, calls) values ($1, $2, $3)
               on conflict (counter_key, window_start)
                do update set calls = rate_counters.calls + excluded.calls
               returning calls as "calls!""#,
            key,
            window.micros(),
            n
        );
        self.unit.one(query).await
    }
    async fn trim(&mut self, before: Timestamp) -> Result<u64, StorageError> {
        let query = x!("delete from rate_counters where window_start < $1", before.micros());
        self.unit.run(query).await
    }
}
