//! Meta's WhatsApp Cloud API: traits, the real client, webhooks, and a simulator of Meta for tests.
//!
//! Each call takes the credential as an argument, so one client serves all tenants. Nothing here retries a
//! message or keeps state between calls; [`CloudError`] says what is proved, the caller decides.
//!
//! - [`api`]: what can be asked, as object-safe traits; [`CloudApi`] is all of them.
//! - [`transport`]: how a call reaches Meta. All of the API is written once over it.
//! - `GraphClient` (feature `client`): the transport over HTTPS.
//! - [`message`]: every kind of message that can be sent, typed, with builders; checked before the call.
//! - [`webhook`]: verify, then read what Meta tells.
//! - [`signup`]: what Meta's signup window tells the page that opened it.
//! - [`pace`]: how fast a number may send; pure.
//! - `simulator` (feature `testing` in process, `simulator` over HTTP): an honest Meta with a seed and a clock.
//!
//! # Example: one text message
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # async fn demo() -> Result<(), whatsapp_cloud::CloudError> {
//! use whatsapp_cloud::{Access, GraphClient, GraphSettings, Messaging, OutgoingMessage, Recipient};
//! use whatsapp_core::{Content, Secret};
//!
//! let client = GraphClient::new(GraphSettings::default())?;
//! let access = Access::new(Secret::from("EAAG…"), "118002447730265", "104551238800917");
//! let message = OutgoingMessage::new(Recipient::from_address("+5511981234567"), Content::text("Hi!"));
//! let sent = client.send(&access, &message).await?;
//! println!("accepted as {}", sent.wamid);
//! # Ok(())
//! # }
//! ```

pub mod access;
mod answer;
pub mod api;
#[cfg(feature = "bot")]
pub mod bot;
pub mod bounds;
mod calls;
pub mod codes;
pub mod error;
mod lenient;
pub mod message;
pub mod pace;
mod proof;
pub mod retry;
#[cfg(feature = "testing")]
pub mod scripted;
pub mod send;
pub mod signup;
pub mod template;
pub mod transport;
pub mod usage;
pub mod webhook;

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod fetch;
#[cfg(feature = "testing")]
pub mod simulator;

pub use access::Access;
pub use api::{
    AccountApi, CallbackOverride, CloudApi, ManagementApi, MediaApi, MediaLocation, MediaRef,
    Messaging, NumberDetails, OutgoingMessage, Recipient, SentMessage, SubscribedApp,
    TemplateAdminApi, TemplateApi, TemplateGroupApi, TemplatePage, Upload, UploadApi,
    UploadSession, Uploaded,
};
pub use calls::{BATCH_MAX, MarketingApi, MarketingOptions, batch};
#[cfg(feature = "client")]
pub use client::{GraphClient, GraphSettings};
pub use codes::{ErrorClass, Explanation, Situation, explain};
pub use error::{CloudError, ProviderError};
pub use template::RemoteTemplate;
pub use transport::Transport;

/// The examples of the crate's page are compiled.
#[cfg(all(doctest, feature = "client"))]
#[doc = include_str!("../README.md")]
pub struct Readme;
