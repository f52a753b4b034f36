//! One store for the platform and for the demonstration data beside it. Adds nothing of its own.

use std::sync::Arc;

use async_trait::async_trait;
use whatsapp_core::{Id, Tenant, Timestamp};
use whatsapp_storage::{Mode, StorageError, Store, SystemTx, TenantTx};

/// A store that has several holders.
#[derive(Clone, Debug)]
pub(crate) struct SharedStore(pub(crate) Arc<dyn Store>);

#[async_trait]
impl Store for SharedStore {
    async fn tenant(&self, tenant: Id<Tenant>, mode: Mode) -> Result<Box<dyn TenantTx>, StorageError> {
        self.0.tenant(tenant, mode).await
    }
    async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError> {
        self.0.system(mode).await
    }
    async fn migrate(&self) -> Result<(), StorageError> {
        self.0.migrate().await
    }
    async fn now(&self) -> Result<Timestamp, StorageError> {
        self.0.now().await
    }
    async fn ping(&self) -> Result<(), StorageError> {
        self.0.ping().await
    }
    fn exclusive(&self) -> bool {
        self.0.exclusive()
    }
}
