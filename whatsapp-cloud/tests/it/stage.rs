//! One stage for both doors of the simulator: the same journeys are played in process and over HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use whatsapp_cloud::api::*;
use whatsapp_cloud::simulator::Simulator;
use whatsapp_cloud::{Access, CloudApi, CloudError};
use whatsapp_core::env::ManualClock;
use whatsapp_core::{Secret, Span};

use crate::scene::scene;
use crate::wire::{Control, meta};

/// All that can be asked.
pub(crate) trait Everything: ManagementApi + CloudApi {}
impl<T: ManagementApi + CloudApi> Everything for T {}

/// What people do to the world.
#[async_trait]
pub(crate) trait World: Send + Sync {
    async fn sign_up(&self, wish: Value) -> Value;
    async fn code(&self, number: &str) -> String;
    async fn write(&self, from: &str, number: &str);
    async fn advance(&self, seconds: i64);
    async fn end_token(&self, after_seconds: Option<i64>, revoke: bool);
}

pub(crate) struct Stage {
    pub(crate) api: Box<dyn Everything>,
    pub(crate) world: Box<dyn World>,
    /// The first number, by the app's own token.
    pub(crate) access: Access,
    /// Another business' number.
    pub(crate) other: Access,
    pub(crate) app: AppAccess,
}

/// Both doors, each with a world of its own.
pub(crate) async fn stages() -> Vec<Stage> {
    vec![inside(), outside().await]
}

pub(crate) fn inside() -> Stage {
    let scene = scene();
    let meta = Arc::new(scene.meta);
    Stage {
        access: meta.access(0).expect("a number"),
        other: meta.access(1).expect("another"),
        app: AppAccess::new(meta.app_id(), meta.app_secret()),
        world: Box::new(Inside { meta: Arc::clone(&meta), clock: scene.clock }),
        api: Box::new(meta),
    }
}

async fn outside() -> Stage {
    let meta = meta().await;
    let text = |path: &str| {
        let found = meta.running.world.pointer(path).and_then(Value::as_str);
        found.expect(path).to_owned()
    };
    let other = Access::new(
        meta.access.token.clone(),
        text("/wabas/1/phone_numbers/0/id"),
        text("/wabas/1/id"),
    );
    Stage {
        other,
        app: AppAccess::new(text("/app/id"), Secret::new(text("/app/secret"))),
        access: meta.access.clone(),
        api: Box::new(meta.client.clone()),
        world: Box::new(Outside { _running: meta.running, control: meta.control }),
    }
}

struct Inside {
    meta: Arc<Simulator>,
    clock: Arc<ManualClock>,
}

#[async_trait]
impl World for Inside {
    async fn sign_up(&self, wish: Value) -> Value {
        self.meta.sign_up(wish).expect("signs up")
    }
    async fn code(&self, number: &str) -> String {
        self.meta.verification_code(number).expect("a code was sent")
    }
    async fn write(&self, from: &str, number: &str) {
        let act = json!({"from": from, "phone_number_id": number, "text": {"body": "Hi"}});
        self.meta.inbound(act).expect("writes");
    }
    async fn advance(&self, seconds: i64) {
        self.clock.advance(Span::seconds(seconds));
    }
    async fn end_token(&self, after_seconds: Option<i64>, revoke: bool) {
        self.meta.end_token(None, after_seconds, revoke).expect("is there");
    }
}

struct Outside {
    _running: whatsapp_cloud::simulator::Running,
    control: Control,
}

#[async_trait]
impl World for Outside {
    async fn sign_up(&self, wish: Value) -> Value {
        self.control.ask("POST", "/_sim/signup", &wish).await
    }
    async fn code(&self, number: &str) -> String {
        let codes = self.control.ask("GET", "/_sim/codes", &Value::Null).await;
        let codes = codes.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
        let of = |key: &str, code: &Value| code.get(key).and_then(Value::as_str).map(str::to_owned);
        let own = codes.iter().find(|code| of("phone_number_id", code).as_deref() == Some(number));
        own.and_then(|code| of("code", code)).expect("a code was sent")
    }
    async fn write(&self, from: &str, number: &str) {
        let act = json!({"from": from, "phone_number_id": number, "text": {"body": "Hi"}});
        self.control.ask("POST", "/_sim/inbound", &act).await;
    }
    async fn advance(&self, seconds: i64) {
        self.control.ask("POST", "/_sim/clock/advance", &json!({ "seconds": seconds })).await;
    }
    async fn end_token(&self, after_seconds: Option<i64>, revoke: bool) {
        let end = json!({"after_seconds": after_seconds, "revoke": revoke});
        self.control.ask("POST", "/_sim/tokens", &end).await;
    }
}

/// Meta's code and finer code of a refusal.
pub(crate) fn refusal<T: std::fmt::Debug>(made: Result<T, CloudError>) -> (i64, Option<i64>) {
    let error = made.expect_err("refused");
    let told = error.provider().unwrap_or_else(|| panic!("{error:?}"));
    (told.code, told.subcode)
}

pub(crate) fn word(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{key} in {value}")).to_owned()
}
