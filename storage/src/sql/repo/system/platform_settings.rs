//! [`PlatformSettingStore`] in SQL.

use async_trait::async_trait;
use serde_json::Value;
use sqlx::types::Json;

use super::SqlSystem;
use crate::StorageError;
use crate::repo::system::PlatformSettingStore;

#[async_trait]
impl PlatformSettingStore for SqlSystem {
    async fn get(&mut self, key: &str) -> Result<Option<Value>, StorageError> {
        let query = one!(
            r#"select setting_value as "setting_value!: Json<Value>" from platform_settings
               where setting_key = $1"#,
            key
        );
        Ok(self.unit.maybe(query).await?.map(|value| value.0))
    }
    async fn put(&mut self, key: &str, value: &Value) -> Result<(), StorageError> {
        let value = Json(value);
        let query = x!(
            "insert into platform_settings (setting_key, setting_value) values ($1, $2)
             on conflict (setting_key) do update set setting_value = excluded.setting_value",
            key,
            value as _
        );
        self.unit.run(query).await.map(drop)
    }
    async fn put_new(&mut self, key: &str, value: &Value) -> Result<bool, StorageError> {
        let value = Json(value);
        let query = x!(
            "insert into platform_settings (setting_key, setting_value) values ($1, $2)
             on conflict (setting_key) do nothing",
            key,
            value as _
        );
        Ok(self.unit.run(query).await? == 1)
    }
    async fn remove(&mut self, key: &str) -> Result<bool, StorageError> {
        let query = x!("delete from platform_settings where setting_key = $1", key);
        Ok(self.unit.run(query).await? == 1)
    }
}
