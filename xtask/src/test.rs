//! `cargo xtask test`: every test of the house, on both databases and in a browser. It never skips
//! a runner in silence: what cannot run counts as failed, with the sentence that says why.

use crate::fail::{During, Failure, Outcome};
use crate::postgres::Postgres;
use crate::proc::{self, Stream};
use crate::tally::{self, Tally};
use crate::{independent, paths, tools, web};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// What of the whole to run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Selection {
    rust: bool,
    web: bool,
    browser: bool,
    independent: bool,
    filters: Vec<String>,
}

/// Runs the tests and ends with `N passed, N failed`.
///
/// # Errors
/// When a test failed or a runner could not run.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let selection = select(arguments)?;
    let mut total = Total::default();
    if selection.rust || selection.browser {
        total.take("the console's build", web::build().map(|()| Tally::default()));
    }
    // Kept until the end: the browser tests may use it as well.
    let postgres = if selection.rust || selection.browser { total.start_postgres() } else { None };
    let url = postgres.as_ref().map(|server| server.url("postgres"));
    if selection.rust {
        // One more that a test may crash, for the others must not notice.
        let mortal = Postgres::durable();
        total.take("Rust", mortal.and_then(|m| nextest(&selection.filters, url.as_deref(), &m)));
        if selection.filters.is_empty() {
            total.take("doctests", doctests());
        }
    }
    if selection.independent {
        total.take("independent client", independent_client());
    }
    if selection.web && web::exists() {
        total.take("Vitest", vitest());
    }
    if selection.browser && web::exists() && web::has_script("e2e")? {
        total.take("browser", browser(url.as_deref()));
    }
    drop(postgres);
    total.finish()
}

/// All of it without arguments; `--rust`, `--web`, `--browser` and `--independent` choose; any other word is a
/// filter for the Rust tests alone.
fn select(arguments: &[String]) -> Outcome<Selection> {
    let mut chosen = Selection::default();
    for argument in arguments {
        match argument.as_str() {
            "--rust" => chosen.rust = true,
            "--web" => chosen.web = true,
            "--browser" => chosen.browser = true,
            "--independent" => chosen.independent = true,
            flag if flag.starts_with("--") => {
                return Err(format!(
                    "`test` knows --rust, --web, --browser, --independent and filters, not {flag}"
                )
                .into());
            }
            filter => chosen.filters.push(filter.to_owned()),
        }
    }
    if !(chosen.rust || chosen.web || chosen.browser || chosen.independent) {
        chosen.rust = true;
        chosen.web = chosen.filters.is_empty();
        chosen.browser = chosen.filters.is_empty();
        chosen.independent = chosen.filters.is_empty();
    }
    Ok(chosen)
}

#[derive(Default)]
struct Total {
    tally: Tally,
    lines: Vec<String>,
}

impl Total {
    fn take(&mut self, runner: &str, result: Outcome<Tally>) {
        let tally = match result {
            Ok(tally) => {
                if tally != Tally::default() {
                    self.lines.push(format!(
                        "{runner}: {} passed, {} failed",
                        tally.passed, tally.failed
                    ));
                }
                tally
            }
            Err(failure) => {
                self.lines.push(format!("{runner}: {failure}"));
                Tally { passed: 0, failed: 1 }
            }
        };
        self.tally.add(tally);
    }

    /// Without it the tests that need it fail by themselves, and this names the cause.
    fn start_postgres(&mut self) -> Option<Postgres> {
        Postgres::start().map_err(|failure| self.take("PostgreSQL", Err(failure))).ok()
    }

    fn finish(self) -> Outcome {
        println!();
        for line in &self.lines {
            println!("{line}");
        }
        println!("{} passed, {} failed", self.tally.passed, self.tally.failed);
        if self.tally.failed == 0 { Ok(()) } else { Err(Failure::told()) }
    }
}

fn nextest(filters: &[String], postgres: Option<&str>, mortal: &Postgres) -> Outcome<Tally> {
    need_nextest()?;
    let mut cargo = proc::cargo();
    cargo.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    cargo.args(filters).envs(mortal.handles());
    if let Some(url) = postgres {
        cargo.env("TEST_POSTGRES_URL", url);
    }
    let mut tally = Tally::default();
    let status = proc::watch(&mut cargo, Stream::Error, |line| {
        if let Some(found) = tally::nextest(line) {
            tally = found;
        }
    })?;
    Ok(tally.judged(status.success()))
}

