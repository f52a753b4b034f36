//! Which handler wants what. The first that wants a change gets it, in the order they were written down.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use whatsapp_core::Content;

use super::{Bot, BotError, Context, Tap};
use crate::webhook::{Inbound, InboundMedia, InboundMessage, StatusUpdate};

type Done = Pin<Box<dyn Future<Output = Result<(), BotError>> + Send>>;
/// Gives `None` where the handler does not want the change.
type Handler = Arc<dyn Fn(Context) -> Option<Done> + Send + Sync>;
type OnError = Arc<dyn Fn(&Context, &BotError) + Send + Sync>;

#[derive(Clone, Default)]
pub(super) struct Routes {
    handlers: Vec<Handler>,
    on_error: Option<OnError>,
}

impl Routes {
    pub(super) async fn run(&self, context: Context) {
        let wanted = self.handlers.iter().find_map(|handler| handler(context.clone()));
        let Some(work) = wanted else { return };
        if let Err(error) = work.await {
            match &self.on_error {
                Some(told) => told(&context, &error),
                None => tracing::error!(%error, "a handler of the bot failed"),
            }
        }
    }
}

impl Bot {
    /// Whatever `wants` gives something for. All other kinds of handlers are made of this one.
    #[must_use]
    pub fn on<T, F, Fut, E>(
        mut self,
        wants: impl Fn(&Context) -> Option<T> + Send + Sync + 'static,
        handler: F,
    ) -> Self
    where
        F: Fn(Context, T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        let wrapped: Handler = Arc::new(move |context: Context| {
            let wanted = wants(&context)?;
            let work = handler(context, wanted);
            Some(Box::pin(async move { work.await.map_err(Into::into) }))
        });
        Arc::make_mut(&mut self.routes).handlers.push(wrapped);
        self
    }
    /// A text.
    #[must_use]
    pub fn on_text<F, Fut, E>(self, handler: F) -> Self
    where
        F: Fn(Context, String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        self.on(|context| text(context).map(str::to_owned), handler)
    }
    /// A text that begins with this word, such as `/start`; the handler gets the rest of it.
    #[must_use]
    pub fn on_command<F, Fut, E>(self, command: &str, handler: F) -> Self
    where
        F: Fn(Context, String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        let command = command.to_lowercase();
        let rest = move |context: &Context| {
            let text = text(context)?.trim();
            let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
            (first.to_lowercase() == command).then(|| rest.trim().to_owned())
        };
        self.on(rest, handler)
    }
    /// A tap on a button or a row of a list, of a template or an interactive message.
    #[must_use]
    pub fn on_button<F, Fut, E>(self, handler: F) -> Self
    where
        F: Fn(Context, Tap) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        self.on(tap, handler)
    }
    /// A picture, film, sound, document or sticker: fetch it by `file.provider_id`.
    #[must_use]
    pub fn on_media<F, Fut, E>(self, handler: F) -> Self
    where
        F: Fn(Context, InboundMedia) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        self.on(|context| context.message()?.media.clone(), handler)
    }
    /// Any message that no handler before wanted.
    #[must_use]
    pub fn on_message<F, Fut, E>(self, handler: F) -> Self
    where
        F: Fn(Context, InboundMessage) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        self.on(|context| context.message().cloned(), handler)
    }
    /// How far one of our messages has come.
    #[must_use]
    pub fn on_status<F, Fut, E>(self, handler: F) -> Self
    where
        F: Fn(Context, StatusUpdate) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        let status = |context: &Context| match &context.change().inbound {
            Inbound::Status(status) => Some(StatusUpdate::clone(status)),
            _ => None,
        };
        self.on(status, handler)
    }
    /// Anything else that Meta tells: templates, quality, account, and what is not known yet.
    #[must_use]
    pub fn on_event<F, Fut, E>(self, handler: F) -> Self
    where
        F: Fn(Context, Inbound) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BotError>,
    {
        let other = |context: &Context| match &context.change().inbound {
            Inbound::Message(_) | Inbound::Status(_) => None,
            other => Some(other.clone()),
        };
        self.on(other, handler)
    }
    /// What becomes of a handler's error; without it the error is logged.
    #[must_use]
    pub fn on_error(mut self, told: impl Fn(&Context, &BotError) + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.routes).on_error = Some(Arc::new(told));
        self
    }
}

fn text(context: &Context) -> Option<&str> {
    match &context.message()?.content {
        Content::Text { body, .. } => Some(body),
        _ => None,
    }
}

fn tap(context: &Context) -> Option<Tap> {
    match &context.message()?.content {
        Content::Button { payload, text } => Some(Tap { id: payload.clone(), title: text.clone() }),
        Content::Reply { id, title, .. } => Some(Tap { id: id.clone(), title: title.clone() }),
        _ => None,
    }
}
