//! [`TenantStore`] in SQL.

use async_trait::async_trait;
use uuid::Uuid;
use whatsapp_core::tenant::TenantState;
use whatsapp_core::{Id, Page, PageRequest, Tenant, Timestamp};

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::TenantStore;
use crate::sql::convert::{after, cut_by_id, each, maybe, one_more, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    timezone: String,
    state: String,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", name as "name!", timezone as "timezone!", state as "state!", 
                created_at as "created_at!"
                from tenants "# $($l)+, pg r#"select id as "id!: Uuid", name as "name!", timezone as "timezone!", state as "state!", 
                created_at as "created_at!"
                from tenants "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", name as "name!", timezone as "timezone!", state as "state!", 
                created_at as "created_at!"
                from tenants "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Tenant, StorageError> {
    Ok(Tenant {
        id: Id::from_uuid(row.id),
        name: row.name,
        timezone: row.timezone,
        state: word("tenant state", TenantState::parse, &row.state)?,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

#[async_trait]
impl TenantStore for SqlSystem {
    async fn find(&mut self, id: Id<Tenant>) -> Result<Option<Tenant>, StorageError> {
        let query = rows!("where id = $1", id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn page(&mut self, page: &PageRequest) -> Result<Page<Tenant>, StorageError> {
        let query = rows!(
            "where id > $1 order by id limit cast($2 as bigint)",
            after(page),
            one_more(page)
        );
        let items = each(self.unit.all(query).await?, read)?;
        Ok(cut_by_id(items, page, |tenant| tenant.id))
    }
    async fn insert(&mut self, tenant: &Tenant) -> Result<(), StorageError> {
        let query = x!(
            "insert into tenants (id, name, timezone, state, created_at) values ($1, $2, $3, $4, $5)",
            tenant.id.uuid(),
            tenant.name,
            tenant.timezone,
            tenant.state.as_str(),
            tenant.created_at.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn update(&mut self, tenant: &Tenant) -> Result<bool, StorageError> {
        let query = x!(
            "update tenants set name = $2, timezone = $3, state = $4 where id = $1",
            tenant.id.uuid(),
            tenant.name,
            tenant.timezone,
            tenant.state.as_str()
        );
        Ok(self.unit.run(query).await? == 1)
    }
}
