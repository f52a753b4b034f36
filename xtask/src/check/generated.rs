//! Files that are made from others are what their sources make. It compares; it writes only with
//! `--fix`, and then by the same commands a person would use.

use crate::fail::{During, Outcome};
use crate::{paths, proc, sqlx, test, web};
use std::fs;

const OPENAPI: &str = "server/openapi.json";
const CLIENT: &str = "server/web/console/shared/api/schema.gen.ts";
const REPAIR: &str = "run `cargo xtask check --fix openapi`";

/// The metadata of the checked SQL.
///
/// # Errors
/// When it is stale or the storage does not compile.
pub(crate) fn sql(fix: bool) -> Outcome {
    match sqlx::verify() {
        Err(_) if fix => sqlx::prepare(),
        result => result,
    }
}

/// The description of the API, and the console's types made from it.
///
/// # Errors
/// When either differs from what the server says of itself.
pub(crate) fn openapi(fix: bool) -> Outcome {
    if paths::root().join("server/src/main.rs").is_file() {
        description(fix)?;
    }
    if web::exists() && paths::root().join(CLIENT).is_file() {
        client(fix)?;
    }
    Ok(())
}

/// The server is asked in the form in which the tests build it: building it by itself would
/// compile half of its dependencies a second time.
fn description(fix: bool) -> Outcome {
    test::compile_tests()?;
    let binary = test::target_folder()?.join("debug/whatsapp-server");
    let mut server = proc::command(&binary.to_string_lossy());
    let says = proc::capture(server.arg("openapi"))?;
    let file = paths::root().join(OPENAPI);
    let committed = fs::read_to_string(&file).unwrap_or_default();
    if committed.trim_end() == says.trim_end() {
        return Ok(());
    }
    if fix {
        return fs::write(&file, format!("{}\n", says.trim_end())).during(OPENAPI);
    }
    Err(format!("{OPENAPI} is not what the server says: {REPAIR}").into())
}

fn client(fix: bool) -> Outcome {
    web::install()?;
    let file = paths::root().join(CLIENT);
    let committed = fs::read_to_string(&file).during(CLIENT)?;
    proc::capture(&mut web::npm(&["run", "--silent", "api"]))?;
    let made = fs::read_to_string(&file).during(CLIENT)?;
    if made == committed || fix {
        return Ok(());
    }
    // A check changes nothing.
    fs::write(&file, committed).during(CLIENT)?;
    Err(format!("{CLIENT} is not made from {OPENAPI}: {REPAIR}").into())
}
