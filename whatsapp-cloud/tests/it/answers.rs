//! Every success answer and every other request of the reference goes through the call it belongs to: a file more
//! in the folder is a test more, and one that nobody reads fails.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;
use std::sync::Mutex;

use bytes::Bytes;
use serde_json::{Value, json};
use whatsapp_cloud::api::*;
use whatsapp_cloud::template::{self, TemplateDraft, TemplateFilter};
use whatsapp_cloud::transport::{GraphAnswer, GraphRequest, Payload, Transport, Verb, read_answer};
use whatsapp_cloud::{Access, CloudError, TemplateAdminApi, UploadApi, UploadSession};
use whatsapp_core::template::Category;
use whatsapp_core::{Content, Secret, Timestamp};

/// Answers every call with the same body, and remembers what was asked.
pub(crate) struct Canned {
    body: Value,
    pub(crate) asked: Mutex<Vec<GraphRequest>>,
}

pub(crate) fn canned(body: Value) -> Canned {
    Canned { body, asked: Mutex::default() }
}

#[async_trait::async_trait]
impl Transport for Canned {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        self.asked.lock().expect("lock").push(request);
        let status = if self.body.get("error").is_some() { 400 } else { 200 };
        read_answer(status, None, self.body.to_string().as_bytes()).map(GraphAnswer::new)
    }
    async fn fetch(&self, _: &Secret, _: &str, _: u64) -> Result<Bytes, CloudError> {
        Err(CloudError::MediaGone)
    }
}

impl Canned {
    /// The body of the only request there was.
    pub(crate) fn body(&self) -> Value {
        let asked = self.asked.lock().expect("lock");
        match asked.as_slice() {
            [GraphRequest { payload: Payload::Json(body), .. }] => body.clone(),
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) fn access() -> Access {
    Access::new(Secret::from("EAAG"), "118002447730265", "104551238800917")
}

/// The files whose names begin so, without the beginning.
fn files(prefix: &str) -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("fixtures") {
        let path = entry.expect("entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(short) = name.strip_prefix(prefix) else { continue };
        let text = std::fs::read_to_string(&path).expect("reads");
        found.insert(short.to_owned(), serde_json::from_str(&text).expect(name));
    }
    found
}

/// The typed form, without the raw one: that is the file itself.
fn typed(answer: &impl Debug) -> String {
    let text = format!("{answer:#?}");
    let mut kept = Vec::new();
    let mut skip: Option<usize> = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        match skip {
            Some(at) if indent > at => continue,
            Some(at) if indent == at && line.trim_start().starts_with(['}', ']', ')']) => {
                skip = None;
                continue;
            }
            _ => skip = None,
        }
        if line.trim_start().starts_with("raw: ") {
            skip = (!line.ends_with(',')).then_some(indent);
            continue;
        }
        kept.push(line);
    }
    kept.join("\n")
}

fn query() -> AnalyticsQuery {
    let at = Timestamp::from_seconds;
    AnalyticsQuery::new(at(1_789_827_200), at(1_790_000_000), Granularity::Day)
}

/// These requests are read where templates are tested.
const READ_ELSEWHERE: &str = "template_create_";

async fn read_of_templates(name: &str, meta: &Canned, access: &Access) -> String {
    let session = UploadSession::new("upload:MTph?sig=ARZ");
    let ids = template::AnalyticsQuery::new(query().start, query().end, ["1703318840276615"]);
    match name {
        "template_create" => {
            let draft = TemplateDraft::new("hours", "en_US", Category::Utility)
                .body(template::Body::new("We are open."));
            typed(&meta.create_template(access, &draft).await)
        }
        "template_list" => typed(&meta.list_templates(access, &TemplateFilter::all(), None).await),
        "template_get_quality" => typed(&meta.get_template(access, "1703318840276615").await),
        "template_analytics" => typed(&meta.template_analytics(access, &ids).await),
        "upload_session" => {
            typed(&meta.start_upload(access, "770145520098113", "a.png", "image/png", 9).await)
        }
        "upload_handle" => {
            typed(&meta.upload_part(access, &session, 0, Bytes::from_static(b"png")).await)
        }
        "upload_offset" => typed(&meta.upload_offset(access, &session).await),
        _ => panic!("nobody reads response_{name}.json: say here which call answers so"),
    }
}

async fn read(name: &str, body: Value) -> String {
    let (meta, access) = (canned(body), access());
    let app = AppAccess::new("770145520098113", Secret::from("secret"));
    let token = Secret::from("token");
    let text = OutgoingMessage::new(Recipient::from_address("+905550100234"), Content::text("Hi"));
    let begins = |with: &str| name.starts_with(with);
    match name {
        "success" => typed(&meta.deregister_number(&access).await),
        "subscribed_apps" => typed(&meta.subscribed_apps(&access).await),
        "oauth_access_token" => {
            let code = CodeExchange::new(Secret::from("code"));
            let exchanged = meta.exchange_code(&app, &code).await.expect(name);
            format!("{}\n{}", exchanged.token.expose(), typed(&exchanged))
        }
        "media_info" => typed(&meta.locate(&access, "1048120077319514").await),
        "media_upload" => {
            let bytes = Bytes::from_static(b"Hello!\n");
            let upload = Upload { bytes, mime: "text/plain".into(), filename: "a.txt".into() };
            typed(&meta.upload(&access, upload).await)
        }
        "analytics" => typed(&meta.message_analytics(&access, &query()).await),
        "pricing_analytics" => typed(&meta.pricing_analytics(&access, &query()).await),
        "phone_numbers" => typed(&meta.business_numbers(&access, None).await),
        _ if begins("phone_number") => typed(&meta.business_number(&access).await),
        _ if begins("send_") => typed(&meta.send(&access, &text).await),
        _ if begins("block_users") => {
            typed(&meta.block_people(&access, &PeopleToBlock::new(["+905550100234"])).await)
        }
        _ if begins("business_profile") => typed(&meta.profile(&access).await),
        _ if begins("debug_token") => typed(&meta.inspect_token(&app.token(), &token).await),
        _ if begins("health_status") => typed(&meta.number_health(&access).await),
        _ if begins("qr_") => typed(&meta.create_qr_code(&access, &NewQrCode::new("Hello")).await),
        _ if begins("smb_app_data") => typed(&meta.ask_for_sync(&access, SyncKind::Contacts).await),
        _ => read_of_templates(name, &meta, &access).await,
    }
}

#[tokio::test]
async fn every_answer_of_the_reference_has_its_typed_form() {
    let mut count = 0;
    for (name, body) in files("response_") {
        insta::assert_snapshot!(format!("response_{name}"), read(&name, body).await);
        count += 1;
    }
    assert!(count >= 31, "only {count}");
}

fn word<'a>(body: &'a Value, key: &str) -> &'a str {
    body.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Reads a request of the reference as ours, makes the call, and gives what was sent with our typed form.
