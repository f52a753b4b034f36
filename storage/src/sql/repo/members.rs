//! [`MemberStore`] in SQL.

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::text::fold;
use whatsapp_core::{Grants, Id, Member, Role, Timestamp, User};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::MemberStore;
use crate::sql::convert::{each, maybe, text, word};

struct Row {
    user_id: Uuid,
    name: String,
    email: String,
    role: String,
    grants: Json<Grants>,
    created_at: i64,
}

fn read(row: Row) -> Result<Member, StorageError> {
    Ok(Member {
        user: Id::from_uuid(row.user_id),
        name: row.name,
        email: text("e-mail address", &row.email)?,
        role: word("role", Role::parse, &row.role)?,
        grants: row.grants.0,
        created_at: Timestamp::from_micros(row.created_at),
    })
}

macro_rules! rows {
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select m.user_id as "user_id!: Uuid", u.name as "name!", u.email as "email!",
                m.role as "role!", m.grants as "grants!: Json<Grants>", m.created_at as "created_at!"
            from members m join users u on u.id = m.user_id "# $($tail)+ $(, $a)*)
    };
}

#[async_trait]
impl MemberStore for SqlTenant<'_> {
    async fn list(&mut self) -> Result<Vec<Member>, StorageError> {
        let query = rows!("where m.tenant_id = $1 order by m.user_id", self.tenant);
        let mut members = each(self.unit.all(query).await?, read)?;
        members.sort_by_key(|member| fold(&member.name));
        Ok(members)
    }
    async fn find(&mut self, user: Id<User>) -> Result<Option<Member>, StorageError> {
        let query = rows!("where m.tenant_id = $1 and m.user_id = $2", self.tenant, user.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn insert(&mut self, member: &Member) -> Result<bool, StorageError> {
        let grants = Json(&member.grants);
        let query = x!(
            "insert into members (tenant_id, user_id, role, grants, created_at)
             values ($1, $2, $3, $4, $5) on conflict (tenant_id, user_id) do nothing",
            self.tenant,
            member.user.uuid(),
            member.role.as_str(),
            grants as _,
            member.created_at.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn update(&mut self, member: &Member) -> Result<bool, StorageError> {
        let grants = Json(&member.grants);
        let query = x!(
            "update members set role = $3, grants = $4 where tenant_id = $1 and user_id = $2",
            self.tenant,
            member.user.uuid(),
            member.role.as_str(),
            grants as _
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn remove(&mut self, user: Id<User>) -> Result<bool, StorageError> {
        let query = x!(
            "delete from members where tenant_id = $1 and user_id = $2",
            self.tenant,
            user.uuid()
        );
        if self.unit.run(query).await? == 0 {
            return Ok(false);
        }
        let sessions = x!(
            "delete from sessions where tenant_id = $1 and user_id = $2",
            self.tenant,
            user.uuid()
        );
        self.unit.run(sessions).await?;
        // What the person was answering waits for somebody else.
        let held = x!(
            "update conversations set assignee_id = null where tenant_id = $1 and assignee_id = $2",
            self.tenant,
            user.uuid()
        );
        self.unit.run(held).await?;
        Ok(true)
    }
}
