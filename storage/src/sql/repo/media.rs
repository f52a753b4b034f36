//! [`MediaStore`] in SQL: the rows, never the bytes.

use async_trait::async_trait;
use uuid::Uuid;
use whatsapp_core::{Id, MediaKind, MediaObject, MediaState, Timestamp};

use super::SqlTenant;
use crate::StorageError;
use crate::repo::MediaStore;
use crate::sql::convert::{each, ids, maybe, moment, word};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    mime: String,
    size: i64,
    filename: Option<String>,
    state: String,
    error: Option<String>,
    channel_id: Option<Uuid>,
    provider_id: Option<String>,
    provider_expires_at: Option<i64>,
    created_at: i64,
}

macro_rules! rows {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)*) => {
        q!(Row, lite r#"select id as "id!: Uuid", kind as "kind!", mime as "mime!", size as "size!", 
                filename as "filename?", state as "state!", error as "error?", 
                channel_id as "channel_id?: Uuid", provider_id as "provider_id?", 
                provider_expires_at as "provider_expires_at?", created_at as "created_at!"
                from media "# $($l)+, pg r#"select id as "id!: Uuid", kind as "kind!", mime as "mime!", size as "size!", 
                filename as "filename?", state as "state!", error as "error?", 
                channel_id as "channel_id?: Uuid", provider_id as "provider_id?", 
                provider_expires_at as "provider_expires_at?", created_at as "created_at!"
                from media "# $($p)+ $(, $a)*)
    };
    ($($tail:literal)+ $(, $a:expr)*) => {
        q!(Row, r#"select id as "id!: Uuid", kind as "kind!", mime as "mime!", size as "size!", 
                filename as "filename?", state as "state!", error as "error?", 
                channel_id as "channel_id?: Uuid", provider_id as "provider_id?", 
                provider_expires_at as "provider_expires_at?", created_at as "created_at!"
                from media "# $($tail)+ $(, $a)*)
    };
}

fn read(row: Row) -> Result<MediaObject, StorageError> {
    Ok(MediaObject {
        id: Id::from_uuid(row.id),
        kind: word("media kind", MediaKind::parse, &row.kind)?,
        mime: row.mime,
        size: row.size,
        filename: row.filename,
        state: word("media state", MediaState::parse, &row.state)?,
        error: row.error,
        channel: row.channel_id.map(Id::from_uuid),
        provider_id: row.provider_id,
        provider_expires_at: moment(row.provider_expires_at),
        created_at: Timestamp::from_micros(row.created_at),
    })
}

#[async_trait]
impl MediaStore for SqlTenant<'_> {
    async fn find(&mut self, id: Id<MediaObject>) -> Result<Option<MediaObject>, StorageError> {
        let query = rows!("where tenant_id = $1 and id = $2", self.tenant, id.uuid());
        maybe(self.unit.maybe(query).await?, read)
    }
    async fn many(&mut self, wanted: &[Id<MediaObject>]) -> Result<Vec<MediaObject>, StorageError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = ids(wanted);
        let query = rows!(
            lite "where tenant_id = $1 and id in (select unhex(value, '-') from json_each($2))",
            pg "where tenant_id = $1 and id = any(array(select value::uuid from jsonb_array_elements_text($2)))",
            self.tenant,
            wanted as _
        );
        each(self.unit.all(query).await?, read)
    }
    async fn insert(&mut self, media: &MediaObject) -> Result<(), StorageError> {
        let m = media;
        let query = x!(
            "insert into media (tenant_id, id, kind, mime, size, filename, state, error, channel_id,
                provider_id, provider_expires_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            self.tenant,
            m.id.uuid(),
            m.kind.as_str(),
            m.mime,
            m.size,
            m.filename,
            m.state.as_str(),
            m.error,
            m.channel.map(Id::uuid),
            m.provider_id,
            m.provider_expires_at.map(Timestamp::micros),
            m.created_at.micros()
        );
        self.unit.run(query).await.map(drop)
    }
    async fn update(&mut self, media: &MediaObject) -> Result<bool, StorageError> {
        let m = media;
        let query = x!(
            "update media set kind = $3, mime = $4, size = $5, filename = $6, state = $7, error = $8,
                channel_id = $9, provider_id = $10, provider_expires_at = $11
             where tenant_id = $1 and id = $2",
            self.tenant,
            m.id.uuid(),
            m.kind.as_str(),
            m.mime,
            m.size,
            m.filename,
            m.state.as_str(),
            m.error,
            m.channel.map(Id::uuid),
            m.provider_id,
            m.provider_expires_at.map(Timestamp::micros)
        );
        Ok(self.unit.run(query).await? == 1)
    }
}
