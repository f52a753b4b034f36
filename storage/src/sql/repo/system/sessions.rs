//! [`SessionStore`] in SQL.

use async_trait::async_trait;
use uuid::Uuid;
use whatsapp_core::{Id, Session, Timestamp, User};

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::SessionStore;
use crate::sql::convert::{digest, maybe};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    token_hash: Vec<u8>,
    user_id: Uuid,
    tenant_id: Option<Uuid>,
    created_at: i64,
    last_seen_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", token_hash as "token_hash!", user_id as "user_id!: Uuid", 
                tenant_id as "tenant_id?: Uuid", created_at as "created_at!", 
                last_seen_at as "last_seen_at!"
                from sessions "# $($l)+, pg r#"select id as "id!: Uuid", token_hash as "token_hash!", user_id as "user_id!: Uuid", 
                tenant_id as "tenant_id?: Uuid", created_at as "created_at!", 
                last_seen_at as "last_seen_at!"
                from sessions "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", token_hash as "token_hash!", user_id as "user_id!: Uuid", 
                tenant_id as "tenant_id?: Uuid", created_at as "created_at!", 
                last_seen_at as "last_seen_at!"
                from sessions "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<Session, StorageError> {
    Ok(Session {
        id: Id::from_uuid(row.id),
        token_hash: digest("session digest", &row.token_hash)?,
        user: Id::from_uuid(row.user_id),
        tenant: row.tenant_id.map(Id::from_uuid),
        created_at: Timestamp::from_micros(row.created_at),
        last_seen_at: Timestamp::from_micros(row.last_seen_at),
    })
}

#[async_trait]
impl SessionStore for SqlSystem {
    async fn by_hash(&mut self, token_hash: &[u8; 32]) -> Result<Option<Session>, StorageError> {
        let query = rows!("where token_hash = $1", token_hash.as_slice());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn insert(&mut self, session: &Session) -> Result<(), StorageError> {
        let query = x!(
            "insert into sessions (id, token_hash, user_id, tenant_id, created_at, last_seen_at)
             values ($1, $2, $3, $4, $5, $6)",
            session.id.uuid(),
            session.token_hash.as_slice(),
            session.user.uuid(),
            session.tenant.map(Id::uuid),
            session.created_at.micros(),
            session.last_seen_at.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn touch(&mut self, id: Id<Session>, now: Timestamp) -> Result<(), StorageError> {
        let query = x!(
            "update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2",
            id.uuid(),
            now.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn revoke(&mut self, id: Id<Session>) -> Result<bool, StorageError> {
        let query = x!("delete from sessions where id = $1", id.uuid());
        Ok(self.unit.run(query).await? == 1)
    }
    async fn revoke_all(
        &mut self,
        user: Id<User>,
        but: Option<Id<Session>>,
    ) -> Result<u64, StorageError> {
        // No session has the nil id.
        let but = but.map_or(Uuid::nil(), Id::uuid);
        let query = x!("delete from sessions where user_id = $1 and id <> $2", user.uuid(), but);
        self.unit.run(query).await
    }
    async fn trim(&mut self, before: Timestamp) -> Result<u64, StorageError> {
        let query = x!("delete from sessions where created_at < $1", before.micros());
        self.unit.run(query).await
    }
}
