//! Every error body of the reference becomes the situation that its code stands for.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use whatsapp_cloud::codes::known_codes;
use whatsapp_cloud::{CloudError, ErrorClass, ProviderError, explain};
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
fn an_error_is_told_by_its_finer_code_unless_that_says_only_that_something_is_missing() {
    let said = |subcode: i64| {
        let error = serde_json::json!({"code": 100, "error_subcode": subcode, "message": "no"});
        read(&serde_json::json!({ "error": error })).to_string()
    };
    assert!(said(2_388_024).contains("such a template in this language"), "{}", said(2_388_024));
    assert!(said(33).contains("missing or wrong"), "a template that is gone is no lost number");
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

/// Every code of Meta's reference of November 2026.
const REFERENCE: &[i64] = &[
    0, 1, 2, 3, 4, 10, 17, 32, 33, 100, 104, 190, 192, 368, 470, 471, 472, 506, 613, 803, 1_013,
    1_026, 2_500, 80_007, 80_008, 130_403, 130_429, 130_472, 130_497, 131_000, 131_005, 131_008,
    131_009, 131_016, 131_020, 131_021, 131_026, 131_030, 131_031, 131_037, 131_041, 131_042,
    131_044, 131_045, 131_047, 131_048, 131_049, 131_050, 131_051, 131_052, 131_053, 131_055,
    131_056, 131_057, 131_059, 131_060, 131_062, 131_063, 131_064, 131_201, 131_202, 131_204,
    131_207, 131_208, 131_209, 131_210, 131_211, 131_212, 131_213, 131_214, 131_215, 132_000,
    132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_018, 132_068, 132_069,
    133_000, 133_004, 133_005, 133_006, 133_008, 133_009, 133_010, 133_015, 133_016, 134_011,
    134_100, 134_101, 134_102, 135_000, 137_000, 138_000, 138_001, 138_002, 138_003, 138_004,
    138_005, 138_006, 138_007, 138_009, 138_012, 138_013, 139_000, 139_001, 139_002, 139_003,
    139_004, 139_100, 139_101, 139_102, 139_103, 147_001, 147_002, 147_003, 147_004, 147_005,
    200_002, 200_005, 200_006, 200_007, 1_752_041, 2_388_001, 2_388_012, 2_388_019, 2_388_024,
    2_388_039, 2_388_040, 2_388_047, 2_388_072, 2_388_073, 2_388_091, 2_388_093, 2_388_103,
    2_388_293, 2_388_299, 2_494_100, 2_593_107, 2_593_108, 2_593_109,
];

#[test]
fn every_code_of_the_reference_is_in_the_table_and_on_the_page() {
    let known: Vec<_> = known_codes().collect();
    let missing: Vec<_> = REFERENCE.iter().filter(|code| !known.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let mut page = String::from(HEAD);
    for row in known.iter().map(|code| explain(*code)) {
        let wait = if row.after == Span::ZERO {
            String::new()
        } else {
            format!("{} s", row.after.as_micros() / 1_000_000)
        };
        page += &format!(
            "| {} | {} | {} | {} | {} |\n",
            row.code,
            row.class().as_str(),
            wait,
            row.message,
            row.advice
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/meta-errors.md");
    if std::env::var_os("UPDATE_PAGES").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let kept = std::fs::read_to_string(path).expect("docs/meta-errors.md");
    assert_eq!(kept, page, "renew it: UPDATE_PAGES=1 cargo nextest run -p whatsapp-cloud errors");
}

const HEAD: &str = "\
# Meta's error codes in plain words

Made from the one table in `whatsapp-cloud` (`codes/table.rs`) by its test; the console, the API and the send engine
use the same rows. A machine asks again only where the class is *retry after* or *slow down*; what is *ambiguous* (no
answer of Meta's came) no machine sends again. Codes from 200 to 299 that are not here mean a missing permission.

| Code | Class | Wait | What happened | What to do |
|---|---|---|---|---|
";

#[test]
fn each_error_has_one_class_and_only_two_classes_are_tried_again() {
    let refused = |code| {
        let provider = ProviderError { code, ..ProviderError::default() };
        CloudError::from_provider(provider, None).error_class()
    };
    for code in known_codes() {
        assert_eq!(refused(code), explain(code).class(), "{code}");
    }
    assert_eq!(refused(190), ErrorClass::Disconnect);
    assert_eq!(refused(130_429), ErrorClass::SlowDown);
    assert_eq!(refused(131_016), ErrorClass::RetryAfter);
    assert_eq!(refused(132_015), ErrorClass::NeedsPerson);
    assert_eq!(refused(131_047), ErrorClass::Permanent);
    let lost = CloudError::Ambiguous { reason: String::new(), http_status: Some(502) };
    assert_eq!(lost.error_class(), ErrorClass::Ambiguous);
    assert!(!lost.error_class().may_retry());
}
