//! Handlers for a program that is only a bot: what to do when somebody writes, taps or when a message arrives.
//! Verifies, reads and sorts webhook calls; never speaks HTTP itself, never stores anything.
//!
//! Meta wants its answer within a quarter of a second, so [`Bot::receive`] only verifies and reads; what it gives
//! back is run afterwards, for example in a task of its own. A message that comes again is handled once, as far as
//! this process remembers ([`REMEMBERED`] of them). Who needs more than that, across restarts and machines, takes
//! the platform.
//!
//! ```
//! use whatsapp_cloud::bot::Bot;
//! use whatsapp_cloud::{Access, CloudError, scripted::Scripted};
//! use whatsapp_core::Secret;
//!
//! let access = Access::new(Secret::from("EAAG…"), "104551238800917", "118002447730265");
//! let bot = Bot::new(Scripted::new(), access)
//!     .app_secret(Secret::from("the app's secret"))
//!     .verify_token(Secret::from("my-token"))
//!     .on_command("/start", async |cx, _| cx.reply("Welcome!").await.map(drop))
//!     .on_text(async |cx, text| cx.reply(format!("You said: {text}")).await.map(drop))
//!     .on_status(async |_, status| {
//!         println!("{}: {}", status.wamid, status.status.as_str());
//!         Ok::<(), CloudError>(())
//!     });
//! assert_eq!(bot.handshake("hub.mode=subscribe&hub.verify_token=my-token&hub.challenge=42").unwrap(), "42");
//! ```

mod context;
mod people;
mod routes;
mod seen;
mod waiting;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use whatsapp_core::{Env, Secret};

pub use context::{Context, Tap};
use routes::Routes;
pub use seen::REMEMBERED;
use seen::Seen;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use waiting::Waiting;

use crate::webhook::{
    ChallengeError, Change, Inbound, SignatureError, WebhookError, challenge, parse,
    verify_signature,
};
use crate::{Access, Messaging};

/// What a handler may fail with.
pub type BotError = Box<dyn std::error::Error + Send + Sync>;

/// A call was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// Not from Meta: answer 401.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// From Meta, and not readable: answer 200, or it comes again for seven days, and look at it.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

impl ReceiveError {
    /// The HTTP status to answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Signature(SignatureError::NoSecret) => 503,
            Self::Signature(_) => 401,
            Self::Webhook(_) => 200,
        }
    }
}

pub(crate) struct Shared {
    pub(crate) meta: Arc<dyn Messaging>,
    waiting: Mutex<Waiting>,
    seen: Mutex<Seen>,
}

/// A bot: numbers, secrets, and what to do when something comes. Cheap to clone; built once, then shared.
#[derive(Clone)]
pub struct Bot {
    shared: Arc<Shared>,
    numbers: Arc<HashMap<String, Access>>,
    routes: Arc<Routes>,
    app_secret: Secret,
    verify_token: Secret,
    env: Env,
}

impl std::fmt::Debug for Bot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bot").field("numbers", &self.numbers.len()).finish_non_exhaustive()
    }
}

