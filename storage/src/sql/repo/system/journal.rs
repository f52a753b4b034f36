//! [`JournalStore`] in SQL.

use async_trait::async_trait;
use serde::Serialize;
use sqlx::QueryBuilder;
use sqlx::types::Json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome, VerifiedBy};
use whatsapp_core::{Id, Page, PageRequest, Span, Timestamp};

use super::{Db, SqlSystem, up_to};
use crate::StorageError;
use crate::repo::system::{JournalStore, NewCall};
use crate::sql::convert::{before, bulk, cut_by_id, digest, each, ids, word};

/// Ids are of the moment of receipt; the version before made them a moment earlier, by a clock that may have been set.
const ASIDE: Span = Span::minutes(1);

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    hash: Vec<u8>,
    body: Vec<u8>,
    verified_channel: Option<Uuid>,
    received_at: i64,
    outcome: String,
    note: Option<String>,
    tries: i64,
    replays: i64,
}

fn read(row: Row) -> Result<JournalEntry, StorageError> {
    Ok(JournalEntry {
        id: Id::from_uuid(row.id),
        hash: digest("journal digest", &row.hash)?,
        body: row.body,
        verified_by: row
            .verified_channel
            .map_or(VerifiedBy::Platform, |channel| VerifiedBy::Channel(Id::from_uuid(channel))),
        received_at: Timestamp::from_micros(row.received_at),
        outcome: word("journal outcome", JournalOutcome::parse, &row.outcome)?,
        note: row.note,
        tries: row.tries,
        replays: row.replays,
    })
}

/// A new call: what is bound is one JSON text of these, and beside it the bytes of all, each digest before its body. So
/// bodies travel as they are, whatever is in them, and nobody parses them.
#[derive(Serialize)]
struct New {
    id: Uuid,
    verified_channel: Option<Uuid>,
    received_at: i64,
    /// Where its digest begins among the bytes, counted from one.
    digest: usize,
    /// Where its body begins.
    body: usize,
    length: usize,
}

fn packed(calls: &[NewCall]) -> (Json<Vec<New>>, Vec<u8>) {
    let mut bytes = Vec::with_capacity(calls.iter().map(|c| c.hash.len() + c.body.len()).sum());
    let mut pack = |call: &NewCall| {
        let digest = bytes.len() + 1;
        bytes.extend_from_slice(&call.hash);
        let body = bytes.len() + 1;
        bytes.extend_from_slice(&call.body);
        New {
            id: call.id.uuid(),
            verified_channel: match call.verified_by {
                VerifiedBy::Platform => None,
                VerifiedBy::Channel(channel) => Some(channel.uuid()),
            },
            received_at: call.received_at.micros(),
            digest,
            body,
            length: call.body.len(),
        }
    };
    (bulk(calls.iter().map(&mut pack)), bytes)
}

/// A call that was open until now, and how often it had been tried in vain.
struct Closed {
    id: Uuid,
    tries: i64,
}

/// What the row of a settled call does not say from the beginning.
#[derive(Serialize)]
struct Told<'c> {
    id: Uuid,
    outcome: &'static str,
    note: Option<&'c str>,
    tries: i64,
}

struct CountRow {
    outcome: String,
    calls: i64,
}

type Settled = (Id<JournalEntry>, JournalOutcome, Option<String>);

