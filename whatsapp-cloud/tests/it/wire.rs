//! The simulator over HTTP, a webhook endpoint, and a hand-made client for the control routes.

use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use whatsapp_cloud::simulator::{Running, SimulatorConfig, serve};
use whatsapp_cloud::webhook::challenge;
use whatsapp_cloud::{
    Access, CallbackOverride, GraphClient, GraphSettings, OutgoingMessage, Recipient,
};
use whatsapp_core::{Content, Secret};

pub(crate) const ANA: &str = "+5511981234567";
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Meta {
    pub(crate) running: Running,
    pub(crate) client: GraphClient,
    pub(crate) access: Access,
    /// For the control routes, which are no part of the Graph API.
    pub(crate) control: Control,
}

pub(crate) async fn meta() -> Meta {
    let running = serve(SimulatorConfig::default()).await.expect("starts");
    let client = client(&running.url());
    let access = access(&running.world);
    let control = Control { base: running.url() };
    Meta { running, client, access, control }
}

pub(crate) fn client(url: &str) -> GraphClient {
    let settings = GraphSettings::default().with_base(url).with_timeout(Duration::from_secs(5));
    GraphClient::new(settings).expect("a good address")
}

pub(crate) fn access(world: &Value) -> Access {
    let text = |path: &str| world.pointer(path).and_then(Value::as_str).expect(path).to_owned();
    Access::new(
        Secret::new(text("/access_token")),
        text("/wabas/0/phone_numbers/0/id"),
        text("/wabas/0/id"),
    )
}

/// Speaks HTTP by hand, so that the test needs no second client.
pub(crate) struct Control {
    pub(crate) base: String,
}

impl Control {
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        self.answered("200", method, path, body).await
    }
    pub(crate) async fn refused(&self, method: &str, path: &str) -> Value {
        self.answered("400", method, path, &Value::Null).await
    }
    pub(crate) async fn refused_with(&self, method: &str, path: &str, body: &Value) -> Value {
        self.answered("400", method, path, body).await
    }
    async fn answered(&self, status: &str, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.exchange(status, method, path, "application/json", &body).await
    }
    /// Any body, answered 200.
    pub(crate) async fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> Value {
        self.exchange("200", method, path, kind, body).await
    }
    async fn exchange(
        &self,
        status: &str,
        method: &str,
        path: &str,
        kind: &str,
        body: &str,
    ) -> Value {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let host = self.base.strip_prefix("http://").expect("http");
        let mut stream = tokio::net::TcpStream::connect(host).await.expect("connects");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("writes");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("reads");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        serde_json::from_str(body).unwrap_or(Value::String(body.to_owned()))
    }
    pub(crate) async fn fault(&self, fault: Value) {
        let plan = json!({"rules": [{"route": "messages", "fault": fault}]});
        self.ask("PUT", "/_sim/faults", &plan).await;
    }
    pub(crate) async fn accepted(&self) -> Vec<Value> {
        let sends = self.ask("GET", "/_sim/sends?after=0", &Value::Null).await;
        sends.get("data").and_then(Value::as_array).expect("a list").clone()
    }
}

pub(crate) fn hello() -> OutgoingMessage {
    let mut message = OutgoingMessage::new(Recipient::from_address(ANA), Content::text("Hi"));
    message.callback_data = "attempt-1".into();
    message
}

pub(crate) type Call = (Option<String>, Vec<u8>);

/// A webhook endpoint: answers with the given statuses in turn, then with 200.
pub(crate) async fn endpoint(
    mut refusals: Vec<StatusCode>,
) -> (String, mpsc::UnboundedReceiver<Call>) {
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

pub(crate) async fn start(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

pub(crate) fn callback(url: &str, token: &str) -> Option<CallbackOverride> {
    Some(CallbackOverride { url: url.to_owned(), verify_token: Secret::from(token) })
}

pub(crate) async fn next(received: &mut mpsc::UnboundedReceiver<Call>) -> Call {
    tokio::time::timeout(LIMIT, received.recv()).await.expect("in time").expect("a call")
}
