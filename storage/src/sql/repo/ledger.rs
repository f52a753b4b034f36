//! Moving lines of the ledger: one change of a line in memory, written back in bulk. What a lesson does to a line is core's rule; here stands only how it is kept.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::recipient::PastAttempt;
use whatsapp_core::send::{Attempt, SendError};
use whatsapp_core::{Channel, Id, Send, SendState, Timestamp};

use super::SqlTenant;
use super::attempts::Past;
use crate::StorageError;
use crate::repo::{AttemptRef, Learnt, Lesson, Moved};
use crate::sql::convert::{bulk, each, ids};

/// A line that moved, as the statement that moved it answers.
pub(super) struct MovedRow {
    pub(super) id: Uuid,
    pub(super) contact_id: Uuid,
    pub(super) campaign_id: Option<Uuid>,
    pub(super) was: i64,
    pub(super) state: i64,
    pub(super) conversation_id: Option<Uuid>,
}

impl MovedRow {
    pub(super) fn read(row: Self) -> Result<Moved, StorageError> {
        let state =
            |rank| SendState::from_rank(rank).ok_or_else(|| StorageError::corrupt("send state"));
        Ok(Moved {
            id: Id::from_uuid(row.id),
            conversation: row.conversation_id.map(Id::from_uuid),
            contact: Id::from_uuid(row.contact_id),
            campaign: row.campaign_id.map(Id::from_uuid),
            from: state(row.was)?,
            to: state(row.state)?,
        })
    }
}

/// A locked line, and what it shall become.
#[derive(Clone, Serialize)]
pub(super) struct Change {
    id: Uuid,
    was: i64,
    state: i64,
    attempt: Option<Uuid>,
    not_before: i64,
    wamid: Option<String>,
    error: Option<Json<SendError>>,
    updated_at: i64,
    timeline: Json<Vec<(SendState, Timestamp)>>,
    #[serde(skip)]
    dirty: bool,
    /// The try that makes room for the next one.
    #[serde(skip)]
    past: Option<Past>,
}

impl Change {
    pub(super) const fn id(&self) -> Uuid {
        self.id
    }
    pub(super) fn is(&self, id: Id<Send>) -> bool {
        self.id == id.uuid()
    }
    pub(super) fn state(&self) -> Option<SendState> {
        SendState::from_rank(self.state)
    }
    pub(super) const fn differs(&self) -> bool {
        self.dirty
    }
    pub(super) fn concerns(&self, of: &AttemptRef) -> bool {
        match of {
            AttemptRef::Attempt(attempt) => self.attempt == Some(attempt.uuid()),
            AttemptRef::Wamid(wamid) => self.wamid.as_deref() == Some(wamid),
        }
    }
    /// Moves on, and notes when.
    pub(super) fn step(&mut self, to: SendState, at: Timestamp, now: Timestamp) {
        self.state = to.rank();
        self.updated_at = now.micros();
        self.timeline.0.push((to, at));
        self.dirty = true;
    }
    /// Back into the queue without its attempt; the timeline keeps only what happened to a message that went out.
    pub(super) fn requeue(&mut self, not_before: Timestamp, now: Timestamp) {
        self.state = SendState::Queued.rank();
        self.not_before = not_before.micros();
        self.updated_at = now.micros();
        self.timeline.0.retain(|(state, _)| *state == SendState::Queued);
        self.dirty = true;
    }
    /// Back into the queue although it was decided, because somebody or a rule wants it sent again.
    pub(super) fn again(&mut self, not_before: Timestamp, now: Timestamp) {
        let (state, error) = (self.state, self.error.take());
        self.put_aside(state, error, now);
        self.not_before = not_before.micros();
        self.step(SendState::Queued, now, now);
    }
    fn put_aside(&mut self, state: i64, error: Option<Json<SendError>>, now: Timestamp) {
        let wamid = self.wamid.take();
        if let Some(attempt) = self.attempt.take() {
            let at = now.micros();
            self.past = Some(Past { send_id: self.id, attempt, state, wamid, error, at });
        }
    }
    /// The try before the one it waits for holds again.
    pub(super) fn go_back_to(&mut self, past: &PastAttempt) {
        self.state = past.known().rank();
        self.attempt = Some(past.attempt.uuid());
        self.wamid.clone_from(&past.wamid);
        self.dirty = true;
    }
    pub(super) fn is_back_at(&self, attempt: Attempt) -> bool {
        self.attempt == Some(attempt.uuid())
    }
    pub(super) fn skip(&mut self, error: SendError, now: Timestamp) {
        self.step(SendState::Skipped, now, now);
        self.error = Some(Json(error));
    }
    /// What a lesson does to the line.
    pub(super) fn learn(&mut self, lesson: &Learnt, now: Timestamp) {
        let Some(state) = self.state() else { return };
        match &lesson.what {
            Lesson::Status { status, wamid, error } => {
                if self.wamid.is_none() && wamid.is_some() {
                    self.wamid.clone_from(wamid);
                    self.dirty = true;
                }
                if let Some(next) = state.after(*status) {
                    self.step(next, lesson.at, now);
                    let failed = next == SendState::Failed;
                    self.error = error.clone().filter(|_| failed).map(Json);
                }
            }
            Lesson::Doubtful if state == SendState::Sending => {
                self.step(SendState::Ambiguous, lesson.at, now);
            }
            Lesson::NotAccepted { not_before, error } if state == SendState::Sending => {
                let error = Some(Json(error.clone()));
                self.put_aside(SendState::Failed.rank(), error, now);
                self.requeue(*not_before, now);
            }
            Lesson::Doubtful | Lesson::NotAccepted { .. } => {}
        }
    }
}

