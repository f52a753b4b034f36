//! [`OutboxStore`] in SQL.

use async_trait::async_trait;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::{By, Event, Id, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::OutboxStore;
use crate::sql::convert::bulk;

#[derive(Serialize)]
struct New<'e> {
    id: Uuid,
    body: &'e Event,
}

#[async_trait]
impl OutboxStore for SqlTenant<'_> {
    async fn append(
        &mut self,
        events: &[(Id<Event>, Event)],
        by: &By,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let new = bulk(events.iter().map(|(id, body)| New { id: id.uuid(), body }));
        let by = Json(by);
        // Ordered by place in the batch, so that `serial` keeps the order in which they were said.
        let query = x!(
            lite "insert into events (tenant_id, id, position, body, author, happened_at)
                  select $1, unhex(value ->> 'id', '-'), null, value -> 'body', $3, $4
                  from jsonb_each($2) order by key",
            pg "insert into events (tenant_id, id, position, body, author, happened_at)
                select $1, (value ->> 'id')::uuid, null, value -> 'body', $3, $4
                from jsonb_array_elements($2) with ordinality as n(value, place) order by place",
            self.tenant,
            new as _,
            by as _,
            at.micros()
        );
        self.unit.run(query).await.map(drop)
    }
}
