//! `cargo xtask sqlx`: the metadata of the checked SQL, made by the compiler against a fresh
//! database of each kind. It never reads or writes a database that anybody uses.

use crate::fail::{During, Failure, Outcome};
use crate::postgres::Postgres;
use crate::tools::Scratch;
use crate::{hash, paths, proc, tools};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

const METADATA: &str = "storage/.sqlx";
const STAMP: &str = ".stamp";

/// Regenerates `storage/.sqlx`. When the crate fails to compile, the queries that were understood
/// are kept beside the old ones, because they help to repair the rest.
///
/// # Errors
/// When a migration, a query or the crate is wrong; the compiler's words are printed before.
pub(crate) fn prepare() -> Outcome {
    let target = paths::root().join(METADATA);
    fs::create_dir_all(&target).during(METADATA)?;
    let (fresh, result) = compile()?;
    let old = read_queries(&target)?;
    let new = read_queries(fresh.path())?;
    for (name, text) in &new {
        if old.get(name) != Some(text) {
            fs::write(target.join(name), text).during(name)?;
        }
    }
    result?;
    for stale in old.keys().filter(|name| !new.contains_key(*name)) {
        fs::remove_file(target.join(stale)).during(stale)?;
    }
    fs::write(target.join(STAMP), format!("{}\n", sources()?)).during(STAMP)?;
    println!("{} checked queries in {METADATA}", new.len());
    Ok(())
}

/// Whether `storage/.sqlx` is what the sources produce. Equal fingerprints answer at once.
///
/// # Errors
/// When it is stale, or when the sources do not compile.
pub(crate) fn verify() -> Outcome {
    let target = paths::root().join(METADATA);
    let stamp = fs::read_to_string(target.join(STAMP)).unwrap_or_default();
    if stamp.trim() == sources()? {
        return Ok(());
    }
    let (fresh, result) = compile()?;
    result?;
    let differing = difference(&read_queries(&target)?, &read_queries(fresh.path())?);
    if differing.is_empty() {
        return Err(format!("{METADATA}/{STAMP} is stale: run `cargo xtask sqlx`").into());
    }
    Err(format!("{METADATA} is stale ({} entries differ): run `cargo xtask sqlx`", differing.len())
        .into())
}

/// The fingerprint of all that decides about the metadata.
///
/// # Errors
/// When a source cannot be read.
fn sources() -> Outcome<String> {
    let root = paths::root();
    let mut files = Vec::new();
    for folder in ["storage/src/sql", "storage/migrations"] {
        let folder = root.join(folder);
        if folder.is_dir() {
            files.extend(paths::files_below(&folder, &|_| true)?);
        }
    }
    hash::of_files(&root, &files)
}

/// Compiles once for each database into an empty folder. The inner result tells whether the crate
/// compiled; the folder is worth having in either case.
fn compile() -> Outcome<(Scratch, Outcome)> {
    let metadata = tools::scratch("sqlx-meta")?;
    let lite = sqlite(metadata.path());
    let pg = postgres(metadata.path());
    let result = match (lite, pg) {
        (Ok(()), Ok(())) => Ok(()),
        (Err(failure), Ok(())) | (Ok(()), Err(failure)) => Err(failure),
        (Err(first), Err(second)) => Err(Failure::from(format!("{first}\n{second}"))),
    };
    Ok((metadata, result))
}

fn sqlite(metadata: &Path) -> Outcome {
    let folder = tools::scratch("sqlx-lite")?;
    let database = folder.path().join("check.db");
    for file in migrations("sqlite")? {
        apply_sqlite(&database, &file)?;
    }
    check("sqlite", &format!("sqlite://{}", database.display()), metadata)
}

fn postgres(metadata: &Path) -> Outcome {
    let server = Postgres::start()?;
    server.create_database("sqlx_check")?;
    for file in migrations("postgres")? {
        server.sql_file("sqlx_check", &file)?;
    }
    check("postgres", &server.url("sqlx_check"), metadata)
}

fn migrations(engine: &str) -> Outcome<Vec<PathBuf>> {
    let folder = paths::root().join("storage/migrations").join(engine);
    paths::files_below(&folder, &|path| {
        path.extension().is_some_and(|extension| extension == "sql")
    })
}

/// Runs one migration on the SQLite file, with whichever program of the machine can.
fn apply_sqlite(database: &Path, file: &Path) -> Outcome {
    let mut command = if let Some(sqlite) = tools::find(&["sqlite3"]) {
        let mut command = proc::command(&sqlite.to_string_lossy());
        command.arg("-bail").arg(database);
        command
    } else if let Some(python) = tools::find(&["python3"]) {
        let mut command = proc::command(&python.to_string_lossy());
        let script =
            "import sqlite3,sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())";
        command.args(["-c", script]).arg(database);
        command
    } else {
        tools::install("sqlite3", "preparing the checked SQL")?;
        let mut command = proc::command("sqlite3");
        command.arg("-bail").arg(database);
        command
    };
    let input = fs::File::open(file).during(file.display())?;
    let output = command.stdin(Stdio::from(input)).output().during(proc::words(&command))?;
    if output.status.success() {
        return Ok(());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}", file.display(), error.trim_end()).into())
}

/// One compilation. A folder of its own, so that neither the crates of other builds are made stale
/// nor their lock is waited for.
fn check(engine: &str, url: &str, metadata: &Path) -> Outcome {
    let target = paths::root().join("target").join("sqlx");
    // Without this Cargo would see nothing to do and the macros would write nothing.
    let mut clean = proc::cargo();
    clean.args(["clean", "--quiet", "--package", "whatsapp-storage", "--target-dir"]).arg(&target);
    proc::run(&mut clean)?;
    let mut cargo = proc::cargo();
    cargo.args(["check", "--package", "whatsapp-storage", "--no-default-features"]);
    cargo.args(["--features", engine, "--target-dir"]).arg(&target);
    cargo.env("SQLX_OFFLINE", "false").env("DATABASE_URL", url).env("SQLX_OFFLINE_DIR", metadata);
    proc::run(&mut cargo).during(format!("checking the SQL for {engine}"))
}

fn read_queries(folder: &Path) -> Outcome<BTreeMap<String, String>> {
    let mut queries = BTreeMap::new();
    for file in paths::files_below(folder, &|path| {
        path.extension().is_some_and(|extension| extension == "json")
    })? {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let text = fs::read_to_string(&file).during(file.display())?;
        queries.insert(name.unwrap_or_default(), text);
    }
    Ok(queries)
}

/// The names of entries that are in one only or not equal.
fn difference(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<String> {
    let changed = new.iter().filter(|(name, text)| old.get(*name) != Some(*text));
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    changed.map(|(name, _)| name).chain(gone).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::difference;
    use std::collections::BTreeMap;

    #[test]
    fn added_changed_and_removed_entries_are_all_differences() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
        };
        let old = map(&[("same", "1"), ("changed", "1"), ("gone", "1")]);
        let new = map(&[("same", "1"), ("changed", "2"), ("added", "1")]);
        assert_eq!(difference(&old, &new), ["added", "changed", "gone"]);
        assert!(difference(&old, &old).is_empty());
    }
}