macro_rules! lines {
    ($lite:literal, $pg:literal $(, $a:expr)*) => {
        q!(
            ChangeRow,
            lite r#"select id as "id!: Uuid", state as "state!", attempt as "attempt?: Uuid",
                not_before as "not_before!", wamid as "wamid?",
                error as "error?: Json<SendError>", updated_at as "updated_at!",
                timeline as "timeline!: Json<Vec<(SendState, Timestamp)>>" from sends "# $lite,
            pg r#"select id as "id!: Uuid", state as "state!", attempt as "attempt?: Uuid",
                not_before as "not_before!", wamid as "wamid?",
                error as "error?: Json<SendError>", updated_at as "updated_at!",
                timeline as "timeline!: Json<Vec<(SendState, Timestamp)>>" from sends "# $pg
                " order by id for no key update"
            $(, $a)*
        )
    };
}

struct ChangeRow {
    id: Uuid,
    state: i64,
    attempt: Option<Uuid>,
    not_before: i64,
    wamid: Option<String>,
    error: Option<Json<SendError>>,
    updated_at: i64,
    timeline: Json<Vec<(SendState, Timestamp)>>,
}

fn read(row: ChangeRow) -> Result<Change, StorageError> {
    Ok(Change {
        id: row.id,
        was: row.state,
        state: row.state,
        attempt: row.attempt,
        not_before: row.not_before,
        wamid: row.wamid,
        error: row.error,
        updated_at: row.updated_at,
        timeline: row.timeline,
        dirty: false,
        past: None,
    })
}

