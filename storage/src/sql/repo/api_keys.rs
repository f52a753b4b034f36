//! [`ApiKeyStore`] in SQL.

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::{ApiKey, Grants, Id, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::ApiKeyStore;
use crate::sql::convert::{digest, each, moment};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    prefix: String,
    secret_hash: Vec<u8>,
    grants: Json<Grants>,
    per_minute: i64,
    per_day: Option<i64>,
    created_at: i64,
    last_used_at: Option<i64>,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", name as "name!", prefix as "prefix!", secret_hash as "secret_hash!", 
                grants as "grants!: Json<Grants>", per_minute as "per_minute!", per_day as "per_day?", 
                created_at as "created_at!", last_used_at as "last_used_at?", expires_at as "expires_at?", 
                revoked_at as "revoked_at?"
                from api_keys "# $($l)+, pg r#"select id as "id!: Uuid", name as "name!", prefix as "prefix!", secret_hash as "secret_hash!", 
                grants as "grants!: Json<Grants>", per_minute as "per_minute!", per_day as "per_day?", 
                created_at as "created_at!", last_used_at as "last_used_at?", expires_at as "expires_at?", 
                revoked_at as "revoked_at?"
                from api_keys "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", name as "name!", prefix as "prefix!", secret_hash as "secret_hash!", 
                grants as "grants!: Json<Grants>", per_minute as "per_minute!", per_day as "per_day?", 
                created_at as "created_at!", last_used_at as "last_used_at?", expires_at as "expires_at?", 
                revoked_at as "revoked_at?"
                from api_keys "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<ApiKey, StorageError> {
    Ok(ApiKey {
        id: Id::from_uuid(row.id),
        name: row.name,
        prefix: row.prefix,
        secret_hash: digest("key digest", &row.secret_hash)?,
        grants: row.grants.0,
        per_minute: row.per_minute,
        per_day: row.per_day,
        created_at: Timestamp::from_micros(row.created_at),
        last_used_at: moment(row.last_used_at),
        expires_at: moment(row.expires_at),
        revoked_at: moment(row.revoked_at),
    })
}

#[async_trait]
impl ApiKeyStore for SqlTenant<'_> {
    async fn list(&mut self) -> Result<Vec<ApiKey>, StorageError> {
        let query = rows!("where tenant_id = $1 order by id desc", self.tenant);
        each(self.unit.all(query).await?, read)
    }
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StorageError> {
        let (grants, hash) = (Json(&key.grants), key.secret_hash.as_slice());
        let query = x!(
            "insert into api_keys (tenant_id, id, name, prefix, secret_hash, grants, per_minute, per_day,
                created_at, last_used_at, expires_at, revoked_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            self.tenant,
            key.id.uuid(),
            key.name,
            key.prefix,
            hash,
            grants as _,
            key.per_minute,
            key.per_day,
            key.created_at.micros(),
            key.last_used_at.map(Timestamp::micros),
            key.expires_at.map(Timestamp::micros),
            key.revoked_at.map(Timestamp::micros)
        );
        self.unit.run(query).await.map(drop)
    }
    async fn revoke(&mut self, id: Id<ApiKey>, now: Timestamp) -> Result<bool, StorageError> {
        let query = x!(
            "update api_keys set revoked_at = $3
             where tenant_id = $1 and id = $2 and revoked_at is null",
            self.tenant,
            id.uuid(),
            now.micros()
        );
        Ok(self.unit.run(query).await? == 1)
    }
}
