//! [`SendStore`] in SQL: the ledger. Beginning is a single statement; what is learnt
//! of attempts is decided by core's rule on locked rows, see [`ledger`](super::ledger).

use async_trait::async_trait;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::send::{Attempt, Priority, SendError};
use whatsapp_core::{Campaign, Channel, Counts, Id, Send, SendState, Timestamp};

use super::SqlTenant;
use super::ledger::{Change, MovedRow};
use crate::StorageError;
use crate::repo::{ClaimRequest, Learnt, Moved, SendStore, Unclaim};
use crate::sql::convert::{bulk, each, ids};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    channel_id: Uuid,
    contact_id: Uuid,
    address: String,
    campaign_id: Option<Uuid>,
    priority: i64,
    is_code: bool,
    state: i64,
    attempt: Option<Uuid>,
    attempts: i64,
    not_before: i64,
    epoch: i64,
    wamid: Option<String>,
    error: Option<Json<SendError>>,
    created_at: i64,
    updated_at: i64,
    timeline: Json<Vec<(SendState, Timestamp)>>,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", channel_id as "channel_id!: Uuid", contact_id as "contact_id!: Uuid", 
                address as "address!", campaign_id as "campaign_id?: Uuid", priority as "priority!", is_code as "is_code!: bool", 
                state as "state!", attempt as "attempt?: Uuid", attempts as "attempts!", 
                not_before as "not_before!", epoch as "epoch!", wamid as "wamid?", 
                error as "error?: Json<SendError>", created_at as "created_at!", updated_at as "updated_at!", 
                timeline as "timeline!: Json<Vec<(SendState, Timestamp)>>"
                from sends "# $($l)+, pg r#"select id as "id!: Uuid", channel_id as "channel_id!: Uuid", contact_id as "contact_id!: Uuid", 
                address as "address!", campaign_id as "campaign_id?: Uuid", priority as "priority!", is_code as "is_code!: bool", 
                state as "state!", attempt as "attempt?: Uuid", attempts as "attempts!", 
                not_before as "not_before!", epoch as "epoch!", wamid as "wamid?", 
                error as "error?: Json<SendError>", created_at as "created_at!", updated_at as "updated_at!", 
                timeline as "timeline!: Json<Vec<(SendState, Timestamp)>>"
                from sends "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", channel_id as "channel_id!: Uuid", contact_id as "contact_id!: Uuid", 
                address as "address!", campaign_id as "campaign_id?: Uuid", priority as "priority!", is_code as "is_code!: bool", 
                state as "state!", attempt as "attempt?: Uuid", attempts as "attempts!", 
                not_before as "not_before!", epoch as "epoch!", wamid as "wamid?", 
                error as "error?: Json<SendError>", created_at as "created_at!", updated_at as "updated_at!", 
                timeline as "timeline!: Json<Vec<(SendState, Timestamp)>>"
                from sends "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Send, StorageError> {
    Ok(Send {
        id: Id::from_uuid(row.id),
        channel: Id::from_uuid(row.channel_id),
        contact: Id::from_uuid(row.contact_id),
        address: row.address,
        campaign: row.campaign_id.map(Id::from_uuid),
        priority: Priority::from_rank(row.priority)
            .ok_or_else(|| StorageError::corrupt("priority"))?,
        is_code: row.is_code,
        state: SendState::from_rank(row.state)
            .ok_or_else(|| StorageError::corrupt("send state"))?,
        attempt: row.attempt.map(Attempt::from_uuid),
        attempts: row.attempts,
        not_before: Timestamp::from_micros(row.not_before),
        epoch: row.epoch,
        wamid: row.wamid,
        error: row.error.map(|e| e.0),
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        timeline: row.timeline.0,
    })
}

#[derive(Serialize)]
struct New<'s> {
    id: Uuid,
    channel_id: Uuid,
    contact_id: Uuid,
    address: &'s str,
    campaign_id: Option<Uuid>,
    priority: i64,
    is_code: bool,
    state: i64,
    attempt: Option<Uuid>,
    attempts: i64,
    not_before: i64,
    epoch: i64,
    wamid: Option<&'s str>,
    error: Option<&'s SendError>,
    created_at: i64,
    updated_at: i64,
    timeline: &'s [(SendState, Timestamp)],
}

impl<'s> From<&'s Send> for New<'s> {
    fn from(send: &'s Send) -> Self {
        Self {
            id: send.id.uuid(),
            channel_id: send.channel.uuid(),
            contact_id: send.contact.uuid(),
            address: &send.address,
            campaign_id: send.campaign.map(Id::uuid),
            priority: send.priority.rank(),
            is_code: send.is_code,
            state: send.state.rank(),
            attempt: send.attempt.map(Attempt::uuid),
            attempts: send.attempts,
            not_before: send.not_before.micros(),
            epoch: send.epoch,
            wamid: send.wamid.as_deref(),
            error: send.error.as_ref(),
            created_at: send.created_at.micros(),
            updated_at: send.updated_at.micros(),
            timeline: &send.timeline,
        }
    }
}

