//! One template to many people: its states, and what the counts mean. Never sends.

mod ladder;
mod rules;

pub use ladder::{GaveUp, HOLD_BACK, Next, Route};
pub use rules::{CampaignRules, HOLD_BACK_TRIES_MAX, LATE_AFTER, LateStart};

use crate::channel::words;
use crate::send::SendState;
use crate::{Audience, By, Channel, Error, Id, Template, Timestamp, Variables};

/// A campaign.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Its id.
    pub id: Id<Self>,
    /// What it is called.
    pub name: String,
    /// Over which number.
    pub channel: Id<Channel>,
    /// What is sent.
    pub template: Id<Template>,
    /// To whom.
    pub audience: Audience,
    /// With which values.
    pub variables: Variables,
    /// Where it stands.
    pub status: CampaignStatus,
    /// Why it is paused, failed or slow, in plain words.
    pub reason: Option<String>,
    /// How many people are in which state.
    pub counts: Counts,
    /// At most so many messages a second; the number's own limit when `None`.
    pub rate: Option<u32>,
    /// What it does when things do not go as planned.
    pub rules: CampaignRules,
    /// When it starts by itself.
    pub scheduled_at: Option<Timestamp>,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When its list of people was complete. From then on nobody joins it.
    pub prepared_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: By,
    /// Since when.
    pub created_at: Timestamp,
    /// Goes up with each change of anything but the counts; a change names the one it saw.
    pub revision: i64,
}

words! {
    /// Where a campaign stands.
    CampaignStatus {
        /// Being written.
        Draft = "draft",
        /// Starts at a time.
        Scheduled = "scheduled",
        /// The list of people is being made.
        Preparing = "preparing",
        /// Messages go out.
        Sending = "sending",
        /// Somebody or something stopped it for now.
        Paused = "paused",
        /// Everybody is decided.
        Completed = "completed",
        /// It could not go on.
        Failed = "failed",
        /// Somebody ended it.
        Cancelled = "cancelled",
    }
}

impl CampaignStatus {
    /// Whether nothing more will happen.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// How many lines of the ledger are in which state. Changed only together with those lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All people of the audience so far.
    pub total: i64,
    /// Queued or sending.
    pub waiting: i64,
    /// Meta has it, nothing more is known.
    pub accepted: i64,
    /// On its way.
    pub sent: i64,
    /// On the device.
    pub delivered: i64,
    /// Opened.
    pub read: i64,
    /// Refused.
    pub failed: i64,
    /// Left out.
    pub skipped: i64,
    /// Not known yet.
    pub ambiguous: i64,
    /// Never learnt.
    pub unconfirmed: i64,
}

impl Counts {
    /// One line came into being in this state.
    pub fn enter(&mut self, state: SendState) {
        self.enter_many(state, 1);
    }
    /// So many lines came into being in this state.
    pub fn enter_many(&mut self, state: SendState, lines: i64) {
        *self.slot(state) += lines;
    }
    /// One line moved.
    pub fn step(&mut self, from: SendState, to: SendState) {
        *self.slot(from) -= 1;
        *self.slot(to) += 1;
    }
    /// Adds a difference.
    pub fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.waiting += other.waiting;
        self.accepted += other.accepted;
        self.sent += other.sent;
        self.delivered += other.delivered;
        self.read += other.read;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.ambiguous += other.ambiguous;
        self.unconfirmed += other.unconfirmed;
    }
    /// How many messages Meta has, whatever became of them after.
    #[must_use]
    pub const fn ever_sent(&self) -> i64 {
        self.accepted + self.sent + self.delivered + self.read
    }
    /// How many reached the device.
    #[must_use]
    pub const fn ever_delivered(&self) -> i64 {
        self.delivered + self.read
    }
    /// Whether nobody is undecided.
    #[must_use]
    pub const fn is_decided(&self) -> bool {
        self.waiting == 0 && self.ambiguous == 0
    }
    fn slot(&mut self, state: SendState) -> &mut i64 {
        match state {
            SendState::Queued | SendState::Sending => &mut self.waiting,
            SendState::Ambiguous => &mut self.ambiguous,
            SendState::Unconfirmed => &mut self.unconfirmed,
            SendState::Accepted => &mut self.accepted,
            SendState::Sent => &mut self.sent,
            SendState::Failed => &mut self.failed,
            SendState::Delivered => &mut self.delivered,
            SendState::Read => &mut self.read,
            SendState::Skipped => &mut self.skipped,
        }
    }
}

