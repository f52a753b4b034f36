//! What happened in the world: the only way it changes, and what its log on disk holds. A stored form never
//! changes by accident.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use whatsapp_core::Timestamp;

use super::body::Body;
use super::compact::Gone;
use super::fate::{Hold, Waits};
use super::faults::Faults;
use super::history::Files;
use super::lines::LineChange;
use super::office::Deed;
use super::past::Past;
use super::persons::Person;
use super::pricing::Charge;
use super::shelf::TemplateChange;
use super::tuning::MessagingLimit;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub(super) enum Fact {
    /// A message of a business was accepted, and this is what will become of it.
    Sent {
        wamid: String,
        number: String,
        /// Number with plus sign, or business-scoped id.
        to: String,
        at: Timestamp,
        /// The request's body.
        body: Body,
        plan: Vec<Planned>,
        /// What else holds for it. Logs of before it was kept have none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        terms: Option<Box<Terms>>,
    },
    /// A customer wrote, tapped or reacted.
    Wrote {
        wamid: String,
        number: String,
        from: String,
        name: Option<String>,
        at: Timestamp,
        /// The message's own part: `type`, its object, `context`.
        message: Value,
    },
    /// A customer opened the conversation.
    Opened { number: String, who: String, at: Timestamp },
    /// A customer wants no marketing any more, or wants it again.
    Wished { number: String, who: String, stop: bool, at: Timestamp },
    /// The business has read a customer's message.
    Seen { wamid: String, typing: bool, at: Timestamp },
    /// A file came, from a business or a customer.
    Uploaded(File),
    /// A file was deleted.
    Deleted { id: String },
    /// The app listens to an account.
    Subscribed { waba: String, url: Option<String> },
    /// It no longer does.
    Unsubscribed { waba: String },
    /// A template changed its state.
    Reviewed { waba: String, id: String, status: String, reason: String, at: Timestamp },
    /// Another fault plan holds.
    Planned { faults: Box<Faults> },
    /// The clock is so many microseconds ahead of the system's.
    Clock { ahead: i64 },
    /// Webhook items were answered 200, or nobody listens.
    Told { items: Vec<u64> },
    /// Webhook items were not answered 200.
    Untold { items: Vec<u64>, at: Timestamp },
    /// Rules of the fault plan fitted a call, and one of them happened, or none.
    Rolled {
        met: Vec<usize>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        used: Option<usize>,
    },
    /// A management call about an account.
    Called { waba: String, at: Timestamp },
    /// Something about a person is different.
    Person { who: String, change: Box<Person>, at: Timestamp },
    /// A person took another number.
    Moved { from: String, to: String, at: Timestamp },
    /// A person got another business-scoped id.
    Renewed { who: String, user_id: String, at: Timestamp },
    /// Something about a number is different.
    Line { number: String, change: Box<LineChange>, at: Timestamp },
    /// The portfolio may write to another number of people.
    Tier { tier: MessagingLimit, at: Timestamp },
    /// Meta holds, pauses, releases or drops the messages of a template.
    Judged { template: String, what: Hold, at: Timestamp },
    /// A number of the Business app was connected.
    Onboarded { number: String, shares_history: bool, past: Box<Past>, at: Timestamp },
    /// Contacts or the past of the app were asked for.
    Synced { number: String, of_history: bool, media: Files, at: Timestamp },
    /// The owner wrote on the app.
    Echoed { wamid: String, number: String, to: String, message: Value, at: Timestamp },
    /// The owner keeps somebody on the app, or forgets them.
    Kept { number: String, who: String, name: Option<String>, at: Timestamp },
    /// The number was disconnected, lost or found again.
    Left { number: String, event: String, reason: String, by: String, at: Timestamp },
    /// Older facts stood here, see [`Gone`].
    Gone { gone: Box<Gone> },
    /// Meta told something of an account, see [`super::announce`].
    Announced { waba: String, field: String, value: Value, at: Timestamp },
    /// Where the app's webhooks go that no override leads elsewhere.
    Listens { url: Option<String> },
    /// Something was set up: a PIN, a profile, a code, a group.
    Done { deed: Box<Deed>, at: Timestamp },
    /// Something happened to a template.
    Template { waba: String, id: String, change: Box<TemplateChange>, at: Timestamp },
    /// An account counts how its templates do.
    Insights { waba: String, at: Timestamp },
    /// A group of templates is as it is here, or gone.
    TemplateGroup {
        waba: String,
        id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<Value>,
        at: Timestamp,
    },
    /// A resumable upload was begun.
    UploadBegun { id: String, sig: String, name: String, mime: String, length: u64, at: Timestamp },
    /// More of it is there.
    UploadWent {
        id: String,
        received: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handle: Option<String>,
        at: Timestamp,
    },
}

/// What else holds for a message that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terms {
    /// Of its template, in capitals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) template: Option<String>,
    /// How long Meta tries to deliver it, where its template says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lives_seconds: Option<i64>,
    /// The window was closed: it counts for the messaging limit.
    #[serde(default)]
    pub(super) outside: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) charge: Option<Charge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) waits: Option<Waits>,
}

/// A status that will be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Planned {
    /// Meta's word.
    pub(super) status: String,
    pub(super) at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<i64>,
    /// The member whose phone tells it, of a message to a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) member: Option<Box<str>>,
}

impl Planned {
    pub(super) fn new(status: &str, at: Timestamp) -> Self {
        Self { status: status.to_owned(), at, error: None, member: None }
    }
    pub(super) fn failed(at: Timestamp, code: i64) -> Self {
        Self { error: Some(code), ..Self::new("failed", at) }
    }
}

/// A file, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) id: String,
    /// The number it belongs to.
    pub(super) number: String,
    pub(super) mime: String,
    pub(super) filename: String,
    /// Hexadecimal.
    pub(super) sha256: String,
    pub(super) size: usize,
    pub(super) at: Timestamp,
    /// A customer sent it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) received: bool,
}
