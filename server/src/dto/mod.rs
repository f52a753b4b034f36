//! The shapes of the API, as the contract with callers names them. Made by hand from the core's nouns, so that
//! a change of a noun never changes the API by accident. Decide nothing.

pub(crate) mod campaign;
pub(crate) mod campaign_rules;
pub(crate) mod channel;
pub(crate) mod contact;
pub(crate) mod conversation;
pub(crate) mod message;
pub(crate) mod outgoing;
pub(crate) mod report;
pub(crate) mod session;
pub(crate) mod team;
pub(crate) mod template;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use whatsapp_core::{Entity, Id, Timestamp};

/// Something that has a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl Named {
    pub(crate) fn new<T: Entity>(id: Id<T>, name: impl Into<String>) -> Self {
        Self { id: id.to_string(), name: name.into() }
    }
}

/// A moment as the API writes it.
pub(crate) fn time(at: Timestamp) -> String {
    at.to_rfc3339()
}

/// The same where there may be none.
pub(crate) fn time_of(at: Option<Timestamp>) -> Option<String> {
    at.map(Timestamp::to_rfc3339)
}

/// Tells a field that is `null` from one that is not there: the first takes the value away, the second keeps it.
pub(crate) fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A moment in a body.
pub(crate) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| {
        let wrong = || serde::de::Error::custom("write a time like 2026-11-23T09:00:00Z");
        Timestamp::parse_rfc3339(&text).ok_or_else(wrong)
    })
    .transpose()
}