impl SqlSystem {
    /// Closes the open ones of those that were applied at the first try and of which nothing is noted; answers how many.
    async fn close_foreseen(&mut self, outcomes: &[Settled]) -> Result<usize, StorageError> {
        let foreseen = outcomes.iter().filter_map(|(id, outcome, note)| {
            (*outcome == JournalOutcome::Applied && note.is_none()).then_some(*id)
        });
        let foreseen: Vec<_> = foreseen.collect();
        let query = x!(
            lite "delete from journal_open where tries = 0
                      and id in (select unhex(value, '-') from json_each($1))",
            pg "delete from journal_open where tries = 0
                    and id = any(array(select value::uuid from jsonb_array_elements_text($1)))",
            ids(&foreseen) as _
        );
        let closed = self.unit.run(query).await?;
        Ok(usize::try_from(closed).unwrap_or(usize::MAX))
    }
    /// Closes the open ones; answers which they were, and how often each had been tried in vain.
    async fn close(&mut self, outcomes: &[Settled]) -> Result<HashMap<Uuid, i64>, StorageError> {
        let all: Vec<_> = outcomes.iter().map(|(id, ..)| *id).collect();
        let query = q!(
            Closed,
            lite r#"delete from journal_open where id in (select unhex(value, '-') from json_each($1))
                  returning id as "id!: Uuid", tries as "tries!""#,
            pg r#"delete from journal_open
                where id = any(array(select value::uuid from jsonb_array_elements_text($1)))
                returning id as "id!: Uuid", tries as "tries!""#,
            ids(&all) as _
        );
        let closed = self.unit.all(query).await?;
        Ok(closed.into_iter().map(|row| (row.id, row.tries)).collect())
    }
    /// Which of these calls are open.
    async fn open_of(&mut self, calls: &[NewCall]) -> Result<HashSet<Uuid>, StorageError> {
        let all: Vec<_> = calls.iter().map(|call| call.id).collect();
        let query = one!(
            lite r#"select id as "id!: Uuid" from journal_open
                where id in (select unhex(value, '-') from json_each($1))"#,
            pg r#"select id as "id!: Uuid" from journal_open
                where id = any(array(select value::uuid from jsonb_array_elements_text($1)))"#,
            ids(&all) as _
        );
        Ok(self.unit.all(query).await?.into_iter().collect())
    }
}

