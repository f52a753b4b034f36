//! What a driver's error means to the caller. Never shows SQL, addresses or data.

use sqlx::Error;

use crate::StorageError;

/// A statement failed: nothing of it happened.
pub(super) fn statement(error: Error) -> StorageError {
    if is_outage(&error) {
        StorageError::Unavailable(error.into())
    } else {
        StorageError::Broken(error.into())
    }
}

/// A commit failed. Only when the connection broke under it, or the disk did, we do not know the outcome.
pub(super) fn commit(error: Error) -> StorageError {
    match &error {
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::WorkerCrashed => {
            StorageError::CommitUnknown(error.into())
        }
        Error::Database(database) => {
            let code = database.code();
            let lost = code.as_deref().is_some_and(|code| {
                let disk = primary(code) == Some(10); // SQLITE_IOERR
                disk || (code.len() == 5 && (code.starts_with("08") || code.starts_with("57P")))
            });
            if lost { StorageError::CommitUnknown(error.into()) } else { statement(error) }
        }
        _ => statement(error),
    }
}

/// Migrating failed.
pub(super) fn migration(error: sqlx::migrate::MigrateError) -> StorageError {
    use sqlx::migrate::MigrateError as M;
    match error {
        M::VersionMissing(_) | M::VersionTooNew(..) => StorageError::NewerSchema,
        M::Execute(error) => statement(error),
        M::ExecuteMigration(error, _) if is_outage(&error) => {
            StorageError::Unavailable(error.into())
        }
        other => StorageError::Broken(other.into()),
    }
}

fn is_outage(error: &Error) -> bool {
    match error {
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed
        | Error::BeginFailed => true,
        Error::Database(database) => {
            database.code().is_some_and(|code| is_busy_or_gone(code.as_ref()))
        }
        _ => false,
    }
}

/// Whether the server did not answer in time.
#[cfg(feature = "postgres")]
pub(super) fn is_silent(error: &Error) -> bool {
    matches!(error, Error::Io(why) if why.kind() == std::io::ErrorKind::TimedOut)
}

/// Whether other connections of the pool may be as bad as this one: it hangs, it broke, or its server takes no writes.
#[cfg(feature = "postgres")]
pub(super) fn is_doubtful(error: &Error) -> bool {
    let read_only = |code: Option<std::borrow::Cow<'_, str>>| code.as_deref() == Some("25006");
    is_dead(error) || matches!(error, Error::Database(why) if read_only(why.code()))
}

/// Whether the connection itself is dead, so that another one may do better.
#[cfg(feature = "postgres")]
pub(super) fn is_dead(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::Protocol(_) | Error::BeginFailed => true,
        Error::Database(database) => {
            database.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        _ => false,
    }
}

/// SQLSTATE classes of PostgreSQL have five characters; SQLite's result codes are numbers.
fn is_busy_or_gone(code: &str) -> bool {
    if let Some(primary) = primary(code) {
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL
        return matches!(primary, 5..=8 | 10 | 13..=15);
    }
    // connection, rollback (deadlock, serialisation), resources, operator intervention (time-out), lock, system
    ["08", "40", "53", "57", "55", "58"].iter().any(|class| code.starts_with(class))
        || code == "25006" // the server became read-only
}

/// SQLite's primary result code; `None` for an SQLSTATE.
fn primary(code: &str) -> Option<u32> {
    if code.len() == 5 { None } else { code.parse::<u32>().ok().map(|code| code & 0xff) }
}
