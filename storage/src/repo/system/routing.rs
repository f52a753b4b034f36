//! Finding whose something is, before a tenant is known.

use async_trait::async_trait;
use whatsapp_core::{ApiKey, Channel, Id, Secret, Tenant, Timestamp};

use crate::StorageError;

/// From handles of the outside to tenants.
#[async_trait]
pub trait RoutingStore: std::marker::Send {
    /// Whose number it is.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn channel_by_phone_number_id(
        &mut self,
        phone_number_id: &str,
    ) -> Result<Option<(Id<Tenant>, Channel)>, StorageError>;
    /// All channels of an account.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn channels_by_waba(
        &mut self,
        waba_id: &str,
    ) -> Result<Vec<(Id<Tenant>, Channel)>, StorageError>;
    /// The sealed secrets of all apps that tenants brought: at most one for each channel.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn app_secrets(&mut self)
    -> Result<Vec<(Id<Tenant>, Id<Channel>, Secret)>, StorageError>;
    /// By the public part of a key.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn api_key_by_prefix(
        &mut self,
        prefix: &str,
    ) -> Result<Option<(Id<Tenant>, ApiKey)>, StorageError>;
    /// Notes that a key was used.
    ///
    /// # Errors
    /// [`StorageError`] when the store fails.
    async fn touch_api_key(&mut self, id: Id<ApiKey>, now: Timestamp) -> Result<(), StorageError>;
}
