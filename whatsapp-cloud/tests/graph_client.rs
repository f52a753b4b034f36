//! The real client and the simulator over real sockets.
#![cfg(feature = "simulator")]
#![expect(clippy::expect_used, reason = "helpers of tests may fail the test")]

use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use whatsapp_cloud::simulator::{Running, SimulatorConfig, serve};
use whatsapp_cloud::webhook::{Inbound, Verified, challenge, parse, verify_signature};
use whatsapp_cloud::{
    Access, AccountApi, CallbackOverride, CloudError, GraphClient, GraphSettings, MediaApi,
    MediaLocation, Messaging, OutgoingMessage, Recipient, TemplateApi, Upload,
};
use whatsapp_core::{Content, DeliveryStatus, Secret, Timestamp};

const ANA: &str = "+5511981234567";
const LIMIT: Duration = Duration::from_secs(20);

struct Meta {
    running: Running,
    client: GraphClient,
    access: Access,
    /// For the control routes, which are no part of the Graph API.
    control: Control,
}

async fn meta() -> Meta {
    let running = serve(SimulatorConfig::default()).await.expect("starts");
    let client = client(&running.url());
    let access = access(&running.world);
    let control = Control { base: running.url() };
    Meta { running, client, access, control }
}

fn client(url: &str) -> GraphClient {
    let settings = GraphSettings::default().with_base(url).with_timeout(Duration::from_secs(5));
    GraphClient::new(settings).expect("a good address")
}

fn access(world: &Value) -> Access {
    let text = |path: &str| world.pointer(path).and_then(Value::as_str).expect(path).to_owned();
    Access::new(
        Secret::new(text("/access_token")),
        text("/wabas/0/phone_numbers/0/id"),
        text("/wabas/0/id"),
    )
}

/// Speaks HTTP by hand, so that the test needs no second client.
struct Control {
    base: String,
}

impl Control {
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let host = self.base.strip_prefix("http://").expect("http");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = tokio::net::TcpStream::connect(host).await.expect("connects");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("writes");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("reads");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        serde_json::from_str(body).unwrap_or(Value::String(body.to_owned()))
    }
    async fn fault(&self, fault: Value) {
        let plan = json!({"rules": [{"route": "messages", "fault": fault}]});
        self.ask("PUT", "/_sim/faults", &plan).await;
    }
    async fn accepted(&self) -> Vec<Value> {
        let sends = self.ask("GET", "/_sim/sends?after=0", &Value::Null).await;
        sends.get("data").and_then(Value::as_array).expect("a list").clone()
    }
}

fn hello() -> OutgoingMessage {
    let mut message = OutgoingMessage::new(Recipient::from_address(ANA), Content::text("Hi"));
    message.callback_data = "attempt-1".into();
    message
}

type Call = (Option<String>, Vec<u8>);

/// A webhook endpoint: answers with the given statuses in turn, then with 200.
async fn endpoint(mut refusals: Vec<StatusCode>) -> (String, mpsc::UnboundedReceiver<Call>) {
    let (calls, received) = mpsc::unbounded_channel();
    refusals.reverse();
    let refusals = std::sync::Arc::new(std::sync::Mutex::new(refusals));
    let receive = move |State(calls): State<mpsc::UnboundedSender<Call>>,
                        headers: HeaderMap,
                        body: axum::body::Bytes| async move {
        let signature = headers.get("x-hub-signature-256").and_then(|v| v.to_str().ok());
        calls.send((signature.map(str::to_owned), body.to_vec())).expect("the test listens");
        refusals.lock().expect("lock").pop().unwrap_or(StatusCode::OK)
    };
    let shake = |Query(query): Query<Vec<(String, String)>>| async move {
        let part = |key: &str| query.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        challenge(
            &Secret::from("my-token"),
            part("hub.mode"),
            part("hub.verify_token"),
            part("hub.challenge"),
        )
        .map_err(|_| StatusCode::FORBIDDEN)
    };
    let app = Router::new().route("/hook", get(shake).post(receive)).with_state(calls);
    (format!("{}/hook", start(app).await), received)
}

