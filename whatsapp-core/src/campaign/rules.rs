//! What a campaign does when things do not go as planned: it could not start at its time, its time is over, Meta
//! holds somebody back (how that goes on is in `ladder.rs`). Decides, never acts.

use serde::{Deserialize, Serialize};

use super::{Campaign, CampaignStatus};
use crate::channel::words;
use crate::{Error, Id, Span, Template, Timestamp};

/// A start that is later than this needs the word of a person, or of [`LateStart`].
pub const LATE_AFTER: Span = Span::hours(1);
/// So often at most somebody is tried again whom Meta held back.
pub const HOLD_BACK_TRIES_MAX: u8 = 3;

words! {
    /// What becomes of a campaign that could not start at its time: the server was down, or the number was.
    LateStart {
        /// It waits until a person starts or ends it.
        Ask = "ask",
        /// It starts all the same.
        Start = "start",
        /// It ends without having begun.
        Skip = "skip",
    }
}

/// A campaign's rules for bad weather.
///
/// ```
/// use whatsapp_core::campaign::{CampaignRules, LateStart};
/// let rules: CampaignRules = serde_json::from_str("{}")?;
/// assert_eq!(rules.late_start, LateStart::Ask);
/// assert_eq!(rules.hold_back_tries, 0);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CampaignRules {
    /// When it could not start at its time.
    pub late_start: LateStart,
    /// Nothing goes out from this moment on; whoever waits then is left out.
    pub deadline: Option<Timestamp>,
    /// How often somebody whom Meta held back (131049) is tried again, [`HOLD_BACK`](super::HOLD_BACK) after the
    /// last try: 0 to [`HOLD_BACK_TRIES_MAX`].
    pub hold_back_tries: u8,
    /// Whether he is then tried once over the Marketing Messages API. Only for marketing.
    pub marketing_messages: bool,
    /// The utility template that he gets in the end, with the same values. Only for marketing.
    pub fallback_template: Option<Id<Template>>,
}

impl Default for CampaignRules {
    fn default() -> Self {
        Self {
            late_start: LateStart::Ask,
            deadline: None,
            hold_back_tries: 0,
            marketing_messages: false,
            fallback_template: None,
        }
    }
}

impl CampaignRules {
    /// Whether they can be followed by a campaign that starts at `start`.
    ///
    /// # Errors
    /// `CAMPAIGN_DEADLINE` when nothing could go out before the deadline; `CAMPAIGN_RULES` for too many tries.
    pub fn check(&self, start: Timestamp) -> Result<(), Error> {
        if self.deadline.is_some_and(|deadline| deadline <= start) {
            let why = "choose a deadline after the start";
            return Err(Error::invalid("CAMPAIGN_DEADLINE", "rules.deadline", why));
        }
        if self.hold_back_tries > HOLD_BACK_TRIES_MAX {
            return Err(Error::invalid(
                "CAMPAIGN_RULES",
                "rules.hold_back_tries",
                format!("try at most {HOLD_BACK_TRIES_MAX} times again"),
            ));
        }
        Ok(())
    }
}

impl Campaign {
    /// Whether nothing of it may go out any more.
    #[must_use]
    pub fn is_past_deadline(&self, now: Timestamp) -> bool {
        self.rules.deadline.is_some_and(|deadline| deadline <= now)
    }
    /// What to do about a scheduled start that comes too late; `None` when it is in time.
    #[must_use]
    pub fn late(&self, now: Timestamp) -> Option<LateStart> {
        let late = self.status == CampaignStatus::Scheduled
            && self.scheduled_at.is_some_and(|at| now - at > LATE_AFTER);
        late.then_some(self.rules.late_start)
    }
    /// It could not start at its time: a person decides, by resuming or ending it.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is scheduled.
    pub fn ask(&mut self, reason: String) -> Result<(), Error> {
        self.go("held", &[CampaignStatus::Scheduled], CampaignStatus::Paused)?;
        self.reason = Some(reason);
        Ok(())
    }
    /// Ends it for a reason of its rules; whoever waits is left out.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` when it is over already.
    pub fn end(&mut self, reason: String, now: Timestamp) -> Result<(), Error> {
        self.cancel(now)?;
        self.reason = Some(reason);
        Ok(())
    }
    /// Some of its people are to be tried again: if it was over it goes on.
    ///
    /// # Errors
    /// `CAMPAIGN_STATE` unless it is completed, paused or being sent; `CAMPAIGN_DEADLINE` after its deadline.
    pub fn reopen(&mut self, now: Timestamp) -> Result<(), Error> {
        use CampaignStatus as S;
        if self.is_past_deadline(now) {
            let why = "the campaign's deadline has passed: nothing goes out any more";
            return Err(Error::conflict("CAMPAIGN_DEADLINE", why));
        }
        let to = if self.status == S::Paused { S::Paused } else { S::Sending };
        if self.prepared_at.is_none() {
            return Err(Error::conflict("CAMPAIGN_STATE", "nobody was tried yet"));
        }
        self.go("tried again", &[S::Completed, S::Sending, S::Paused], to)?;
        self.completed_at = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::tests::draft;

    const NOON: Timestamp = Timestamp::from_seconds(1_700_000_000);

    #[test]
    fn a_start_is_late_after_an_hour_and_not_before() {
        let mut campaign = draft();
        campaign.schedule(NOON, Timestamp::ZERO).expect("schedules");
        assert_eq!(campaign.late(NOON + LATE_AFTER), None);
        assert_eq!(campaign.late(NOON + LATE_AFTER + Span::seconds(1)), Some(LateStart::Ask));
    }

    #[test]
    fn who_is_asked_starts_or_ends_it() {
        let mut campaign = draft();
        campaign.schedule(NOON, Timestamp::ZERO).expect("schedules");
        campaign.ask("The start was missed.".into()).expect("asks");
        assert_eq!(campaign.status, CampaignStatus::Paused);
        let mut ended = campaign.clone();
        ended.cancel(NOON).expect("ends");
        campaign.resume(NOON).expect("starts");
        assert_eq!(campaign.status, CampaignStatus::Preparing);
        assert_eq!(campaign.started_at, Some(NOON));
    }

    #[test]
    fn a_deadline_before_the_start_is_refused() {
        let rules = CampaignRules { deadline: Some(NOON), ..CampaignRules::default() };
        assert!(rules.check(NOON).is_err());
        assert!(rules.check(NOON - Span::seconds(1)).is_ok());
    }

    #[test]
    fn only_what_was_sent_is_reopened() {
        let mut campaign = draft();
        assert!(campaign.reopen(NOON).is_err());
        campaign.start(NOON).expect("starts");
        campaign.prepared(NOON).expect("is prepared");
        campaign.complete(NOON).expect("completes");
        campaign.reopen(NOON).expect("reopens");
        assert_eq!((campaign.status, campaign.completed_at), (CampaignStatus::Sending, None));
        campaign.cancel(NOON).expect("ends");
        assert!(campaign.reopen(NOON).is_err(), "what was ended stays ended");
    }
}
