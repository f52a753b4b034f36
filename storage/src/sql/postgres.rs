//! PostgreSQL: a pool, row-level security as the second wall around each tenant, and its clock for leases.
//! Never trusts a statement to name its tenant.

use std::pin::{Pin, pin};
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection as _};
use uuid::Uuid;
use whatsapp_core::{Env, Timestamp};

use super::statistics::{self, Statistics};
use super::{LeaseClock, Options, fault, steps};
use crate::{Mode, Place, StorageError, SystemTx, TenantTx};

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

/// Many writers: an event gets its position after its commit, from one sequencer.
const SEQUENCED_AT_ONCE: bool = false;

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

/// How long a connection is waited for.
const POOL_WAIT: Duration = Duration::from_secs(2);
/// How long anything may take until a unit of work has begun.
const BEGIN_WAIT: Duration = Duration::from_secs(4);
/// The server ends a statement after five seconds by itself. What has not ended then has lost its server.
const PATIENCE: Duration = Duration::from_secs(7);
/// A connection remembers so many statements: more than there are, so that none is parsed a second time.
const STATEMENTS: usize = 512;
/// How long a connection that may hang has to answer.
const ASK_WAIT: Duration = Duration::from_millis(500);

/// The answer to whether a connection is good.
type Trial<'c> = Pin<Box<dyn Future<Output = sqlx::Result<bool>> + Send + 'c>>;

/// Whether connections must be tried before they are used. Where the server stopped answering without closing them (a
/// broken line, a failover), each would cost whoever gets it a time-out.
#[derive(Clone, Debug, Default)]
struct Doubt(Arc<AtomicU32>);

impl Doubt {
    /// The next so many connections are tried.
    fn raise(&self, connections: u32) {
        self.0.store(connections.saturating_mul(2), Ordering::Relaxed);
    }
    fn is_due(&self) -> bool {
        let step = |left: u32| left.checked_sub(1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).is_ok()
    }
    /// Tries a connection, if there is doubt; an error closes it.
    fn resolve<'c>(&self, connection: &'c mut PgConnection) -> Trial<'c> {
        if self.is_due() { answers(on_primary(connection)) } else { Box::pin(async { Ok(true) }) }
    }
}

/// Whether a connection answers in time; an error closes it.
fn answers<'c>(asked: impl Future<Output = sqlx::Result<()>> + Send + 'c) -> Trial<'c> {
    Box::pin(async move {
        let answered = tokio::time::timeout(ASK_WAIT, asked).await;
        answered.unwrap_or_else(|_| Err(silent())).map(|()| true)
    })
}

/// A standby answers with what was true a while ago: neither writes nor decisions are made there.
async fn on_primary(connection: &mut PgConnection) -> sqlx::Result<()> {
    let read_only =
        "select pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean";
    if sqlx::query_scalar::<_, bool>(read_only).fetch_one(connection).await? {
        return Err(std::io::Error::other("this server takes no writes: it is no primary").into());
    }
    Ok(())
}

fn silent() -> sqlx::Error {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

/// The pool's side of a unit of work: knows when its connection stopped answering.
#[derive(Clone, Debug)]
struct Watch {
    doubt: Doubt,
    connections: u32,
}

impl Watch {
    /// Waits as long as the server's own limits last and a little longer, not for ever.
    async fn over<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = sqlx::Result<T>>,
    ) -> sqlx::Result<T> {
        let mut work = pin!(work);
        let done = match tokio::time::timeout(limit, &mut work).await {
            Ok(done) => done,
            Err(_) => Err(silent()),
        };
        // Before the work is dropped, which gives its connection back.
        if done.as_ref().is_err_and(fault::is_doubtful) {
            self.doubt.raise(self.connections);
        }
        done
    }
    /// A statement or a commit.
    async fn statement<T>(&self, work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
        self.over(PATIENCE, work).await
    }
}

fn schema() -> sqlx::migrate::Migrator {
    sqlx::migrate!("migrations/postgres")
}

/// The pool of one database.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) pool: PgPool,
    lease_clock: LeaseClock,
    env: Env,
    watch: Watch,
    statistics: Statistics,
}

