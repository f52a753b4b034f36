//! [`UserStore`] in SQL.

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::tenant::TenantState;
use whatsapp_core::{Email, Grants, Id, Member, Role, Secret, Tenant, Timestamp, User};

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::UserStore;
use crate::sql::convert::{each, maybe, text, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    email: String,
    name: String,
    password_hash: String,
    is_superadmin: bool,
    locale: Option<String>,
    theme: String,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", email as "email!", name as "name!", password_hash as "password_hash!", 
                is_superadmin as "is_superadmin!: bool", locale as "locale?", theme as "theme!", 
                created_at as "created_at!"
                from users "# $($l)+, pg r#"select id as "id!: Uuid", email as "email!", name as "name!", password_hash as "password_hash!", 
                is_superadmin as "is_superadmin!: bool", locale as "locale?", theme as "theme!", 
                created_at as "created_at!"
                from users "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", email as "email!", name as "name!", password_hash as "password_hash!", 
                is_superadmin as "is_superadmin!: bool", locale as "locale?", theme as "theme!", 
                created_at as "created_at!"
                from users "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<User, StorageError> {
    Ok(User {
        id: Id::from_uuid(row.id),
        email: text("e-mail address", &row.email)?,
        name: row.name,
        password_hash: Secret::new(row.password_hash),
        is_superadmin: row.is_superadmin,
        locale: row.locale,
        theme: row.theme,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

struct MembershipRow {
    tenant_id: Uuid,
    tenant_name: String,
    timezone: String,
    state: String,
    tenant_since: i64,
    user_id: Uuid,
    name: String,
    email: String,
    role: String,
    grants: Json<Grants>,
    created_at: i64,
}

fn read_membership(row: MembershipRow) -> Result<(Tenant, Member), StorageError> {
    let tenant = Tenant {
        id: Id::from_uuid(row.tenant_id),
        name: row.tenant_name,
        timezone: row.timezone,
        state: word("tenant state", TenantState::parse, &row.state)?,
        created_at: Timestamp::from_micros(row.tenant_since),
    };
    let member = Member {
        user: Id::from_uuid(row.user_id),
        name: row.name,
        email: text("e-mail address", &row.email)?,
        role: word("role", Role::parse, &row.role)?,
        grants: row.grants.0,
        created_at: Timestamp::from_micros(row.created_at),
    };
    Ok((tenant, member))
}

#[async_trait]
impl UserStore for SqlSystem {
    async fn find(&mut self, id: Id<User>) -> Result<Option<User>, StorageError> {
        let query = rows!("where id = $1", id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn by_email(&mut self, email: &Email) -> Result<Option<User>, StorageError> {
        let query = rows!("where email = $1", email.as_str());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn any(&mut self) -> Result<bool, StorageError> {
        let query = one!(r#"select count(*) as "n!: i64" from (select id from users limit 1) u"#);
        Ok(self.unit.one(query).await? > 0)
    }
    async fn insert(&mut self, user: &User) -> Result<bool, StorageError> {
        let query = x!(
            "insert into users (id, email, name, password_hash, is_superadmin, locale, theme, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (email) do nothing",
            user.id.uuid(),
            user.email.as_str(),
            user.name,
            user.password_hash.expose(),
            user.is_superadmin,
            user.locale,
            user.theme,
            user.created_at.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn update(&mut self, user: &User) -> Result<bool, StorageError> {
        let query = x!(
            "update users set email = $2, name = $3, password_hash = $4, is_superadmin = $5, locale = $6,
                theme = $7
             where id = $1 and not exists (select 1 from users o where o.email = $2 and o.id <> $1)",
            user.id.uuid(),
            user.email.as_str(),
            user.name,
            user.password_hash.expose(),
            user.is_superadmin,
            user.locale,
            user.theme
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn memberships(&mut self, user: Id<User>) -> Result<Vec<(Tenant, Member)>, StorageError> {
        let query = q!(
            MembershipRow,
            r#"select t.id as "tenant_id!: Uuid", t.name as "tenant_name!", t.timezone as "timezone!",
                t.state as "state!", t.created_at as "tenant_since!", u.id as "user_id!: Uuid",
                u.name as "name!", u.email as "email!", m.role as "role!",
                m.grants as "grants!: Json<Grants>", m.created_at as "created_at!"
               from members m join tenants t on t.id = m.tenant_id join users u on u.id = m.user_id
               where m.user_id = $1 order by m.created_at, t.id"#,
            user.uuid()
        );
        each(self.unit.all(query).await?, read_membership)
    }
}
