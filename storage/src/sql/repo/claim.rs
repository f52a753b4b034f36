//! Choosing what to take from the ledger: of each source the best few by its own index, and of those the best.

use std::collections::{HashSet, VecDeque};

use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::send::Priority;
use whatsapp_core::{Channel, Id, Send, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::ClaimRequest;

struct Candidate {
    id: Uuid,
    priority: i64,
    address: String,
}

struct ReturnedRow {
    address: String,
    until: i64,
}

impl SqlTenant<'_> {
    /// The lines to claim, locked where there are others to lock against.
    pub(super) async fn choose(
        &mut self,
        request: &ClaimRequest,
    ) -> Result<Vec<Id<Send>>, StorageError> {
        let most = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let (mut limit, mut lower) = (most(request.limit), most(request.lower));
        let (mut chosen, mut told) = (Vec::new(), HashSet::new());
        for line in self.queued_for_people(request).await? {
            let urgent = Priority::from_rank(line.priority).is_some_and(Priority::is_urgent);
            let room = limit > 0 && (urgent || lower > 0);
            if room && told.insert(line.address) {
                limit -= 1;
                lower -= usize::from(!urgent);
                chosen.push(line.id);
            }
        }
        let bulk = limit.min(lower).min(most(request.bulk));
        chosen.extend(self.of_campaigns(request, bulk).await?);
        Ok(chosen.into_iter().map(Id::from_uuid).collect())
    }

    async fn queued_for_people(
        &mut self,
        request: &ClaimRequest,
    ) -> Result<Vec<Candidate>, StorageError> {
        let held = Json(&request.held);
        let query = q!(
            Candidate,
            lite r#"select id as "id!: Uuid", priority as "priority!", address as "address!" from sends
                where tenant_id = $1 and channel_id = $2 and state = 0 and campaign_id is null
                    and not_before <= $3 and address not in (select value from json_each($5))
                order by priority, id limit cast($4 as bigint)"#,
            pg r#"select id as "id!: Uuid", priority as "priority!", address as "address!" from sends
                where tenant_id = $1 and channel_id = $2 and state = 0 and campaign_id is null
                    and not_before <= $3
                    and address <> all(array(select value from jsonb_array_elements_text($5)))
                order by priority, id limit cast($4 as bigint) for update skip locked"#,
            self.tenant,
            request.channel.uuid(),
            request.now.micros(),
            i64::from(request.limit),
            held as _
        );
        self.unit.all(query).await
    }

    /// Up to `bulk` lines of the campaigns, which take turns.
    async fn of_campaigns(
        &mut self,
        request: &ClaimRequest,
        bulk: usize,
    ) -> Result<Vec<Uuid>, StorageError> {
        let mut queues = VecDeque::new();
        if bulk > 0 {
            let most = u32::try_from(bulk).unwrap_or(u32::MAX);
            for (campaign, own) in &request.campaigns {
                let lines = self.queued_of(campaign.uuid(), request, most.min(*own)).await?;
                queues.push_back(lines.into_iter());
            }
        }
        let mut chosen = Vec::new();
        while chosen.len() < bulk
            && let Some(mut queue) = queues.pop_front()
        {
            if let Some(line) = queue.next() {
                chosen.push(line);
                queues.push_back(queue);
            }
        }
        Ok(chosen)
    }

    async fn queued_of(
        &mut self,
        campaign: Uuid,
        request: &ClaimRequest,
        limit: u32,
    ) -> Result<Vec<Uuid>, StorageError> {
        let held = Json(&request.held);
        let query = one!(
            lite r#"select id as "id!: Uuid" from sends
                where tenant_id = $1 and campaign_id = $2 and state = 0 and channel_id = $3
                    and not_before <= $4 and address not in (select value from json_each($6))
                    and exists (select 1 from campaigns k where k.tenant_id = $1 and k.id = $2
                        and k.status = 'sending') order by id limit cast($5 as bigint)"#,
            pg r#"select id as "id!: Uuid" from sends
                where tenant_id = $1 and campaign_id = $2 and state = 0 and channel_id = $3
                    and not_before <= $4
                    and address <> all(array(select value from jsonb_array_elements_text($6)))
                    and exists (select 1 from campaigns k where k.tenant_id = $1 and k.id = $2
                        and k.status = 'sending') order by id limit cast($5 as bigint) for update of sends skip locked"#,
            self.tenant,
            campaign,
            request.channel.uuid(),
            request.now.micros(),
            i64::from(limit),
            held as _
        );
        self.unit.all(query).await
    }

    /// Addresses with lines that were sent back and still wait.
    pub(super) async fn sent_back(
        &mut self,
        channel: Id<Channel>,
        now: Timestamp,
    ) -> Result<Vec<(String, Timestamp)>, StorageError> {
        let query = q!(
            ReturnedRow,
            r#"select address as "address!", max(not_before) as "until!: i64" from sends
               where tenant_id = $1 and channel_id = $2 and not_before > $3 and state = 0 and attempts > 0
               group by address order by address"#,
            self.tenant,
            channel.uuid(),
            now.micros()
        );
        let rows = self.unit.all(query).await?;
        Ok(rows.into_iter().map(|r| (r.address, Timestamp::from_micros(r.until))).collect())
    }
}
