//! Each promised combination of features of the crates that are embedded one by one is built. Never tests them.

use super::verdict;
use crate::fail::Outcome;
use crate::proc;

/// What `whatsapp-cloud/README.md` promises, each without the default features, and the platform without the tests' door.
const PROMISED: &[(&str, &str)] = &[
    ("whatsapp-cloud", ""),
    ("whatsapp-cloud", "client"),
    ("whatsapp-cloud", "bot"),
    ("whatsapp-cloud", "client,bot"),
    ("whatsapp-cloud", "testing"),
    ("whatsapp-cloud", "testing,bot"),
    ("whatsapp-cloud", "simulator"),
    // As a product builds it: what only the tests call is not there.
    ("whatsapp-platform", ""),
];

/// Builds them all; a warning is a finding.
///
/// # Errors
/// With the combinations that do not build.
pub(crate) fn check(_fix: bool) -> Outcome {
    let mut findings = Vec::new();
    for (package, features) in PROMISED {
        let mut cargo = proc::cargo();
        cargo.args(["clippy", "--quiet", "--package", package, "--lib", "--no-default-features"]);
        cargo.args(["--features", features, "--", "--deny", "warnings"]);
        if let Err(failure) = proc::run(&mut cargo) {
            findings.push(format!("{package} with features [{features}]: {failure}"));
        }
    }
    verdict(findings)
}
