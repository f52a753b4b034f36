//! [`EventLogStore`] in SQL. PostgreSQL: positions are given in a unit of their own, after the events were committed.
//! SQLite has one writer, so its commits have the order of their insertions, and what is rolled back leaves no gap:
//! there an event's serial is its position, and nothing is to be given later.

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::event::Recorded;
use whatsapp_core::{By, Event, Id, Timestamp};

use super::{SEQUENCED_AT_ONCE, SqlSystem};
use crate::StorageError;
use crate::repo::system::EventLogStore;

struct Row {
    tenant_id: Uuid,
    id: Uuid,
    position: i64,
    body: Json<Event>,
    author: Json<By>,
    happened_at: i64,
}

#[async_trait]
impl EventLogStore for SqlSystem {
    async fn sequence(&mut self, limit: u32) -> Result<u64, StorageError> {
        if SEQUENCED_AT_ONCE {
            return Ok(0);
        }
        // Before the first look at the events: a second sequencer must see what the first one did.
        let alone = one!(
            lite r#"select 1 as "n!: i64""#,
            // And in the order of the index, however few or many the planner thinks are waiting. Everybody's events
            // wait for whoever is here, so a node that froze here is put out before those who wait give up.
            pg r#"select 1::bigint as "n!: i64" from (select pg_advisory_xact_lock(6872010311),
                set_config('idle_in_transaction_session_timeout', '3000', true),
                set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)) l"#
        );
        self.unit.one(alone).await?;
        let head = self.head().await?;
        let query = x!(
            lite "with next as (select serial, row_number() over (order by serial) as n from
                (select serial from events where position is null order by serial limit cast($1 as bigint)) waiting)
             update events set position = cast($2 as bigint) + next.n from next
             where events.serial = next.serial",
            // The array says once more what the join says: it leads to the index whatever the planner knows.
            pg "with waiting as materialized (select serial from events where position is null
                    order by serial limit cast($1 as bigint)),
                next as (select serial, row_number() over (order by serial) as n from waiting)
             update events set position = cast($2 as bigint) + next.n from next
             where events.serial = next.serial and events.serial = any(array(select serial from waiting))",
            i64::from(limit),
            head
        );
        let given = self.unit.run(query).await?;
        if given > 0 {
            let head = head.saturating_add(i64::try_from(given).unwrap_or(i64::MAX));
            let query = x!("update event_head set position = $1 where id = 1", head);
            self.unit.run(query).await?;
        }
        Ok(given)
    }
    async fn any_waiting(&mut self) -> Result<bool, StorageError> {
        if SEQUENCED_AT_ONCE {
            return Ok(false);
        }
        let query = one!(
            r#"select count(*) as "n!: i64" from
                (select serial from events where position is null limit 1) e"#
        );
        Ok(self.unit.one(query).await? > 0)
    }
    async fn read(&mut self, after: i64, limit: u32) -> Result<Vec<Recorded>, StorageError> {
        let query = q!(
            Row,
            lite r#"select tenant_id as "tenant_id!: Uuid", id as "id!: Uuid", serial as "position!",
                body as "body!: Json<Event>", author as "author!: Json<By>", happened_at as "happened_at!"
               from events where serial > $1 order by serial limit cast($2 as bigint)"#,
            pg r#"select tenant_id as "tenant_id!: Uuid", id as "id!: Uuid", position as "position!",
                body as "body!: Json<Event>", author as "author!: Json<By>", happened_at as "happened_at!"
               from events where position > $1 order by position limit cast($2 as bigint)"#,
            after,
            i64::from(limit)
        );
        let rows = self.unit.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| Recorded {
                id: Id::from_uuid(row.id),
                tenant: Id::from_uuid(row.tenant_id),
                position: row.position,
                event: row.body.0,
                by: row.author.0,
                at: Timestamp::from_micros(row.happened_at),
            })
            .collect())
    }
    async fn head(&mut self) -> Result<i64, StorageError> {
        let query = one!(
            lite r#"select coalesce((select seq from sqlite_sequence where name = 'events'), 0)
                as "position!: i64""#,
            pg r#"select position as "position!" from event_head where id = 1"#
        );
        self.unit.one(query).await
    }
    async fn tail(&mut self) -> Result<i64, StorageError> {
        let query = one!(
            lite r#"select coalesce(min(serial), 0) as "position!: i64" from events"#,
            pg r#"select coalesce(min(position), 0) as "position!: i64" from events"#
        );
        self.unit.one(query).await
    }
    async fn cursor(&mut self, consumer: &str) -> Result<i64, StorageError> {
        let query = one!(
            r#"select position as "position!" from event_cursors where consumer = $1"#,
            consumer
        );
        Ok(self.unit.maybe(query).await?.unwrap_or(0))
    }
    async fn advance(&mut self, consumer: &str, position: i64) -> Result<(), StorageError> {
        let query = x!(
            "insert into event_cursors (consumer, position) values ($1, $2)
             on conflict (consumer) do update set position = excluded.position",
            consumer,
            position
        );
        self.unit.run(query).await.map(drop)
    }
    async fn trim(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let query = x!(
            lite "delete from events where serial in (select serial from events where happened_at < $1
                    order by happened_at limit cast($2 as bigint))",
            pg "delete from events where serial = any(array(
                select serial from events where position is not null and happened_at < $1
                order by happened_at limit cast($2 as bigint)))",
            before.micros(),
            i64::from(limit)
        );
        self.unit.run(query).await
    }
}
