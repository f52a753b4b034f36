//! A WhatsApp number of a tenant, and the app that carries it.

use serde::{Deserialize, Serialize};

use crate::{Error, Id, Phone, Secret, Timestamp, Waiting};

/// A business phone number on the Cloud API.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its id.
    pub id: Id<Self>,
    /// What the tenant calls it.
    pub name: String,
    /// The number as people dial it.
    pub phone: Phone,
    /// The name customers see, checked by Meta.
    pub verified_name: String,
    /// Meta's id of the number; unique on the platform.
    pub phone_number_id: String,
    /// Meta's id of the WhatsApp Business Account.
    pub waba_id: String,
    /// Meta's id of the business portfolio it belongs to; the account's until Meta has told it.
    pub portfolio: String,
    /// How many people the portfolio may write to first in a day; `None` where there is no limit or none is known.
    /// Kept with the portfolio: writing the channel does not change it.
    pub messaging_limit: Option<u32>,
    /// The access token, sealed by the platform's vault.
    pub token_sealed: Secret,
    /// The app's secret, sealed, if the tenant brought an app of its own.
    pub app_secret_sealed: Option<Secret>,
    /// Whether it works.
    pub state: ChannelState,
    /// Why not, in Meta's code and plain words.
    pub problem: Option<Problem>,
    /// Since when it is in this state.
    pub state_at: Timestamp,
    /// Meta's judgement.
    pub quality: Quality,
    /// Messages per second the number may send.
    pub throughput: u32,
    /// What its pump last noted of why campaigns wait. Writing the channel does not change it.
    pub pace: Option<Waiting>,
    /// When a customer last wrote to it.
    pub last_inbound_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
}

impl Channel {
    /// Comes into another state at this moment; `problem` says why.
    pub fn turn(&mut self, state: ChannelState, problem: Option<Problem>, at: Timestamp) {
        (self.state, self.problem, self.state_at) = (state, problem, at);
    }
    /// Whether something that happened then came before its state, so that it says nothing of now. Of the same second
    /// it is not known which came first: Meta counts in whole ones.
    #[must_use]
    pub const fn is_past(&self, at: Timestamp) -> bool {
        at.seconds() < self.state_at.seconds()
    }
    /// Whether it may send now.
    ///
    /// # Errors
    /// `CHANNEL_DISCONNECTED` or `CHANNEL_PAUSED`, with the reason.
    pub fn may_send(&self) -> Result<(), Error> {
        let why = self.problem.as_ref().map_or("", |p| p.message.as_str());
        match self.state {
            ChannelState::Connected => Ok(()),
            ChannelState::Disconnected => Err(Error::conflict(
                "CHANNEL_DISCONNECTED",
                format!("this channel is disconnected: reconnect it first. {why}"),
            )),
            ChannelState::Paused => {
                Err(Error::conflict("CHANNEL_PAUSED", format!("this channel is paused. {why}")))
            }
        }
    }
}

/// What is wrong with a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A code, Meta's as `META_190`.
    pub code: String,
    /// Plain words: what it means and what to do.
    pub message: String,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The stored and published word.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// Reads the word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|v| v.as_str() == word) }
        }
    };
}
pub(crate) use words;

words! {
    /// Whether a channel works.
    ChannelState {
        /// It sends and receives.
        Connected = "connected",
        /// Its access ended; somebody must reconnect it.
        Disconnected = "disconnected",
        /// It receives, but must not send for now.
        Paused = "paused",
    }
}
words! {
    /// Meta's judgement of a number or template, by how people react.
    Quality {
        /// High.
        Green = "green",
        /// Medium.
        Yellow = "yellow",
        /// Low.
        Red = "red",
        /// Not judged yet.
        Unknown = "unknown",
    }
}
impl Quality {
    /// Reads Meta's word; what is not known is `Unknown`.
    #[must_use]
    pub fn from_meta(word: &str) -> Self {
        Self::parse(&word.to_ascii_lowercase()).unwrap_or(Self::Unknown)
    }
}
