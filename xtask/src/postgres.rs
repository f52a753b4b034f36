//! A private PostgreSQL for one run: made in a temporary folder from the system's programs, bound
//! to loopback, gone when we are gone. It never touches a server that is already there.

use crate::fail::{During, Outcome};
use crate::proc::{self, Guard, User};
use crate::tools::{self, Scratch};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The role tests connect as. Not a superuser: row-level security does not bind those.
const ROLE: &str = "whatsapp";

/// A running server; dropping it stops the server and deletes its files.
pub(crate) struct Postgres {
    port: u16,
    programs: PathBuf,
    data: PathBuf,
    user: Option<User>,
    // The order matters: the guard stops the server, then the folder goes.
    _guard: Guard,
    _folder: Scratch,
}

impl Postgres {
    /// Starts one, installing PostgreSQL first where that is missing and allowed.
    ///
    /// # Errors
    /// When PostgreSQL is not there and cannot be installed, or does not start.
    pub(crate) fn start() -> Outcome<Self> {
        Self::start_with(std::env::var("WHATSAPP_PG_DURABLE").is_ok_and(|value| value == "1"))
    }

    /// Starts one whose commits wait for the disk, as in production.
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub(crate) fn durable() -> Outcome<Self> {
        Self::start_with(true)
    }

    fn start_with(durable: bool) -> Outcome<Self> {
        let programs = programs()?;
        let user = unprivileged()?;
        let folder = tools::scratch("pg")?;
        if let Some(user) = user {
            chown(folder.path(), Some(user.uid), Some(user.gid)).during("the database's folder")?;
        }
        // Before the server starts, so that no moment is left in which nobody would stop it.
        let guard = guard(folder.path(), user)?;
        let data = folder.path().join("data");
        initialise(&programs, &data, user)?;
        let port = launch(&programs, folder.path(), &data, user, durable)?;
        let server = Self { port, programs, data, user, _guard: guard, _folder: folder };
        server.sql("postgres", "postgres", &format!("create role {ROLE} login createdb"))?;
        Ok(server)
    }

    /// The address tests and checked queries connect to.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// What a program needs to find, crash and restart this server, as variables of its environment.
    pub(crate) fn handles(&self) -> Vec<(&'static str, String)> {
        let mut handles = vec![
            ("PRIVATE_POSTGRES", self.url("postgres")),
            ("PRIVATE_POSTGRES_CTL", self.programs.join("pg_ctl").display().to_string()),
            ("PRIVATE_POSTGRES_DATA", self.data.display().to_string()),
        ];
        if let Some(user) = self.user {
            handles.push(("PRIVATE_POSTGRES_USER", format!("{}:{}", user.uid, user.gid)));
        }
        handles
    }

    /// Makes an empty database that belongs to the role of the tests.
    ///
    /// # Errors
    /// When the server refuses.
    pub(crate) fn create_database(&self, name: &str) -> Outcome {
        self.sql(ROLE, "postgres", &format!("create database {name}"))
    }

    /// Runs one file of SQL in a database, in one transaction as a migration is.
    ///
    /// # Errors
    /// With the server's message, when a statement fails.
    pub(crate) fn sql_file(&self, database: &str, file: &Path) -> Outcome {
        let mut psql = self.psql(ROLE, database);
        psql.arg("--single-transaction").arg("-f").arg(file);
        proc::capture(&mut psql).during(file.display()).map(drop)
    }

    fn sql(&self, role: &str, database: &str, statement: &str) -> Outcome {
        proc::capture(self.psql(role, database).args(["-c", statement])).map(drop)
    }

    fn psql(&self, role: &str, database: &str) -> Command {
        let mut psql = program(&self.programs, "psql", None);
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"]);
        psql.arg("-p").arg(self.port.to_string()).args(["-U", role, "-d", database]);
        psql
    }
}

fn programs() -> Outcome<PathBuf> {
    if let Some(folder) = tools::postgres_folder() {
        return Ok(folder);
    }
    tools::install("postgresql", "the PostgreSQL half of the tests")?;
    tools::postgres_folder()
        .ok_or_else(|| "PostgreSQL was installed, yet initdb and psql are not to be found.".into())
}

/// The user to run the server as: PostgreSQL refuses to run as root.
fn unprivileged() -> Outcome<Option<User>> {
    if !tools::is_root()? {
        return Ok(None);
    }
    tools::user("postgres").or_else(|| tools::user("nobody")).map(Some).ok_or_else(|| {
        "PostgreSQL cannot run as root, and there is no user `postgres` or `nobody`.".into()
    })
}

