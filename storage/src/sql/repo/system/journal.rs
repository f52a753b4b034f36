//! [`JournalStore`] in SQL.

use async_trait::async_trait;
use serde::Serialize;
use sqlx::QueryBuilder;
use std::collections::HashSet;
use uuid::Uuid;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome, VerifiedBy};
use whatsapp_core::{Id, Page, PageRequest, Timestamp};

use super::{Db, SqlSystem, up_to};
use crate::StorageError;
use crate::repo::system::JournalStore;
use crate::sql::convert::{before, bulk, cut_by_id, digest, each, word};

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

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", hash as "hash!", body as "body!", 
                verified_channel as "verified_channel?: Uuid", received_at as "received_at!", 
                outcome as "outcome!", note as "note?", tries as "tries!", replays as "replays!"
                from journal "# $($l)+, pg r#"select id as "id!: Uuid", hash as "hash!", body as "body!", 
                verified_channel as "verified_channel?: Uuid", received_at as "received_at!", 
                outcome as "outcome!", note as "note?", tries as "tries!", replays as "replays!"
                from journal "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", hash as "hash!", body as "body!", 
                verified_channel as "verified_channel?: Uuid", received_at as "received_at!", 
                outcome as "outcome!", note as "note?", tries as "tries!", replays as "replays!"
                from journal "# $($tail)+ $(, $a)*)
    };
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

/// What is bound is one JSON text, in which bytes travel as hex digits; a body that is a text, as all of Meta's are,
/// travels as one, which costs half.
#[derive(Serialize)]
struct New<'j> {
    id: Uuid,
    hash: String,
    body: Option<&'j str>,
    bytes: Option<String>,
    verified_channel: Option<Uuid>,
    received_at: i64,
    outcome: &'static str,
    note: Option<&'j str>,
    tries: i64,
}