async fn ask(name: &str, body: Value) -> (Value, String) {
    let (meta, access) = (canned(json!({"success": true, "request_id": "1"})), access());
    let made = || serde_json::from_value(body.clone());
    let shown = match name {
        "block_users" => {
            let people: PeopleToBlock = serde_json::from_value(body.clone()).expect(name);
            meta.block_people(&access, &people).await.expect(name);
            typed(&people)
        }
        "business_profile_update" => {
            let change: ProfileChange = made().expect(name);
            meta.change_profile(&access, &change).await.expect(name);
            typed(&change)
        }
        "conversational_automation" => {
            let starters: ConversationStarters = serde_json::from_value(body.clone()).expect(name);
            meta.set_conversation_starters(&access, &starters).await.expect(name);
            typed(&starters)
        }
        "register" => {
            let pin = Pin::new(word(&body, "pin")).expect(name);
            meta.register_number(&access, &pin, None).await.expect(name);
            typed(&pin)
        }
        "smb_app_data" => {
            let kind = SyncKind::from_meta(word(&body, "sync_type"));
            meta.ask_for_sync(&access, kind.clone()).await.expect(name);
            typed(&kind)
        }
        _ => panic!("nobody makes request_{name}.json: say here which call asks so"),
    };
    (meta.body(), shown)
}

#[tokio::test]
async fn every_request_of_the_reference_is_what_our_call_sends() {
    for (name, body) in files("request_") {
        if name.starts_with(READ_ELSEWHERE) {
            continue;
        }
        let (sent, shown) = ask(&name, body.clone()).await;
        assert_eq!(sent, body, "{name}");
        insta::assert_snapshot!(format!("request_{name}"), shown);
    }
}

#[tokio::test]
async fn what_was_done_in_part_is_an_answer_with_both_lists() {
    let partial = files("response_").remove("block_users_partial").expect("is there");
    let meta = canned(partial);
    let people = PeopleToBlock::new(["+905550100234", "BR.90315562280447711906"]);
    for made in
        [meta.block_people(&access(), &people).await, meta.unblock_people(&access(), &people).await]
    {
        let outcome = made.expect("an answer");
        assert_eq!((outcome.added.len(), outcome.failed.len()), (1, 1));
        assert_eq!(outcome.failed[0].errors[0].code, Some(131_047));
    }
    let verbs: Vec<Verb> =
        meta.asked.lock().expect("lock").iter().map(|asked| asked.verb).collect();
    assert_eq!(verbs, [Verb::Post, Verb::Delete]);
    let whole = canned(json!({"error": {"code": 139_101, "message": "full"}}));
    let refused = whole.block_people(&access(), &people).await.expect_err("nothing was done");
    assert_eq!(refused.provider().map(|error| error.code), Some(139_101));
}
