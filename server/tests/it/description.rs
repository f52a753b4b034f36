//! The description of the API is what the server serves, and what is committed.

use std::collections::BTreeSet;

use serde_json::Value;
use whatsapp_server::{openapi, routes};

fn document() -> Value {
    serde_json::from_str(&openapi::text()).expect("the description is JSON")
}

#[test]
fn the_routes_and_their_names_are_stable() {
    let document = document();
    let mut lines = Vec::new();
    for route in routes::table() {
        let operation = &document["paths"][route.path()][route.method().to_lowercase()];
        let id = operation["operationId"].as_str().expect("every operation has an id");
        lines.push(format!("{:<6} {}  {id}  {:?}", route.method(), route.path(), route.access));
    }
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn no_operation_shares_its_name_and_every_reference_leads_somewhere() {
    let (document, mut ids) = (document(), BTreeSet::new());
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{method} {path}: {id} is taken");
        }
    }
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().expect("a name");
        assert!(document["components"]["schemas"][name].is_object(), "{name} is not described");
    }
}

#[test]
fn the_version_is_the_one_that_generators_know() {
    assert_eq!(document()["openapi"], "3.1.0");
}

#[test]
fn the_committed_description_is_this_one() {
    let committed = include_str!("../../openapi.json");
    assert!(
        committed.trim_end() == openapi::text().trim_end(),
        "run cargo xtask check --fix openapi"
    );
}
