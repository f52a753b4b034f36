//! How a healthy or an unhealthy Meta behaves: webhooks, speed of statuses, limits. Parts of the fault plan.

use serde::{Deserialize, Serialize};

/// How webhooks misbehave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookFaults {
    /// How likely an item comes twice.
    pub duplicate: f64,
    /// How likely an item is held back so that later ones overtake it.
    pub disorder: f64,
    /// How long each item takes, in milliseconds, from and to.
    pub delay_ms: [u32; 2],
    /// How likely a status is never told.
    pub drop_statuses: f64,
    /// How likely a status comes late …
    pub late_statuses: f64,
    /// … by so many milliseconds, from and to.
    pub late_ms: [u32; 2],
    /// How many items a call may hold; the number varies from 1 to this. Meta's own limit is 1,000.
    pub batch: u32,
    /// How likely a call holds items of all accounts that share its address, not of one.
    pub mix_accounts: f64,
    /// The gap before the first repetition of a call that was not answered 200; it doubles each time.
    pub retry_first_ms: u32,
    /// The longest such gap.
    pub retry_max_ms: u32,
    /// After so many seconds a call is given up. Meta's seven days.
    pub give_up_seconds: u32,
    /// The version of Meta's payloads: up to 23 every status names its `conversation`, later ones only within a
    /// free entry point, and statuses carry `contacts`.
    pub version: u32,
    /// How likely a call is signed with another secret.
    pub wrong_signature: f64,
    /// Addresses are asked with a wrong verify token.
    pub wrong_verify_token: bool,
}

impl Default for WebhookFaults {
    fn default() -> Self {
        Self {
            duplicate: 0.0,
            disorder: 0.0,
            delay_ms: [0, 20],
            drop_statuses: 0.0,
            late_statuses: 0.0,
            late_ms: [60_000, 3_600_000],
            batch: 20,
            mix_accounts: 0.0,
            retry_first_ms: 500,
            retry_max_ms: 60_000,
            give_up_seconds: 7 * 86_400,
            version: 24,
            wrong_signature: 0.0,
            wrong_verify_token: false,
        }
    }
}

/// How fast statuses come, each after the one before, in milliseconds from and to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Speed {
    /// From acceptance to sent, or to failed.
    pub sent_ms: [u32; 2],
    /// From sent to delivered.
    pub delivered_ms: [u32; 2],
    /// From delivered to read.
    pub read_ms: [u32; 2],
    /// From read to played, of voice messages.
    pub played_ms: [u32; 2],
    /// How likely somebody reads who has not written in the last 24 hours. Who has, reads.
    pub read_probability: f64,
    /// How likely a voice message that was read is played.
    pub played_probability: f64,
    /// How likely a message that is read at once is never told as delivered.
    pub skip_delivered: f64,
    /// How likely nothing follows on sent.
    pub never_delivered: f64,
}

impl Default for Speed {
    fn default() -> Self {
        Self {
            sent_ms: [50, 250],
            delivered_ms: [200, 900],
            read_ms: [800, 4_000],
            played_ms: [1_000, 6_000],
            read_probability: 0.65,
            played_probability: 0.8,
            skip_delivered: 0.0,
            never_delivered: 0.0,
        }
    }
}

/// How much may be sent and asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Messages of an ordinary number in any second.
    pub per_second: u32,
    /// Of a number with the high throughput.
    pub per_second_high: u32,
    /// Of a number that is also on the Business app.
    pub per_second_coexistence: u32,
    /// Messages to one person at once …
    pub pair_burst: u32,
    /// … borrowed from one in so many seconds.
    pub pair_gap_seconds: u32,
    /// Marketing messages that a person gets of all businesses in 24 hours, outside the window; Meta's own
    /// number is not known and moves. No cap if absent.
    pub marketing_per_person: Option<u32>,
    /// No marketing reaches numbers of the United States, as since 2025-04-01.
    pub us_marketing_paused: bool,
    /// Management calls of an account in an hour, while one of its numbers is registered.
    pub management_per_hour: u32,
    /// The same while none is.
    pub management_per_hour_idle: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_second: 80,
            per_second_high: 1_000,
            per_second_coexistence: 20,
            pair_burst: 45,
            pair_gap_seconds: 6,
            marketing_per_person: None,
            us_marketing_paused: false,
            management_per_hour: 5_000,
            management_per_hour_idle: 200,
        }
    }
}

/// Of how many people outside the window the numbers of a portfolio may write to in 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MessagingLimit {
    /// 250.
    #[serde(rename = "TIER_250")]
    Tier250,
    /// 2,000.
    #[serde(rename = "TIER_2K")]
    Tier2K,
    /// 10,000.
    #[serde(rename = "TIER_10K")]
    Tier10K,
    /// 100,000.
    #[serde(rename = "TIER_100K")]
    Tier100K,
    /// As many as there are.
    #[default]
    #[serde(rename = "TIER_UNLIMITED")]
    Unlimited,
}

impl MessagingLimit {
    /// How many people.
    #[must_use]
    pub const fn people(self) -> usize {
        match self {
            Self::Tier250 => 250,
            Self::Tier2K => 2_000,
            Self::Tier10K => 10_000,
            Self::Tier100K => 100_000,
            Self::Unlimited => usize::MAX,
        }
    }
    /// Meta's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tier250 => "TIER_250",
            Self::Tier2K => "TIER_2K",
            Self::Tier10K => "TIER_10K",
            Self::Tier100K => "TIER_100K",
            Self::Unlimited => "TIER_UNLIMITED",
        }
    }
}