impl<'j> From<&'j JournalEntry> for New<'j> {
    fn from(entry: &'j JournalEntry) -> Self {
        // No engine keeps a zero within a JSON text.
        let text = std::str::from_utf8(&entry.body).ok().filter(|text| !text.contains('\0'));
        Self {
            id: entry.id.uuid(),
            hash: hex(&entry.hash),
            body: text,
            bytes: text.is_none().then(|| hex(&entry.body)),
            verified_channel: match entry.verified_by {
                VerifiedBy::Platform => None,
                VerifiedBy::Channel(channel) => Some(channel.uuid()),
            },
            received_at: entry.received_at.micros(),
            outcome: entry.outcome.as_str(),
            note: entry.note.as_deref(),
            tries: entry.tries,
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(if nibble < 10 { b'0' } else { b'a' - 10 } + nibble);
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

#[derive(Serialize)]
struct Settled<'j> {
    id: Uuid,
    outcome: &'static str,
    note: Option<&'j str>,
}

struct CountRow {
    outcome: String,
    calls: i64,
}

#[async_trait]
impl JournalStore for SqlSystem {
    async fn append(&mut self, entries: &[JournalEntry]) -> Result<Vec<bool>, StorageError> {
        let new = bulk(entries.iter().map(New::from));
        let query = one!(
            lite r#"insert into journal (id, hash, body, verified_channel, received_at, outcome, note, tries, due_at)
                select unhex(value ->> 'id', '-'), unhex(value ->> 'hash'),
                    coalesce(cast(value ->> 'body' as blob), unhex(value ->> 'bytes')),
                    unhex(value ->> 'verified_channel', '-'), value ->> 'received_at', value ->> 'outcome',
                    value ->> 'note', value ->> 'tries', value ->> 'received_at'
                from json_each($1) where true on conflict (hash) do nothing returning id as "id!: Uuid""#,
            pg r#"insert into journal (id, hash, body, verified_channel, received_at, outcome, note, tries, due_at)
                select id, decode(hash, 'hex'), coalesce(convert_to(body, 'UTF8'), decode(bytes, 'hex')),
                    verified_channel, received_at, outcome, note, tries, received_at
                from jsonb_to_recordset($1) as n(id uuid, hash text, body text, bytes text,
                    verified_channel uuid, received_at bigint, outcome text, note text, tries bigint)
                on conflict (hash) do nothing returning id as "id!: Uuid""#,
            new as _
        );
        let kept: HashSet<Uuid> = self.unit.all(query).await?.into_iter().collect();
        Ok(entries.iter().map(|entry| kept.contains(&entry.id.uuid())).collect())
    }
    async fn pending(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<JournalEntry>, StorageError> {
        let query = rows!(
            "where outcome = 'pending' and due_at <= $1 order by received_at, id limit cast($2 as bigint)",
            now.micros(),
            i64::from(limit)
        );
        each(self.unit.all(query).await?, read)
    }
    async fn settle(
        &mut self,
        outcomes: &[(Id<JournalEntry>, JournalOutcome, Option<String>)],
    ) -> Result<(), StorageError> {
        let settled = bulk(outcomes.iter().map(|(id, outcome, note)| Settled {
            id: id.uuid(),
            outcome: outcome.as_str(),
            note: note.as_deref(),
        }));
        let query = x!(
            lite "update journal set outcome = n.value ->> 'outcome', note = n.value ->> 'note',
                    tries = tries + 1
                  from json_each($1) n where journal.id = unhex(n.value ->> 'id', '-')",
            pg "update journal set outcome = n.outcome, note = n.note, tries = tries + 1
                from jsonb_to_recordset($1) as n(id uuid, outcome text, note text) where journal.id = n.id
                    and journal.id = any(array(select (value ->> 'id')::uuid from jsonb_array_elements($1)))",
            settled as _
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
            "update journal set due_at = $2, note = $3, tries = tries + 1 where id = $1",
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
        let mut query = QueryBuilder::<Db>::new(
            "select journal.id, journal.hash, journal.body, journal.verified_channel, journal.received_at, journal.outcome, journal.note, journal.tries, journal.replays from journal where id < ",
        );
        query.push_bind(before(page));
        if let Some(outcome) = filter.outcome {
            query.push(" and outcome = ").push_bind(outcome.as_str());
        }
        if let Some(from) = filter.from {
            query.push(" and received_at >= ").push_bind(from.micros());
        }
        if let Some(until) = filter.until {
            query.push(" and received_at < ").push_bind(until.micros());
        }
        query.push(" order by id desc");
        up_to(&mut query, page);
        let rows: Vec<Row> = self.unit.all(query.build_query_as()).await?;
        Ok(cut_by_id(each(rows, read)?, page, |entry| entry.id))
    }
    async fn replay(
        &mut self,
        ids: &[Id<JournalEntry>],
        now: Timestamp,
    ) -> Result<u64, StorageError> {
        let ids = bulk(ids.iter().map(|id| id.uuid()));
        let query = x!(
            lite "update journal set outcome = 'pending', due_at = $2, tries = 0, replays = replays + 1
                  where outcome <> 'pending' and id in (select unhex(value, '-') from json_each($1))",
            pg "update journal set outcome = 'pending', due_at = $2, tries = 0, replays = replays + 1
                where outcome <> 'pending'
                    and id = any(array(select value::uuid from jsonb_array_elements_text($1)))",
            ids as _,
            now.micros()
        );
        self.unit.run(query).await
    }
    async fn counts(&mut self) -> Result<Vec<(JournalOutcome, i64)>, StorageError> {
        let query = q!(
            CountRow,
            r#"select outcome as "outcome!", count(*) as "calls!: i64" from journal group by outcome"#
        );
        let rows = self.unit.all(query).await?;
        let read = |row: CountRow| {
            Ok((word("journal outcome", JournalOutcome::parse, &row.outcome)?, row.calls))
        };
        rows.into_iter().map(read).collect()
    }
    async fn trim(&mut self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let query = x!(
            lite "delete from journal where id in
                (select id from journal where received_at < $1 and outcome <> 'pending'
                 order by received_at limit cast($2 as bigint))",
            pg "delete from journal where id = any(array(
                select id from journal where received_at < $1 and outcome <> 'pending'
                order by received_at limit cast($2 as bigint)))",
            before.micros(),
            i64::from(limit)
        );
        self.unit.run(query).await
    }
}
