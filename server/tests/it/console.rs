//! An open console: Socket.IO over long polling, spoken by hand. Hears only; knows no event's meaning.

use std::collections::VecDeque;
use std::time::Duration;

use axum::Router;
use serde_json::{Value, json};

use crate::requests::Ask;

/// Longer than any word of a living node takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
pub(crate) struct Console {
    app: Router,
    token: String,
    sid: String,
    packets: VecDeque<String>,
    /// How far it has read.
    pub(crate) position: i64,
    /// Every event it was told, in order.
    pub(crate) events: Vec<Value>,
}

impl Console {
    /// Opens one; `after` is how far an earlier connection was.
    pub(crate) async fn open(app: &Router, token: &str, after: Option<i64>) -> Self {
        let path = "/socket.io/?EIO=4&transport=polling";
        let opened = Ask::get(path).cookie(token).send(app).await.expect(200).text();
        let hello: Value = serde_json::from_str(opened.trim_start_matches('0')).expect("JSON");
        let mut console = Self {
            app: app.clone(),
            token: token.to_owned(),
            sid: hello["sid"].as_str().expect("an id").to_owned(),
            packets: VecDeque::new(),
            position: 0,
            events: Vec::new(),
        };
        console.say(&format!("40/console,{}", json!({ "after": after }))).await;
        console.until(|console| console.position > 0).await;
        console
    }
    fn path(&self) -> String {
        format!("/socket.io/?EIO=4&transport=polling&sid={}", self.sid)
    }
    async fn say(&self, packet: &str) {
        let ask = Ask::new("POST", self.path()).cookie(&self.token);
        ask.header("content-type", "text/plain").raw(packet).send(&self.app).await.expect(200);
    }
    /// Hears until something is so.
    pub(crate) async fn until(&mut self, so: impl Fn(&Self) -> bool) {
        let heard = tokio::time::timeout(PATIENCE, async {
            while !so(self) {
                assert!(self.hear().await, "the connection was cut");
            }
        });
        heard.await.expect("it is heard in time");
    }
    /// Hears until it is cut.
    pub(crate) async fn until_cut(&mut self) {
        let cut = tokio::time::timeout(PATIENCE, async { while self.hear().await {} });
        cut.await.expect("it is cut in time");
    }
    /// The next packet; `false` when the connection is over.
    async fn hear(&mut self) -> bool {
        let packet = match self.packets.pop_front() {
            Some(packet) => packet,
            None => {
                let got = Ask::get(self.path()).cookie(&self.token).send(&self.app).await;
                if got.status.as_u16() != 200 {
                    return false;
                }
                self.packets.extend(got.text().split('\u{1e}').map(str::to_owned));
                return true;
            }
        };
        match packet.as_str() {
            "2" => self.say("3").await,
            "1" | "41/console," => return false,
            _ => {
                let Some(told) = packet.strip_prefix("42/console,") else { return true };
                let told: Value = serde_json::from_str(told).expect("JSON");
                self.told(&told);
            }
        }
        true
    }
    fn told(&mut self, told: &Value) {
        let position = told[1]["position"].as_i64().expect("a position");
        match told[0].as_str() {
            Some("events") => {
                let all = told[1]["events"].as_array().cloned().unwrap_or_default();
                // As the console does: what was already taken is passed over.
                let new = |event: &Value| event["position"].as_i64() > Some(self.position);
                self.events.extend(all.into_iter().filter(new));
            }
            Some("ready") => {}
            other => panic!("nobody said {other:?} to a console that missed nothing"),
        }
        self.position = self.position.max(position);
    }
    /// The contacts it was told of, in order.
    pub(crate) fn contacts(&self) -> Vec<String> {
        let ids = self.events.iter().filter_map(|event| event["data"]["contact_id"].as_str());
        ids.map(str::to_owned).collect()
    }
    /// Whether it was told that a message was written with this text.
    pub(crate) fn knows(&self, text: &str) -> bool {
        let written =
            |event: &Value| event["kind"] == "message.created" && event.to_string().contains(text);
        self.events.iter().any(written)
    }
}