async fn start(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

fn callback(url: &str, token: &str) -> Option<CallbackOverride> {
    Some(CallbackOverride { url: url.to_owned(), verify_token: Secret::from(token) })
}

async fn next(received: &mut mpsc::UnboundedReceiver<Call>) -> Call {
    tokio::time::timeout(LIMIT, received.recv()).await.expect("in time").expect("a call")
}

#[tokio::test]
async fn a_customer_writes_we_answer_and_the_ticks_come_back() {
    let meta = meta().await;
    let (url, mut received) = endpoint(Vec::new()).await;
    meta.client.subscribe_app(&meta.access, callback(&url, "my-token")).await.expect("verified");
    let apps = meta.client.subscribed_apps(&meta.access).await.expect("lists");
    assert_eq!(apps[0].callback.as_deref(), Some(url.as_str()));
    let act = json!({"from": ANA, "name": "Ana 🙂", "type": "text", "text": {"body": "Olá"}});
    meta.control.ask("POST", "/_sim/inbound", &act).await;
    let secret = meta.running.world["app"]["secret"].as_str().expect("a secret").into();
    let mut seen = Vec::new();
    let mut wamid = String::new();
    while seen.last() != Some(&"read") {
        let (signature, body) = next(&mut received).await;
        let verified = verify_signature(&secret, signature.as_deref(), &body);
        assert_eq!(verified, Ok(Verified::Exact));
        for change in parse(&body, Timestamp::ZERO).expect("reads") {
            assert_eq!(change.phone_number_id.as_deref(), Some(&*meta.access.phone_number_id));
            match change.inbound {
                Inbound::Message(message) => {
                    assert_eq!(message.profile_name.as_deref(), Some("Ana 🙂"));
                    meta.client.show_typing(&meta.access, &message.wamid).await.expect("typing");
                    wamid = meta.client.send(&meta.access, &hello()).await.expect("sent").wamid;
                }
                Inbound::Status(status) => {
                    assert_eq!(status.wamid, wamid);
                    assert_eq!(status.callback_data.as_deref(), Some("attempt-1"));
                    seen.push(status.status.as_str());
                }
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(seen, ["sent", "delivered", "read"]);
    meta.running.stop().await;
}

#[tokio::test]
async fn a_webhook_that_is_not_answered_200_comes_again() {
    let meta = meta().await;
    let (url, mut received) =
        endpoint(vec![StatusCode::SERVICE_UNAVAILABLE, StatusCode::CREATED]).await;
    meta.control
        .ask("PUT", "/_sim/faults", &json!({"webhooks": {"retry_first_ms": 5, "retry_max_ms": 20}}))
        .await;
    meta.client.subscribe_app(&meta.access, callback(&url, "my-token")).await.expect("verified");
    meta.control.ask("POST", "/_sim/inbound", &json!({"from": ANA, "text": {"body": "Hi"}})).await;
    let first = next(&mut received).await;
    for _ in 0..2 {
        assert_eq!(next(&mut received).await, first, "the same bytes again");
    }
}

#[tokio::test]
async fn a_callback_that_does_not_know_the_token_is_not_taken() {
    let meta = meta().await;
    let (url, _received) = endpoint(Vec::new()).await;
    let refused = meta.client.subscribe_app(&meta.access, callback(&url, "another")).await;
    let error = refused.expect_err("not verified");
    assert_eq!(error.provider().expect("Meta's body").code, 2_200);
    assert_eq!(meta.client.subscribed_apps(&meta.access).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_broken_connection_is_ambiguous_whether_or_not_it_was_accepted() {
    let meta = meta().await;
    for (fault, accepted) in [
        (json!({"kind": "reset_before"}), 0),
        (json!({"kind": "reset_after"}), 1),
        (json!({"kind": "status_before", "status": 502}), 1),
        (json!({"kind": "status_after", "status": 500}), 2),
    ] {
        meta.control.fault(fault.clone()).await;
        let error = meta.client.send(&meta.access, &hello()).await.expect_err("no answer");
        assert!(matches!(error, CloudError::Ambiguous { .. }), "{fault}: {error:?}");
        assert!(!error.proof_not_accepted());
        assert_eq!(meta.control.accepted().await.len(), accepted, "{fault}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_ambiguous() {
    let meta = meta().await;
    meta.control.fault(json!({"kind": "hang", "ms": 60_000})).await;
    let settings = GraphSettings::default().with_base(meta.running.url());
    let hasty = GraphClient::new(settings.with_timeout(Duration::from_millis(300))).expect("good");
    let error = hasty.send(&meta.access, &hello()).await.expect_err("too slow");
    assert!(matches!(error, CloudError::Ambiguous { .. }), "{error:?}");
    assert_eq!(meta.control.accepted().await.len(), 1);
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let access = Access::new(Secret::from("token"), "1", "2");
    let error = client(&url).send(&access, &hello()).await.expect_err("nobody there");
    assert!(matches!(error, CloudError::Unreachable { .. }), "{error:?}");
    assert!(error.proof_not_accepted());
}

#[tokio::test]
async fn refusals_arrive_with_meta_s_code() {
    let meta = meta().await;
    meta.control.fault(json!({"kind": "refuse", "code": 130_429})).await;
    let error = meta.client.send(&meta.access, &hello()).await.expect_err("refused");
    assert!(matches!(error, CloudError::RateLimited { .. }), "{error:?}");
    assert!(error.provider().and_then(|e| e.trace.as_ref()).is_some());
    let mut wrong = meta.access.clone();
    wrong.token = Secret::from("wrong");
    let error = meta.client.phone_number(&wrong).await.expect_err("refused");
    assert!(matches!(error, CloudError::Token(_)), "{error:?}");
}

#[tokio::test]
async fn numbers_templates_and_files_are_read_over_the_wire() {
    let meta = meta().await;
    let details = meta.client.phone_number(&meta.access).await.expect("is there");
    let phone = meta.running.world["wabas"][0]["phone_numbers"][0]["phone"].as_str();
    assert_eq!(details.phone.as_ref().map(whatsapp_core::Phone::as_str), phone);
    assert_eq!(meta.client.phone_numbers(&meta.access).await, Ok(vec![details]));
    let page = meta.client.list(&meta.access, None).await.expect("lists");
    assert!(page.templates.len() >= 8 && page.next.is_none());
    let bytes = b"%PDF-1.7 not really".to_vec();
    let upload = Upload {
        bytes: bytes.clone().into(),
        mime: "application/pdf".into(),
        filename: "a.pdf".into(),
    };
    let id = meta.client.upload(&meta.access, upload).await.expect("uploads");
    let place = meta.client.locate(&meta.access, &id).await.expect("is there");
    assert_eq!(place.size, Some(19));
    let back = meta.client.download(&meta.access, &place, 1_000).await.expect("downloads");
    assert_eq!(&back[..], &bytes[..]);
    let small = meta.client.download(&meta.access, &place, 10).await;
    assert_eq!(small, Err(CloudError::TooLarge { limit: 10 }));
    meta.control.ask("POST", "/_sim/clock/advance", &json!({"seconds": 301})).await;
    let expired = meta.client.download(&meta.access, &place, 1_000).await;
    assert_eq!(expired, Err(CloudError::MediaGone));
    meta.client.delete(&meta.access, &id).await.expect("deletes");
    assert_eq!(meta.client.locate(&meta.access, &id).await, Err(CloudError::MediaGone));
}

#[tokio::test]
async fn the_token_does_not_follow_a_file_to_another_host() {
    let elsewhere = Router::new().route(
        "/file",
        get(
            async |headers: HeaderMap| {
                if headers.contains_key("authorization") { "with the token" } else { "without" }
            },
        ),
    );
    let target = format!("{}/file", start(elsewhere).await);
    let redirect = Router::new().route(
        "/file",
        get(async move |headers: HeaderMap| {
            assert!(headers.contains_key("authorization"));
            axum::response::Redirect::temporary(&target)
        }),
    );
    let url = format!("{}/file", start(redirect).await);
    let access = Access::new(Secret::from("token"), "1", "2");
    let place = MediaLocation { url, mime: String::new(), sha256: None, size: None };
    let client = client("http://127.0.0.1:9");
    let bytes = client.download(&access, &place, 100).await.expect("downloads");
    assert_eq!(&bytes[..], b"without");
    let abroad = MediaLocation { url: "http://192.0.2.1/file".into(), ..place };
    assert!(client.download(&access, &abroad, 100).await.is_err(), "never in plain text");
}

#[test]
fn the_token_never_goes_out_in_plain_text_except_at_home() {
    for bad in ["http://graph.facebook.com", "ftp://127.0.0.1", "https://a:b@example.com", "graph"]
    {
        let made = GraphClient::new(GraphSettings::default().with_base(bad));
        assert!(matches!(made, Err(CloudError::Invalid { .. })), "{bad}");
    }
    for good in ["https://graph.facebook.com", "http://127.0.0.1:1", "http://localhost:1/base/"] {
        GraphClient::new(GraphSettings::default().with_base(good)).expect(good);
    }
    assert!(GraphClient::new(GraphSettings::default().with_version("25")).is_err());
}

#[tokio::test]
async fn the_phone_page_needs_nothing_from_elsewhere() {
    let meta = meta().await;
    let page = meta.control.ask("GET", "/_sim/phone", &Value::Null).await;
    let page = page.as_str().expect("a page");
    assert!(page.contains("</html>") && !page.contains("/*js*/"));
    for outside in ["src=\"http", "href=\"http", "@import", "url(http"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

/// The binary, which a test may kill.
struct Program {
    child: tokio::process::Child,
    world: Value,
}

impl Program {
    async fn start(folder: &std::path::Path) -> Self {
        use tokio::io::{AsyncBufReadExt, BufReader};
        let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_meta-simulator"))
            .args(["--json", "--seed", "11", "--data"])
            .arg(folder)
            .stdout(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("starts");
        let out = child.stdout.take().expect("piped");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).await.expect("a first line");
        Self { child, world: serde_json::from_str(&line).expect("JSON") }
    }
    fn url(&self) -> String {
        self.world.get("url").and_then(Value::as_str).expect("a url").to_owned()
    }
}

#[tokio::test]
async fn a_killed_simulator_knows_what_it_accepted_and_tells_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let (url, mut received) = endpoint(Vec::new()).await;
    let mut program = Program::start(folder.path()).await;
    let access = access(&program.world);
    let control = Control { base: program.url() };
    let slow = json!({"speed": {"sent_ms": [1_000, 1_000], "delivered_ms": [1, 1], "read_ms": [1, 1], "read_probability": 1.0}});
    control.ask("PUT", "/_sim/faults", &slow).await;
    let one = client(&program.url());
    one.subscribe_app(&access, callback(&url, "my-token")).await.expect("verified");
    control.ask("POST", "/_sim/inbound", &json!({"from": ANA, "text": {"body": "Hi"}})).await;
    next(&mut received).await;
    let mut wamids = Vec::new();
    for _ in 0..5 {
        wamids.push(one.send(&access, &hello()).await.expect("accepted").wamid);
    }
    program.child.kill().await.expect("killed");

    let program = Program::start(folder.path()).await;
    let control = Control { base: program.url() };
    let again: Vec<_> = control.accepted().await;
    let kept: Vec<_> = again.iter().map(|s| s["wamid"].as_str().expect("a wamid")).collect();
    assert_eq!(kept, wamids);
    assert!(again.iter().all(|s| s["biz_opaque_callback_data"] == "attempt-1"));
    let mut read = Vec::new();
    while read.len() < 5 {
        let (_, body) = next(&mut received).await;
        for change in parse(&body, Timestamp::ZERO).expect("reads") {
            if let Inbound::Status(status) = change.inbound
                && status.status == DeliveryStatus::Read
                && !read.contains(&status.wamid)
            {
                read.push(status.wamid);
            }
        }
    }
    let more = client(&program.url()).send(&access, &hello()).await.expect("accepted").wamid;
    assert!(!wamids.contains(&more), "an id is never given twice");
}

#[tokio::test]
async fn two_simulators_do_not_share_a_folder_and_a_seed_belongs_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = Some(folder.path().to_path_buf());
    let config = SimulatorConfig { data, ..SimulatorConfig::default() };
    let running = serve(config.clone()).await.expect("starts");
    assert!(serve(config.clone()).await.is_err());
    running.stop().await;
    assert!(serve(SimulatorConfig { seed: 8, ..config.clone() }).await.is_err());
    let torn = folder.path().join("log.jsonl");
    let mut log = std::fs::read(&torn).expect("reads");
    log.extend_from_slice(br#"{"fact":"sent","wam"#);
    std::fs::write(&torn, log).expect("writes");
    serve(config).await.expect("a line cut by a kill is left out").stop().await;
}