#[derive(Serialize)]
struct Begun {
    id: Uuid,
    attempt: Uuid,
}

struct TallyRow {
    state: i64,
    lines: i64,
}

#[async_trait]
impl SendStore for SqlTenant<'_> {
    async fn insert(&mut self, sends: &[Send]) -> Result<(), StorageError> {
        let new = bulk(sends.iter().map(New::from));
        let query = x!(
            lite "insert into sends (tenant_id, id, channel_id, contact_id, address, campaign_id, priority,
                    is_code, state, attempt, attempts, not_before, epoch, wamid, error, created_at,
                    updated_at, timeline)
                  select $1, unhex(value ->> 'id', '-'), unhex(value ->> 'channel_id', '-'),
                    unhex(value ->> 'contact_id', '-'), value ->> 'address',
                    unhex(value ->> 'campaign_id', '-'), value ->> 'priority',
                    value ->> 'is_code', value ->> 'state',
                    unhex(value ->> 'attempt', '-'), value ->> 'attempts', value ->> 'not_before',
                    value ->> 'epoch', value ->> 'wamid', nullif(value -> 'error', 'null'),
                    value ->> 'created_at', value ->> 'updated_at', value -> 'timeline'
                  from jsonb_each($2)",
            pg "insert into sends (tenant_id, id, channel_id, contact_id, address, campaign_id, priority,
                    is_code, state, attempt, attempts, not_before, epoch, wamid, error, created_at,
                    updated_at, timeline)
                select $1, id, channel_id, contact_id, address, campaign_id, priority, is_code, state, attempt,
                    attempts, not_before, epoch, wamid, error, created_at, updated_at, timeline
                from jsonb_to_recordset($2) as n(id uuid, channel_id uuid, contact_id uuid, address text,
                    campaign_id uuid, priority bigint, is_code boolean, state bigint, attempt uuid, attempts bigint,
                    not_before bigint, epoch bigint, wamid text, error jsonb, created_at bigint,
                    updated_at bigint, timeline jsonb)",
            self.tenant,
            new as _
        );
        self.unit.run(query).await.map(drop)
    }
    async fn many(&mut self, wanted: &[Id<Send>]) -> Result<Vec<Send>, StorageError> {
        let wanted = ids(wanted);
        let query = rows!(
            lite "where tenant_id = $1 and id in (select unhex(value, '-') from json_each($2))",
            pg "where tenant_id = $1 and id = any(array(select value::uuid from jsonb_array_elements_text($2)))",
            self.tenant,
            wanted as _
        );
        each(self.unit.all(query).await?, read)
    }
    async fn claim(&mut self, request: &ClaimRequest) -> Result<Vec<Send>, StorageError> {
        let chosen = self.choose(request).await?;
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let mut sends = self.many(&chosen).await?;
        sends.sort_by_key(|send| (send.priority.rank(), send.id));
        Ok(sends)
    }
    async fn begin(
        &mut self,
        epoch: i64,
        attempts: &[(Id<Send>, Attempt)],
        now: Timestamp,
    ) -> Result<Vec<Id<Send>>, StorageError> {
        let begun = bulk(
            attempts.iter().map(|(id, attempt)| Begun { id: id.uuid(), attempt: attempt.uuid() }),
        );
        let query = one!(
            // The tenant comes from `n` too: see `write` in the ledger.
            lite r#"with n as materialized (select $1 as tenant_id, unhex(value ->> 'id', '-') as id,
                    unhex(value ->> 'attempt', '-') as attempt from jsonb_each($3))
                update sends set state = 2, attempt = n.attempt, attempts = attempts + 1, epoch = $2,
                    updated_at = $4, timeline = json_insert(timeline, '$[#]', json_array('sending', $4))
                from n where +sends.tenant_id = $1 and sends.tenant_id = n.tenant_id
                    and sends.id = n.id and sends.state = 0 and sends.epoch <= $2
                returning id as "id!: Uuid""#,
            // The sum keeps it from the indexes of what is queued, which are full of what has been until now.
            pg r#"update sends set state = 2, attempt = n.attempt, attempts = attempts + 1, epoch = $2,
                    updated_at = $4, timeline = timeline || jsonb_build_array(jsonb_build_array('sending', $4::bigint))
                from jsonb_to_recordset($3) as n(id uuid, attempt uuid)
                where sends.tenant_id = $1 and sends.id = n.id and sends.state + 0 = 0 and sends.epoch <= $2
                    and sends.id = any(array(select (value ->> 'id')::uuid from jsonb_array_elements($3)))
                returning sends.id as "id!: Uuid""#,
            self.tenant,
            epoch,
            begun as _,
            now.micros()
        );
        let moved = self.unit.all(query).await?;
        Ok(moved.into_iter().map(Id::from_uuid).collect())
    }
    async fn unclaim(
        &mut self,
        items: &[(Id<Send>, Unclaim)],
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let wanted: Vec<_> = items.iter().map(|(id, _)| *id).collect();
        let lines = self.locked(&wanted).await?;
        let mut changes = Vec::with_capacity(items.len());
        for (id, unclaim) in items {
            let waits = |line: &&Change| line.is(*id) && line.state() == Some(SendState::Queued);
            let Some(line) = lines.iter().find(waits) else { continue };
            let mut line = line.clone();
            match unclaim {
                Unclaim::Requeue(at) => line.requeue(*at, now),
                Unclaim::Skip(error) => line.skip(error.clone(), now),
            }
            changes.push(line);
        }
        let mut moved = self.write(&changes).await?;
        moved.retain(|moved| moved.from != moved.to);
        Ok(moved)
    }
    async fn learn(
        &mut self,
        channel: Id<Channel>,
        learnt: &[Learnt],
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let mut lines = self.locked_by_attempt(channel, learnt).await?;
        let mut of_past = Vec::new();
        for lesson in learnt {
            match lines.iter_mut().find(|line| line.concerns(&lesson.of)) {
                Some(line) => line.learn(lesson, now),
                None => of_past.push(lesson),
            }
        }
        lines.retain(Change::differs);
        let mut moved = self.write(&lines).await?;
        if !of_past.is_empty() {
            moved.extend(self.learn_of_past(channel, &of_past, now).await?);
        }
        moved.retain(|moved| moved.from != moved.to);
        Ok(moved)
    }
    async fn recover(
        &mut self,
        channel: Id<Channel>,
        epoch: i64,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let lines = self.locked_before_epoch(channel, epoch).await?;
        let changes: Vec<Change> = lines
            .into_iter()
            .map(|mut line| {
                line.step(SendState::Ambiguous, now, now);
                line
            })
            .collect();
        self.write(&changes).await
    }
    async fn give_up(
        &mut self,
        channel: Id<Channel>,
        before: Timestamp,
        codes_before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        self.unconfirm(channel, before, codes_before, now).await
    }
    async fn returned(
        &mut self,
        channel: Id<Channel>,
        now: Timestamp,
    ) -> Result<Vec<(String, Timestamp)>, StorageError> {
        self.sent_back(channel, now).await
    }
    async fn skip_campaign(
        &mut self,
        campaign: Id<Campaign>,
        error: &SendError,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let (error, limit) = (Json(error), i64::from(limit));
        let query = q!(
            MovedRow,
            lite r#"update sends set state = 10, updated_at = $4, error = $3,
                    timeline = json_insert(timeline, '$[#]', json_array('skipped', $4))
                where tenant_id = $1 and id in (select q.id from sends q where q.tenant_id = $1
                    and q.campaign_id = $2 and q.state = 0 order by q.id limit cast($5 as bigint))
                returning id as "id!: Uuid", contact_id as "contact_id!: Uuid",
                    campaign_id as "campaign_id?: Uuid", 0 as "was!: i64", state as "state!: i64",
                    (select m.conversation_id from messages m where m.tenant_id = sends.tenant_id
                        and m.id = sends.id) as "conversation_id?: Uuid""#,
            pg r#"with chosen as materialized (select q.id from sends q where q.tenant_id = $1
                    and q.campaign_id = $2 and q.state = 0 order by q.id limit cast($5 as bigint) for update skip locked)
                update sends set state = 10, updated_at = $4, error = $3,
                    timeline = timeline || jsonb_build_array(jsonb_build_array('skipped', $4::bigint))
                where tenant_id = $1 and id = any(array(select id from chosen))
                returning id as "id!: Uuid", contact_id as "contact_id!: Uuid",
                    campaign_id as "campaign_id?: Uuid", 0::bigint as "was!: i64", state as "state!: i64",
                    (select m.conversation_id from messages m where m.tenant_id = sends.tenant_id
                        and m.id = sends.id) as "conversation_id?: Uuid""#,
            self.tenant,
            campaign.uuid(),
            error as _,
            now.micros(),
            limit
        );
        each(self.unit.all(query).await?, MovedRow::read)
    }
    async fn tally(&mut self, campaign: Id<Campaign>) -> Result<Counts, StorageError> {
        let query = q!(
            TallyRow,
            r#"select state as "state!", count(*) as "lines!: i64" from sends
               where tenant_id = $1 and campaign_id = $2 group by state"#,
            self.tenant,
            campaign.uuid()
        );
        let mut counts = Counts::default();
        for row in self.unit.all(query).await? {
            let state = SendState::from_rank(row.state)
                .ok_or_else(|| StorageError::corrupt("send state"))?;
            counts.total += row.lines;
            counts.enter_many(state, row.lines);
        }
        Ok(counts)
    }
}
