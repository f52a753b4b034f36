//! The fault plan: what goes wrong, how often, and how fast everything is. Set by `PUT /_sim/faults`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::chance::Chance;

/// What goes wrong, how often, and how fast everything is. The default is an honest, healthy Meta.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Faults {
    /// Tried in order at each call; the first that happens counts.
    pub rules: Vec<Rule>,
    /// People whose messages fail after they were accepted: number with plus sign (or id) → Meta's code.
    pub recipients: BTreeMap<String, i64>,
    /// How webhooks misbehave.
    pub webhooks: WebhookFaults,
    /// How fast statuses come.
    pub speed: Speed,
    /// How much may be sent.
    pub limits: Limits,
    /// Refuse free-form messages outside the window at once, instead of accepting and failing them.
    pub refuse_closed_window: bool,
}

/// One thing that goes wrong with calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which calls.
    #[serde(default)]
    pub route: Route,
    /// How likely, 0 to 1.
    #[serde(default = "one")]
    pub probability: f64,
    /// How often at most; for ever if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Only messages to this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What happens.
    pub fault: Fault,
}

const fn one() -> f64 {
    1.0
}

/// Which calls a rule is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Every call of the Graph API.
    #[default]
    Any,
    /// Sending messages.
    Messages,
    /// Files.
    Media,
    /// Templates.
    Templates,
    /// Numbers, accounts and subscriptions.
    Account,
}

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// A refusal with Meta's code; nothing is accepted.
    Refuse {
        /// The code.
        code: i64,
    },
    /// Accepted, and failed later by webhook.
    Fail {
        /// The code.
        code: i64,
    },
    /// Accepted, but the answer takes so long.
    Hang {
        /// How long.
        ms: u32,
    },
    /// The connection breaks; nothing is accepted.
    ResetBefore,
    /// Accepted, then the connection breaks before the answer.
    ResetAfter,
    /// A server error without Meta's body; nothing is accepted.
    StatusBefore {
        /// The HTTP status.
        status: u16,
    },
    /// Accepted, then a server error without Meta's body.
    StatusAfter {
        /// The HTTP status.
        status: u16,
    },
}

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
    /// How many items a call may hold; the number varies from 1 to this.
    pub batch: u32,
    /// The gap before the first repetition of a call that was not answered 200; it doubles each time.
    pub retry_first_ms: u32,
    /// The longest such gap.
    pub retry_max_ms: u32,
}

impl Default for WebhookFaults {
    fn default() -> Self {
        Self {
            duplicate: 0.0,
            disorder: 0.0,
            delay_ms: [0, 20],
            drop_statuses: 0.0,
            batch: 20,
            retry_first_ms: 500,
            retry_max_ms: 60_000,
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
    /// How likely somebody reads who has not written in the last 24 hours. Who has, reads.
    pub read_probability: f64,
}

impl Default for Speed {
    fn default() -> Self {
        Self {
            sent_ms: [50, 250],
            delivered_ms: [200, 900],
            read_ms: [800, 4_000],
            read_probability: 0.65,
        }
    }
}

/// How much may be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Messages of a number in any second.
    pub per_second: u32,
    /// Messages to one person at once …
    pub pair_burst: u32,
    /// … borrowed from one in so many seconds.
    pub pair_gap_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_second: 80, pair_burst: 45, pair_gap_seconds: 6 }
    }
}

impl Faults {
    /// The fault that happens at this call, if any. Uses up the rule's `times`.
    pub(super) fn roll(
        &mut self,
        chance: &mut Chance,
        route: Route,
        to: Option<&str>,
    ) -> Option<Fault> {
        let rule = self.rules.iter_mut().find(|rule| {
            (rule.route == Route::Any || rule.route == route)
                && rule.times != Some(0)
                && (rule.to.is_none() || rule.to.as_deref() == to)
                && chance.happens(rule.probability)
        })?;
        rule.times = rule.times.map(|times| times.saturating_sub(1));
        Some(rule.fault.clone())
    }
}
