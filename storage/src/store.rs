//! The door to a database: one unit of work for one tenant, or one for the platform itself.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use whatsapp_core::{Id, Tenant, Timestamp};

use crate::StorageError;
use crate::scope::{SystemScope, TenantScope};
use crate::signals::Signals;

/// What a unit of work may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Look only.
    Read,
    /// Change things.
    Write,
}

/// A unit of work for one tenant. Dropped without [`Finish::commit`], nothing of it happened.
pub trait TenantTx: TenantScope + Finish {}
impl<T: TenantScope + Finish> TenantTx for T {}

/// A unit of work for the platform itself.
#[async_trait]
pub trait SystemTx: SystemScope + Finish {
    /// Works for one tenant inside this unit: opens a savepoint that `commit` keeps and a drop takes back,
    /// so a failure inside costs only what was done inside.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer.
    async fn enter<'a>(
        &'a mut self,
        tenant: Id<Tenant>,
    ) -> Result<Box<dyn TenantTx + 'a>, StorageError>;
}

/// The end of a unit of work.
#[async_trait]
pub trait Finish: std::marker::Send {
    /// Makes all of it happen at once.
    ///
    /// # Errors
    /// [`StorageError::CommitUnknown`] when the answer was lost; else nothing happened.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

/// Where a database lives, as its server says it: another place means that it was restored or copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What names the server's data for its whole life, where we may read it.
    pub server: Option<String>,
    /// The database there.
    pub database: String,
    /// Our tables in it: made anew by whoever restores a dump into the same database.
    pub tables: String,
}

impl Place {
    /// Whether this is the same place: what one of the two does not know says nothing.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let same = match (&self.server, &other.server) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        };
        same && (&self.database, &self.tables) == (&other.database, &other.tables)
    }
}

/// A database. The crate's page shows how to write one.
#[async_trait]
pub trait Store: std::fmt::Debug + std::marker::Send + Sync + 'static {
    /// Opens a unit of work for one tenant.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer.
    async fn tenant(
        &self,
        tenant: Id<Tenant>,
        mode: Mode,
    ) -> Result<Box<dyn TenantTx>, StorageError>;
    /// Opens a unit of work for the platform itself.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer.
    async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError>;
    /// Brings the schema up to date.
    ///
    /// # Errors
    /// [`StorageError::NewerSchema`]; [`StorageError::Unavailable`].
    async fn migrate(&self) -> Result<(), StorageError>;
    /// The time that leases are measured in: PostgreSQL's clock in production, so that the nodes' clocks
    /// do not matter; the Env's clock on SQLite and wherever a clock is moved by hand.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer.
    async fn now(&self) -> Result<Timestamp, StorageError>;
    /// Whether a write would succeed now; for readiness.
    ///
    /// # Errors
    /// What stands in the way.
    async fn ping(&self) -> Result<(), StorageError>;
    /// Where the database lives; `None` where nothing tells one place from another (a file may be moved).
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the store does not answer.
    async fn place(&self) -> Result<Option<Place>, StorageError> {
        Ok(None)
    }
    /// Whether this process is the only one that can use the store (SQLite with its folder locked), so
    /// that leases of a dead predecessor may be taken over at once.
    fn exclusive(&self) -> bool;
    /// How nodes that share the store tell each other that there is something to do, where it can carry word. Without
    /// it they look every now and then, as they do anyway.
    fn signals(&self) -> Option<&dyn Signals> {
        None
    }
}

#[async_trait]
impl<S: Store + ?Sized> Store for std::sync::Arc<S> {
    async fn tenant(
        &self,
        tenant: Id<Tenant>,
        mode: Mode,
    ) -> Result<Box<dyn TenantTx>, StorageError> {
        (**self).tenant(tenant, mode).await
    }
    async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError> {
        (**self).system(mode).await
    }
    async fn migrate(&self) -> Result<(), StorageError> {
        (**self).migrate().await
    }
    async fn now(&self) -> Result<Timestamp, StorageError> {
        (**self).now().await
    }
    async fn ping(&self) -> Result<(), StorageError> {
        (**self).ping().await
    }
    async fn place(&self) -> Result<Option<Place>, StorageError> {
        (**self).place().await
    }
    fn exclusive(&self) -> bool {
        (**self).exclusive()
    }
    fn signals(&self) -> Option<&dyn Signals> {
        (**self).signals()
    }
}
