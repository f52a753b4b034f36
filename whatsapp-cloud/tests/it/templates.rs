//! Templates as a business writes them and as Meta answers, by the files of the reference: a file more is a test
//! more.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use bytes::Bytes;
use serde_json::{Value, json};
use whatsapp_cloud::template::{
    AnalyticsQuery, Component, LibraryDraft, TemplateDraft, TemplateFilter, rules,
};
use whatsapp_cloud::transport::{
    Credential, GraphAnswer, GraphRequest, Host, Payload, Transport, Verb, read_answer,
};
use whatsapp_cloud::{
    Access, CloudError, TemplateAdminApi, Upload, UploadApi, UploadSession, Uploaded,
};
use whatsapp_core::{Secret, Span, TemplateStatus, Timestamp};

/// All files of a kind, by what follows the kind in their names.
fn files(kind: &str) -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("utf-8").to_owned();
        if let Some(short) = name.strip_prefix(kind) {
            let text = std::fs::read_to_string(&path).expect("reads");
            all.insert(short.to_owned(), serde_json::from_str(&text).expect("JSON"));
        }
    }
    all
}

fn body(name: &str) -> Value {
    let file = files(name).remove("").expect(name);
    file.get("body").cloned().unwrap_or(file)
}

#[test]
fn every_draft_of_the_reference_is_typed_and_written_back_as_it_was() {
    let mut read = BTreeMap::new();
    for (name, wire) in files("request_template_create_") {
        assert_eq!(rules::check_wire(&wire), Ok(()), "{name} keeps Meta's rules");
        if wire.get("library_template_name").is_some() {
            let draft: LibraryDraft = serde_json::from_value(wire.clone()).expect(&name);
            assert_eq!(draft.to_wire(), wire, "{name}");
            read.insert(name, format!("{draft:#?}"));
            continue;
        }
        let draft: TemplateDraft = serde_json::from_value(wire.clone()).expect(&name);
        assert_eq!(draft.to_wire(), wire, "{name}");
        let known = |part: &Component| !matches!(part, Component::Other(_));
        assert!(draft.components.iter().all(known), "{name}");
        read.insert(name, format!("{draft:#?}"));
    }
    assert!(read.len() >= 5);
    insta::assert_yaml_snapshot!(read);
}

#[test]
fn what_a_part_has_besides_stays_raw_and_comes_back() {
    let parts = json!([
        {"type": "BODY", "text": "x", "shade": "blue"}, {"type": "SIDEBAR"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "a", "url": "https://a.example", "icon": "star"}]}
    ]);
    let wire = json!({"name": "a", "language": "en_US", "category": "MARKETING", "components": parts, "sub_category": "CUSTOM"});
    let draft: TemplateDraft = serde_json::from_value(wire.clone()).expect("reads");
    assert!(matches!(draft.components[0], Component::Other(_)));
    assert_eq!(draft.to_wire(), wire);
}

/// Answers from a list and keeps what was asked.
struct Script {
    answers: Mutex<Vec<Result<Value, CloudError>>>,
    asked: Mutex<Vec<GraphRequest>>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = Result<Value, CloudError>>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self { answers: Mutex::new(answers), asked: Mutex::default() }
    }
    fn asked(&self) -> Vec<GraphRequest> {
        self.asked.lock().expect("lock").clone()
    }
}

#[async_trait::async_trait]
impl Transport for Script {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        self.asked.lock().expect("lock").push(request);
        self.answers.lock().expect("lock").pop().expect("no more calls").map(GraphAnswer::new)
    }
    async fn fetch(&self, _: &Secret, _: &str, _: u64) -> Result<Bytes, CloudError> {
        Err(CloudError::MediaGone)
    }
}

fn access() -> Access {
    Access::new(Secret::from("token"), "118002447730265", "104551238800917")
}

fn parameter<'a>(request: &'a GraphRequest, key: &str) -> Option<&'a str> {
    request.query.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
}

fn refused(code: i64) -> CloudError {
    let body = json!({"error": {"code": code, "message": "no"}}).to_string();
    read_answer(400, None, body.as_bytes()).expect_err("refused")
}

#[tokio::test]
async fn answers_of_the_reference_have_their_types_and_keep_everything() {
    let created = Script::new([Ok(body("response_template_create"))]);
    let draft: TemplateDraft =
        serde_json::from_value(body("request_template_create_marketing")).expect("reads");
    let made = created.create_template(&access(), &draft).await.expect("created");
    assert_eq!((made.id.as_str(), made.status), ("1703318840276615", TemplateStatus::Pending));

    let list = Script::new([Ok(body("response_template_list"))]);
    let page = list.list_templates(&access(), &TemplateFilter::all(), None).await.expect("lists");
    assert_eq!(page.next.as_deref(), Some("MjQZD"));
    assert_eq!(page.templates[0].sub_category.as_deref(), Some("CUSTOM"));
    assert_eq!(page.templates[1].rejected_reason.as_deref(), Some("INVALID_FORMAT"));
    assert_eq!(page.templates[1].raw["parameter_format"], "POSITIONAL");

    let quality = body("response_template_get_quality");
    let template = Script::new([Ok(quality)]).get_template(&access(), "1").await.expect("is there");
    assert_eq!(template.quality_since, Some(Timestamp::from_seconds(1_790_000_000)));
    assert_eq!((template.name.as_str(), template.language.as_str()), ("autumn_sale_v2", ""));
    let nameless = Script::new([Ok(json!({"data": [{"id": "1", "status": "APPROVED"}]}))]);
    let page = nameless.list_templates(&access(), &TemplateFilter::all(), None).await;
    assert_eq!(page.expect("lists").templates, [], "nobody could send it");

    let end = Timestamp::from_seconds(1_790_000_000);
    let query = AnalyticsQuery::new(end + Span::days(-1), end, ["1703318840276615"]);
    let figures = Script::new([Ok(body("response_template_analytics"))]);
    let days = figures.template_analytics(&access(), &query).await.expect("figures");
    assert_eq!(
        (days[0].sent, days[0].delivered, days[0].read),
        (Some(1_000), Some(930), Some(610))
    );
    assert_eq!((days[0].clicked[1].text.as_str(), days[0].clicked[1].count), ("Shop", 88));
    assert_eq!(days[0].cost[0].value, Some(23.25));
    assert_eq!(parameter(&figures.asked()[0], "template_ids"), Some("[\"1703318840276615\"]"));
}

