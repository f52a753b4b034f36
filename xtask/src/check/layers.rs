//! Who may depend on whom. The table here *is* the architecture: a new arrow needs an edit to it.
//! Only what the product needs is judged; tests may use what they like.

use super::metadata::{Kind, Metadata, Package};
use super::verdict;
use crate::fail::Outcome;

/// One crate's rules.
struct Layer {
    name: &'static str,
    /// Crates of the house it may use.
    may_use: &'static [&'static str],
    /// Outside crates it must not name.
    forbidden: &'static [&'static str],
    /// Outside crates it must not even have somewhere below it.
    nowhere: &'static [&'static str],
    /// Outside crates that only the given feature may turn on.
    only_with: &'static [(&'static str, &'static str)],
}

const CORE: &str = "whatsapp-core";
const STORAGE: &str = "whatsapp-storage";
const CLOUD: &str = "whatsapp-cloud";
const AI: &str = "whatsapp-ai";
const BILLING: &str = "whatsapp-billing";
const AUTOMATION: &str = "whatsapp-automation";
const PLATFORM: &str = "whatsapp-platform";
const SERVER: &str = "whatsapp-server";

/// Anything that does or waits for input and output.
const EFFECTS: &[&str] = &["tokio", "async-trait", "sqlx", "reqwest", "axum", "hyper"];
/// Anything that speaks HTTP.
const HTTP: &[&str] = &["reqwest", "axum", "hyper", "tower-http"];

const LAYERS: [Layer; 11] = [
    Layer { name: CORE, may_use: &[], forbidden: EFFECTS, nowhere: EFFECTS, only_with: &[] },
    Layer {
        name: AUTOMATION,
        may_use: &[CORE],
        forbidden: EFFECTS,
        nowhere: EFFECTS,
        only_with: &[],
    },
    Layer { name: STORAGE, may_use: &[CORE], forbidden: HTTP, nowhere: &[], only_with: &[] },
    Layer {
        name: CLOUD,
        may_use: &[CORE],
        forbidden: &["sqlx"],
        nowhere: &["sqlx"],
        only_with: &[("axum", "simulator")],
    },
    Layer {
        name: AI,
        may_use: &[CORE],
        forbidden: &["sqlx", "axum"],
        nowhere: &["sqlx"],
        only_with: &[],
    },
    Layer {
        name: BILLING,
        may_use: &[CORE],
        forbidden: &["sqlx", "axum"],
        nowhere: &["sqlx"],
        only_with: &[],
    },
    Layer {
        name: PLATFORM,
        may_use: &[CORE, STORAGE, CLOUD, AUTOMATION, AI, BILLING],
        forbidden: &["axum", "sqlx", "reqwest"],
        nowhere: &[],
        only_with: &[],
    },
    Layer {
        name: SERVER,
        may_use: &[CORE, STORAGE, CLOUD, AI, BILLING, PLATFORM],
        forbidden: &["sqlx"],
        nowhere: &[],
        only_with: &[],
    },
    Layer {
        name: "sdk-examples",
        may_use: &[CORE, STORAGE, CLOUD, AUTOMATION, AI, BILLING, PLATFORM, SERVER],
        forbidden: &["sqlx"],
        nowhere: &[],
        only_with: &[],
    },
    // Measures the others from outside, with databases and baselines of its own.
    Layer {
        name: "whatsapp-load",
        may_use: &[CORE, STORAGE, CLOUD, PLATFORM],
        forbidden: &["axum"],
        nowhere: &[],
        only_with: &[],
    },
    Layer { name: "xtask", may_use: &[], forbidden: EFFECTS, nowhere: EFFECTS, only_with: &[] },
];

/// Holds the table against the workspace.
///
/// # Errors
/// With every arrow that the table does not have.
pub(crate) fn check(_fix: bool) -> Outcome {
    verdict(findings(&Metadata::load()?))
}

