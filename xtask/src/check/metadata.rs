//! The workspace as Cargo describes it, reduced to what the checks ask. It never reads a
//! `Cargo.toml` itself: features, renames and targets are Cargo's to resolve.

use crate::fail::{During, Outcome};
use crate::proc;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// When a dependency is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// By the product.
    Normal,
    /// By tests, benches and examples.
    Dev,
    /// By the build script.
    Build,
}

/// A dependency as a package declares it.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    /// The package's name.
    pub(crate) name: String,
    /// What sources call it when it was renamed.
    pub(crate) rename: Option<String>,
    /// When it is needed.
    pub(crate) kind: Kind,
    /// Whether a feature must turn it on.
    pub(crate) optional: bool,
}

/// One package.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// Cargo's identifier for it.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its SPDX expression.
    pub(crate) licence: Option<String>,
    /// Where it comes from; nothing for a path.
    pub(crate) source: Option<String>,
    /// Its folder.
    pub(crate) folder: String,
    /// What it declares.
    pub(crate) dependencies: Vec<Dependency>,
    /// Its features and what each turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
}

/// All packages, and the edges between them that Cargo resolved with all features.
#[derive(Default)]
pub(crate) struct Metadata {
    /// Every package of the tree.
    pub(crate) packages: Vec<Package>,
    /// Identifiers of our own packages.
    members: BTreeSet<String>,
    /// For each package, the packages its product needs.
    normal: BTreeMap<String, Vec<String>>,
    /// For each package, the names sources use for its dependencies, by the dependency's package.
    names: BTreeMap<String, BTreeMap<String, String>>,
}

impl Metadata {
    /// Asks Cargo.
    ///
    /// # Errors
    /// When the manifests or the lock are wrong.
    pub(crate) fn load() -> Outcome<Self> {
        let mut cargo = proc::cargo();
        cargo.args(["metadata", "--format-version", "1", "--all-features", "--quiet"]);
        Self::parse(&proc::capture(&mut cargo)?)
    }

    /// Reads what `cargo metadata` printed.
    ///
    /// # Errors
    /// When that is no JSON.
    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        let root: Value = serde_json::from_str(text).during("cargo metadata")?;
        let mut metadata = Self {
            packages: array(&root, "packages").iter().map(package).collect(),
            members: array(&root, "workspace_members").iter().filter_map(text_of).collect(),
            ..Self::default()
        };
        let by_id: BTreeMap<&str, &str> =
            metadata.packages.iter().map(|one| (one.id.as_str(), one.name.as_str())).collect();
        for node in root.get("resolve").map(|resolve| array(resolve, "nodes")).unwrap_or_default() {
            let id = string(node, "id");
            for edge in array(node, "deps") {
                let target = string(edge, "pkg");
                let normal = array(edge, "dep_kinds")
                    .iter()
                    .any(|kind| kind.get("kind").is_none_or(Value::is_null));
                if normal {
                    metadata.normal.entry(id.clone()).or_default().push(target.clone());
                }
                let package = by_id.get(target.as_str()).map_or("", |name| name).to_owned();
                metadata.names.entry(id.clone()).or_default().insert(package, string(edge, "name"));
            }
        }
        Ok(metadata)
    }

    /// Our own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.members.contains(&package.id))
    }

    /// Whether a package is ours.
    pub(crate) fn is_member(&self, package: &Package) -> bool {
        self.members.contains(&package.id)
    }

    /// The names of all packages which this package's product needs, however far away.
    pub(crate) fn closure(&self, package: &Package) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![package.id.as_str()];
        while let Some(id) = open.pop() {
            for next in self.normal.get(id).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        let ids = self.packages.iter().filter(|package| seen.contains(&package.id));
        ids.map(|package| package.name.clone()).collect()
    }

    /// What the sources of `package` call this dependency.
    pub(crate) fn source_name(&self, package: &Package, dependency: &Dependency) -> String {
        if let Some(rename) = &dependency.rename {
            return rename.replace('-', "_");
        }
        self.names
            .get(&package.id)
            .and_then(|names| names.get(&dependency.name))
            .filter(|name| !name.is_empty())
            .cloned()
            .unwrap_or_else(|| dependency.name.replace('-', "_"))
    }
}

fn package(value: &Value) -> Package {
    let manifest = string(value, "manifest_path");
    Package {
        id: string(value, "id"),
        name: string(value, "name"),
        version: string(value, "version"),
        licence: value.get("license").and_then(text_of),
        source: value.get("source").and_then(text_of),
        folder: manifest.strip_suffix("/Cargo.toml").unwrap_or(&manifest).to_owned(),
        dependencies: array(value, "dependencies").iter().map(dependency).collect(),
        features: value
            .get("features")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, list)| {
                let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
                (name.clone(), list.iter().filter_map(text_of).collect())
            })
            .collect(),
    }
}

fn dependency(value: &Value) -> Dependency {
    Dependency {
        name: string(value, "name"),
        rename: value.get("rename").and_then(text_of),
        kind: match value.get("kind").and_then(Value::as_str) {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        },
        optional: value.get("optional").and_then(Value::as_bool).unwrap_or(false),
    }
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn string(value: &Value, key: &str) -> String {
    value.get(key).and_then(text_of).unwrap_or_default()
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Kind, Metadata};
    use serde_json::{Value, json};

    /// A workspace from `(package, [(dependency, kind)])`; packages not listed come from outside.
    pub(crate) fn workspace(members: &[(&str, &[(&str, &str)])]) -> Metadata {
        let own: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
        let mut outside: Vec<&str> = members
            .iter()
            .flat_map(|(_, list)| list.iter().map(|(name, _)| *name))
            .filter(|name| !own.contains(name))
            .collect();
        outside.sort_unstable();
        outside.dedup();
        let kind = |kind: &str| if kind == "normal" { Value::Null } else { json!(kind) };
        let mut packages: Vec<Value> = members
            .iter()
            .map(|(name, list)| {
                let list: Vec<Value> = list
                    .iter()
                    .map(|(name, of)| json!({"name": name, "kind": kind(of), "optional": false}))
                    .collect();
                json!({"id": name, "name": name, "version": "1.0.0", "dependencies": list})
            })
            .collect();
        packages.extend(outside.iter().map(|name| {
            let source = "registry+https://github.com/rust-lang/crates.io-index";
            json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source})
        }));
        let nodes: Vec<Value> = members
            .iter()
            .map(|(name, list)| {
                let deps: Vec<Value> = list
                    .iter()
                    .map(|(name, of)| {
                        json!({"name": name.replace('-', "_"), "pkg": name,
                               "dep_kinds": [{"kind": kind(of)}]})
                    })
                    .collect();
                json!({"id": name, "deps": deps})
            })
            .collect();
        let root = json!({"packages": packages, "workspace_members": own,
                          "resolve": {"nodes": nodes}});
        Metadata::parse(&root.to_string()).unwrap()
    }

    #[test]
    fn the_closure_follows_the_product_and_not_the_tests() {
        let metadata = workspace(&[
            ("a", &[("b", "normal"), ("proptest", "dev")]),
            ("b", &[("serde", "normal")]),
        ]);
        let a = metadata.members().find(|package| package.name == "a").unwrap();
        let names: Vec<String> = metadata.closure(a).into_iter().collect();
        assert_eq!(names, ["b", "serde"]);
        assert_eq!(a.dependencies.get(1).map(|one| one.kind), Some(Kind::Dev));
    }
}
