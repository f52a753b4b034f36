//! The simulator in process: the whole API without sockets, sleeping or threads. Time is the given clock's.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::Value;
use whatsapp_core::{Env, Secret, Span, Timestamp};

use super::accept::Reply;
use super::body::kind_of;
use super::fact::Fact;
use super::faults::Faults;
use super::hooks::WebhookCall;
use super::people::Act;
use super::routes::{Call, Carried, FormFile};
use super::world::World;
use crate::answer::{read_answer, unreadable};
use crate::transport::{Credential, GraphAnswer, GraphRequest, Payload, Transport};
use crate::usage::{APP_HEADER, BUSINESS_HEADER, Usage};
use crate::{Access, CloudError};

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
const VERSION: &str = "v25.0";

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
            name: waba.name.clone(),
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
    /// A customer blocks the business of the first number, or lets it in again.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when `who` is nobody.
    pub fn block_business(&self, who: &str, block: bool) -> Result<(), CloudError> {
        let mut world = self.world();
        let blocked = world
            .own_number(None)
            .and_then(|number| world.block(self.env.now(), &number, who, block));
        blocked.map_err(|why| CloudError::invalid("who", why))
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
        self.sends_after(0)
    }
    /// How many messages were ever accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.world().sent.len()
    }
    /// What was accepted after the first so many, in order.
    #[must_use]
    pub fn sends_after(&self, first: usize) -> Vec<AcceptedSend> {
        let now = self.env.now();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let world = self.world();
        let all = world.sent.iter().skip(first).map(|sent| {
            let body = sent.body.value();
            AcceptedSend {
                wamid: sent.wamid.clone(),
                phone_number_id: sent.number.clone(),
                to: sent.to.clone(),
                kind: kind_of(&body).to_owned(),
                template: text(body.pointer("/template/name")),
                text: text(body.pointer("/text/body")),
                callback_data: text(body.get("biz_opaque_callback_data")),
                at: sent.at,
                status: sent.status(now).to_owned(),
            }
        });
        all.collect()
    }
}

/// The call that the HTTP door would have made of this request.
fn call_of(request: GraphRequest, now: Timestamp) -> Call {
    let token = match &request.credential {
        Credential::None => String::new(),
        Credential::Bearer(token) | Credential::OAuth(token) => token.expose().to_owned(),
    };
    let carried = match request.payload {
        Payload::Empty => Carried::Nothing,
        Payload::Json(body) => Carried::Json(body),
        Payload::Form { fields, file } => Carried::Form {
            fields: fields.into_iter().collect(),
            file: Some(FormFile { mime: file.mime, name: file.filename, bytes: file.bytes }),
        },
        Payload::Part { offset, bytes } => Carried::Part { offset, bytes },
    };
    Call {
        now,
        verb: request.verb,
        version: VERSION.to_owned(),
        path: request.path,
        query: request.query.into_iter().collect(),
        carried,
        token,
        base: BASE.to_owned(),
        callback: Ok(()),
    }
}

/// What the real client would have made of this reply.
fn settle(reply: Reply) -> Result<GraphAnswer, CloudError> {
    let (mut wait, mut usage) = (None, Usage::default());
    let mut reply = reply;
    let lost =
        |reason: &str| Err(CloudError::Ambiguous { reason: reason.to_owned(), http_status: None });
    loop {
        reply = match reply {
            Reply::Answer(200, body) => return Ok(GraphAnswer::new(body).with_usage(usage)),
            Reply::Answer(status, body) => {
                let body = read_answer(status, wait, body.to_string().as_bytes())?;
                return Ok(GraphAnswer::new(body).with_usage(usage));
            }
            Reply::Bare(status) => return read_answer(status, wait, b"").map(GraphAnswer::new),
            Reply::Reset => return lost("the connection broke"),
            Reply::Late(ms, _) | Reply::Slow(ms, _) if ms >= TIME_LIMIT_MS => {
                return lost("the answer took too long");
            }
            Reply::Late(_, inner) | Reply::Slow(_, inner) => *inner,
            Reply::With(headers, inner) => {
                let header = |name: &str| {
                    headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
                };
                if header(BUSINESS_HEADER).is_some() {
                    usage = Usage::read(header(APP_HEADER), header(BUSINESS_HEADER));
                }
                let seconds = header("retry-after").and_then(|value| value.parse().ok());
                wait = seconds.map(Span::seconds).or(wait).or(usage.regain_after);
                *inner
            }
        };
    }
}

#[async_trait]
impl Transport for Simulator {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        let mut world = self.world();
        let reply = world.serve(&call_of(request, self.env.now()));
        world.take_facts(); // nothing is written to disk here
        settle(reply)
    }
    async fn fetch(&self, token: &Secret, url: &str, max_bytes: u64) -> Result<Bytes, CloudError> {
        let world = self.world();
        world.check_token(token.expose(), self.env.now()).map_err(|_| CloudError::MediaGone)?;
        let url: url::Url = url.parse().map_err(|_| unreadable("no address"))?;
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
}
