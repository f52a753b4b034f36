//! `cargo xtask web`: the console built into `server/web/dist`, when its sources changed. It never
//! installs or builds what is already right, so every other command can call it first.

use crate::fail::{During, Outcome};
use crate::{hash, paths, proc, tools};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest Node.js the console's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Folders of `server/web` whose content does not decide about the result.
const NOT_SOURCES: [&str; 6] =
    ["node_modules", "dist", "e2e", "test-results", "playwright-report", "coverage"];

/// Where the front end lives.
pub(crate) fn folder() -> PathBuf {
    paths::root().join("server/web")
}

/// Whether this tree has a front end at all.
pub(crate) fn exists() -> bool {
    folder().join("package.json").is_file()
}

/// An npm command in the front end's folder.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = proc::command("npm");
    // npm reads the terminal only to ask questions nobody is there to answer.
    npm.args(arguments).current_dir(folder()).stdin(Stdio::null());
    npm
}

/// Brings `dist` up to date; answers at once when it is.
///
/// # Errors
/// When Node.js is missing or too old, or the installation or the build fails.
pub(crate) fn build() -> Outcome {
    if !exists() {
        return Ok(());
    }
    let stamp = folder().join("dist/.stamp");
    let wanted = fingerprint()?;
    if fs::read_to_string(&stamp).is_ok_and(|text| text.trim() == wanted) {
        return Ok(());
    }
    install()?;
    proc::run(&mut npm(&["run", "--silent", "build"]))?;
    fs::write(&stamp, format!("{wanted}\n")).during("dist/.stamp")
}

/// Installs the packages when what is installed is not what the lock says.
///
/// # Errors
/// When Node.js is missing or too old, or npm fails.
pub(crate) fn install() -> Outcome {
    need_node()?;
    let lock = read_json(&folder().join("package-lock.json"))?;
    let installed = read_json(&folder().join("node_modules/.package-lock.json")).ok();
    if installed.is_some_and(|installed| matches(&lock, &installed)) {
        return Ok(());
    }
    proc::run(&mut npm(&["ci", "--no-fund", "--no-audit"]))
}

/// The scripts of `package.json`.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn has_script(name: &str) -> Outcome<bool> {
    let package = read_json(&folder().join("package.json"))?;
    Ok(package.pointer("/scripts").is_some_and(|scripts| scripts.get(name).is_some()))
}

fn read_json(file: &Path) -> Outcome<Value> {
    let text = fs::read_to_string(file).during(file.display())?;
    serde_json::from_str(&text).during(file.display())
}

/// Whether the installed packages are those of the lock: the same versions, and nothing missing
/// but what the lock calls optional (packages of other systems).
fn matches(lock: &Value, installed: &Value) -> bool {
    let packages = |value: &Value| value.get("packages").and_then(Value::as_object).cloned();
    let (Some(lock), Some(installed)) = (packages(lock), packages(installed)) else {
        return false;
    };
    let same = |a: &Value, b: &Value| a.get("version") == b.get("version");
    let nothing_foreign = installed
        .iter()
        .all(|(name, package)| lock.get(name).is_some_and(|wanted| same(wanted, package)));
    let nothing_missing =
        lock.iter().filter(|(name, _)| !name.is_empty()).all(|(name, package)| {
            let flag = |word| package.get(word).and_then(Value::as_bool).unwrap_or(false);
            installed.contains_key(name) || flag("optional") || flag("devOptional")
        });
    nothing_foreign && nothing_missing
}

fn fingerprint() -> Outcome<String> {
    let base = folder();
    let files = paths::files_below(&base, &|path| {
        let relative = path.strip_prefix(&base).unwrap_or(path);
        let top = relative.iter().next().map(|part| part.to_string_lossy().into_owned());
        let name = relative.to_string_lossy();
        !top.is_some_and(|top| NOT_SOURCES.contains(&top.as_str()))
            && !name.contains(".test.")
            // The build writes this one, from the routes that are counted already.
            && !name.ends_with("routeTree.gen.ts")
    })?;
    hash::of_files(&base, &files)
}

fn need_node() -> Outcome {
    let wanted = format!("{}.{}", NODE.0, NODE.1);
    if tools::find(&["node"]).is_none() || tools::find(&["npm"]).is_none() {
        return Err(format!(
            "the console is built with Node.js: please install Node.js {wanted} or newer (it brings npm)."
        )
        .into());
    }
    let text = proc::capture(proc::command("node").arg("--version"))?;
    match version(&text) {
        Some(found) if found >= NODE => Ok(()),
        _ => Err(format!(
            "the console needs Node.js {wanted} or newer, this machine has {}.",
            text.trim()
        )
        .into()),
    }
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{NODE, matches, version};
    use serde_json::json;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert!(version("v20.9.0").unwrap() < NODE);
        assert!(version("v100.0.0").unwrap() > NODE);
        assert_eq!(version("nonsense"), None);
    }

    #[test]
    fn an_installation_matches_its_lock_when_only_optional_packages_are_absent() {
        let lock = json!({"packages": {
            "": {"name": "console"},
            "node_modules/a": {"version": "1.0.0"},
            "node_modules/a-darwin": {"version": "1.0.0", "optional": true},
        }});
        let good = json!({"packages": {"node_modules/a": {"version": "1.0.0"}}});
        let older = json!({"packages": {"node_modules/a": {"version": "0.9.0"}}});
        let foreign = json!({"packages": {
            "node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "1.0.0"}}});
        assert!(matches(&lock, &good));
        assert!(!matches(&lock, &older));
        assert!(!matches(&lock, &foreign));
        assert!(!matches(&lock, &json!({"packages": {}})));
    }
}
