//! The simulator in process: the whole API without sockets, sleeping or threads. Time is the given clock's.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use whatsapp_core::{Env, Secret, Span, Timestamp};

use super::accept::Reply;
use super::accounts::Window;
use super::error::GraphError;
use super::fact::Fact;
use super::faults::{Faults, Route};
use super::hooks::WebhookCall;
use super::people::Act;
use super::world::World;
use crate::answer::{
    data, file_gone, next_cursor, read_answer, read_app, read_number, read_sent, unreadable,
};
use crate::api::{
    AccountApi, CallbackOverride, MediaApi, MediaLocation, Messaging, NumberDetails,
    OutgoingMessage, SentMessage, SubscribedApp, TemplateApi, TemplatePage, Upload,
};
use crate::proof::{app_secret_proof, secret_refused};
use crate::send::{read_to_wire, to_wire};
use crate::{Access, CloudError, RemoteTemplate};

/// Meta in process.
///
/// ```
/// # #[cfg(feature = "testing")] {
/// use whatsapp_cloud::simulator::Simulator;
/// use whatsapp_core::Env;
/// let meta = Simulator::new(7, Env::system());
/// meta.write("+5511981234567", "Hello!").expect("a customer writes");
/// assert!(meta.next_webhook_at().is_some());
/// # }
/// ```
#[derive(Debug)]
pub struct Simulator {
    world: Mutex<World>,
    pub(super) env: Env,
}

/// A number of the simulated world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedNumber {
    /// The account's id.
    pub waba_id: String,
    /// The account's name.
    pub name: String,
    /// The number's id.
    pub phone_number_id: String,
    /// The number, with plus sign.
    pub phone: String,
}

/// A message that was accepted: the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedSend {
    /// Meta's id.
    pub wamid: String,
    /// From which number, by Meta's id.
    pub phone_number_id: String,
    /// To whom: number with plus sign, or business-scoped id.
    pub to: String,
    /// The message's type.
    pub kind: String,
    /// The name of its template.
    pub template: Option<String>,
    /// What a text message says.
    pub text: Option<String>,
    /// The callback data it carried.
    pub callback_data: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The last status that is due by now.
    pub status: String,
}

/// A call that takes so long has run into the client's time limit.
const TIME_LIMIT_MS: u32 = 30_000;
const BASE: &str = "http://simulator.invalid";

