//! Why a campaign waits or goes slower, and when it will have reached everybody. Pure: what is measured comes in as
//! values, nothing waits here.

use crate::channel::words;
use crate::{Campaign, CampaignStatus, Channel, ChannelState, Quality, Span, Timestamp};

words! {
    /// What holds a campaign back, though nobody paused it.
    WaitReason {
        /// The portfolio has written to as many new people as it may in a day.
        Budget = "budget",
        /// Meta says that nearly all calls that are allowed were made.
        Usage = "usage",
        /// Meta said "too fast" a moment ago.
        Slowed = "slowed",
        /// Meta does not answer: nothing goes out until it does.
        MetaAway = "meta_away",
        /// People judge the number badly: full speed would make it worse.
        Quality = "quality",
        /// The campaign's own rate is lower than the number's.
        OwnRate = "own_rate",
        /// The number must not send for now.
        ChannelPaused = "channel_paused",
        /// The number's access ended.
        ChannelDisconnected = "channel_disconnected",
    }
}

/// What holds a campaign back, and until when where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub reason: WaitReason,
    /// Until when, as far as is known now.
    pub until: Option<Timestamp>,
}

/// Why a campaign that is being sent is not at full speed; `None` when it is, or when it is not being sent. The one
/// place that decides what a page says about it.
///
/// A number that cannot send comes first, then what its pump last noted as long as that holds, then what anybody
/// can see: the number's quality, the campaign's own rate.
#[must_use]
pub fn waiting(campaign: &Campaign, channel: &Channel, now: Timestamp) -> Option<Waiting> {
    if campaign.status != CampaignStatus::Sending || campaign.counts.waiting == 0 {
        return None;
    }
    let because = |reason| Some(Waiting { reason, until: None });
    match channel.state {
        ChannelState::Disconnected => return because(WaitReason::ChannelDisconnected),
        ChannelState::Paused => return because(WaitReason::ChannelPaused),
        ChannelState::Connected => {}
    }
    let noted = channel.pace.filter(|pace| pace.until.is_none_or(|until| now < until));
    if noted.is_some() {
        return noted;
    }
    if matches!(channel.quality, Quality::Yellow | Quality::Red) {
        return because(WaitReason::Quality);
    }
    campaign
        .rate
        .filter(|rate| *rate < channel.throughput)
        .and_then(|_| because(WaitReason::OwnRate))
}

/// Whom a business portfolio may still write to first. All its numbers share this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portfolio {
    /// Meta's id of the business, or of the account where the business is not known.
    pub id: String,
    /// How many people may be written to first in a day; `None` where there is no limit or none is known.
    pub limit: Option<u32>,
    /// How many were, in the last day: never fewer than the truth.
    pub used: i64,
    /// When the first of them was.
    pub oldest_at: Option<Timestamp>,
    /// When it was last counted one by one.
    pub counted_at: Timestamp,
}

impl Portfolio {
    /// How long a person counts: Meta's 24 hours, and five minutes because clocks differ.
    pub const WINDOW: Span = Span::minutes(24 * 60 + 5);

    /// Whoever was written to at or before this moment counts no more.
    #[must_use]
    pub fn since(now: Timestamp) -> Timestamp {
        now - Self::WINDOW
    }
    /// How many people more; `None` where nothing limits.
    #[must_use]
    pub fn left(&self) -> Option<i64> {
        self.limit.map(|limit| (i64::from(limit) - self.used).max(0))
    }
    /// When the first place becomes free again.
    #[must_use]
    pub fn frees_at(&self) -> Option<Timestamp> {
        self.oldest_at.map(|at| at + Self::WINDOW)
    }
}

/// What the last person of a campaign waits for, beside the speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastPlace {
    /// So many whole days, in each of which the whole limit is used.
    pub days: i64,
    /// Then, until so many of those who count now count no more; 0 for no wait.
    pub freed: i64,
    /// How many people go in the last day.
    pub people: i64,
}