impl Campaign {
    fn go(&mut self, verb: &str, from: &[CampaignStatus], to: CampaignStatus) -> Result<(), Error> {
        if !from.contains(&self.status) {
            return Err(Error::conflict(
                "CAMPAIGN_STATE",
                format!("a campaign that is {} cannot be {verb}", self.status.as_str()),
            ));
        }
        self.status = to;
        self.revision += 1;
        Ok(())
    }
    fn somebody(&self) -> Result<(), Error> {
        if self.audience.is_empty() {
            return Err(Error::invalid(
                "CAMPAIGN_AUDIENCE",
                "audience",
                "choose at least one group, contact, number or tag",
            ));
        }
        Ok(())
    }
    /// Starts it: the list of people is made next.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is a draft or scheduled; `CAMPAIGN_AUDIENCE` when nobody is in it.
    pub fn start(&mut self, now: Timestamp) -> Result<(), Error> {
        self.somebody()?;
        self.go(
            "started",
            &[CampaignStatus::Draft, CampaignStatus::Scheduled],
            CampaignStatus::Preparing,
        )?;
        self.started_at = Some(now);
        Ok(())
    }
    /// Lets it start by itself at `at`.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is a draft; `CAMPAIGN_TIME` when the time is past; `CAMPAIGN_AUDIENCE` when nobody
    /// is in it.
    pub fn schedule(&mut self, at: Timestamp, now: Timestamp) -> Result<(), Error> {
        self.somebody()?;
        if at <= now {
            return Err(Error::invalid(
                "CAMPAIGN_TIME",
                "scheduled_at",
                "choose a time in the future",
            ));
        }
        self.go(
            "scheduled",
            &[CampaignStatus::Draft, CampaignStatus::Scheduled],
            CampaignStatus::Scheduled,
        )?;
        self.scheduled_at = Some(at);
        Ok(())
    }
    /// The list of people is complete.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is being prepared.
    pub fn prepared(&mut self, now: Timestamp) -> Result<(), Error> {
        self.go("sent", &[CampaignStatus::Preparing], CampaignStatus::Sending)?;
        self.prepared_at = Some(now);
        Ok(())
    }
    /// Stops it for now.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is being prepared or sent.
    pub fn pause(&mut self, reason: Option<String>) -> Result<(), Error> {
        self.go(
            "paused",
            &[CampaignStatus::Preparing, CampaignStatus::Sending],
            CampaignStatus::Paused,
        )?;
        self.reason = reason;
        Ok(())
    }
    /// Goes on: with the list of people, if it was not complete.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is paused.
    pub fn resume(&mut self, now: Timestamp) -> Result<(), Error> {
        let to = if self.prepared_at.is_some() {
            CampaignStatus::Sending
        } else {
            CampaignStatus::Preparing
        };
        self.go("resumed", &[CampaignStatus::Paused], to)?;
        self.started_at.get_or_insert(now);
        self.reason = None;
        Ok(())
    }
    /// Ends it; whoever waits is left out.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` when it is over already.
    pub fn cancel(&mut self, now: Timestamp) -> Result<(), Error> {
        use CampaignStatus as S;
        self.go(
            "cancelled",
            &[S::Draft, S::Scheduled, S::Preparing, S::Sending, S::Paused],
            S::Cancelled,
        )?;
        self.completed_at = Some(now);
        Ok(())
    }
    /// Everybody is decided.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is being sent.
    pub fn complete(&mut self, now: Timestamp) -> Result<(), Error> {
        self.go("completed", &[CampaignStatus::Sending], CampaignStatus::Completed)?;
        self.completed_at = Some(now);
        Ok(())
    }
    /// It cannot go on.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` when it is over already.
    pub fn fail(&mut self, reason: String, now: Timestamp) -> Result<(), Error> {
        use CampaignStatus as S;
        self.go("failed", &[S::Scheduled, S::Preparing, S::Sending, S::Paused], S::Failed)?;
        self.reason = Some(reason);
        self.completed_at = Some(now);
        Ok(())
    }
    /// Whether people may get this template from it: the usual one, or its fall-back.
    #[must_use]
    pub fn sends(&self, template: Id<Template>) -> bool {
        self.template == template || self.rules.fallback_template == Some(template)
    }
    /// Whether it may still be changed or deleted.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is a draft.
    pub fn editable(&self) -> Result<(), Error> {
        if self.status == CampaignStatus::Draft {
            return Ok(());
        }
        Err(Error::conflict(
            "CAMPAIGN_STATE",
            format!("a campaign that is {} cannot be changed any more", self.status.as_str()),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn draft() -> Campaign {
        let nil = uuid::Uuid::nil();
        Campaign {
            id: Id::from_uuid(nil),
            name: "Autumn".into(),
            channel: Id::from_uuid(nil),
            template: Id::from_uuid(nil),
            audience: Audience { tags: vec!["vip".into()], ..Audience::default() },
            variables: Variables::default(),
            status: CampaignStatus::Draft,
            reason: None,
            counts: Counts::default(),
            rate: None,
            rules: CampaignRules::default(),
            scheduled_at: None,
            started_at: None,
            prepared_at: None,
            completed_at: None,
            created_by: By::System,
            created_at: Timestamp::ZERO,
            revision: 0,
        }
    }

    #[test]
    fn a_second_start_is_a_conflict() {
        let mut campaign = draft();
        campaign.start(Timestamp::ZERO).expect("starts");
        assert!(matches!(
            campaign.start(Timestamp::ZERO),
            Err(Error::Conflict { code: "CAMPAIGN_STATE", .. })
        ));
    }

    #[test]
    fn nothing_starts_for_nobody() {
        let mut campaign = Campaign { audience: Audience::default(), ..draft() };
        assert!(matches!(
            campaign.start(Timestamp::ZERO),
            Err(Error::Invalid { code: "CAMPAIGN_AUDIENCE", .. })
        ));
        assert_eq!(campaign.status, CampaignStatus::Draft);
    }

    #[test]
    fn what_is_over_stays_over() {
        let mut campaign = draft();
        campaign.cancel(Timestamp::ZERO).expect("cancels");
        assert!(campaign.start(Timestamp::ZERO).is_err());
        assert!(campaign.pause(None).is_err());
        assert!(campaign.resume(Timestamp::ZERO).is_err());
        assert!(campaign.cancel(Timestamp::ZERO).is_err());
        assert!(campaign.complete(Timestamp::ZERO).is_err());
    }

    #[test]
    fn steps_keep_the_sum() {
        let mut counts = Counts::default();
        counts.enter(SendState::Queued);
        counts.step(SendState::Queued, SendState::Accepted);
        counts.step(SendState::Accepted, SendState::Read);
        assert_eq!(
            (counts.waiting, counts.ever_sent(), counts.ever_delivered(), counts.read),
            (0, 1, 1, 1)
        );
    }
}