impl Simulator {
    /// The world of a seed, with the clock of `env`.
    #[must_use]
    pub fn new(seed: u64, env: Env) -> Self {
        Self { world: Mutex::new(World::new(seed)), env }
    }
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// The app's id.
    #[must_use]
    pub fn app_id(&self) -> String {
        self.world().app.id.clone()
    }
    /// The app's secret, with which webhooks are signed.
    #[must_use]
    pub fn app_secret(&self) -> Secret {
        Secret::from(self.world().app.secret.as_str())
    }
    /// All numbers; each is of another account.
    #[must_use]
    pub fn numbers(&self) -> Vec<SimulatedNumber> {
        let world = self.world();
        let all = world.wabas.iter().flat_map(|waba| waba.numbers.iter().map(move |n| (waba, n)));
        all.map(|(waba, number)| SimulatedNumber {
            waba_id: waba.id.clone(),
            name: waba.name.to_owned(),
            phone_number_id: number.id.clone(),
            phone: number.phone.clone(),
        })
        .collect()
    }
    /// A good credential for a number; `None` if there are not so many.
    #[must_use]
    pub fn access(&self, index: usize) -> Option<Access> {
        let number = self.numbers().into_iter().nth(index)?;
        let token = Secret::from(self.world().app.token.as_str());
        Some(Access::new(token, number.phone_number_id, number.waba_id))
    }
    /// A customer writes a text to the first number. Gives the message's id.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when `from` is nobody.
    pub fn write(&self, from: &str, text: &str) -> Result<String, CloudError> {
        self.inbound(serde_json::json!({"from": from, "type": "text", "text": {"body": text}}))
    }
    /// A customer does something, in the words of `POST /_sim/inbound`. Gives the message's id.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when the request is not understood.
    pub fn inbound(&self, request: Value) -> Result<String, CloudError> {
        let act: Act = serde_json::from_value(request)
            .map_err(|error| CloudError::invalid("inbound", error.to_string()))?;
        let made = self.world().write(self.env.now(), act);
        made.map_err(|why| CloudError::invalid("inbound", why))
    }
    /// A customer stops marketing of the first number, or wants it again.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when `who` is nobody.
    pub fn stop_marketing(&self, who: &str, stop: bool) -> Result<(), CloudError> {
        let wished = self.world().wish(self.env.now(), None, who, stop);
        wished.map_err(|why| CloudError::invalid("who", why))
    }
    /// Meta looks at a template again: another status, told by webhook.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such template.
    pub fn review_template(&self, id: &str, status: &str, reason: &str) -> Result<(), CloudError> {
        let reviewed = self.world().review(self.env.now(), id, status, reason);
        reviewed.map_err(|why| CloudError::invalid("template", why))
    }
    /// Sets what goes wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.world().happen(Fact::Planned { faults: Box::new(faults) });
    }
    /// The webhook calls that are due by the clock, and counts them as answered 200. To post a call again is a
    /// repetition, which Meta does too.
    #[must_use]
    pub fn take_webhooks(&self) -> Vec<WebhookCall> {
        let mut taken = Vec::new();
        self.deliver_webhooks(|call| {
            taken.push(call.clone());
            true
        });
        taken
    }
    /// When the next webhook is due: move the clock there.
    #[must_use]
    pub fn next_webhook_at(&self) -> Option<Timestamp> {
        self.world().hooks.next_due()
    }
    /// Everything that was ever accepted, in order.
    #[must_use]
    pub fn sends(&self) -> Vec<AcceptedSend> {
        let now = self.env.now();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let world = self.world();
        let all = world.sent.iter().map(|sent| AcceptedSend {
            wamid: sent.wamid.clone(),
            phone_number_id: sent.number.clone(),
            to: sent.to.clone(),
            kind: sent.kind().to_owned(),
            template: text(sent.body.pointer("/template/name")),
            text: text(sent.body.pointer("/text/body")),
            callback_data: text(sent.body.get("biz_opaque_callback_data")),
            at: sent.at,
            status: sent.status(now).to_owned(),
        });
        all.collect()
    }

    fn call(
        &self,
        route: Route,
        to: Option<&str>,
        work: impl FnOnce(&mut World, Timestamp) -> Result<Value, GraphError>,
    ) -> Result<Value, CloudError> {
        let now = self.env.now();
        let mut world = self.world();
        let reply = world.answer(route, to, now, |world, _| work(world, now));
        world.take_facts(); // nothing is written to disk here
        settle(reply)
    }
    fn post(&self, access: &Access, body: &Value) -> Result<Value, CloudError> {
        let (token, number) = (access.token.expose(), access.phone_number_id.as_str());
        let mut world = self.world();
        let reply = world.messages(self.env.now(), token, number, body);
        world.take_facts();
        settle(reply)
    }
}

/// What the real client would have made of this reply.
fn settle(reply: Reply) -> Result<Value, CloudError> {
    let mut wait = None;
    let mut reply = reply;
    let lost =
        |reason: &str| Err(CloudError::Ambiguous { reason: reason.to_owned(), http_status: None });
    loop {
        reply = match reply {
            Reply::Answer(status, body) => {
                return read_answer(status, wait, body.to_string().as_bytes());
            }
            Reply::Bare(status) => return read_answer(status, wait, b""),
            Reply::Reset => return lost("the connection broke"),
            Reply::Late(ms, _) | Reply::Slow(ms, _) if ms >= TIME_LIMIT_MS => {
                return lost("the answer took too long");
            }
            Reply::Late(_, inner) | Reply::Slow(_, inner) => *inner,
            Reply::With(headers, inner) => {
                let after = headers.iter().find(|(name, _)| *name == "retry-after");
                let seconds = after.and_then(|(_, value)| value.parse().ok());
                wait = seconds.map(Span::seconds).or(wait);
                *inner
            }
        };
    }
}

#[async_trait]
impl Messaging for Simulator {
    async fn send(
        &self,
        access: &Access,
        message: &OutgoingMessage,
    ) -> Result<SentMessage, CloudError> {
        read_sent(&self.post(access, &to_wire(message)?)?)
    }
    async fn mark_read(&self, access: &Access, wamid: &str) -> Result<(), CloudError> {
        self.post(access, &read_to_wire(wamid, false)).map(drop)
    }
    async fn show_typing(&self, access: &Access, wamid: &str) -> Result<(), CloudError> {
        self.post(access, &read_to_wire(wamid, true)).map(drop)
    }
}

