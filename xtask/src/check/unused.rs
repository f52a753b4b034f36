//! Dependencies that a package declares and no source of it names. They cost everybody's compile
//! time; exceptions are in `lists.rs` with their reason.

use super::lists::UNNAMED;
use super::metadata::{Dependency, Kind, Metadata, Package};
use super::rust_file::{RustFile, has_word};
use super::verdict;
use crate::fail::{During, Outcome};
use crate::paths;
use std::fs;
use std::path::Path;

/// The code of a package, apart by who may use what.
#[derive(Default)]
struct Sources {
    /// The library and the binaries.
    product: String,
    /// Tests, benches and examples.
    tests: String,
    /// The build script.
    build: String,
}

/// Looks for the name of each dependency in the sources of its package.
///
/// # Errors
/// With every dependency that nobody names.
pub(crate) fn check(_fix: bool) -> Outcome {
    let metadata = Metadata::load()?;
    let mut findings = Vec::new();
    for package in metadata.members() {
        let sources = sources(Path::new(&package.folder))?;
        for dependency in &package.dependencies {
            let name = metadata.source_name(package, dependency);
            if !excepted(package, dependency) && !used(&sources, dependency.kind, &name) {
                findings.push(format!("{}: `{}` is never used", package.name, dependency.name));
            }
        }
    }
    for (package, dependency, _) in UNNAMED {
        let declared = metadata
            .members()
            .filter(|one| one.name == *package)
            .any(|one| one.dependencies.iter().any(|declared| declared.name == *dependency));
        if !declared {
            findings.push(format!("lists.rs: {package} does not declare {dependency} any more"));
        }
    }
    verdict(findings)
}

fn excepted(package: &Package, dependency: &Dependency) -> bool {
    // A package that names itself for its tests turns features on, no more.
    if dependency.name == package.name {
        return true;
    }
    UNNAMED.iter().any(|(of, name, _)| *of == package.name && *name == dependency.name)
}

fn used(sources: &Sources, kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Normal => has_word(&sources.product, name),
        Kind::Dev => has_word(&sources.tests, name) || has_word(&sources.product, name),
        Kind::Build => has_word(&sources.build, name),
    }
}

fn sources(folder: &Path) -> Outcome<Sources> {
    let mut sources = Sources::default();
    let rust = |path: &Path| {
        let hidden = path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with('.') || name == "node_modules" || name == "target"
        });
        // The front end's folder has no Rust, and many files.
        let front_end = path.join("package.json").exists();
        !hidden
            && !front_end
            && (path.is_dir() || path.extension().is_some_and(|ending| ending == "rs"))
    };
    for file in paths::files_below(folder, &rust)? {
        let code = RustFile::new(&fs::read_to_string(&file).during(file.display())?).code;
        let relative = file.strip_prefix(folder).unwrap_or(&file);
        let part = match relative.iter().next().and_then(|first| first.to_str()) {
            Some("tests" | "benches" | "examples") => &mut sources.tests,
            Some("build.rs") => &mut sources.build,
            _ => &mut sources.product,
        };
        part.push_str(&code);
    }
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Sources, used};

    #[test]
    fn a_dependency_must_be_named_where_its_kind_is_for() {
        let sources = Sources {
            product: "use serde_json::Value;".into(),
            tests: "use proptest::prelude::*;".into(),
            build: String::new(),
        };
        assert!(used(&sources, Kind::Normal, "serde_json"));
        assert!(!used(&sources, Kind::Normal, "serde"));
        assert!(!used(&sources, Kind::Normal, "proptest"));
        assert!(used(&sources, Kind::Dev, "proptest"));
        assert!(!used(&sources, Kind::Build, "serde_json"));
    }
}