fn findings(metadata: &Metadata) -> Vec<String> {
    let mut findings = Vec::new();
    let members: Vec<&str> = metadata.members().map(|package| package.name.as_str()).collect();
    for package in metadata.members() {
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == package.name) else {
            findings.push(format!("{} has no row in the table of xtask's layers", package.name));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|one| one.kind == Kind::Normal) {
            let name = dependency.name.as_str();
            if members.contains(&name) && !layer.may_use.contains(&name) {
                findings.push(format!("{} must not use {name}", package.name));
            }
            if layer.forbidden.contains(&name) {
                findings.push(format!("{} must not use {name}", package.name));
            }
            if let Some((_, feature)) = layer.only_with.iter().find(|(crate_, _)| *crate_ == name)
                && !(dependency.optional && only_feature(package, name, feature))
            {
                findings.push(format!(
                    "{} may use {name} only in its feature `{feature}`",
                    package.name
                ));
            }
        }
        let below = metadata.closure(package);
        for name in layer.nowhere.iter().filter(|name| below.contains(**name)) {
            findings.push(format!("{} must not have {name} anywhere below it", package.name));
        }
    }
    findings
}

/// Whether nothing but `feature` turns the optional dependency on, and no default turns that on.
fn only_feature(package: &Package, dependency: &str, feature: &str) -> bool {
    let explicit = format!("dep:{dependency}");
    package.features.iter().all(|(name, turns_on)| {
        let touches = turns_on.iter().any(|entry| {
            *entry == explicit
                || entry == dependency
                || entry.starts_with(&format!("{dependency}/"))
        });
        let by_default = name == "default" && turns_on.iter().any(|entry| entry == feature);
        // A feature named like the dependency is what Cargo makes of an implicit one.
        (!touches || name == feature) && name != dependency && !by_default
    })
}

#[cfg(test)]
mod tests {
    use super::super::metadata::tests::workspace;
    use super::{findings, only_feature};

    #[test]
    fn the_drawn_arrows_are_allowed() {
        let metadata = workspace(&[
            ("whatsapp-core", &[("serde", "normal"), ("tokio", "dev")]),
            ("whatsapp-storage", &[("whatsapp-core", "normal"), ("sqlx", "normal")]),
            ("whatsapp-platform", &[("whatsapp-core", "normal"), ("tokio", "normal")]),
        ]);
        assert_eq!(findings(&metadata), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_upwards_and_a_forbidden_crate_are_named() {
        let metadata = workspace(&[
            ("whatsapp-core", &[("tokio", "normal")]),
            ("whatsapp-storage", &[("whatsapp-platform", "normal")]),
            ("whatsapp-platform", &[("sqlx", "normal")]),
        ]);
        let text = findings(&metadata).join("\n");
        assert!(text.contains("whatsapp-core must not use tokio"), "{text}");
        assert!(text.contains("whatsapp-storage must not use whatsapp-platform"), "{text}");
        assert!(text.contains("whatsapp-platform must not use sqlx"), "{text}");
    }

    #[test]
    fn a_crate_cannot_hide_behind_another_in_core() {
        let metadata = workspace(&[
            ("whatsapp-core", &[("whatsapp-helper", "normal")]),
            ("whatsapp-helper", &[("tokio", "normal")]),
        ]);
        let text = findings(&metadata).join("\n");
        assert!(text.contains("whatsapp-core must not have tokio anywhere below it"), "{text}");
        assert!(text.contains("whatsapp-helper has no row"), "{text}");
    }

    #[test]
    fn axum_in_the_cloud_crate_must_be_behind_the_simulator() {
        let metadata = workspace(&[("whatsapp-cloud", &[("axum", "normal")])]);
        assert_eq!(findings(&metadata).len(), 1);
        let mut package = metadata.members().next().unwrap().clone();
        package.features.insert("simulator".into(), vec!["dep:axum".into()]);
        assert!(only_feature(&package, "axum", "simulator"));
        package.features.insert("other".into(), vec!["dep:axum".into()]);
        assert!(!only_feature(&package, "axum", "simulator"));
    }
}