impl Engine {
    pub(super) async fn open(url: &str, env: Env, options: Options) -> Result<Self, StorageError> {
        let durable = if options.synchronous_normal { "off" } else { "on" };
        let settings = PgConnectOptions::from_str(url).map_err(fault::statement)?.options([
            ("statement_timeout", "5000"),
            ("lock_timeout", "5000"),
            // No transaction waits for anything outside the database: one that stands still is of a node that froze,
            // and what it locked is wanted by the others.
            ("idle_in_transaction_session_timeout", "15000"),
            ("synchronous_commit", durable),
            // Each statement has its index. A plan that was made while a table had ten rows serves when it has a
            // million: it must not read the table from end to end, nor be compiled because it looks as if it would.
            ("enable_seqscan", "off"),
            ("jit", "off"),
        ]);
        let settings = settings.statement_cache_capacity(STATEMENTS);
        let watch = Watch { doubt: Doubt::default(), connections: options.max_connections };
        let doubt = watch.doubt.clone();
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(POOL_WAIT)
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(on_primary(connection)))
            .before_acquire(move |connection, _| doubt.resolve(connection))
            // The pool itself would wait for the answer as long as TCP does, a quarter of an hour, and have one
            // connection less meanwhile.
            .after_release(|connection, _| answers(connection.ping()))
            .connect_with(settings)
            .await
            .map_err(fault::statement)?;
        let (lease_clock, statistics) = (options.lease_clock, Statistics::default());
        let engine = Self { pool, lease_clock, env, watch, statistics };
        engine.check_settings(durable).await?;
        Ok(engine)
    }

    /// Between us and the server there may be something that swallows what we ask for.
    async fn check_settings(&self, durable: &str) -> Result<(), StorageError> {
        let settings = self.settings().await?;
        let wanted =
            [("statement_timeout", "5s"), ("lock_timeout", "5s"), ("synchronous_commit", durable)];
        for (name, value) in wanted {
            let found = settings.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str());
            if found != Some(value) {
                return Err(StorageError::Unavailable(
                    format!(
                        "PostgreSQL runs with {name} = {} and not {value}: connect to the server itself, or to a \
                         pooler that passes options on",
                        found.unwrap_or("nothing")
                    )
                    .into(),
                ));
            }
        }
        Ok(())
    }

    /// What a connection really runs with.
    pub(super) async fn settings(&self) -> Result<Vec<(String, String)>, StorageError> {
        sqlx::query_as(
            "select name, current_setting(name) from pg_settings
             where name in ('synchronous_commit', 'statement_timeout', 'lock_timeout',
                'idle_in_transaction_session_timeout') order by name",
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
        if mode == Mode::Write && self.statistics.is_due(self.env.now()) {
            tokio::spawn(statistics::refresh(self.pool.clone()));
        }
        let begin = match mode {
            Mode::Read => "begin isolation level repeatable read, read only",
            Mode::Write => "begin",
        };
        let statement = format!("{begin}; {wall}");
        // Connections are not tried before use, which would cost a round trip each time. After a restart of the
        // server the pool is full of dead ones: each is found out here once, before anything has happened.
        let mut dead = 0;
        loop {
            let begun = self.pool.begin_with(AssertSqlSafe(statement.clone()));
            match self.watch.over(BEGIN_WAIT, begun).await {
                Err(error)
                    if fault::is_dead(&error)
                        && !fault::is_silent(&error)
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
        Ok(Box::new(SqlTenant::alone(tx, tenant, self.watch.clone())))
    }

    pub(super) async fn system(&self, mode: Mode) -> Result<Box<dyn SystemTx>, StorageError> {
        Ok(Box::new(SqlSystem::new(self.begin(mode, wall::SYSTEM).await?, self.watch.clone())))
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
        let done = steps::run(schema(), &pool).await;
        pool.close().await;
        done
    }

    pub(super) async fn now(&self) -> Result<Timestamp, StorageError> {
        if self.lease_clock == LeaseClock::Env {
            return Ok(self.env.now());
        }
        let micros = sqlx::query_scalar!(
            r#"/*pg*/ select (extract(epoch from clock_timestamp()) * 1000000)::bigint as "micros!""#
        );
        let micros = self.watch.over(BEGIN_WAIT, micros.fetch_one(&self.pool)).await;
        micros.map(Timestamp::from_micros).map_err(fault::statement)
    }

    /// Writes a row, which a standby or a full disk refuses, and looks whether the schema is one we know.
    pub(super) async fn ping(&self) -> Result<(), StorageError> {
        let write =
            x!("insert into platform_settings (setting_key, setting_value) values ('ping', '1')
            on conflict (setting_key) do update set setting_value = excluded.setting_value");
        let written = self.watch.over(BEGIN_WAIT, write.execute(&self.pool)).await;
        written.map_err(fault::statement)?;
        let newest = sqlx::query_scalar(steps::NEWEST).fetch_one(&self.pool);
        let newest = self.watch.over(BEGIN_WAIT, newest).await.map_err(fault::statement)?;
        steps::judge(newest, &schema())
    }

    /// A server's data keep their identifier for life, a promoted standby's too. A dump that is restored makes other
    /// tables, wherever it goes.
    pub(super) async fn place(&self) -> Result<Place, StorageError> {
        let ours =
            "select d.oid::text, to_regclass('platform_settings')::oid::text from pg_database d
            where d.datname = current_database()";
        let ours = sqlx::query_as::<_, (String, String)>(ours).fetch_one(&self.pool);
        let ours = self.watch.over(BEGIN_WAIT, ours).await;
        let (database, tables) = ours.map_err(fault::statement)?;
        // Engines that only speak PostgreSQL's language lack it, and whoever runs one may keep it to himself.
        let may = "select coalesce(has_function_privilege(
            to_regprocedure('pg_catalog.pg_control_system()')::oid, 'execute'), false)";
        let may = sqlx::query_scalar::<_, bool>(may).fetch_one(&self.pool);
        let mut server = None;
        if self.watch.over(BEGIN_WAIT, may).await.map_err(fault::statement)? {
            let asked = "select system_identifier::text from pg_catalog.pg_control_system()";
            let asked = sqlx::query_scalar::<_, String>(asked).fetch_one(&self.pool);
            server = Some(self.watch.over(BEGIN_WAIT, asked).await.map_err(fault::statement)?);
        }
        Ok(Place { server, database, tables })
    }

    pub(super) const fn exclusive(&self) -> bool {
        false
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
