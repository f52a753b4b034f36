//! What others may do with our dependencies, and where those come from. The lists are in
//! `lists.rs`; it never looks into a package's files.

use super::lists::{BANNED, LICENCES, UNMODIFIED_ONLY};
use super::metadata::{Metadata, Package};
use super::{spdx, verdict};
use crate::fail::Outcome;

/// The one registry. Cargo reports it under this name however it is reached.
const REGISTRIES: [&str; 2] =
    ["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];

/// Judges every package of the tree, with all features and for all systems.
///
/// # Errors
/// With every package that has another licence or source, or is banned.
pub(crate) fn check(_fix: bool) -> Outcome {
    let metadata = Metadata::load()?;
    verdict(
        metadata.packages.iter().flat_map(|one| findings(one, metadata.is_member(one))).collect(),
    )
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
    use super::{Package, findings};

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
}
