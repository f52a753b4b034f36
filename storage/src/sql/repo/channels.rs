//! [`ChannelStore`] in SQL.

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::channel::Problem;
use whatsapp_core::{Channel, ChannelState, Id, Quality, Secret, Timestamp, WaitReason, Waiting};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::ChannelStore;
use crate::sql::convert::{each, maybe, moment, number, text, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    phone: String,
    verified_name: String,
    phone_number_id: String,
    waba_id: String,
    portfolio: String,
    messaging_limit: Option<i64>,
    token_sealed: String,
    app_secret_sealed: Option<String>,
    state: String,
    problem: Option<Json<Problem>>,
    state_at: i64,
    quality: String,
    throughput: i64,
    pace_reason: Option<String>,
    pace_until: Option<i64>,
    last_inbound_at: Option<i64>,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", name as "name!", phone as "phone!", verified_name as "verified_name!", 
                phone_number_id as "phone_number_id!", waba_id as "waba_id!", portfolio as "portfolio!",
                (select p.people_limit from portfolios p where p.tenant_id = channels.tenant_id
                    and p.id = channels.portfolio) as "messaging_limit?: i64",
                pace_reason as "pace_reason?", pace_until as "pace_until?",
                token_sealed as "token_sealed!", app_secret_sealed as "app_secret_sealed?", 
                state as "state!", problem as "problem?: Json<Problem>", state_at as "state_at!", quality as "quality!", 
                throughput as "throughput!", last_inbound_at as "last_inbound_at?", 
                created_at as "created_at!"
                from channels "# $($l)+, pg r#"select id as "id!: Uuid", name as "name!", phone as "phone!", verified_name as "verified_name!", 
                phone_number_id as "phone_number_id!", waba_id as "waba_id!", portfolio as "portfolio!",
                (select p.people_limit from portfolios p where p.tenant_id = channels.tenant_id
                    and p.id = channels.portfolio) as "messaging_limit?: i64",
                pace_reason as "pace_reason?", pace_until as "pace_until?",
                token_sealed as "token_sealed!", app_secret_sealed as "app_secret_sealed?", 
                state as "state!", problem as "problem?: Json<Problem>", state_at as "state_at!", quality as "quality!", 
                throughput as "throughput!", last_inbound_at as "last_inbound_at?", 
                created_at as "created_at!"
                from channels "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", name as "name!", phone as "phone!", verified_name as "verified_name!", 
                phone_number_id as "phone_number_id!", waba_id as "waba_id!", portfolio as "portfolio!",
                (select p.people_limit from portfolios p where p.tenant_id = channels.tenant_id
                    and p.id = channels.portfolio) as "messaging_limit?: i64",
                pace_reason as "pace_reason?", pace_until as "pace_until?",
                token_sealed as "token_sealed!", app_secret_sealed as "app_secret_sealed?", 
                state as "state!", problem as "problem?: Json<Problem>", state_at as "state_at!", quality as "quality!", 
                throughput as "throughput!", last_inbound_at as "last_inbound_at?", 
                created_at as "created_at!"
                from channels "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Channel, StorageError> {
    Ok(Channel {
        id: Id::from_uuid(row.id),
        name: row.name,
        phone: text("phone number", &row.phone)?,
        verified_name: row.verified_name,
        phone_number_id: row.phone_number_id,
        waba_id: row.waba_id,
        portfolio: row.portfolio,
        messaging_limit: row.messaging_limit.map(|n| number("messaging limit", n)).transpose()?,
        token_sealed: Secret::new(row.token_sealed),
        app_secret_sealed: row.app_secret_sealed.map(Secret::new),
        state: word("channel state", ChannelState::parse, &row.state)?,
        problem: row.problem.map(|p| p.0),
        state_at: Timestamp::from_micros(row.state_at),
        quality: word("quality", Quality::parse, &row.quality)?,
        throughput: number("throughput", row.throughput)?,
        pace: row.pace_reason.map(|reason| pace(&reason, row.pace_until)).transpose()?,
        last_inbound_at: moment(row.last_inbound_at),
        created_at: Timestamp::from_micros(row.created_at),
    })
}

