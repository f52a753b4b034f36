//! A unit of work of one engine: compiled once for each, in [`super`]. A failed statement ends the innermost
//! savepoint, or the unit if there is none, on both engines alike: PostgreSQL would refuse what follows,
//! SQLite would go on.

use async_trait::async_trait;
use std::future::Future;

use sqlx::query::{Map, Query, QueryAs, QueryScalar};
use sqlx::{Database, FromRow, IntoArguments, Transaction};
use uuid::Uuid;
use whatsapp_core::{Id, Tenant};

use super::{Db, Watch, wall};
use crate::sql::fault;
use crate::{Finish, StorageError, SystemTx, TenantTx};

type DbRow = <Db as Database>::Row;
type Conn = <Db as Database>::Connection;

/// A query that answers rows, whichever of the driver's kinds it is.
pub(super) trait Ask: Send {
    /// What a row is read into.
    type Out;
    /// Every row.
    fn all(self, on: &mut Conn)
    -> impl Future<Output = Result<Vec<Self::Out>, sqlx::Error>> + Send;
    /// The first row.
    fn maybe(
        self,
        on: &mut Conn,
    ) -> impl Future<Output = Result<Option<Self::Out>, sqlx::Error>> + Send;
}

macro_rules! ask {
    ([$($generics:tt)*] $query:ty => $out:ty where $($bounds:tt)*) => {
        impl<'q, $($generics)*> Ask for $query where $($bounds)*, A: 'q + Send + IntoArguments<Db> {
            type Out = $out;
            async fn all(self, on: &mut Conn) -> Result<Vec<$out>, sqlx::Error> {
                self.fetch_all(on).await
            }
            async fn maybe(self, on: &mut Conn) -> Result<Option<$out>, sqlx::Error> {
                self.fetch_optional(on).await
            }
        }
    };
}
ask!([F, O, A] Map<'q, Db, F, A> => O
    where F: FnMut(DbRow) -> Result<O, sqlx::Error> + Send, O: Send + Unpin);
ask!([O, A] QueryScalar<'q, Db, O, A> => O
    where O: Send + Unpin, (O,): Send + Unpin + for<'r> FromRow<'r, DbRow>);
ask!([O, A] QueryAs<'q, Db, O, A> => O where O: Send + Unpin + for<'r> FromRow<'r, DbRow>);

/// A transaction or savepoint, and whether something in it failed.
pub(in crate::sql) struct Unit<'a> {
    tx: Transaction<'a, Db>,
    watch: Watch,
    failed: bool,
}

impl<'a> Unit<'a> {
    pub(super) fn new(tx: Transaction<'a, Db>, watch: Watch) -> Self {
        Self { tx, watch, failed: false }
    }

    fn check(&self) -> Result<(), StorageError> {
        if self.failed {
            return Err(StorageError::Broken(
                "an earlier statement of this unit of work failed".into(),
            ));
        }
        Ok(())
    }

    fn note<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, StorageError> {
        result.map_err(|error| {
            self.failed = true;
            fault::statement(error)
        })
    }

    /// All rows of a query.
    pub(super) async fn all<Q: Ask>(&mut self, query: Q) -> Result<Vec<Q::Out>, StorageError> {
        self.check()?;
        let result = self.watch.statement(query.all(&mut self.tx)).await;
        self.note(result)
    }

    /// The row of a query, if there is one.
    pub(super) async fn maybe<Q: Ask>(&mut self, query: Q) -> Result<Option<Q::Out>, StorageError> {
        self.check()?;
        let result = self.watch.statement(query.maybe(&mut self.tx)).await;
        self.note(result)
    }

    /// The one row of a query.
    pub(super) async fn one<Q: Ask>(&mut self, query: Q) -> Result<Q::Out, StorageError> {
        let found = self.maybe(query).await?;
        found.ok_or_else(|| StorageError::corrupt("row that must be there"))
    }

    /// Runs a checked statement; answers how many rows it touched.
    pub(super) async fn run<'q, A>(&mut self, query: Query<'q, Db, A>) -> Result<u64, StorageError>
    where
        A: 'q + Send + IntoArguments<Db>,
    {
        self.check()?;
        let result = self.watch.statement(query.execute(&mut *self.tx)).await;
        self.note(result).map(|done| done.rows_affected())
    }

    async fn commit(self) -> Result<(), StorageError> {
        self.check()?;
        self.watch.statement(self.tx.commit()).await.map_err(fault::commit)
    }
}

/// A unit of work for one tenant.
pub(in crate::sql) struct SqlTenant<'a> {
    pub(super) unit: Unit<'a>,
    pub(super) tenant: Uuid,
    nested: bool,
}

impl<'a> SqlTenant<'a> {
    /// A unit of its own, whose wall stands already.
    pub(super) fn alone(tx: Transaction<'a, Db>, tenant: Uuid, watch: Watch) -> Self {
        Self { unit: Unit::new(tx, watch), tenant, nested: false }
    }
}

#[async_trait]
impl Finish for SqlTenant<'_> {
    async fn commit(mut self: Box<Self>) -> Result<(), StorageError> {
        if self.nested {
            self.unit.check()?;
            let watch = self.unit.watch.clone();
            let left = watch.statement(wall::leave(&mut self.unit.tx)).await;
            left.map_err(fault::statement)?;
            // A savepoint is released, not committed: if that fails, nothing happened.
            return watch.statement(self.unit.tx.commit()).await.map_err(fault::statement);
        }
        self.unit.commit().await
    }
}

/// A unit of work for the platform itself.
pub(in crate::sql) struct SqlSystem {
    pub(super) unit: Unit<'static>,
}

impl SqlSystem {
    /// A unit whose wall stands already.
    pub(super) fn new(tx: Transaction<'static, Db>, watch: Watch) -> Self {
        Self { unit: Unit::new(tx, watch) }
    }
}

#[async_trait]
impl Finish for SqlSystem {
    async fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.unit.commit().await
    }
}

#[async_trait]
impl SystemTx for SqlSystem {
    async fn enter<'a>(
        &'a mut self,
        tenant: Id<Tenant>,
    ) -> Result<Box<dyn TenantTx + 'a>, StorageError> {
        self.unit.check()?;
        let watch = self.unit.watch.clone();
        let begun = watch.statement(sqlx::Acquire::begin(&mut self.unit.tx)).await;
        let mut inner = begun.map_err(fault::statement)?;
        let entered = watch.statement(wall::enter(&mut inner, tenant.uuid())).await;
        entered.map_err(fault::statement)?;
        let unit = Unit::new(inner, watch);
        Ok(Box::new(SqlTenant { unit, tenant: tenant.uuid(), nested: true }))
    }
}
