//! [`AttemptStore`] in SQL, and what a status of an earlier try means for a line.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::recipient::PastAttempt;
use whatsapp_core::send::{Attempt, SendError};
use whatsapp_core::{Campaign, Channel, Id, Send, SendState, Timestamp};

use super::SqlTenant;
use super::ledger::Change;
use crate::StorageError;
use crate::repo::{AttemptRef, AttemptStore, Learnt, Lesson, Moved, Wanted};
use crate::sql::convert::{bulk, each, ids};

/// A try that is put aside for the next one.
#[derive(Clone, Serialize)]
pub(super) struct Past {
    pub(super) send_id: Uuid,
    pub(super) attempt: Uuid,
    pub(super) state: i64,
    pub(super) wamid: Option<String>,
    pub(super) error: Option<Json<SendError>>,
    pub(super) at: i64,
}

struct Row {
    send_id: Uuid,
    attempt: Uuid,
    state: i64,
    wamid: Option<String>,
    error: Option<Json<SendError>>,
    at: i64,
}

fn read(row: Row) -> Result<PastAttempt, StorageError> {
    Ok(PastAttempt {
        send: Id::from_uuid(row.send_id),
        attempt: Attempt::from_uuid(row.attempt),
        state: SendState::from_rank(row.state)
            .ok_or_else(|| StorageError::corrupt("send state"))?,
        wamid: row.wamid,
        error: row.error.map(|e| e.0),
        at: Timestamp::from_micros(row.at),
    })
}

fn concerns(past: &PastAttempt, of: &AttemptRef) -> bool {
    match of {
        AttemptRef::Attempt(attempt) => past.attempt == *attempt,
        AttemptRef::Wamid(wamid) => past.wamid.as_deref() == Some(wamid),
    }
}

impl SqlTenant<'_> {
    /// Keeps tries that were put aside.
    pub(super) async fn put_aside(&mut self, past: &[Past]) -> Result<(), StorageError> {
        if past.is_empty() {
            return Ok(());
        }
        let past = bulk(past);
        let query = x!(
            lite "insert into past_attempts (tenant_id, send_id, attempt, state, wamid, error, at)
                  select $1, unhex(value ->> 'send_id', '-'), unhex(value ->> 'attempt', '-'),
                    value ->> 'state', value ->> 'wamid', nullif(value -> 'error', 'null'), value ->> 'at'
                  from jsonb_each($2)",
            pg "insert into past_attempts (tenant_id, send_id, attempt, state, wamid, error, at)
                select $1, send_id, attempt, state, wamid, error, at
                from jsonb_to_recordset($2) as n(send_id uuid, attempt uuid, state bigint, wamid text,
                    error jsonb, at bigint)",
            self.tenant,
            past as _
        );
        self.unit.run(query).await.map(drop)
    }

    /// What was told of tries that were put aside. A line that still waits for its next try does not need it any
    /// more when the earlier one arrived; otherwise the history says so.
    pub(super) async fn learn_of_past(
        &mut self,
        channel: Id<Channel>,
        learnt: &[&Learnt],
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let past = self.past_of(channel, learnt).await?;
        if past.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: BTreeSet<_> = past.iter().map(|past| past.send).collect();
        let lines = self.locked(&wanted.into_iter().collect::<Vec<_>>()).await?;
        let mut lines: HashMap<Uuid, Change> =
            lines.into_iter().map(|line| (line.id(), line)).collect();
        for lesson in learnt {
            let Lesson::Status { status, .. } = &lesson.what else { continue };
            for past in past.iter().filter(|past| concerns(past, &lesson.of)) {
                let Some(line) = lines.get_mut(&past.send.uuid()) else { continue };
                if line.is_back_at(past.attempt) {
                    line.learn(lesson, now);
                } else if let Some(state) = past.known().after(*status) {
                    if line.state() == Some(SendState::Queued) && state != SendState::Failed {
                        self.forget_past(past.attempt).await?;
                        line.go_back_to(past);
                        line.learn(lesson, now);
                    } else {
                        self.note_past(past.attempt, state).await?;
                    }
                }
            }
        }
        let changed: Vec<_> = lines.into_values().filter(Change::differs).collect();
        self.write(&changed).await
    }

    async fn past_of(
        &mut self,
        channel: Id<Channel>,
        learnt: &[&Learnt],
    ) -> Result<Vec<PastAttempt>, StorageError> {
        let (mut attempts, mut wamids) = (BTreeSet::new(), BTreeSet::new());
        for lesson in learnt {
            match &lesson.of {
                AttemptRef::Attempt(attempt) => drop(attempts.insert(attempt.uuid())),
                AttemptRef::Wamid(wamid) => drop(wamids.insert(wamid.as_str())),
            }
        }
        let (attempts, wamids) = (Json(attempts), Json(wamids));
        let query = q!(
            Row,
            lite r#"select p.send_id as "send_id!: Uuid", p.attempt as "attempt!: Uuid", p.state as "state!",
                    p.wamid as "wamid?", p.error as "error?: Json<SendError>", p.at as "at!"
                from past_attempts p join sends s on s.tenant_id = p.tenant_id and s.id = p.send_id
                where p.tenant_id = $1 and s.channel_id = $2 and p.attempt in (
                    select a.attempt from past_attempts a where a.tenant_id = $1
                        and a.attempt in (select unhex(value, '-') from json_each($3))
                    union select w.attempt from past_attempts w where w.tenant_id = $1
                        and w.wamid in (select value from json_each($4)))"#,
            pg r#"select p.send_id as "send_id!: Uuid", p.attempt as "attempt!: Uuid", p.state as "state!",
                    p.wamid as "wamid?", p.error as "error?: Json<SendError>", p.at as "at!"
                from past_attempts p
                where p.tenant_id = $1 and $2 = (select s.channel_id from sends s
                        where s.tenant_id = p.tenant_id and s.id = p.send_id) and p.attempt = any(array(
                    select a.attempt from past_attempts a where a.tenant_id = $1
                        and a.attempt = any(array(select value::uuid from jsonb_array_elements_text($3)))
                    union select w.attempt from past_attempts w where w.tenant_id = $1
                        and w.wamid = any(array(select value from jsonb_array_elements_text($4)))))"#,
            self.tenant,
            channel.uuid(),
            attempts as _,
            wamids as _
        );
        each(self.unit.all(query).await?, read)
    }

    async fn note_past(&mut self, attempt: Attempt, state: SendState) -> Result<(), StorageError> {
        let query = x!(
            "update past_attempts set state = $3 where tenant_id = $1 and attempt = $2 and state < $3",
            self.tenant,
            attempt.uuid(),
            state.rank()
        );
        self.unit.run(query).await.map(drop)
    }

    async fn forget_past(&mut self, attempt: Attempt) -> Result<(), StorageError> {
        let query = x!(
            "delete from past_attempts where tenant_id = $1 and attempt = $2",
            self.tenant,
            attempt.uuid()
        );
        self.unit.run(query).await.map(drop)
    }
}

