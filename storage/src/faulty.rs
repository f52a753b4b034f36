//! A store that fails on purpose, for tests of whoever uses one. Never invents an outcome: a fault before the
//! commit takes the unit back, a fault after it leaves the unit done.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use whatsapp_core::{Id, Tenant, Timestamp};

use crate::signals::Signals;
use crate::{Finish, Mode, Place, StorageError, Store, SystemTx, TenantTx};

/// When a commit fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitFault {
    /// Before it happened: nothing was changed, and the caller knows it.
    Before,
    /// After it happened: all was changed, and the caller does not know ([`StorageError::CommitUnknown`]).
    After,
}

/// Where a unit of work stands when a [`Watch`] is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Its commit has not begun.
    BeforeCommit,
    /// It is committed, and nobody was told.
    AfterCommit,
}

/// Is asked before and after each commit, and may take its time: for ever is what a crash looks like from inside. What it
/// makes fail by [`Faults::fail_commit`], counted from 1, is the very commit that it is asked about.
#[async_trait]
pub trait Watch: std::fmt::Debug + std::marker::Send + Sync {
    /// The unit goes on when this returns.
    async fn at(&self, moment: Moment);
}

/// A store around another one that fails when told to.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use whatsapp_core::Env;
/// use whatsapp_storage::faulty::Faulty;
/// use whatsapp_storage::{Mode, SqlStore, Store as _};
///
/// let store = Faulty::new(SqlStore::connect("sqlite::memory:", Env::system()).await?);
/// store.migrate().await?;
/// store.faults().outage(true);
/// assert!(store.system(Mode::Read).await.is_err());
/// store.faults().outage(false);
/// assert!(store.system(Mode::Read).await.is_ok());
/// # Ok::<(), whatsapp_storage::StorageError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Faulty<S> {
    store: S,
    faults: Faults,
}

impl<S> Faulty<S> {
    /// Around `store`; fails nothing until told to.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self { store, faults: Faults::default() }
    }
    /// The switches; a clone of them works on this store too.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.faults.clone()
    }
}

/// What shall fail.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<State>);

#[derive(Debug, Default)]
struct State {
    down: AtomicBool,
    begin: Countdown,
    before: Countdown,
    after: Countdown,
    watch: OnceLock<Arc<dyn Watch>>,
}

/// Counts down to one failure; 0 is none.
#[derive(Debug, Default)]
struct Countdown(AtomicU64);

impl Countdown {
    fn set(&self, nth: u64) {
        self.0.store(nth, Ordering::SeqCst);
    }
    /// Whether this is the one.
    fn strikes(&self) -> bool {
        let step = |left: u64| left.checked_sub(1);
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) == Ok(1)
    }
}

impl Faults {
    /// The `nth` unit of work from now does not begin; 1 is the next.
    pub fn fail_begin(&self, nth: u64) {
        self.0.begin.set(nth);
    }
    /// The `nth` commit from now fails; 1 is the next. Ends of savepoints do not count.
    pub fn fail_commit(&self, nth: u64, fault: CommitFault) {
        match fault {
            CommitFault::Before => self.0.before.set(nth),
            CommitFault::After => self.0.after.set(nth),
        }
    }
    /// Whether the database is gone: nothing begins, what is under way does not commit.
    pub fn outage(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }
    /// Somebody is asked at each commit from now on. The first one stays.
    pub fn watch(&self, watch: Arc<dyn Watch>) {
        self.0.watch.get_or_init(|| watch);
    }
    async fn pass(&self, moment: Moment) {
        if let Some(watch) = self.0.watch.get() {
            watch.at(moment).await;
        }
    }
    fn up(&self) -> Result<(), StorageError> {
        if self.0.down.load(Ordering::SeqCst) {
            return Err(StorageError::Unavailable("an outage on purpose".into()));
        }
        Ok(())
    }
    fn begins(&self) -> Result<(), StorageError> {
        self.up()?;
        if self.0.begin.strikes() {
            return Err(StorageError::Unavailable("a failed begin on purpose".into()));
        }
        Ok(())
    }
    async fn commit<T: Finish + ?Sized>(&self, unit: Box<T>) -> Result<(), StorageError> {
        self.pass(Moment::BeforeCommit).await;
        self.up()?;
        if self.0.before.strikes() {
            // It counts among the commits of which one fails afterwards, and is not that one.
            self.0.after.strikes();
            drop(unit);
            return Err(StorageError::Unavailable("a failed commit on purpose".into()));
        }
        unit.commit().await?;
        self.pass(Moment::AfterCommit).await;
        if self.0.after.strikes() {
            return Err(StorageError::CommitUnknown("a lost answer on purpose".into()));
        }
        Ok(())
    }
}

/// A tenant's unit of work that may fail.
pub(crate) struct FaultyTenant {
    pub(crate) inner: Box<dyn TenantTx>,
    faults: Faults,
}

/// The platform's unit of work that may fail.
pub(crate) struct FaultySystem {
    pub(crate) inner: Box<dyn SystemTx>,
    faults: Faults,
}

#[async_trait]
impl Finish for FaultyTenant {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.faults.commit(self.inner).await
    }
}

#[async_trait]
impl Finish for FaultySystem {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.faults.commit(self.inner).await
    }
}

#[async_trait]
impl SystemTx for FaultySystem {
    async fn enter<'a>(
        &'a mut self,
        tenant: Id<Tenant>,
    ) -> Result<Box<dyn TenantTx + 'a>, StorageError> {
        self.faults.up()?;
        self.inner.enter(tenant).await
    }
}

#[async_trait]
impl<S: Store> Store for Faulty<S> {
    async fn tenant(
        &self,
        tenant: Id<Tenant>,
        mode: Mode,
    ) -> Result<Box<dyn TenantTx>, StorageError> {
        self.faults.begins()?;
        let inner = self.store.tenant(tenant, mode).await?;
        Ok(Box::new(FaultyTenant { inner, faults: self.faults.clone() }))
    }
    async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError> {
        self.faults.begins()?;
        let inner = self.store.system(mode).await?;
        Ok(Box::new(FaultySystem { inner, faults: self.faults.clone() }))
    }
    async fn migrate(&self) -> Result<(), StorageError> {
        self.faults.up()?;
        self.store.migrate().await
    }
    async fn now(&self) -> Result<Timestamp, StorageError> {
        self.faults.up()?;
        self.store.now().await
    }
    async fn ping(&self) -> Result<(), StorageError> {
        self.faults.up()?;
        self.store.ping().await
    }
    async fn place(&self) -> Result<Option<Place>, StorageError> {
        self.faults.up()?;
        self.store.place().await
    }
    fn exclusive(&self) -> bool {
        self.store.exclusive()
    }
    fn signals(&self) -> Option<&dyn Signals> {
        self.store.signals()
    }
}