impl Bot {
    /// A bot for one number that does nothing yet. Without [`Bot::app_secret`] it takes no call.
    #[must_use]
    pub fn new(meta: impl Messaging + 'static, access: Access) -> Self {
        let shared = Shared {
            meta: Arc::new(meta),
            waiting: Mutex::new(Waiting::default()),
            seen: Mutex::new(Seen::default()),
        };
        Self {
            shared: Arc::new(shared),
            numbers: Arc::new(HashMap::from([(access.phone_number_id.clone(), access)])),
            routes: Arc::new(Routes::default()),
            app_secret: Secret::from(""),
            verify_token: Secret::from(""),
            env: Env::system(),
        }
    }
    /// Another number that the same handlers answer.
    #[must_use]
    pub fn number(mut self, access: Access) -> Self {
        Arc::make_mut(&mut self.numbers).insert(access.phone_number_id.clone(), access);
        self
    }
    /// The secret of the app that owns the subscription: calls are verified with it.
    #[must_use]
    pub fn app_secret(mut self, secret: Secret) -> Self {
        self.app_secret = secret;
        self
    }
    /// What Meta must show when it asks for the callback address.
    #[must_use]
    pub fn verify_token(mut self, token: Secret) -> Self {
        self.verify_token = token;
        self
    }
    /// Another clock than the system's.
    #[must_use]
    pub fn env(mut self, env: Env) -> Self {
        self.env = env;
        self
    }
    /// Answers the GET with which Meta checks the callback address: the text to echo. `query` is what stands
    /// after the question mark.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>.
    ///
    /// # Errors
    /// [`ChallengeError`]: answer 403.
    pub fn handshake(&self, query: &str) -> Result<String, ChallengeError> {
        let pairs: HashMap<_, _> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let part = |key: &str| pairs.get(key).map(String::as_str);
        challenge(
            &self.verify_token,
            part("hub.mode"),
            part("hub.verify_token"),
            part("hub.challenge"),
        )
    }
    /// Verifies and reads a POST: `signature` is the header `X-Hub-Signature-256`, `body` the raw bytes. Answer
    /// 200 at once, then [`Received::run`].
    ///
    /// # Errors
    /// [`ReceiveError`] with the status to answer. A call that is not from Meta is never read.
    pub fn receive(&self, signature: Option<&str>, body: &[u8]) -> Result<Received, ReceiveError> {
        verify_signature(&self.app_secret, signature, body)?;
        let mut changes = parse(body, self.env.now())?;
        let mut seen = self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
        changes.retain(|change| seen.is_new(change));
        Ok(Received { bot: self.clone(), changes })
    }
    /// Answers a request to the callback address, whatever the web framework: `query` is what stands after the
    /// question mark, `signature` the header `X-Hub-Signature-256`, `body` the raw bytes (none: the handshake).
    /// Gives the HTTP status and the text to answer; the handlers run in a task of their own, of the tokio runtime
    /// in which this is called (without one nothing is taken, and the status is 503).
    pub async fn answer(&self, query: &str, signature: Option<&str>, body: &[u8]) -> (u16, String) {
        if body.is_empty() {
            return self
                .handshake(query)
                .map_or_else(|why| (403, why.to_string()), |echo| (200, echo));
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            tracing::error!("a bot's handlers need a tokio runtime");
            return (503, String::new());
        };
        match self.receive(signature, body) {
            Ok(received) => drop(runtime.spawn(received.run())),
            Err(why) => {
                tracing::warn!(%why, "a webhook call was not taken");
                return (why.status(), String::new());
            }
        }
        (200, String::new())
    }
    /// The credential for what is about no number: of a number of the same account, else of any.
    fn of_account(&self, change: &Change) -> Option<&Access> {
        let same = self.numbers.values().find(|access| access.waba_id == change.waba_id);
        same.or_else(|| self.numbers.values().next())
    }
    /// One change: to who waits for it, else to the first handler that wants it.
    async fn dispatch(&self, change: Change, asks: Arc<Notify>) {
        let number = change.phone_number_id.clone().unwrap_or_default();
        let access = self.numbers.get(&number);
        if let (Inbound::Message(message), Some(_)) = (&change.inbound, access) {
            let waiter = self.shared.waiting().take(&number, &message.identity);
            // Who no longer waits gives the message back to the handlers.
            if let Some(waiter) = waiter
                && waiter.send((**message).clone()).is_ok()
            {
                return;
            }
        }
        let known = access.or_else(|| self.of_account(&change).filter(|_| number.is_empty()));
        let Some(access) = known else {
            tracing::warn!(phone_number_id = number, "a webhook for a number that is not ours");
            return;
        };
        let context = Context::new(Arc::clone(&self.shared), access.clone(), change, asks);
        self.routes.run(context).await;
    }
}

impl Shared {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A verified call, read and waiting to be handled.
#[must_use = "nothing is handled until it is run"]
#[derive(Debug)]
pub struct Received {
    bot: Bot,
    changes: Vec<Change>,
}

impl Received {
    /// What it tells, without what came before already.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
    /// Runs the handlers: what one person did in the order it came, different people beside each other. A
    /// handler that waits in [`Context::ask`] holds nobody up. What a handler fails with goes to
    /// [`Bot::on_error`], a panic goes to the log, and the others run all the same. Needs a tokio runtime.
    pub async fn run(self) {
        let mut running = JoinSet::new();
        for changes in people::by_person(self.changes) {
            running.spawn(in_order(self.bot.clone(), changes));
        }
        finish(running).await;
    }
}

/// One after the other; each in a task of its own, so that a panic costs no more than its own change.
async fn in_order(bot: Bot, changes: Vec<Change>) {
    let mut running = JoinSet::new();
    for change in changes {
        let asks = Arc::new(Notify::new());
        let (bot, asked) = (bot.clone(), Arc::clone(&asks));
        let this = running.spawn(async move { bot.dispatch(change, asked).await }).id();
        loop {
            tokio::select! {
                ended = running.join_next_with_id() => match ended {
                    Some(Ok((id, ()))) if id != this => {} // an earlier one, that had asked
                    Some(Err(error)) => {
                        panicked(&error);
                        if error.id() == this {
                            break;
                        }
                    }
                    _ => break,
                },
                () = asks.notified() => break,
            }
        }
    }
    finish(running).await;
}

async fn finish(mut running: JoinSet<()>) {
    while let Some(ended) = running.join_next().await {
        if let Err(error) = ended {
            panicked(&error);
        }
    }
}

fn panicked(error: &tokio::task::JoinError) {
    tracing::error!(%error, "a handler of the bot panicked");
}

#[cfg(test)]
mod tests;