fn need_nextest() -> Outcome {
    if proc::capture(proc::cargo().args(["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    eprintln!("xtask: installing cargo-nextest, once, from source");
    proc::run(proc::cargo().args(["install", "--locked", "cargo-nextest"])).map_err(|failure| {
        Failure::from(format!(
            "{failure}; please install cargo-nextest, for instance with `cargo install --locked cargo-nextest`"
        ))
    })
}

fn doctests() -> Outcome<Tally> {
    let mut cargo = proc::cargo();
    cargo.args(["test", "--doc", "--workspace", "--no-fail-fast"]);
    let mut tally = Tally::default();
    let status = proc::watch(&mut cargo, Stream::Out, |line| {
        if let Some(found) = tally::doctest(line) {
            tally.add(found);
        }
    })?;
    Ok(tally.judged(status.success()))
}

fn independent_client() -> Outcome<Tally> {
    independent::run(&built("meta-simulator")?, &target_folder()?)
}

fn vitest() -> Outcome<Tally> {
    web::install()?;
    let folder = tools::scratch("vitest")?;
    let report = folder.path().join("report.json");
    let output = format!("--outputFile.json={}", report.display());
    let mut npm =
        web::npm(&["test", "--", "--reporter=default", "--reporter=json", output.as_str()]);
    let status = npm.status().during("npm test")?;
    let tally = read(&report).map(|report| tally::vitest(&report)).unwrap_or_default();
    Ok(tally.judged(status.success()))
}

fn browser(postgres: Option<&str>) -> Outcome<Tally> {
    web::install()?;
    let chromium = need_chromium()?;
    let folder = tools::scratch("browser")?;
    let report = folder.path().join("report.json");
    let mut npm = web::npm(&["run", "e2e", "--", "--reporter=list,json"]);
    npm.env("CHROMIUM_PATH", chromium);
    npm.env("WHATSAPP_SERVER_BIN", built("whatsapp-server")?);
    npm.env("META_SIMULATOR_BIN", built("meta-simulator")?);
    npm.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report).env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    if let Some(url) = postgres {
        npm.env("TEST_POSTGRES_URL", url);
    }
    let status = npm.status().during("npm run e2e")?;
    let tally = read(&report).map(|report| tally::playwright(&report)).unwrap_or_default();
    Ok(tally.judged(status.success()))
}

fn need_chromium() -> Outcome<PathBuf> {
    if let Some(path) = tools::chromium() {
        return Ok(path);
    }
    tools::install("chromium", "the browser tests")?;
    tools::chromium()
        .ok_or_else(|| "the browser tests need Chromium; CHROMIUM_PATH may name it.".into())
}

/// A binary of this build. The integration tests of its package make Cargo build it with exactly
/// the dependencies the tests use, so it is there after nextest; building it by itself would
/// compile half of the dependencies a second time.
fn built(name: &str) -> Outcome<PathBuf> {
    let path = target_folder()?.join("debug").join(name);
    if !path.is_file() {
        compile_tests()?;
    }
    if path.is_file() {
        return Ok(path);
    }
    Err(format!("{name} is not among the binaries which the workspace's tests build").into())
}

/// Compiles everything the tests need, and runs nothing.
///
/// # Errors
/// When the workspace does not compile.
pub(crate) fn compile_tests() -> Outcome {
    proc::run(proc::cargo().args(["test", "--workspace", "--no-run", "--quiet"]))
}

/// Cargo's target folder.
///
/// # Errors
/// When Cargo cannot read the workspace.
pub(crate) fn target_folder() -> Outcome<PathBuf> {
    if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR") {
        return Ok(paths::root().join(folder));
    }
    Ok(paths::root().join("target"))
}

fn read(report: &Path) -> Outcome<Value> {
    let text = fs::read_to_string(report).during(report.display())?;
    serde_json::from_str(&text).during(report.display())
}

#[cfg(test)]
mod tests {
    use super::{Selection, Total, select};
    use crate::tally::Tally;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn without_arguments_everything_runs_and_a_filter_means_rust_alone() {
        let all = select(&[]).unwrap();
        assert!(all.rust && all.web && all.browser && all.independent);
        let filtered = select(&words("campaign")).unwrap();
        assert_eq!(
            filtered,
            Selection { rust: true, filters: words("campaign"), ..Selection::default() }
        );
        let web = select(&words("--web")).unwrap();
        assert!(web.web && !web.rust && !web.browser);
        assert!(select(&words("--unknown")).is_err());
    }

    #[test]
    fn a_runner_that_could_not_run_fails_the_whole() {
        let mut total = Total::default();
        total.take("Rust", Ok(Tally { passed: 3, failed: 0 }));
        total.take("browser", Err("no browser".into()));
        assert_eq!(total.tally, Tally { passed: 3, failed: 1 });
        assert!(total.finish().is_err());
    }
}
