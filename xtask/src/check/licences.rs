//! What others may do with our dependencies, and where those come from. The lists are in
//! `lists.rs`; it never looks into a package's files.

use super::lists::{BANNED, FRONT_END_LICENCES, LICENCES, UNMODIFIED_ONLY, UNNAMED_LICENCES};
use super::metadata::{Metadata, Package};
use super::{spdx, verdict};
use crate::fail::{During, Outcome};
use crate::{paths, web};
use serde_json::Value;

/// The one registry. Cargo reports it under this name however it is reached.
const REGISTRIES: [&str; 2] =
    ["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];

/// Judges every package of the tree, with all features and for all systems.
///
/// # Errors
/// With every package that has another licence or source, or is banned.
pub(crate) fn check(_fix: bool) -> Outcome {
    let metadata = Metadata::load()?;
    let mut found: Vec<String> =
        metadata.packages.iter().flat_map(|one| findings(one, metadata.is_member(one))).collect();
    if web::exists() {
        let lock = paths::read("server/web/package-lock.json")?;
        found.extend(front_end(&serde_json::from_str(&lock).during("package-lock.json")?));
    }
    verdict(found)
}

/// The packages a browser loads from us; tools that stay at home are their users' own affair.
fn front_end(lock: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    let allowed =
        |licence: &str| LICENCES.contains(&licence) || FRONT_END_LICENCES.contains(&licence);
    for (path, package) in lock.get("packages").and_then(Value::as_object).into_iter().flatten() {
        let name = path.rsplit("node_modules/").next().unwrap_or_default();
        let text = |key: &str| package.get(key).and_then(Value::as_str);
        let flag = |key: &str| package.get(key).and_then(Value::as_bool).unwrap_or(false);
        if let Some(address) = text("resolved") {
            findings.push(format!("package-lock.json: {name} is bound to the address {address}"));
        }
        let unnamed = UNNAMED_LICENCES.iter().any(|(listed, _)| *listed == name);
        if flag("dev") || flag("devOptional") || flag("optional") || unnamed {
            continue;
        }
        match text("license") {
            None => findings.push(format!("npm package {name} names no licence")),
            Some(licence) if spdx::satisfied(licence, &allowed) == Some(true) => {}
            Some(licence) => findings.push(format!("npm package {name} has the licence {licence}")),
        }
    }
    findings
}

fn findings(package: &Package, ours: bool) -> Vec<String> {
    let name = format!("{} {}", package.name, package.version);
    let mut findings = Vec::new();
    if let Some((_, reason)) = BANNED.iter().find(|(banned, _)| *banned == package.name) {
        findings.push(format!("{name} is banned: {reason}"));
    }
    let published = match &package.source {
        None => ours,
        Some(source) => REGISTRIES.contains(&source.as_str()),
    };
    if !published {
        let source = package.source.as_deref().unwrap_or("a path outside the workspace");
        findings.push(format!("{name} comes from {source}, not from crates.io"));
    }
    let from_registry = published && !ours;
    let allowed = |licence: &str| {
        LICENCES.contains(&licence) || (from_registry && UNMODIFIED_ONLY.contains(&licence))
    };
    match package.licence.as_deref() {
        None => findings.push(format!("{name} names no licence")),
        Some(expression) => match spdx::satisfied(expression, &allowed) {
            Some(true) => {}
            Some(false) => findings.push(format!("{name} has the licence {expression}")),
            None => findings.push(format!("{name} has an unreadable licence: {expression}")),
        },
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::metadata::tests::workspace;
    use super::{Package, findings, front_end};
    use serde_json::json;

    fn outside() -> Package {
        let metadata = workspace(&[("a", &[("serde", "normal")])]);
        metadata.packages.iter().find(|package| package.name == "serde").unwrap().clone()
    }

    #[test]
    fn a_permissive_package_of_the_registry_passes() {
        assert_eq!(findings(&outside(), false), Vec::<String>::new());
    }

    #[test]
    fn another_licence_no_licence_and_another_source_do_not() {
        let mut package = outside();
        package.licence = Some("GPL-3.0-only".into());
        assert_eq!(findings(&package, false), ["serde 1.0.0 has the licence GPL-3.0-only"]);
        package.licence = None;
        assert_eq!(findings(&package, false), ["serde 1.0.0 names no licence"]);
        package.licence = Some("MPL-2.0".into());
        assert_eq!(findings(&package, false), Vec::<String>::new());
        package.source = Some("git+https://example.org/x".into());
        assert_eq!(findings(&package, false).len(), 2);
        package.source = None;
        package.licence = Some("MIT".into());
        assert_eq!(findings(&package, false).len(), 1);
        assert_eq!(findings(&package, true), Vec::<String>::new());
    }

    #[test]
    fn a_banned_package_is_named_with_the_reason() {
        let mut package = outside();
        package.name = "openssl-sys".into();
        assert!(findings(&package, false).concat().contains("rustls"));
    }

    #[test]
    fn what_a_browser_loads_is_judged_and_tools_are_not() {
        let lock = json!({"packages": {
            "": {"license": "MIT"},
            "node_modules/tool": {"license": "GPL-3.0", "dev": true},
            "node_modules/good": {"license": "(MIT OR CC0-1.0)"},
            "node_modules/a/node_modules/bad": {"license": "GPL-3.0"},
            "node_modules/bound": {"license": "MIT", "resolved": "https://example.org/x.tgz"},
        }});
        let found = front_end(&lock).join("\n");
        assert!(found.contains("bad has the licence GPL-3.0") && found.contains("bound is bound"));
        assert_eq!(found.lines().count(), 2, "{found}");
    }
}
