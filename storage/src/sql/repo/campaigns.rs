//! [`CampaignStore`] in SQL.

use async_trait::async_trait;
use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::campaign::CampaignRules;
use whatsapp_core::text::fold;
use whatsapp_core::{
    Audience, By, Campaign, CampaignStatus, Channel, Counts, Id, Page, PageRequest, Timestamp,
    Variables,
};

use super::{Db, SqlTenant, up_to};
use crate::StorageError;
use crate::repo::{CampaignStore, Running};
use crate::sql::convert::{before, cut_by_id, each, maybe, moment, number, pattern, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    channel_id: Uuid,
    template_id: Uuid,
    audience: Json<Audience>,
    variables: Json<Variables>,
    status: String,
    reason: Option<String>,
    n_total: i64,
    n_waiting: i64,
    n_accepted: i64,
    n_sent: i64,
    n_delivered: i64,
    n_read: i64,
    n_failed: i64,
    n_skipped: i64,
    n_ambiguous: i64,
    n_unconfirmed: i64,
    rate: Option<i64>,
    rules: Json<CampaignRules>,
    scheduled_at: Option<i64>,
    started_at: Option<i64>,
    prepared_at: Option<i64>,
    completed_at: Option<i64>,
    created_by: Json<By>,
    created_at: i64,
    revision: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", name as "name!", channel_id as "channel_id!: Uuid", 
                template_id as "template_id!: Uuid", audience as "audience!: Json<Audience>", 
                variables as "variables!: Json<Variables>", status as "status!", reason as "reason?", 
                n_total as "n_total!", n_waiting as "n_waiting!", n_accepted as "n_accepted!", 
                n_sent as "n_sent!", n_delivered as "n_delivered!", n_read as "n_read!", 
                n_failed as "n_failed!", n_skipped as "n_skipped!", n_ambiguous as "n_ambiguous!", 
                n_unconfirmed as "n_unconfirmed!", rate as "rate?", rules as "rules!: Json<CampaignRules>", scheduled_at as "scheduled_at?", 
                started_at as "started_at?", prepared_at as "prepared_at?", completed_at as "completed_at?", 
                created_by as "created_by!: Json<By>", created_at as "created_at!", revision as "revision!"
                from campaigns "# $($l)+, pg r#"select id as "id!: Uuid", name as "name!", channel_id as "channel_id!: Uuid", 
                template_id as "template_id!: Uuid", audience as "audience!: Json<Audience>", 
                variables as "variables!: Json<Variables>", status as "status!", reason as "reason?", 
                n_total as "n_total!", n_waiting as "n_waiting!", n_accepted as "n_accepted!", 
                n_sent as "n_sent!", n_delivered as "n_delivered!", n_read as "n_read!", 
                n_failed as "n_failed!", n_skipped as "n_skipped!", n_ambiguous as "n_ambiguous!", 
                n_unconfirmed as "n_unconfirmed!", rate as "rate?", rules as "rules!: Json<CampaignRules>", scheduled_at as "scheduled_at?", 
                started_at as "started_at?", prepared_at as "prepared_at?", completed_at as "completed_at?", 
                created_by as "created_by!: Json<By>", created_at as "created_at!", revision as "revision!"
                from campaigns "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", name as "name!", channel_id as "channel_id!: Uuid", 
                template_id as "template_id!: Uuid", audience as "audience!: Json<Audience>", 
                variables as "variables!: Json<Variables>", status as "status!", reason as "reason?", 
                n_total as "n_total!", n_waiting as "n_waiting!", n_accepted as "n_accepted!", 
                n_sent as "n_sent!", n_delivered as "n_delivered!", n_read as "n_read!", 
                n_failed as "n_failed!", n_skipped as "n_skipped!", n_ambiguous as "n_ambiguous!", 
                n_unconfirmed as "n_unconfirmed!", rate as "rate?", rules as "rules!: Json<CampaignRules>", scheduled_at as "scheduled_at?", 
                started_at as "started_at?", prepared_at as "prepared_at?", completed_at as "completed_at?", 
                created_by as "created_by!: Json<By>", created_at as "created_at!", revision as "revision!"
                from campaigns "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Campaign, StorageError> {
    Ok(Campaign {
        id: Id::from_uuid(row.id),
        name: row.name,
        channel: Id::from_uuid(row.channel_id),
        template: Id::from_uuid(row.template_id),
        audience: row.audience.0,
        variables: row.variables.0,
        status: word("campaign status", CampaignStatus::parse, &row.status)?,
        reason: row.reason,
        counts: Counts {
            total: row.n_total,
            waiting: row.n_waiting,
            accepted: row.n_accepted,
            sent: row.n_sent,
            delivered: row.n_delivered,
            read: row.n_read,
            failed: row.n_failed,
            skipped: row.n_skipped,
            ambiguous: row.n_ambiguous,
            unconfirmed: row.n_unconfirmed,
        },
        rate: row.rate.map(|rate| number("rate", rate)).transpose()?,
        rules: row.rules.0,
        scheduled_at: moment(row.scheduled_at),
        started_at: moment(row.started_at),
        prepared_at: moment(row.prepared_at),
        completed_at: moment(row.completed_at),
        created_by: row.created_by.0,
        created_at: Timestamp::from_micros(row.created_at),
        revision: row.revision,
    })
}