impl SqlTenant<'_> {
    /// These lines, locked against others until the end of the unit.
    pub(super) async fn locked(
        &mut self,
        wanted: &[Id<Send>],
    ) -> Result<Vec<Change>, StorageError> {
        let wanted = ids(wanted);
        let query = lines!(
            "where tenant_id = $1 and id in (select unhex(value, '-') from json_each($2))",
            "where tenant_id = $1 and id = any(array(select value::uuid from jsonb_array_elements_text($2)))",
            self.tenant,
            wanted as _
        );
        each(self.unit.all(query).await?, read)
    }

    /// The lines of these attempts, locked. One that has moved on to another attempt is not among them.
    pub(super) async fn locked_by_attempt(
        &mut self,
        channel: Id<Channel>,
        learnt: &[Learnt],
    ) -> Result<Vec<Change>, StorageError> {
        let (mut attempts, mut wamids) = (BTreeSet::new(), BTreeSet::new());
        for lesson in learnt {
            match &lesson.of {
                AttemptRef::Attempt(attempt) => drop(attempts.insert(Attempt::uuid(*attempt))),
                AttemptRef::Wamid(wamid) => drop(wamids.insert(wamid.as_str())),
            }
        }
        let (attempts, wamids) = (Json(attempts), Json(wamids));
        let query = lines!(
            "where tenant_id = $1 and id in (
                select a.id from sends a where a.tenant_id = $1 and a.channel_id = $2
                    and a.attempt in (select unhex(value, '-') from json_each($3))
                union select w.id from sends w where w.tenant_id = $1 and w.channel_id = $2
                    and w.wamid in (select value from json_each($4)))",
            // One by one, each by its whole key: else the planner of a young database reads all that the number sent.
            "where tenant_id = $1 and id = any(array(
                select (select a.id from sends a where a.tenant_id = $1 and a.channel_id = $2
                    and a.attempt = n.value::uuid) from jsonb_array_elements_text($3) n
                union all select (select w.id from sends w where w.tenant_id = $1 and w.channel_id = $2
                    and w.wamid = n.value) from jsonb_array_elements_text($4) n))",
            self.tenant,
            channel.uuid(),
            attempts as _,
            wamids as _
        );
        each(self.unit.all(query).await?, read)
    }

    /// Lines that an older holder of the channel left sending, locked.
    pub(super) async fn locked_before_epoch(
        &mut self,
        channel: Id<Channel>,
        epoch: i64,
    ) -> Result<Vec<Change>, StorageError> {
        let query = lines!(
            "where tenant_id = $1 and channel_id = $2 and state in (2, 3) and state = 2 and epoch < $3",
            "where tenant_id = $1 and channel_id = $2 and state in (2, 3) and state = 2 and epoch < $3",
            self.tenant,
            channel.uuid(),
            epoch
        );
        each(self.unit.all(query).await?, read)
    }

    /// What is doubtful for too long is never learnt.
    pub(super) async fn unconfirm(
        &mut self,
        channel: Id<Channel>,
        before: Timestamp,
        codes_before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let query = q!(
            MovedRow,
            lite r#"update sends set state = 4, updated_at = $4,
                    timeline = json_insert(timeline, '$[#]', json_array('unconfirmed', $4))
                where tenant_id = $1 and channel_id = $2 and state in (2, 3) and state = 3 and updated_at < case when is_code then $5 else $3 end
                returning id as "id!: Uuid", contact_id as "contact_id!: Uuid",
                    campaign_id as "campaign_id?: Uuid", 3 as "was!: i64", state as "state!: i64",
                    (select m.conversation_id from messages m where m.tenant_id = sends.tenant_id
                        and m.id = sends.id) as "conversation_id?: Uuid""#,
            pg r#"update sends set state = 4, updated_at = $4,
                    timeline = timeline || jsonb_build_array(jsonb_build_array('unconfirmed', $4::bigint))
                where tenant_id = $1 and channel_id = $2 and state in (2, 3) and state = 3 and updated_at < case when is_code then $5::bigint else $3::bigint end
                returning id as "id!: Uuid", contact_id as "contact_id!: Uuid",
                    campaign_id as "campaign_id?: Uuid", 3::bigint as "was!: i64", state as "state!: i64",
                    (select m.conversation_id from messages m where m.tenant_id = sends.tenant_id
                        and m.id = sends.id) as "conversation_id?: Uuid""#,
            self.tenant,
            channel.uuid(),
            before.micros(),
            now.micros(),
            codes_before.micros()
        );
        each(self.unit.all(query).await?, MovedRow::read)
    }

    /// Writes changed lines back, each only if it is still where it was read.
    pub(super) async fn write(&mut self, changes: &[Change]) -> Result<Vec<Moved>, StorageError> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let bound = bulk(changes);
        let query = q!(
            WrittenRow,
            // The tenant comes from `n` too, so that the only index that fits is the one by id: else SQLite
            // would walk the whole tenant for each change; the plus keeps it from doing so.
            lite r#"with n as materialized (select $1 as tenant_id, unhex(value ->> 'id', '-') as id,
                    value ->> 'was' as was, value ->> 'state' as state,
                    unhex(value ->> 'attempt', '-') as attempt, value ->> 'not_before' as not_before,
                    value ->> 'wamid' as wamid, nullif(value -> 'error', 'null') as error,
                    value ->> 'updated_at' as updated_at, value -> 'timeline' as timeline
                    from jsonb_each($2))
                update sends set state = n.state, attempt = n.attempt, not_before = n.not_before,
                    wamid = n.wamid, error = n.error, updated_at = n.updated_at, timeline = n.timeline
                from n where +sends.tenant_id = $1 and sends.tenant_id = n.tenant_id
                    and sends.id = n.id and sends.state = n.was
                returning id as "id!: Uuid", contact_id as "contact_id!: Uuid",
                    campaign_id as "campaign_id?: Uuid", state as "state!: i64",
                    (select m.conversation_id from messages m where m.tenant_id = sends.tenant_id
                        and m.id = sends.id) as "conversation_id?: Uuid""#,
            pg r#"update sends set state = n.state, attempt = n.attempt, not_before = n.not_before,
                    wamid = n.wamid, error = n.error, updated_at = n.updated_at, timeline = n.timeline
                from jsonb_to_recordset($2) as n(id uuid, was bigint, state bigint, attempt uuid,
                    not_before bigint, wamid text, error jsonb, updated_at bigint, timeline jsonb)
                where sends.tenant_id = $1 and sends.id = n.id and sends.state = n.was
                    and sends.id = any(array(select (value ->> 'id')::uuid from jsonb_array_elements($2)))
                returning sends.id as "id!: Uuid", sends.contact_id as "contact_id!: Uuid",
                    sends.campaign_id as "campaign_id?: Uuid", sends.state as "state!: i64",
                    (select m.conversation_id from messages m where m.tenant_id = sends.tenant_id
                        and m.id = sends.id) as "conversation_id?: Uuid""#,
            self.tenant,
            bound as _
        );
        let before: HashMap<Uuid, i64> = changes.iter().map(|line| (line.id, line.was)).collect();
        let written = self.unit.all(query).await?;
        let mut past: Vec<Past> = changes.iter().filter_map(|line| line.past.clone()).collect();
        past.retain(|past| written.iter().any(|row| row.id == past.send_id));
        self.put_aside(&past).await?;
        let moved = written.into_iter().map(|row| {
            MovedRow::read(MovedRow {
                id: row.id,
                contact_id: row.contact_id,
                campaign_id: row.campaign_id,
                was: before.get(&row.id).copied().unwrap_or(row.state),
                state: row.state,
                conversation_id: row.conversation_id,
            })
        });
        moved.collect()
    }
}

struct WrittenRow {
    id: Uuid,
    contact_id: Uuid,
    campaign_id: Option<Uuid>,
    state: i64,
    conversation_id: Option<Uuid>,
}