fn pace(reason: &str, until: Option<i64>) -> Result<Waiting, StorageError> {
    Ok(Waiting { reason: word("reason to wait", WaitReason::parse, reason)?, until: moment(until) })
}

#[async_trait]
impl ChannelStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<Channel>) -> Result<Option<Channel>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn hold(&mut self, id: Id<Channel>) -> Result<Option<Channel>, StorageError> {
        let query = rows!(
            lite "where tenant_id = $1 and id = $2",
            pg "where tenant_id = $1 and id = $2 for no key update of channels",
            self.tenant,
            id.uuid()
        );
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn list(&mut self) -> Result<Vec<Channel>, StorageError> {
        let query = rows!("where tenant_id = $1 order by id", self.tenant);
        each(self.unit.all(query).await?, read)
    }
    async fn insert(&mut self, channel: &Channel) -> Result<bool, StorageError> {
        let c = channel;
        let (problem, app_secret) =
            (c.problem.as_ref().map(Json), c.app_secret_sealed.as_ref().map(Secret::expose));
        let query = x!(
            "insert into channels (tenant_id, id, name, phone, verified_name, phone_number_id, waba_id,
                token_sealed, app_secret_sealed, state, problem, quality, throughput, last_inbound_at,
                created_at, portfolio, state_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             on conflict (phone_number_id) do nothing",
            self.tenant,
            c.id.uuid(),
            c.name,
            c.phone.as_str(),
            c.verified_name,
            c.phone_number_id,
            c.waba_id,
            c.token_sealed.expose(),
            app_secret,
            c.state.as_str(),
            problem as _,
            c.quality.as_str(),
            i64::from(c.throughput),
            c.last_inbound_at.map(Timestamp::micros),
            c.created_at.micros(),
            c.portfolio,
            c.state_at.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn update(&mut self, channel: &Channel) -> Result<bool, StorageError> {
        let c = channel;
        let (problem, app_secret) =
            (c.problem.as_ref().map(Json), c.app_secret_sealed.as_ref().map(Secret::expose));
        let query = x!(
            "update channels set name = $3, phone = $4, verified_name = $5, phone_number_id = $6,
                waba_id = $7, token_sealed = $8, app_secret_sealed = $9, state = $10, problem = $11,
                quality = $12, throughput = $13, last_inbound_at = $14, portfolio = $15,
                state_at = $16
             where tenant_id = $1 and id = $2",
            self.tenant,
            c.id.uuid(),
            c.name,
            c.phone.as_str(),
            c.verified_name,
            c.phone_number_id,
            c.waba_id,
            c.token_sealed.expose(),
            app_secret,
            c.state.as_str(),
            problem as _,
            c.quality.as_str(),
            i64::from(c.throughput),
            c.last_inbound_at.map(Timestamp::micros),
            c.portfolio,
            c.state_at.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn note_inbound(&mut self, id: Id<Channel>, at: Timestamp) -> Result<(), StorageError> {
        let query = x!(
            "update channels set last_inbound_at = $3
             where tenant_id = $1 and id = $2 and (last_inbound_at is null or last_inbound_at < $3)",
            self.tenant,
            id.uuid(),
            at.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn note_pace(
        &mut self,
        id: Id<Channel>,
        pace: Option<Waiting>,
    ) -> Result<(), StorageError> {
        let query = x!(
            "update channels set pace_reason = $3, pace_until = $4 where tenant_id = $1 and id = $2",
            self.tenant,
            id.uuid(),
            pace.map(|pace| pace.reason.as_str()),
            pace.and_then(|pace| pace.until).map(Timestamp::micros)
        );
        self.unit.run(query).await.map(drop)
    }
    async fn delete(&mut self, id: Id<Channel>) -> Result<bool, StorageError> {
        let query =
            x!("delete from channels where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        Ok(self.unit.run(query).await? == 1)
    }
}