#[async_trait]
impl MediaApi for Simulator {
    async fn upload(&self, access: &Access, upload: Upload) -> Result<String, CloudError> {
        let (token, number) = (access.token.expose(), access.phone_number_id.as_str());
        let answer = self.call(Route::Media, None, |world, now| {
            world.upload(now, token, number, &upload.mime, &upload.filename, upload.bytes)
        })?;
        answer
            .get("id")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| unreadable("no id"))
    }
    async fn locate(&self, access: &Access, media_id: &str) -> Result<MediaLocation, CloudError> {
        let (token, number) = (access.token.expose(), Some(access.phone_number_id.as_str()));
        let answer = self
            .call(Route::Media, None, |world, now| world.locate(now, token, media_id, number, BASE))
            .map_err(file_gone)?;
        let text = |key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        Ok(MediaLocation {
            url: text("url").ok_or_else(|| unreadable("no address"))?,
            mime: text("mime_type").unwrap_or_default(),
            sha256: text("sha256"),
            size: answer.get("file_size").and_then(Value::as_u64),
        })
    }
    async fn download(
        &self,
        access: &Access,
        location: &MediaLocation,
        max_bytes: u64,
    ) -> Result<Bytes, CloudError> {
        let world = self.world();
        world.check_token(access.token.expose()).map_err(|_| CloudError::MediaGone)?;
        let url: url::Url = location.url.parse().map_err(|_| unreadable("no address"))?;
        let part = |key: &str| {
            url.query_pairs()
                .find(|(k, _)| k == key)
                .map(|(_, v)| v.into_owned())
                .unwrap_or_default()
        };
        let until = part("ext").parse().unwrap_or_default();
        let found = world.fetch(self.env.now(), &part("mid"), until, &part("hash"));
        let (_, bytes) = found.ok_or(CloudError::MediaGone)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > max_bytes {
            return Err(CloudError::TooLarge { limit: max_bytes });
        }
        Ok(bytes)
    }
    async fn delete(&self, access: &Access, media_id: &str) -> Result<(), CloudError> {
        let token = access.token.expose();
        self.call(Route::Media, None, |world, _| world.delete_file(token, media_id))
            .map(drop)
            .map_err(file_gone)
    }
}

#[async_trait]
impl TemplateApi for Simulator {
    async fn list(&self, access: &Access, after: Option<&str>) -> Result<TemplatePage, CloudError> {
        let window = Window { limit: Some(5), after: after.map(str::to_owned) };
        let answer = self.call(Route::Templates, None, |world, _| {
            world.templates(access.token.expose(), &access.waba_id, &window, &[], BASE)
        })?;
        let templates = data(&answer).filter_map(RemoteTemplate::read).collect();
        Ok(TemplatePage { templates, next: next_cursor(&answer) })
    }
}

#[async_trait]
impl AccountApi for Simulator {
    async fn phone_number(&self, access: &Access) -> Result<NumberDetails, CloudError> {
        let answer = self.call(Route::Account, None, |world, _| {
            world.number_details(access.token.expose(), &access.phone_number_id)
        })?;
        read_number(&answer).ok_or_else(|| unreadable("no number"))
    }
    async fn phone_numbers(&self, access: &Access) -> Result<Vec<NumberDetails>, CloudError> {
        let window = Window { limit: Some(100), after: None };
        let answer = self.call(Route::Account, None, |world, _| {
            world.numbers(access.token.expose(), &access.waba_id, &window, BASE)
        })?;
        Ok(data(&answer).filter_map(read_number).collect())
    }
    async fn check_app_secret(&self, access: &Access, secret: &Secret) -> Result<(), CloudError> {
        let (token, proof) = (access.token.expose(), app_secret_proof(&access.token, secret)?);
        let answer = self.call(Route::Account, None, |world, _| {
            world.check_proof(token, &proof)?;
            world.number_details(token, &access.phone_number_id)
        });
        answer.map(drop).map_err(secret_refused)
    }
    async fn subscribe_app(
        &self,
        access: &Access,
        callback: Option<CallbackOverride>,
    ) -> Result<(), CloudError> {
        let url = callback.map(|callback| callback.url);
        self.call(Route::Account, None, |world, _| {
            world.subscribe(access.token.expose(), &access.waba_id, url)
        })
        .map(drop)
    }
    async fn unsubscribe_app(&self, access: &Access) -> Result<(), CloudError> {
        self.call(Route::Account, None, |world, _| {
            world.unsubscribe(access.token.expose(), &access.waba_id)
        })
        .map(drop)
    }
    async fn subscribed_apps(&self, access: &Access) -> Result<Vec<SubscribedApp>, CloudError> {
        let answer = self.call(Route::Account, None, |world, _| {
            world.subscriptions(access.token.expose(), &access.waba_id)
        })?;
        Ok(data(&answer).filter_map(read_app).collect())
    }
}
