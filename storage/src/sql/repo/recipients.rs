//! [`RecipientStore`] in SQL.

use async_trait::async_trait;
use serde::Serialize;
use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::recipient::FailureTally;
use whatsapp_core::{
    Attempt, Campaign, Id, Page, PageRequest, Recipient, ReportLine, Send, SendError, SendState,
    Timestamp,
};

use super::{Db, SqlTenant, up_to};
use crate::StorageError;
use crate::repo::{AttemptStore as _, NewRecipient, RecipientStore};
use crate::sql::convert::{after, bulk, cut_by_id, each, pattern};

#[derive(sqlx::FromRow)]
struct Row {
    campaign_id: Uuid,
    contact_id: Uuid,
    send_id: Uuid,
    conversation_id: Option<Uuid>,
    name: Option<String>,
    address: String,
    state: i64,
    error: Option<Json<SendError>>,
    updated_at: i64,
}

fn read(row: Row) -> Result<Recipient, StorageError> {
    Ok(Recipient {
        campaign: Id::from_uuid(row.campaign_id),
        contact: Id::from_uuid(row.contact_id),
        send: Id::from_uuid(row.send_id),
        conversation: row.conversation_id.map(Id::from_uuid),
        name: row.name,
        address: row.address,
        state: SendState::from_rank(row.state)
            .ok_or_else(|| StorageError::corrupt("send state"))?,
        error: row.error.map(|e| e.0),
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}

struct ReportRow {
    send_id: Uuid,
    name: Option<String>,
    address: String,
    state: Option<i64>,
    attempts: i64,
    attempt: Option<Uuid>,
    wamid: Option<String>,
    error: Option<Json<SendError>>,
    timeline: Option<Json<Vec<(SendState, Timestamp)>>>,
}

fn report_line(row: ReportRow) -> Result<ReportLine, StorageError> {
    let (Some(state), Some(timeline)) = (row.state, row.timeline) else {
        return Err(StorageError::corrupt("recipient without a ledger line"));
    };
    Ok(ReportLine {
        send: Id::from_uuid(row.send_id),
        address: row.address,
        name: row.name,
        state: SendState::from_rank(state).ok_or_else(|| StorageError::corrupt("send state"))?,
        attempts: row.attempts,
        earlier: Vec::new(),
        attempt: row.attempt.map(Attempt::from_uuid),
        wamid: row.wamid,
        error: row.error.map(|e| e.0),
        timeline: timeline.0,
    })
}

#[derive(Serialize)]
struct New<'p> {
    address: &'p str,
    contact_id: Uuid,
    send_id: Uuid,
}

struct Tally {
    error: Json<SendError>,
    count: i64,
}

#[async_trait]
impl RecipientStore for SqlTenant<'_> {
    async fn add(
        &mut self,
        campaign: Id<Campaign>,
        people: &[NewRecipient],
    ) -> Result<Vec<Id<Send>>, StorageError> {
        let new = bulk(people.iter().map(|person| New {
            address: &person.address,
            contact_id: person.contact.uuid(),
            send_id: person.send.uuid(),
        }));
        // The join lets only a campaign of this tenant through.
        let query = one!(
            lite r#"insert into recipients (tenant_id, campaign_id, address, contact_id, send_id)
                select c.tenant_id, c.id, n.value ->> 'address', unhex(n.value ->> 'contact_id', '-'),
                    unhex(n.value ->> 'send_id', '-')
                from jsonb_each($3) n join campaigns c on c.tenant_id = $1 and c.id = $2
                where true on conflict do nothing returning send_id as "id!: Uuid""#,
            pg r#"insert into recipients (tenant_id, campaign_id, address, contact_id, send_id)
                select c.tenant_id, c.id, n.address, n.contact_id, n.send_id
                from jsonb_to_recordset($3) as n(address text, contact_id uuid, send_id uuid)
                join campaigns c on c.tenant_id = $1 and c.id = $2
                on conflict do nothing returning send_id as "id!: Uuid""#,
            self.tenant,
            campaign.uuid(),
            new as _
        );
        let added = self.unit.all(query).await?;
        Ok(added.into_iter().map(Id::from_uuid).collect())
    }
    async fn page(
        &mut self,
        campaign: Id<Campaign>,
        state: Option<SendState>,
        search: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Recipient>, StorageError> {
        // Driven by the ledger's index of the campaign, which is ordered by state and id.
        let mut query = QueryBuilder::<Db>::new(
            "select s.campaign_id, s.contact_id, s.id as send_id, c.name, s.address, s.state, s.error, \
             s.updated_at, m.conversation_id from sends s \
             left join messages m on m.tenant_id = s.tenant_id and m.id = s.id \
             left join contacts c on c.tenant_id = s.tenant_id and c.id = s.contact_id \
             where s.tenant_id = ",
        );
        query.push_bind(self.tenant).push(" and s.campaign_id = ").push_bind(campaign.uuid());
        query.push(" and s.id > ").push_bind(after(page));
        if let Some(state) = state {
            query.push(" and s.state = ").push_bind(state.rank());
        }
        if let Some(search) = search.filter(|s| !s.trim().is_empty()) {
            let pattern = pattern(search);
            query.push(" and (c.search like ").push_bind(pattern.clone()).push(r" escape '\'");
            query.push(" or s.address like ").push_bind(pattern).push(r" escape '\')");
        }
        query.push(" order by s.id");
        up_to(&mut query, page);
        let rows: Vec<Row> = self.unit.all(query.build_query_as()).await?;
        Ok(cut_by_id(each(rows, read)?, page, |recipient| recipient.send))
    }
    async fn report(
        &mut self,
        campaign: Id<Campaign>,
        after: Option<Id<Send>>,
        limit: u32,
    ) -> Result<Vec<ReportLine>, StorageError> {
        // Driven by the list, whose rows never change: its own unique index is in the order of ledger ids, so
        // the busy ledger needs none for this. The join is an outer one, that nobody is passed over silently.
        let query = q!(
            ReportRow,
            r#"select r.send_id as "send_id!: Uuid", c.name as "name?", r.address as "address!",
                s.state as "state?", coalesce(s.attempts, 0) as "attempts!: i64",
                s.attempt as "attempt?: Uuid", s.wamid as "wamid?", s.error as "error?: Json<SendError>",
                s.timeline as "timeline?: Json<Vec<(SendState, Timestamp)>>"
               from recipients r
               left join sends s on s.tenant_id = r.tenant_id and s.id = r.send_id
               left join contacts c on c.tenant_id = r.tenant_id and c.id = r.contact_id
               where r.tenant_id = $1 and r.campaign_id = $2 and r.send_id > $3
               order by r.send_id limit cast($4 as bigint)"#,
            self.tenant,
            campaign.uuid(),
            after.map_or(Uuid::nil(), Id::uuid),
            i64::from(limit)
        );
        let mut lines = each(self.unit.all(query).await?, report_line)?;
        let tried: Vec<_> = lines
            .iter()
            .filter(|l| l.attempts > i64::from(l.attempt.is_some()))
            .map(|l| l.send)
            .collect();
        // Most reports have nobody who was tried again.
        let past = if tried.is_empty() { Vec::new() } else { self.past(&tried).await? };
        for past in past {
            if let Ok(at) = lines.binary_search_by_key(&past.send, |line| line.send)
                && let Some(line) = lines.get_mut(at)
            {
                line.earlier.push(past);
            }
        }
        Ok(lines)
    }
    async fn failures(
        &mut self,
        campaign: Id<Campaign>,
    ) -> Result<Vec<FailureTally>, StorageError> {
        let query = q!(
            Tally,
            r#"select error as "error!: Json<SendError>", count(*) as "count!: i64" from sends
               where tenant_id = $1 and campaign_id = $2 and state = 7 and error is not null
               group by error order by count(*) desc, error limit 100"#,
            self.tenant,
            campaign.uuid()
        );
        let rows = self.unit.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| FailureTally { error: row.error.0, count: row.count })
            .collect())
    }
}
