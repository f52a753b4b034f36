//! PostgreSQL: a pool, row-level security as the second wall around each tenant, and its clock for leases.
//! Never trusts a statement to name its tenant.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use uuid::Uuid;
use whatsapp_core::{Env, Timestamp};

use super::{LeaseClock, Options, fault};
use crate::{Mode, StorageError, SystemTx, TenantTx};

type Db = sqlx::Postgres;

/// A checked query for rows. The comment keeps the two engines' metadata apart.
macro_rules! q {
    ($row:ty, lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query_as!($row, "/*pg*/ " $(+ $p)+ $(, $a)*)
    };
    ($row:ty, $($s:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query_as!($row, "/*pg*/ " $(+ $s)+ $(, $a)*)
    };
}
/// A checked query for one column.
macro_rules! one {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query_scalar!("/*pg*/ " $(+ $p)+ $(, $a)*)
    };
    ($($s:literal)+ $(, $a:expr)* $(,)?) => { sqlx::query_scalar!("/*pg*/ " $(+ $s)+ $(, $a)*) };
}
/// A checked statement without rows.
macro_rules! x {
    (lite $($l:literal)+, pg $($p:literal)+ $(, $a:expr)* $(,)?) => {
        sqlx::query!("/*pg*/ " $(+ $p)+ $(, $a)*)
    };
    ($($s:literal)+ $(, $a:expr)* $(,)?) => { sqlx::query!("/*pg*/ " $(+ $s)+ $(, $a)*) };
}

/// The settings that row-level security reads. They end with the transaction; a rolled back savepoint takes
/// back what was set inside.
mod wall {
    use sqlx::{AssertSqlSafe, Executor as _, Postgres, Transaction};
    use uuid::Uuid;

    pub(super) fn tenant(tenant: Uuid) -> String {
        format!(
            "select set_config('app.tenant', '{tenant}', true), set_config('app.system', 'off', true)"
        )
    }
    pub(super) const SYSTEM: &str =
        "select set_config('app.tenant', '', true), set_config('app.system', 'on', true)";

    pub(super) async fn enter(
        tx: &mut Transaction<'_, Postgres>,
        id: Uuid,
    ) -> Result<(), sqlx::Error> {
        // A uuid's text has only digits, letters a to f and hyphens.
        (&mut **tx).execute(AssertSqlSafe(tenant(id))).await.map(drop)
    }
    pub(super) async fn leave(tx: &mut Transaction<'_, Postgres>) -> Result<(), sqlx::Error> {
        (&mut **tx).execute(SYSTEM).await.map(drop)
    }
}

#[path = "repo/mod.rs"]
mod repo;
#[path = "unit.rs"]
mod unit;

use unit::{SqlSystem, SqlTenant};

/// The pool of one database.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) pool: PgPool,
    lease_clock: LeaseClock,
    env: Env,
}

impl Engine {
    pub(super) async fn open(url: &str, env: Env, options: Options) -> Result<Self, StorageError> {
        let durable = if options.synchronous_normal { "off" } else { "on" };
        let settings = PgConnectOptions::from_str(url).map_err(fault::statement)?.options([
            ("statement_timeout", "5000"),
            ("lock_timeout", "5000"),
            ("idle_in_transaction_session_timeout", "60000"),
            ("synchronous_commit", durable),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(Duration::from_secs(2))
            .test_before_acquire(false)
            .connect_with(settings)
            .await
            .map_err(fault::statement)?;
        Ok(Self { pool, lease_clock: options.lease_clock, env })
    }

    /// What a connection really runs with.
    pub(super) async fn settings(&self) -> Result<Vec<(String, String)>, StorageError> {
        sqlx::query_as(
            "select name, current_setting(name) from pg_settings
             where name in ('synchronous_commit', 'statement_timeout', 'lock_timeout') order by name",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(fault::statement)
    }

    /// Begins and builds the wall in one round trip. Reads see one moment, as they do on SQLite.
    async fn begin(
        &self,
        mode: Mode,
        wall: &str,
    ) -> Result<sqlx::Transaction<'static, Db>, StorageError> {
        let begin = match mode {
            Mode::Read => "begin isolation level repeatable read, read only",
            Mode::Write => "begin",
        };
        let statement = format!("{begin}; {wall}");
        // Connections are not tried before use, which would cost a round trip each time. After a restart of the
        // server the pool is full of dead ones: each is found out here once, before anything has happened.
        let mut dead = 0;
        loop {
            match self.pool.begin_with(AssertSqlSafe(statement.clone())).await {
                Err(error)
                    if fault::is_dead(&error)
                        && dead < self.pool.options().get_max_connections() =>
                {
                    dead += 1;
                }
                other => return other.map_err(fault::statement),
            }
        }
    }

    pub(super) async fn tenant(
        &self,
        tenant: Uuid,
        mode: Mode,
    ) -> Result<Box<dyn TenantTx>, StorageError> {
        let tx = self.begin(mode, &wall::tenant(tenant)).await?;
        Ok(Box::new(SqlTenant::alone(tx, tenant)))
    }

    pub(super) async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError> {
        Ok(Box::new(SqlSystem::new(self.begin(mode, wall::SYSTEM).await?)))
    }

    /// On a connection of its own, whose statements may take their time but not wait long for locks.
    pub(super) async fn migrate(&self) -> Result<(), StorageError> {
        let settings = self.pool.connect_options().as_ref().clone();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(settings.options([("statement_timeout", "0")]))
            .await
            .map_err(fault::statement)?;
        let done = sqlx::migrate!("migrations/postgres").run(&pool).await;
        pool.close().await;
        done.map_err(fault::migration)
    }

    pub(super) async fn now(&self) -> Result<Timestamp, StorageError> {
        if self.lease_clock == LeaseClock::Env {
            return Ok(self.env.now());
        }
        let micros = sqlx::query_scalar!(
            r#"/*pg*/ select (extract(epoch from clock_timestamp()) * 1000000)::bigint as "micros!""#
        );
        micros.fetch_one(&self.pool).await.map(Timestamp::from_micros).map_err(fault::statement)
    }

    /// Writes a row, which a standby or a full disk refuses.
    pub(super) async fn ping(&self) -> Result<(), StorageError> {
        x!("insert into platform_settings (setting_key, setting_value) values ('ping', '1')
            on conflict (setting_key) do update set setting_value = excluded.setting_value")
        .execute(&self.pool)
        .await
        .map(drop)
        .map_err(fault::statement)
    }

    pub(super) const fn exclusive(&self) -> bool {
        false
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