#[async_trait]
impl AttemptStore for SqlTenant<'_> {
    async fn past(&mut self, sends: &[Id<Send>]) -> Result<Vec<PastAttempt>, StorageError> {
        let sends = ids(sends);
        let query = q!(
            Row,
            lite r#"select send_id as "send_id!: Uuid", attempt as "attempt!: Uuid", state as "state!",
                    wamid as "wamid?", error as "error?: Json<SendError>", at as "at!" from past_attempts
                where tenant_id = $1 and send_id in (select unhex(value, '-') from json_each($2))
                order by at, attempt"#,
            pg r#"select send_id as "send_id!: Uuid", attempt as "attempt!: Uuid", state as "state!",
                    wamid as "wamid?", error as "error?: Json<SendError>", at as "at!" from past_attempts
                where tenant_id = $1 and send_id = any(array(select value::uuid from jsonb_array_elements_text($2)))
                order by at, attempt"#,
            self.tenant,
            sends as _
        );
        each(self.unit.all(query).await?, read)
    }
    async fn wanted(
        &mut self,
        campaign: Id<Campaign>,
        wanted: &Wanted,
        limit: u32,
    ) -> Result<Vec<Id<Send>>, StorageError> {
        let has = |state| wanted.states.contains(&state);
        let (failed, unconfirmed) = (has(SendState::Failed), has(SendState::Unconfirmed));
        let (any, codes) = (wanted.codes.is_none(), Json(wanted.codes.as_deref().unwrap_or(&[])));
        let query = one!(
            lite r#"select id as "id!: Uuid" from sends
                where tenant_id = $1 and campaign_id = $2 and state in (4, 7) and updated_at <= $3
                    and ((state = 4 and $4) or (state = 7 and $5
                        and ($6 or error ->> 'code' in (select value from json_each($7)))))
                order by id limit cast($8 as bigint)"#,
            pg r#"select id as "id!: Uuid" from sends
                where tenant_id = $1 and campaign_id = $2 and state in (4, 7) and updated_at <= $3
                    and ((state = 4 and $4) or (state = 7 and $5
                        and ($6 or error ->> 'code' = any(array(select value from jsonb_array_elements_text($7))))))
                order by id limit cast($8 as bigint)"#,
            self.tenant,
            campaign.uuid(),
            wanted.until.micros(),
            unconfirmed,
            failed,
            any,
            codes as _,
            i64::from(limit)
        );
        Ok(self.unit.all(query).await?.into_iter().map(Id::from_uuid).collect())
    }
    async fn again(
        &mut self,
        lines: &[(Id<Send>, Timestamp)],
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let times: HashMap<Uuid, Timestamp> =
            lines.iter().map(|(id, at)| (id.uuid(), *at)).collect();
        let wanted: Vec<_> = lines.iter().map(|(id, _)| *id).collect();
        let mut changes = self.locked(&wanted).await?;
        for line in &mut changes {
            if let Some(at) = times.get(&line.id())
                && matches!(line.state(), Some(SendState::Failed | SendState::Unconfirmed))
            {
                line.again(*at, now);
            }
        }
        changes.retain(Change::differs);
        self.write(&changes).await
    }
}