fn program(folder: &Path, name: &str, user: Option<User>) -> Command {
    let mut command = proc::command(&folder.join(name).to_string_lossy());
    command.stdin(Stdio::null()).env("LC_ALL", "C");
    // A setting of the person at the terminal must not lead us to another server.
    for variable in [
        "PGHOST",
        "PGPORT",
        "PGUSER",
        "PGDATABASE",
        "PGDATA",
        "PGPASSWORD",
        "PGSERVICE",
        "PGOPTIONS",
    ] {
        command.env_remove(variable);
    }
    if let Some(user) = user {
        // Root's own folder is closed to the other user, who would complain about it.
        command.uid(user.uid).gid(user.gid).current_dir("/");
    }
    command
}

fn guard(folder: &Path, user: Option<User>) -> Outcome<Guard> {
    // The first line of postmaster.pid is the server's process; QUIT is its immediate shutdown,
    // right for data nobody will read again. The wait is bounded: 10 s.
    let script = "pid=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null); \
        if [ -n \"$pid\" ]; then kill -QUIT \"$pid\"; n=0; \
        while kill -0 \"$pid\" 2>/dev/null && [ $n -lt 200 ]; do sleep 0.05; n=$((n+1)); done; fi; \
        rm -rf \"$1\"";
    Guard::start(script, &[&folder.to_string_lossy()], user)
}

fn initialise(programs: &Path, data: &Path, user: Option<User>) -> Outcome {
    let attempt = |locale: &str| {
        let mut initdb = program(programs, "initdb", user);
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        initdb.arg(format!("--locale={locale}")).arg("-D").arg(data);
        proc::capture(&mut initdb)
    };
    // C.UTF-8 folds the case of all letters; systems without it still have C.
    attempt("C.UTF-8").or_else(|_| attempt("C")).map(drop)
}

/// Starts the server on a free port. Between finding a port and using it another program may take
/// it, hence three attempts.
fn launch(
    programs: &Path,
    folder: &Path,
    data: &Path,
    user: Option<User>,
    durable: bool,
) -> Outcome<u16> {
    let settings = data.join("postgresql.conf");
    let original = fs::read_to_string(&settings).during("postgresql.conf")?;
    let mut failure = "the private PostgreSQL found no free port".into();
    for _ in 0..3 {
        let port = free_port()?;
        let text =
            format!("{original}\n{}", configuration(port, &folder.to_string_lossy(), durable));
        fs::write(&settings, text).during("postgresql.conf")?;
        let mut start = program(programs, "pg_ctl", user);
        start.args(["start", "-w", "-s", "-t", "60", "-D"]).arg(data);
        start.arg("-l").arg(folder.join("log"));
        // The server inherits what we give; a pipe would keep `capture` waiting for its end.
        start.stdout(Stdio::null()).stderr(Stdio::null());
        match start.status().during("pg_ctl")? {
            status if status.success() => return Ok(port),
            _ => {
                let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
                failure = format!("the private PostgreSQL does not start:\n{log}").into();
            }
        }
    }
    Err(failure)
}

/// Tests throw their data away, so the disk need not be waited for; durability itself is tested by
/// setting `WHATSAPP_PG_DURABLE=1`.
fn configuration(port: u16, folder: &str, durable: bool) -> String {
    // A socket's path has 107 bytes at most; in a deeper temporary folder TCP alone must do.
    let socket = if folder.len() < 80 { folder } else { "" };
    let flag = if durable { "on" } else { "off" };
    format!(
        "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{socket}'\n\
         max_connections = 300\nfsync = {flag}\nfull_page_writes = {flag}\n\
         synchronous_commit = {flag}\nlogging_collector = off\n"
    )
}

fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").during("a port on loopback")?;
    Ok(listener.local_addr().during("a port on loopback")?.port())
}

#[cfg(test)]
mod tests {
    use super::configuration;

    #[test]
    fn the_server_listens_on_loopback_only_and_is_durable_only_when_asked() {
        let fast = configuration(5555, "/tmp/x", false);
        assert!(fast.contains("listen_addresses = '127.0.0.1'"));
        assert!(fast.contains("fsync = off") && fast.contains("full_page_writes = off"));
        assert!(configuration(1, "/tmp/x", true).contains("fsync = on"));
    }

    #[test]
    fn a_deep_folder_gives_up_the_socket_not_the_start() {
        assert!(configuration(1, &"/deep".repeat(30), false).contains("directories = ''"));
    }
}
