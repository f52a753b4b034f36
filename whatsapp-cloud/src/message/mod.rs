//! What can be sent, typed: every kind of `POST /{number}/messages` as Meta writes it, with builders.
//! Nothing is sent or checked here: the checks come before each call, and [`crate::CloudError`] names the field.
//!
//! What is read and is not of a known form is kept as it was written, in a variant `Other`: nothing is lost, and
//! writing it back gives the same JSON. Each kind turns into a [`whatsapp_core::Content`].
//!
//! # Example: a question with buttons
//!
//! ```
//! use whatsapp_cloud::message::Interactive;
//! use whatsapp_cloud::{OutgoingMessage, Recipient};
//!
//! let question = Interactive::buttons("When shall we come?")
//!     .header_text("Your delivery")
//!     .button("am", "Morning")
//!     .button("pm", "Afternoon")
//!     .footer("Nimbus Outdoor");
//! let message = OutgoingMessage::new(Recipient::from_address("+905550100234"), question);
//! assert!(whatsapp_cloud::send::to_wire(&message).is_ok());
//! ```
//!
//! Meta's reference: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>

mod action;
mod basic;
mod build;
mod carousel;
mod contacts;
mod content;
mod envelope;
mod interactive;
mod parameter;
mod parts;
mod template;

pub use action::{
    Action, AddressRequest, Buttons, CallPermission, Catalog, ContactInfoRequest, CtaUrl, Flow,
    FlowPayload, List, LocationRequest, OrderDetails, OrderStatus, Product, ProductItem,
    ProductList, ProductSection, Reply, Row, Section, VoiceCall,
};
pub use basic::{Degrees, File, Index, Location, Reaction, Text};
pub use carousel::{Card, CardAction, CardKind, Carousel, QuickReply};
pub use contacts::{Address, Contact, Contacts, Email, Name, Organization, PhoneEntry, WebAddress};
pub use envelope::{Body, Context, Outgoing, ProductPolicy, ReadMark, RecipientType};
pub use interactive::{Header, Interactive, Words};
pub use parameter::{
    ButtonAction, Currency, FallbackText, LimitedTimeOffer, Parameter, ProductRef, TapTarget,
};
pub use template::{ButtonComponent, Component, Language, TemplateCard, TemplateMessage};
