//! [`RoutingStore`] in SQL.

use async_trait::async_trait;
use sqlx::types::Json;
use uuid::Uuid;
use whatsapp_core::{ApiKey, Channel, Grants, Id, Secret, Tenant, Timestamp};

use super::SqlSystem;
use crate::StorageError;
use crate::SystemTx as _;
use crate::repo::system::RoutingStore;
use crate::sql::convert::{digest, moment};

struct Place {
    tenant_id: Uuid,
    id: Uuid,
}

struct SecretRow {
    tenant_id: Uuid,
    id: Uuid,
    secret: String,
}

struct KeyRow {
    tenant_id: Uuid,
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

impl SqlSystem {
    async fn channels_at(
        &mut self,
        places: Vec<Place>,
    ) -> Result<Vec<(Id<Tenant>, Channel)>, StorageError> {
        let mut channels = Vec::with_capacity(places.len());
        for place in places {
            let tenant = Id::from_uuid(place.tenant_id);
            let mut inside = self.enter(tenant).await?;
            let found = inside.channels().find(Id::from_uuid(place.id)).await?;
            inside.commit().await?;
            channels.extend(found.map(|channel| (tenant, channel)));
        }
        Ok(channels)
    }
}

#[async_trait]
impl RoutingStore for SqlSystem {
    async fn channel_by_phone_number_id(
        &mut self,
        phone_number_id: &str,
    ) -> Result<Option<(Id<Tenant>, Channel)>, StorageError> {
        let query = q!(
            Place,
            r#"select tenant_id as "tenant_id!: Uuid", id as "id!: Uuid" from channels
               where phone_number_id = $1"#,
            phone_number_id
        );
        let places = self.unit.all(query).await?;
        Ok(self.channels_at(places).await?.pop())
    }
    async fn channels_by_waba(
        &mut self,
        waba_id: &str,
    ) -> Result<Vec<(Id<Tenant>, Channel)>, StorageError> {
        let query = q!(
            Place,
            r#"select tenant_id as "tenant_id!: Uuid", id as "id!: Uuid" from channels
               where waba_id = $1 order by tenant_id, id"#,
            waba_id
        );
        let places = self.unit.all(query).await?;
        self.channels_at(places).await
    }
    async fn app_secrets(
        &mut self,
    ) -> Result<Vec<(Id<Tenant>, Id<Channel>, Secret)>, StorageError> {
        let query = q!(
            SecretRow,
            r#"select tenant_id as "tenant_id!: Uuid", id as "id!: Uuid", app_secret_sealed as "secret!"
               from channels where app_secret_sealed is not null order by tenant_id, id"#
        );
        let rows = self.unit.all(query).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                (Id::from_uuid(row.tenant_id), Id::from_uuid(row.id), Secret::new(row.secret))
            })
            .collect())
    }
    async fn api_key_by_prefix(
        &mut self,
        prefix: &str,
    ) -> Result<Option<(Id<Tenant>, ApiKey)>, StorageError> {
        let query = q!(
            KeyRow,
            r#"select tenant_id as "tenant_id!: Uuid", id as "id!: Uuid", name as "name!",
                prefix as "prefix!", secret_hash as "secret_hash!", grants as "grants!: Json<Grants>",
                per_minute as "per_minute!", per_day as "per_day?", created_at as "created_at!",
                last_used_at as "last_used_at?", expires_at as "expires_at?", revoked_at as "revoked_at?"
               from api_keys where prefix = $1"#,
            prefix
        );
        let Some(row) = self.unit.maybe(query).await? else { return Ok(None) };
        let key = ApiKey {
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
        };
        Ok(Some((Id::from_uuid(row.tenant_id), key)))
    }
    async fn touch_api_key(&mut self, id: Id<ApiKey>, now: Timestamp) -> Result<(), StorageError> {
        let query = x!(
            "update api_keys set last_used_at = $2
             where id = $1 and (last_used_at is null or last_used_at < $2)",
            id.uuid(),
            now.micros()
        );
        self.unit.run(query).await.map(drop)
    }
}