#[tokio::test]
async fn all_pages_are_read_and_a_cursor_that_no_longer_holds_begins_again_once() {
    let template =
        |name: &str| json!({"id": "1", "name": name, "language": "en_US", "status": "APPROVED"});
    let page = |name: &str, next: bool| {
        let mut page = json!({"data": [template(name)], "paging": {"cursors": {"after": "C"}}});
        if next {
            page["paging"]["next"] = json!("https://…");
        }
        Ok(page)
    };
    let bad = || Err(refused(131_059));
    let meta = Script::new([page("a", true), bad(), page("a", true), page("b", false)]);
    let all = meta.all_templates(&access(), &TemplateFilter::all()).await.expect("lists");
    assert_eq!(all.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let cursors: Vec<_> =
        meta.asked().iter().map(|r| parameter(r, "after").map(str::to_owned)).collect();
    assert_eq!(cursors, [None, Some("C".into()), None, Some("C".into())]);
    let meta = Script::new([page("a", true), bad(), page("a", true), bad()]);
    let error = meta.all_templates(&access(), &TemplateFilter::all()).await.expect_err("twice");
    assert_eq!(error.provider().map(|error| error.code), Some(131_059));
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_before_the_call() {
    let meta = Script::new([]);
    let mut draft: TemplateDraft =
        serde_json::from_value(body("request_template_create_named")).expect("reads");
    draft = draft.footer("x".repeat(61));
    let field = "components[1].text".to_owned();
    let expected = CloudError::OverLimit { field, limit: 60, actual: 61, unit: "characters" };
    assert_eq!(meta.create_template(&access(), &draft).await, Err(expected));
    let ids: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    let error = meta.delete_templates(&access(), &ids).await.expect_err("too many");
    assert!(matches!(error, CloudError::OverLimit { limit: 100, actual: 101, .. }), "{error:?}");
    assert!(meta.asked().is_empty());
}

#[tokio::test]
async fn only_the_archive_is_on_another_host() {
    let meta = Script::new([Ok(json!({"success": true}))]);
    meta.archive_templates(&access(), &["1".into(), "2".into()]).await.expect("archived");
    let request = &meta.asked()[0];
    assert_eq!((request.host, request.verb), (Host::Api, Verb::Post));
    assert_eq!(request.path, ["104551238800917", "message_templates", "archive"]);
    assert!(matches!(&request.payload, Payload::Json(body) if *body == json!({"hsm_ids": "1,2"})));
}

#[tokio::test]
async fn a_broken_upload_goes_on_where_meta_has_it() {
    let lost = Err(CloudError::Ambiguous { reason: "reset".into(), http_status: None });
    let meta = Script::new([
        Ok(body("response_upload_session")),
        lost,
        Ok(body("response_upload_offset")),
        Ok(body("response_upload_handle")),
    ]);
    let file = Upload {
        bytes: vec![7; 600_000].into(),
        mime: "image/png".into(),
        filename: "a.png".into(),
    };
    let handle = meta.upload_resumable(&access(), "770145520098113", file).await.expect("uploads");
    assert!(handle.starts_with("4::"));
    let asked = meta.asked();
    assert_eq!(parameter(&asked[0], "file_length"), Some("600000"));
    for request in &asked[1..] {
        assert_eq!(request.path, ["upload:MTphdHRhY2htZW50OjZiZmMx"]);
        assert_eq!(parameter(request, "sig"), Some("ARZqkGCA_uQMxC8nHKI"));
        assert!(matches!(request.credential, Credential::OAuth(_)));
    }
    let places: Vec<_> = asked
        .iter()
        .filter_map(|request| match &request.payload {
            Payload::Part { offset, bytes } => Some((*offset, bytes.len())),
            _ => None,
        })
        .collect();
    assert_eq!(places, [(0, 600_000), (524_288, 600_000 - 524_288)]);
}

#[tokio::test]
async fn a_part_says_whether_all_is_there() {
    let session = UploadSession::new("upload:x");
    let meta =
        Script::new([Ok(json!({"id": "upload:x", "file_offset": 3})), Ok(json!({"h": "4::y"}))]);
    let part = meta.upload_part(&access(), &session, 0, Bytes::from_static(b"abc")).await;
    assert_eq!(part, Ok(Uploaded::UpTo(3)));
    let last = meta.upload_part(&access(), &session, 3, Bytes::from_static(b"def")).await;
    assert_eq!(last, Ok(Uploaded::Whole("4::y".into())));
}
