//! Texts that Meta approved, and filling them in. Never talks to Meta.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::channel::words;
use crate::message::TemplateContent;
use crate::{Channel, Contact, Error, Id, Quality, Timestamp};

mod fill;
pub mod limits;
mod parameter;
mod slot;
#[cfg(test)]
mod tests;

/// A message template of one account, in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Our id.
    pub id: Id<Self>,
    /// The channel through which it was found; templates belong to the account (WABA) of it.
    pub channel: Id<Channel>,
    /// Meta's id.
    pub meta_id: String,
    /// Its name: lower case letters, digits, underscores.
    pub name: String,
    /// Meta's language code, e.g. `pt_BR`.
    pub language: String,
    /// What it is for.
    pub category: Category,
    /// Whether it may be sent.
    pub status: TemplateStatus,
    /// How people react to it.
    pub quality: Quality,
    /// Why Meta rejected it.
    pub rejected_reason: Option<String>,
    /// Whether its variables have numbers or names.
    pub named: bool,
    /// Meta's `components` array, as it came.
    pub components: Value,
    /// When Meta or we last changed it.
    pub updated_at: Timestamp,
}

words! {
    /// What a template is for; sets its price and its rules.
    Category {
        /// Offers and news; needs consent.
        Marketing = "marketing",
        /// About something the customer did.
        Utility = "utility",
        /// One-time codes.
        Authentication = "authentication",
    }
}
words! {
    /// Whether a template may be sent.
    TemplateStatus {
        /// It may.
        Approved = "approved",
        /// Meta is looking at it.
        Pending = "pending",
        /// Meta refused it.
        Rejected = "rejected",
        /// Stopped for a while, since people did not like it.
        Paused = "paused",
        /// Stopped for good.
        Disabled = "disabled",
        /// The refusal is being looked at again.
        InAppeal = "in_appeal",
        /// Being deleted.
        PendingDeletion = "pending_deletion",
        /// Gone at Meta.
        Deleted = "deleted",
        /// Put away.
        Archived = "archived",
        /// Too many templates.
        LimitExceeded = "limit_exceeded",
        /// A word of Meta's that we do not know; it is not sendable.
        Unknown = "unknown",
    }
}
impl TemplateStatus {
    /// Reads Meta's word (`APPROVED`, `REINSTATED` …).
    #[must_use]
    pub fn from_meta(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "reinstated" | "flagged" | "unarchived" => Self::Approved, // events that leave it sendable
            lower => Self::parse(lower).unwrap_or(Self::Unknown),
        }
    }
}

/// Values for a template's variables: `body.1` → text. The text may hold `{{name|fallback}}` placeholders
/// that stand for fields of the contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// From pairs; a bare key such as `1` or `first_name` means the body's.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(key, value)| {
                    (if key.contains('.') { key } else { format!("body.{key}") }, value)
                })
                .collect(),
        )
    }
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
    /// Those that this template takes: the others were given for another one.
    #[must_use]
    pub fn for_template(&self, template: &Template) -> Self {
        let taken = self.0.iter().filter(|(key, _)| template.takes(key));
        Self(taken.map(|(key, value)| (key.clone(), value.clone())).collect())
    }
    /// All pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// One variable of a template: a text in braces, or anything else that a sender gives.
///
/// | Key | What it is |
/// |---|---|
/// | `body.1`, `body.first_name`, `header.1` | a text |
/// | `header.media` | the https address of the picture, film or document; `header.filename` names a document |
/// | `header.latitude`, `.longitude`, `.name`, `.address` | the place of a location header |
/// | `header.product`, `header.catalog` | the product of a product header |
/// | `offer.expires_at` | when a limited offer ends: milliseconds since 1970, or RFC 3339 |
/// | `button.1` | by the button's kind: the end of its address, a coupon code, the flow's token, the payload of a quick reply, the products of a list (`Tents: SKU-1, SKU-2; Pegs: SKU-3`), the product whose picture a catalogue shows, or the minutes of a call button |
/// | `button.1.data`, `button.1.thumbnail` | the flow's first data as JSON; the product whose picture a product list shows |
/// | `card.0.` and any of these | the same of one card of a carousel |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// `body.1`, `header.1`, `button.0`; with names `body.first_name`.
    pub key: String,
    /// `header`, `body`, `button`, `offer` or `card`.
    pub component: &'static str,
    /// The number or name in the braces, or the last part of the key.
    pub name: String,
    /// The sample given to Meta.
    pub sample: Option<String>,
}

impl Template {
    /// Whether it may be sent.
    ///
    /// # Errors
    /// `TEMPLATE_NOT_APPROVED` with its status.
    pub fn may_send(&self) -> Result<(), Error> {
        if self.status == TemplateStatus::Approved {
            return Ok(());
        }
        let message = format!(
            "template {} ({}) is {}: only approved templates can be sent",
            self.name,
            self.language,
            self.status.as_str()
        );
        Err(Error::conflict("TEMPLATE_NOT_APPROVED", message))
    }
    /// What must be given to send it, in the order people read it.
    #[must_use]
    pub fn variables(&self) -> Vec<Variable> {
        slot::slots(self).into_iter().filter(|s| s.required).map(|s| s.variable).collect()
    }
    /// What may be given besides: the payload of a quick reply, the token of a flow, the name of a document.
    #[must_use]
    pub fn optional_variables(&self) -> Vec<Variable> {
        slot::slots(self).into_iter().filter(|s| !s.required).map(|s| s.variable).collect()
    }
    /// Whether a value may be given under this key.
    #[must_use]
    pub fn takes(&self, key: &str) -> bool {
        slot::slots(self).iter().any(|slot| slot.variable.key == key)
    }
    /// Fills it in for one person.
    ///
    /// # Errors
    /// `TEMPLATE_VARIABLES` when a value is missing, empty, has a line break, a tab or more than four spaces
    /// in a row, or not the form of its kind; when a key names no variable, or when a text is too long.
    pub fn fill(
        &self,
        variables: &Variables,
        contact: Option<&Contact>,
    ) -> Result<TemplateContent, Error> {
        fill::fill(self, variables, contact)
    }
}

fn wrong(key: &str, message: impl Into<String>) -> Error {
    Error::invalid("TEMPLATE_VARIABLES", &format!("variables.{key}"), message.into())
}