#[async_trait]
impl CampaignStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Campaign>) -> Result<Option<Campaign>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn page(
        &mut self,
        status: Option<CampaignStatus>,
        search: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<Campaign>, StorageError> {
        let mut query = QueryBuilder::<Db>::new(
            "select campaigns.id, campaigns.name, campaigns.channel_id, campaigns.template_id, campaigns.audience, campaigns.variables, campaigns.status, campaigns.reason, campaigns.n_total, campaigns.n_waiting, campaigns.n_accepted, campaigns.n_sent, campaigns.n_delivered, campaigns.n_read, campaigns.n_failed, campaigns.n_skipped, campaigns.n_ambiguous, campaigns.n_unconfirmed, campaigns.rate, campaigns.rules, campaigns.scheduled_at, campaigns.started_at, campaigns.prepared_at, campaigns.completed_at, campaigns.created_by, campaigns.created_at, campaigns.revision from campaigns where tenant_id = ",
        );
        query.push_bind(self.tenant).push(" and id < ").push_bind(before(page));
        if let Some(status) = status {
            query.push(" and status = ").push_bind(status.as_str());
        }
        if let Some(search) = search.filter(|s| !s.trim().is_empty()) {
            query.push(" and search like ").push_bind(pattern(search)).push(r" escape '\'");
        }
        query.push(" order by id desc");
        up_to(&mut query, page);
        let rows: Vec<Row> = self.unit.all(query.build_query_as()).await?;
        Ok(cut_by_id(each(rows, read)?, page, |campaign| campaign.id))
    }
    async fn insert(&mut self, campaign: &Campaign) -> Result<(), StorageError> {
        let c = campaign;
        let (audience, variables, by, rules) =
            (Json(&c.audience), Json(&c.variables), Json(&c.created_by), Json(c.rules));
        let query = x!(
            "insert into campaigns (tenant_id, id, name, search, channel_id, template_id, audience, variables,
                status, reason, n_total, n_waiting, n_accepted, n_sent, n_delivered, n_read, n_failed,
                n_skipped, n_ambiguous, n_unconfirmed, rate, scheduled_at, started_at, completed_at,
                created_by, created_at, revision, prepared_at, rules)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)",
            self.tenant,
            c.id.uuid(),
            c.name,
            fold(&c.name),
            c.channel.uuid(),
            c.template.uuid(),
            audience as _,
            variables as _,
            c.status.as_str(),
            c.reason,
            c.counts.total,
            c.counts.waiting,
            c.counts.accepted,
            c.counts.sent,
            c.counts.delivered,
            c.counts.read,
            c.counts.failed,
            c.counts.skipped,
            c.counts.ambiguous,
            c.counts.unconfirmed,
            c.rate.map(i64::from),
            c.scheduled_at.map(Timestamp::micros),
            c.started_at.map(Timestamp::micros),
            c.completed_at.map(Timestamp::micros),
            by as _,
            c.created_at.micros(),
            c.revision,
            c.prepared_at.map(Timestamp::micros),
            rules as _
        );
        self.unit.run(query).await.map(drop)
    }
    async fn update(&mut self, campaign: &Campaign, seen: i64) -> Result<bool, StorageError> {
        let c = campaign;
        let (audience, variables, rules) = (Json(&c.audience), Json(&c.variables), Json(c.rules));
        let query = x!(
            "update campaigns set name = $4, search = $5, channel_id = $6, template_id = $7, audience = $8,
                variables = $9, status = $10, reason = $11, rate = $12, scheduled_at = $13,
                started_at = $14, completed_at = $15, revision = $16, prepared_at = $17, rules = $18
             where tenant_id = $1 and id = $2 and revision = $3
                and ($10 <> 'completed' or n_waiting + n_ambiguous <= 0)",
            self.tenant,
            c.id.uuid(),
            seen,
            c.name,
            fold(&c.name),
            c.channel.uuid(),
            c.template.uuid(),
            audience as _,
            variables as _,
            c.status.as_str(),
            c.reason,
            c.rate.map(i64::from),
            c.scheduled_at.map(Timestamp::micros),
            c.started_at.map(Timestamp::micros),
            c.completed_at.map(Timestamp::micros),
            c.revision,
            c.prepared_at.map(Timestamp::micros),
            rules as _
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn over_but_waiting(&mut self) -> Result<Vec<Id<Campaign>>, StorageError> {
        let query = one!(
            r#"select id as "id!: Uuid" from campaigns
               where tenant_id = $1 and status in ('cancelled', 'failed') and n_waiting > 0
                and exists (select 1 from sends s where s.tenant_id = campaigns.tenant_id
                    and s.campaign_id = campaigns.id and s.state = 0)
               order by id limit 100"#,
            self.tenant
        );
        Ok(self.unit.all(query).await?.into_iter().map(Id::from_uuid).collect())
    }
    async fn add_counts(&mut self, id: Id<Campaign>, delta: &Counts) -> Result<(), StorageError> {
        let query = x!(
            "update campaigns set n_total = n_total + $3, n_waiting = n_waiting + $4,
                n_accepted = n_accepted + $5, n_sent = n_sent + $6, n_delivered = n_delivered + $7,
                n_read = n_read + $8, n_failed = n_failed + $9, n_skipped = n_skipped + $10,
                n_ambiguous = n_ambiguous + $11, n_unconfirmed = n_unconfirmed + $12
             where tenant_id = $1 and id = $2",
            self.tenant,
            id.uuid(),
            delta.total,
            delta.waiting,
            delta.accepted,
            delta.sent,
            delta.delivered,
            delta.read,
            delta.failed,
            delta.skipped,
            delta.ambiguous,
            delta.unconfirmed
        );
        self.unit.run(query).await.map(drop)
    }
    async fn delete_draft(&mut self, id: Id<Campaign>) -> Result<bool, StorageError> {
        let query = x!(
            "delete from campaigns where tenant_id = $1 and id = $2 and status = 'draft'",
            self.tenant,
            id.uuid()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn due(&mut self, now: Timestamp) -> Result<Vec<Campaign>, StorageError> {
        let query = rows!(
            "where tenant_id = $1 and status = 'scheduled' and scheduled_at <= $2 order by id",
            self.tenant,
            now.micros()
        );
        each(self.unit.all(query).await?, read)
    }
    async fn sending(&mut self) -> Result<Vec<Campaign>, StorageError> {
        let query = rows!("where tenant_id = $1 and status = 'sending' order by id", self.tenant);
        each(self.unit.all(query).await?, read)
    }
    async fn running(&mut self, channel: Id<Channel>) -> Result<Vec<Running>, StorageError> {
        let query = q!(
            RunningRow,
            r#"select id as "id!: Uuid", rate as "rate?" from campaigns
               where tenant_id = $1 and channel_id = $2 and status in ('scheduled', 'sending')
                   and status = 'sending' and n_waiting > 0 order by id"#,
            self.tenant,
            channel.uuid()
        );
        let read = |row: RunningRow| {
            let rate = row.rate.map(|rate| number("rate", rate)).transpose()?;
            Ok(Running { id: Id::from_uuid(row.id), rate })
        };
        self.unit.all(query).await?.into_iter().map(read).collect()
    }
}

struct RunningRow {
    id: Uuid,
    rate: Option<i64>,
}
