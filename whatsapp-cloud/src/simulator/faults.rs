//! The fault plan: what goes wrong, when and how often, and how fast everything is. Set by `PUT /_sim/faults`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use whatsapp_core::Timestamp;

use super::chance::Chance;
use super::fact::Fact;
use super::template_plan::TemplateReview;
use super::tuning::{Limits, Speed, WebhookFaults};
use super::world::World;

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
    /// The `wa_id` of people differs from their number where it does at WhatsApp: Brazil's ninth digit, Mexico's 1.
    pub short_wa_ids: bool,
    /// How templates are judged.
    pub templates: TemplateReview,
    /// The connection of a resumable upload breaks after so many bytes of each part.
    pub cut_uploads: Option<u64>,
}

/// One thing that goes wrong with calls. Everything that a rule asks for must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// Only every so-manieth call that fits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Not before this moment of the world's clock (RFC 3339).
    #[serde(default, with = "moment", skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Not from this moment on.
    #[serde(default, with = "moment", skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Only calls about this number, by Meta's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Only messages to this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What happens.
    pub fault: Fault,
}

const fn one() -> f64 {
    1.0
}

/// Moments as RFC 3339.
mod moment {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use whatsapp_core::Timestamp;

    #[expect(clippy::ref_option, reason = "serde's form")]
    pub(super) fn serialize<S: Serializer>(
        at: &Option<Timestamp>,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => out.serialize_str(&at.to_rfc3339()),
            None => out.serialize_none(),
        }
    }
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        input: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let text = Option::<String>::deserialize(input)?;
        text.map(|text| {
            Timestamp::parse_rfc3339(&text)
                .ok_or_else(|| D::Error::custom(format!("{text:?} is no moment of RFC 3339")))
        })
        .transpose()
    }
}

impl Rule {
    /// This fault at every call; narrow it with the other methods.
    #[must_use]
    pub const fn new(fault: Fault) -> Self {
        Self {
            route: Route::Any,
            probability: 1.0,
            times: None,
            every: None,
            from: None,
            until: None,
            number: None,
            to: None,
            fault,
        }
    }
    /// Only calls of this family.
    #[must_use]
    pub const fn on(mut self, route: Route) -> Self {
        self.route = route;
        self
    }
    /// With this probability, 0 to 1.
    #[must_use]
    pub const fn likely(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }
    /// So often at most.
    #[must_use]
    pub const fn at_most(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }
    /// Only every so-manieth call that fits.
    #[must_use]
    pub const fn every(mut self, calls: u64) -> Self {
        self.every = Some(calls);
        self
    }
    /// Only from one moment until another.
    #[must_use]
    pub const fn between(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.from = Some(from);
        self.until = Some(until);
        self
    }
    /// Only calls about this number, by Meta's id.
    #[must_use]
    pub fn about(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }
    /// Only messages to this person.
    #[must_use]
    pub fn to(mut self, who: impl Into<String>) -> Self {
        self.to = Some(who.into());
        self
    }
    fn fits(&self, call: &Asked<'_>, now: Timestamp) -> bool {
        self.route.covers(call.route)
            && self.from.is_none_or(|from| now >= from)
            && self.until.is_none_or(|until| now < until)
            && (self.number.is_none() || self.number.as_deref() == call.number)
            && (self.to.is_none() || self.to.as_deref() == call.to)
    }
}

/// Which calls a rule is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Route {
    /// Every call of the Graph API.
    #[default]
    Any,
    /// Sending messages.
    Messages,
    /// Files.
    Media,
    /// Resumable uploads.
    Upload,
    /// Templates.
    Templates,
    /// Numbers, accounts, profiles and subscriptions.
    Account,
    /// Numbers.
    Numbers,
    /// Business profiles.
    Profile,
    /// Subscriptions.
    Subscription,
    /// Signup: codes and tokens.
    Signup,
    /// Blocked people.
    Blocks,
    /// QR codes.
    Qr,
    /// Figures.
    Analytics,
    /// Groups.
    Groups,
    /// Calls by voice.
    Calls,
}