#[async_trait]
impl JournalStore for SqlSystem {
    async fn append(&mut self, calls: &[NewCall]) -> Result<Vec<bool>, StorageError> {
        let (new, bytes) = packed(calls);
        // SQLite opens the calls by a trigger.
        let query = x!(
            lite "insert into journal (id, hash, body, verified_channel, received_at, outcome, tries, due_at)
                select unhex(value ->> 'id', '-'), substr($2, value ->> 'digest', 32),
                    substr($2, value ->> 'body', value ->> 'length'),
                    unhex(value ->> 'verified_channel', '-'), value ->> 'received_at', 'applied', 1, 0
                from json_each($1) where true on conflict (hash) do nothing",
            pg "with kept as (
                insert into journal (id, hash, body, verified_channel, received_at, outcome, tries, due_at)
                select id, substring($2::bytea from digest for 32), substring($2::bytea from body for length),
                    verified_channel, received_at, 'applied', 1, 0
                from jsonb_to_recordset($1) as n(id uuid, verified_channel uuid, received_at bigint,
                    digest int, body int, length int)
                on conflict (hash) do nothing returning id
                ) insert into journal_open (id, due_at, tries) select id, 0, 0 from kept",
            new as _,
            bytes
        );
        // Nearly always all are new: asking for them one by one costs SQLite more than it does to keep them.
        let kept = self.unit.run(query).await?;
        if usize::try_from(kept) == Ok(calls.len()) {
            return Ok(vec![true; calls.len()]);
        }
        let kept = self.open_of(calls).await?;
        Ok(calls.iter().map(|call| kept.contains(&call.id.uuid())).collect())
    }
    async fn pending(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StorageError> {
        // What is open leads, and each call is found by its id, whatever a planner believes of either table.
        let query = q!(
            Row,
            lite r#"select j.id as "id!: Uuid", j.hash as "hash!", j.body as "body!",
                    j.verified_channel as "verified_channel?: Uuid", j.received_at as "received_at!",
                    'pending' as "outcome!: String", o.note as "note?", o.tries as "tries!", j.replays as "replays!"
                from journal_open o cross join journal j on j.id = o.id
                where o.due_at <= $1 order by o.id limit cast($2 as bigint)"#,
            pg r#"select j.id as "id!: Uuid", j.hash as "hash!", j.body as "body!",
                    j.verified_channel as "verified_channel?: Uuid", j.received_at as "received_at!",
                    'pending' as "outcome!: String", o.note as "note?", o.tries as "tries!", j.replays as "replays!"
                from (select id, note, tries from journal_open where due_at <= $1
                        order by id limit cast($2 as bigint)) o
                    cross join lateral (select * from journal where journal.id = o.id offset 0) j order by o.id"#,
            now.micros(),
            i64::from(limit)
        );
        each(self.unit.all(query).await?, read)
    }
    async fn hold_open(
        &mut self,
        ids: &[Id<JournalEntry>],
    ) -> Result<Vec<Id<JournalEntry>>, StorageError> {
        let ids = crate::sql::convert::ids(ids);
        let query = one!(
            lite r#"select id as "id!: Uuid" from journal_open
                where id in (select unhex(value, '-') from json_each($1))"#,
            pg r#"select id as "id!: Uuid" from journal_open
                where id = any(array(select value::uuid from jsonb_array_elements_text($1)))
                order by id for update"#,
            ids as _
        );
        Ok(self.unit.all(query).await?.into_iter().map(Id::from_uuid).collect())
    }
    async fn settle(
        &mut self,
        outcomes: &[(Id<JournalEntry>, JournalOutcome, Option<String>)],
    ) -> Result<(), StorageError> {
        // Nearly all came to what their rows say already: no row travels for them.
        if self.close_foreseen(outcomes).await? == outcomes.len() {
            return Ok(());
        }
        let closed = self.close(outcomes).await?;
        let told = outcomes.iter().filter_map(|(id, outcome, note)| {
            let tries = closed.get(&id.uuid())? + 1;
            Some(Told { id: id.uuid(), outcome: outcome.as_str(), note: note.as_deref(), tries })
        });
        let told = bulk(told);
        if told.0.is_empty() {
            return Ok(());
        }
        let query = x!(
            lite "update journal set outcome = n.value ->> 'outcome', note = n.value ->> 'note',
                    tries = n.value ->> 'tries'
                  from json_each($1) n where journal.id = unhex(n.value ->> 'id', '-')",
            pg "update journal set outcome = n.outcome, note = n.note, tries = n.tries
                from jsonb_to_recordset($1) as n(id uuid, outcome text, note text, tries bigint)
                where journal.id = n.id
                    and journal.id = any(array(select (value ->> 'id')::uuid from jsonb_array_elements($1)))",
            told as _
        );
        self.unit.run(query).await.map(drop)
    }
    async fn postpone(
        &mut self,
        id: Id<JournalEntry>,
        at: Timestamp,
        note: &str,
    ) -> Result<(), StorageError> {
        let query = x!(
            "update journal_open set due_at = $2, note = $3, tries = tries + 1 where id = $1",
            id.uuid(),
            at.micros(),
            note
        );
        self.unit.run(query).await.map(drop)
    }
    async fn page(
        &mut self,
        filter: &JournalFilter,
        page: &PageRequest,
    ) -> Result<Page<JournalEntry>, StorageError> {
        let mut query = chosen(filter.outcome);
        query.push_bind(before(page));
        if let Some(from) = filter.from {
            query.push(" and j.id >= ").push_bind(least_at(from - ASIDE));
            query.push(" and j.received_at >= ").push_bind(from.micros());
        }
        if let Some(until) = filter.until {
            query.push(" and j.id < ").push_bind(least_at(until + ASIDE));
            query.push(" and j.received_at < ").push_bind(until.micros());
        }
        // In the order of whichever is walked: of the other SQLite would sort all.
        let open = filter.outcome == Some(JournalOutcome::Pending);
        query.push(if open { " order by o.id desc" } else { " order by j.id desc" });
        up_to(&mut query, page);
        let rows: Vec<Row> = self.unit.all(query.build_query_as()).await?;
        Ok(cut_by_id(each(rows, read)?, page, |entry| entry.id))
    }
    async fn replay(
        &mut self,
        calls: &[Id<JournalEntry>],
        now: Timestamp,
    ) -> Result<u64, StorageError> {
        // What it came to before is forgotten: its row says again what nearly all come to.
        let query = one!(
            lite r#"update journal set outcome = 'applied', note = null, tries = 1, replays = replays + 1
                  where id in (select unhex(value, '-') from json_each($1))
                      and not exists (select 1 from journal_open o where o.id = journal.id)
                  returning id as "id!: Uuid""#,
            pg r#"update journal set outcome = 'applied', note = null, tries = 1, replays = replays + 1
                where id = any(array(select value::uuid from jsonb_array_elements_text($1)))
                    and not exists (select 1 from journal_open o where o.id = journal.id)
                returning id as "id!: Uuid""#,
            ids(calls) as _
        );
        let again = self.unit.all(query).await?;
        let query = x!(
            lite "insert into journal_open (id, due_at, tries)
                  select unhex(value, '-'), $2, 0 from json_each($1) where true on conflict (id) do nothing",
            pg "insert into journal_open (id, due_at, tries)
                select value::uuid, $2, 0 from jsonb_array_elements_text($1) on conflict (id) do nothing",
            bulk(again) as _,
            now.micros()
        );
        self.unit.run(query).await
    }
    async fn counts(&mut self) -> Result<Vec<(JournalOutcome, i64)>, StorageError> {
        let query = q!(
            CountRow,
            r#"with told as (
                select j.outcome, count(*) as calls from journal j where j.outcome <> 'applied'
                    and not exists (select 1 from journal_open o where o.id = j.id) group by j.outcome
                ), waiting as (select count(*) as calls from journal_open)
            select outcome as "outcome!", calls as "calls!: i64" from told
            union all select 'pending', calls from waiting
            union all select 'applied', (select count(*) from journal) - (select calls from waiting)
                - (select cast(coalesce(sum(calls), 0) as bigint) from told)"#
        );
        let rows = self.unit.all(query).await?;
        let read = |row: CountRow| {
            Ok((word("journal outcome", JournalOutcome::parse, &row.outcome)?, row.calls))
        };
        rows.into_iter().filter(|row| row.calls > 0).map(read).collect()
    }
    async fn trim(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        // A call that somebody has applied again meanwhile has one replay more, and stays. (A subquery for one value is
        // never made into a join, for which a planner would read the whole journal.)
        let query = x!(
            lite "delete from journal where id in
                (select j.id from journal j where j.id < $3 and j.received_at < $1
                    and not exists (select 1 from journal_open o where o.id = j.id)
                 order by j.id limit cast($2 as bigint))",
            pg "with old as materialized (
                select j.id, j.replays from journal j where j.id < $3 and j.received_at < $1
                    and (select o.id from journal_open o where o.id = j.id) is null
                order by j.id limit cast($2 as bigint))
                delete from journal using old where journal.id = old.id and journal.replays = old.replays
                    and journal.id = any(array(select id from old))",
            before.micros(),
            i64::from(limit),
            least_at(before + ASIDE)
        );
        self.unit.run(query).await
    }
}

