//! Every error body of the reference becomes the situation that its code stands for.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use whatsapp_cloud::{CloudError, ProviderError};
use whatsapp_core::{Classified, Span};

fn read(body: &Value) -> CloudError {
    let error = &body["error"];
    let provider = ProviderError {
        code: error["code"].as_i64().expect("a code"),
        subcode: error["error_subcode"].as_i64(),
        message: error["message"].as_str().unwrap_or_default().to_owned(),
        ..ProviderError::default()
    };
    CloudError::from_provider(provider, None)
}

#[test]
fn every_error_of_the_reference_has_its_situation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("entry").path();
        let name = path.file_stem().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        let Some(short) = name.strip_prefix("error_") else { continue };
        let text = std::fs::read_to_string(&path).expect("reads");
        let wrapped: Value = serde_json::from_str(&text).expect(&name);
        let error = read(&wrapped["body"]);
        assert!(error.proof_not_accepted(), "{name}: Meta said no");
        let explanation = error.explanation().expect("a code");
        found.insert(short.to_owned(), format!("{:?}", explanation.situation));
    }
    insta::assert_yaml_snapshot!(found);
}

#[test]
fn what_meta_asks_to_wait_wins_over_the_table() {
    let body = serde_json::json!({"error": {"code": 130_429}});
    assert_eq!(read(&body).retry_after(), Some(Span::seconds(1)));
    let provider = ProviderError { code: 130_429, ..ProviderError::default() };
    let error = CloudError::from_provider(provider, Some(Span::seconds(9)));
    assert_eq!(error.retry_after(), Some(Span::seconds(9)));
    assert_eq!(error.code(), "META_130429");
}

#[test]
fn only_a_body_of_meta_s_or_no_byte_written_proves_anything() {
    let ambiguous = CloudError::Ambiguous { reason: "reset".into(), http_status: None };
    let unreachable = CloudError::Unreachable { reason: "refused".into() };
    assert!(!ambiguous.proof_not_accepted());
    assert!(unreachable.proof_not_accepted());
    assert!(CloudError::invalid("to", "missing").proof_not_accepted());
}