impl Route {
    fn covers(self, call: Self) -> bool {
        match self {
            Self::Any => true,
            Self::Account => {
                matches!(call, Self::Account | Self::Numbers | Self::Profile | Self::Subscription)
            }
            one => one == call,
        }
    }
}

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// A refusal with Meta's code; nothing is accepted.
    Refuse {
        /// The code.
        code: i64,
        /// Meta's finer code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subcode: Option<i64>,
        /// What Meta says of whether it is worth another try.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        transient: Option<bool>,
        /// Another HTTP status than the code's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// A refusal with HTTP 429 and `Retry-After`; nothing is accepted.
    SlowDown {
        /// After how many seconds it is worth another try.
        retry_after: u32,
        /// Meta's code.
        #[serde(default = "throughput")]
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
    /// Nothing is accepted, nothing is answered for so long, and then the connection breaks.
    HangBefore {
        /// How long.
        ms: u32,
    },
    /// Accepted; the answer's head comes at once, its body takes so long.
    SlowBody {
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

const fn throughput() -> i64 {
    130_429
}

impl Fault {
    /// A refusal with Meta's code.
    #[must_use]
    pub const fn refuse(code: i64) -> Self {
        Self::Refuse { code, subcode: None, transient: None, status: None }
    }
}

/// A call, as the plan sees it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) route: Route,
    pub(super) number: Option<&'a str>,
    pub(super) to: Option<&'a str>,
}

/// How often each rule was met and used, since the plan was set.
#[derive(Clone, Debug, Default)]
pub(super) struct Rolls {
    /// Since the beginning of the world.
    count: u64,
    met: Vec<u64>,
    used: Vec<u64>,
}

fn more(counts: &mut Vec<u64>, at: usize) {
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

impl Rolls {
    /// Another plan: nothing of it was used.
    pub(super) fn start(&mut self) {
        self.met.clear();
        self.used.clear();
    }
    /// So many calls of before are no longer known.
    pub(super) const fn skip(&mut self, calls: u64) {
        self.count += calls;
    }
    /// What happened at one call.
    pub(super) fn count(&mut self, met: &[usize], used: Option<usize>) {
        self.count += 1;
        for at in met {
            more(&mut self.met, *at);
        }
        if let Some(at) = used {
            more(&mut self.used, at);
        }
    }
    fn left(&self, at: usize, rule: &Rule) -> Option<u64> {
        let used = self.used.get(at).copied().unwrap_or_default();
        rule.times.map(|times| times.saturating_sub(used))
    }
}

impl World {
    /// The fault that happens at this call, if any. That rules were met is a fact of its own, so that they go on
    /// where they were after a restart.
    pub(super) fn roll(&mut self, call: &Asked<'_>, now: Timestamp) -> Option<Fault> {
        let mut chance = Chance::at(self.seed ^ 0xFA17, self.rolls.count);
        let (mut met, mut used, mut matters) = (Vec::new(), None, false);
        for (at, rule) in self.faults.rules.iter().enumerate() {
            if !rule.fits(call, now) || self.rolls.left(at, rule) == Some(0) {
                continue;
            }
            met.push(at);
            matters |= rule.times.is_some() || rule.every.is_some() || rule.probability < 1.0;
            let nth = self.rolls.met.get(at).copied().unwrap_or_default() + 1;
            let turn = rule.every.is_none_or(|every| nth % every.max(1) == 0);
            if turn && chance.happens(rule.probability) {
                used = Some(at);
                break;
            }
        }
        if matters {
            self.happen(Fact::Rolled { met, used });
        }
        self.faults.rules.get(used?).map(|rule| rule.fault.clone())
    }
    /// The plan with what is left of its rules.
    #[cfg(feature = "simulator")]
    pub(super) fn plan_left(&self) -> Faults {
        let mut plan = self.faults.clone();
        for (at, rule) in plan.rules.iter_mut().enumerate() {
            rule.times = self.rolls.left(at, rule);
        }
        plan
    }
}