fn least_at(at: Timestamp) -> Uuid {
    Id::<JournalEntry>::least_at(at).uuid()
}

/// Begins a query for calls with this outcome and an id less than what is bound next. The words are our own and stand in
/// the text, so that a planner sees which index holds them.
fn chosen(outcome: Option<JournalOutcome>) -> QueryBuilder<Db> {
    const OPEN: &str =
        "select j.id, j.hash, j.body, j.verified_channel, j.received_at, 'pending' as outcome,
        o.note, o.tries, j.replays from journal_open o join journal j on j.id = o.id where o.id < ";
    const SETTLED: &str =
        "select j.id, j.hash, j.body, j.verified_channel, j.received_at, j.outcome,
        j.note, j.tries, j.replays from journal j
        where not exists (select 1 from journal_open o where o.id = j.id) and ";
    const ANY: &str = "select j.id, j.hash, j.body, j.verified_channel, j.received_at,
        case when o.id is null then j.outcome else 'pending' end as outcome,
        case when o.id is null then j.note else o.note end as note,
        coalesce(o.tries, j.tries) as tries, j.replays
        from journal j left join journal_open o on o.id = j.id where j.id < ";
    let mut query = QueryBuilder::new("");
    match outcome {
        None => query.push(ANY),
        Some(JournalOutcome::Pending) => query.push(OPEN),
        Some(JournalOutcome::Applied) => {
            query.push(SETTLED).push("j.outcome = 'applied' and j.id < ")
        }
        Some(told) => query
            .push(SETTLED)
            .push("j.outcome <> 'applied' and j.outcome = '")
            .push(told.as_str())
            .push("' and j.id < "),
    };
    query
}
