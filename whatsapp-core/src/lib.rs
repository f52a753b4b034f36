//! The nouns of WhatsApp business messaging and the rules that need nothing but them.
//!
//! Nothing here reads a clock, makes chance, opens a file or a socket, or waits: time comes in as a
//! [`Timestamp`], chance through an [`Env`]. So every rule is a function that a table can test.
//!
//! In reading order: a [`Tenant`] is a client of the platform and the wall around all its data; a
//! [`User`] works in it with a [`Grants`]; a [`Channel`] is one of its WhatsApp numbers; a [`Contact`] is a
//! person; a [`Conversation`] is what a contact and a channel say to each other in [`Message`]s; a
//! [`Send`](send::SendState) is the ledger's line about one outgoing message; a [`Template`] is a text that
//! Meta approved; a [`Campaign`] sends one to a [`Group`]; an [`Event`] says what happened, a
//! [`JobSpec`] what must follow.
//!
//! # Example: the 24-hour window is one function
//!
//! ```
//! use whatsapp_core::{Span, Timestamp, Window};
//! let wrote = Timestamp::from_seconds(1_700_000_000);
//! let window = Window::after(Some(wrote));
//! assert!(window.is_open(wrote + Span::hours(23)));
//! assert!(!window.is_open(wrote + Span::hours(24)));
//! ```

pub mod audience;
pub mod campaign;
pub mod channel;
pub mod contact;
pub mod conversation;
pub mod env;
pub mod error;
pub mod event;
pub mod id;
pub mod interpolate;
pub mod job;
pub mod media;
pub mod message;
pub mod pacing;
pub mod page;
pub mod recipient;
pub mod role;
pub mod search;
pub mod secret;
pub mod send;
pub mod snippet;
pub mod template;
pub mod tenant;
pub mod text;
pub mod time;
pub mod user;

pub use audience::{Audience, Group};
pub use campaign::{Campaign, CampaignStatus, Counts};
pub use channel::{Channel, ChannelState, Quality};
pub use contact::{Contact, ContactSource, Identity, NewContact};
pub use conversation::{Conversation, ConversationStatus, Window};
pub use env::Env;
pub use error::{Class, Classified, Detail, Error};
pub use event::Event;
pub use id::{Entity, Id};
pub use job::{JobSpec, Lane};
pub use media::{MediaKind, MediaObject, MediaState};
pub use message::{Author, Content, Direction, Message};
pub use pacing::{Portfolio, WaitReason, Waiting};
pub use page::{Cursor, Page, PageRequest};
pub use recipient::{PastAttempt, Recipient, ReportLine};
pub use role::{By, Grants, Permission, Role};
pub use secret::Secret;
pub use send::{Attempt, DeliveryStatus, Send, SendError, SendState};
pub use snippet::Snippet;
pub use template::{Template, TemplateStatus, Variables};
pub use tenant::Tenant;
pub use text::{Email, Phone};
pub use time::{Span, Timestamp};
pub use user::{ApiKey, Member, Session, User};