/// Where the last of `people` stands when `limit` people may be written to in a day and `left` of it is left.
///
/// ```
/// use whatsapp_core::pacing::last_place;
/// assert_eq!(last_place(100, 250, 250).freed, 0, "all go at once");
/// assert_eq!(last_place(100, 250, 60).freed, 40, "forty wait for others' places");
/// assert_eq!(last_place(600, 250, 250).days, 2, "two whole days, then a hundred");
/// ```
#[must_use]
pub fn last_place(people: i64, limit: u32, left: i64) -> LastPlace {
    let limit = i64::from(limit.max(1));
    let before = (people - 1).max(0) / limit;
    let rest = people - before * limit;
    LastPlace { days: before, freed: (rest - left).max(0), people: rest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Audience, By, Counts, Id, Secret, Variables};

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn channel() -> Channel {
        Channel {
            id: Id::from_uuid(uuid::Uuid::nil()),
            name: "Main".into(),
            phone: "+5511981234567".parse().expect("valid"),
            verified_name: String::new(),
            phone_number_id: "1".into(),
            waba_id: "2".into(),
            portfolio: "3".into(),
            messaging_limit: None,
            token_sealed: Secret::from("x"),
            app_secret_sealed: None,
            state: ChannelState::Connected,
            problem: None,
            state_at: Timestamp::ZERO,
            quality: Quality::Green,
            throughput: 80,
            pace: None,
            last_inbound_at: None,
            created_at: NOW,
        }
    }
    fn campaign() -> Campaign {
        let nil = uuid::Uuid::nil();
        Campaign {
            id: Id::from_uuid(nil),
            name: "Autumn".into(),
            channel: Id::from_uuid(nil),
            template: Id::from_uuid(nil),
            audience: Audience::default(),
            variables: Variables::default(),
            status: CampaignStatus::Sending,
            reason: None,
            counts: Counts { total: 9, waiting: 9, ..Counts::default() },
            rate: None,
            rules: crate::campaign::CampaignRules::default(),
            scheduled_at: None,
            started_at: None,
            prepared_at: None,
            completed_at: None,
            created_by: By::System,
            created_at: NOW,
            revision: 1,
        }
    }
    fn reason(campaign: &Campaign, channel: &Channel) -> Option<WaitReason> {
        waiting(campaign, channel, NOW).map(|waiting| waiting.reason)
    }

    #[test]
    fn at_full_speed_nothing_is_said() {
        assert_eq!(reason(&campaign(), &channel()), None);
    }

    #[test]
    fn what_the_pump_noted_holds_until_its_end_and_not_longer() {
        let note = |until| Some(Waiting { reason: WaitReason::Budget, until: Some(until) });
        let mut channel = channel();
        channel.pace = note(NOW + Span::seconds(1));
        assert_eq!(waiting(&campaign(), &channel, NOW), note(NOW + Span::seconds(1)));
        channel.pace = note(NOW);
        assert_eq!(waiting(&campaign(), &channel, NOW), None);
    }

    #[test]
    fn a_number_that_cannot_send_says_so_before_all_else() {
        let mut channel = channel();
        channel.pace = Some(Waiting { reason: WaitReason::Slowed, until: None });
        channel.state = ChannelState::Disconnected;
        assert_eq!(reason(&campaign(), &channel), Some(WaitReason::ChannelDisconnected));
        channel.state = ChannelState::Paused;
        assert_eq!(reason(&campaign(), &channel), Some(WaitReason::ChannelPaused));
    }

    #[test]
    fn quality_and_the_campaign_s_own_rate_are_seen_without_a_note() {
        let (mut channel, mut campaign) = (channel(), campaign());
        campaign.rate = Some(10);
        assert_eq!(reason(&campaign, &channel), Some(WaitReason::OwnRate));
        channel.quality = Quality::Red;
        assert_eq!(reason(&campaign, &channel), Some(WaitReason::Quality));
    }

    #[test]
    fn a_campaign_that_is_not_sent_waits_for_nothing() {
        let mut channel = channel();
        channel.state = ChannelState::Paused;
        let paused = Campaign { status: CampaignStatus::Paused, ..campaign() };
        assert_eq!(reason(&paused, &channel), None);
        let decided = Campaign { counts: Counts::default(), ..campaign() };
        assert_eq!(reason(&decided, &channel), None);
    }

    #[test]
    fn the_last_person_waits_for_whole_days_and_then_for_places() {
        let place = |days, freed, people| LastPlace { days, freed, people };
        assert_eq!(last_place(0, 250, 250), place(0, 0, 0));
        assert_eq!(last_place(250, 250, 250), place(0, 0, 250));
        assert_eq!(last_place(251, 250, 250), place(1, 0, 1));
        assert_eq!(last_place(300, 250, 0), place(1, 50, 50));
    }
}
