//! By which way a campaign tries somebody whom Meta did not let through, and when it gives up. Pure: the rules and the
//! failures of earlier tries decide, nothing else is kept.
//!
//! ```text
//! usual way      held back (131049): again a day later, as often as chosen
//!                held back once more: up; marketing is off for this account (131063): up at once
//! other way      one try over the Marketing Messages API; held back or not taken there: up
//! fall-back      the utility template, once
//! ```
//!
//! Up leads to the next way that the rules name. Every step needs a failure that Meta told: a doubt never leads to
//! another try.

use super::CampaignRules;
use crate::channel::words;
use crate::send::SendError;
use crate::template::{Category, Template};
use crate::{Error, Span, Timestamp};

/// Meta asks to leave a person alone for so long before the next try.
pub const HOLD_BACK: Span = Span::hours(24);

/// "Not delivered, to keep the ecosystem healthy".
const HELD_BACK: &str = "META_131049";
/// "Marketing is switched off over the usual way for this account".
const MARKETING_OFF: &str = "META_131063";
/// What the Marketing Messages API does not take: no marketing, no template of its own, not available. That a template
/// is still being prepared (134101) is none of them: the same try is made ten minutes later.
const NOT_TAKEN: [&str; 4] = ["META_131055", "META_131063", "META_134100", "META_134102"];

words! {
    /// A way to somebody.
    Route {
        /// The campaign's template over the Cloud API.
        Usual = "usual",
        /// The campaign's template over the Marketing Messages API.
        Marketing = "marketing_messages",
        /// The utility template that the rules name, over the Cloud API.
        Fallback = "fallback",
    }
}

words! {
    /// Why a campaign gave somebody up whom it might have tried again.
    GaveUp {
        /// Every way that its rules allow was tried.
        Tried = "tried",
        /// It was over, or its deadline had passed, before the next try could begin.
        Over = "over",
    }
}

impl GaveUp {
    /// The reason as a sentence.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Tried => "Every way that the campaign's rules allow was tried.",
            Self::Over => {
                "The campaign was over, or its deadline had passed, before the next try could begin."
            }
        }
    }
}

/// What follows a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another try.
    Try {
        /// By which way.
        route: Route,
        /// Not before this moment.
        at: Timestamp,
    },
    /// None, and why; `None` where this failure says nothing that another try could mend.
    End(Option<GaveUp>),
}

/// Where somebody stands after some failures.
#[derive(Clone, Copy)]
struct Standing {
    route: Route,
    /// How often he was held back on the usual way and waited.
    waited: u8,
}

enum Step {
    Wait,
    Climb(Route),
    End(Option<GaveUp>),
}

impl CampaignRules {
    /// By which way the try goes that follows these failures, oldest first.
    ///
    /// ```
    /// use whatsapp_core::SendError;
    /// use whatsapp_core::campaign::{CampaignRules, Route};
    /// let rules: CampaignRules = serde_json::from_str(r#"{"hold_back_tries": 1, "marketing_messages": true}"#)?;
    /// let held = SendError { code: "META_131049".into(), message: String::new() };
    /// assert_eq!(rules.route([&held]), Route::Usual);
    /// assert_eq!(rules.route([&held, &held]), Route::Marketing);
    /// # Ok::<_, serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn route<'e>(&self, failures: impl IntoIterator<Item = &'e SendError>) -> Route {
        self.standing(failures).route
    }
    /// What follows a failure at `now`; `before` are the failures of earlier tries, oldest first.
    #[must_use]
    pub fn next<'e>(
        &self,
        error: &SendError,
        before: impl IntoIterator<Item = &'e SendError>,
        now: Timestamp,
    ) -> Next {
        let standing = self.standing(before);
        let (route, at) = match self.step(standing, &error.code) {
            Step::Wait => (standing.route, now + HOLD_BACK),
            Step::Climb(route) => (route, now),
            Step::End(why) => return Next::End(why),
        };
        if self.deadline.is_some_and(|deadline| deadline <= at) {
            return Next::End(Some(GaveUp::Over));
        }
        Next::Try { route, at }
    }
    /// Why somebody whose message stayed failed was given up; `None` where the failure itself is the whole reason.
    #[must_use]
    pub fn gave_up<'e>(
        &self,
        error: &SendError,
        before: impl IntoIterator<Item = &'e SendError>,
    ) -> Option<GaveUp> {
        match self.step(self.standing(before), &error.code) {
            Step::End(why) => why,
            // There was a next try, and it was not made.
            Step::Wait | Step::Climb(_) => Some(GaveUp::Over),
        }
    }
    /// Whether anybody may be tried by another way than the usual one.
    #[must_use]
    pub const fn has_other_ways(&self) -> bool {
        self.marketing_messages || self.fallback_template.is_some()
    }
    /// Whether anybody may be tried again because of them.
    #[must_use]
    pub const fn tries_again(&self) -> bool {
        self.hold_back_tries > 0 || self.has_other_ways()
    }
    /// Whether these rules fit what is sent: other ways are for marketing, which is all that Meta holds back.
    ///
    /// # Errors
    /// `CAMPAIGN_RULES` when the template is no marketing.
    pub fn check_ways(&self, usual: &Template) -> Result<(), Error> {
        if !self.has_other_ways() || usual.category == Category::Marketing {
            return Ok(());
        }
        let field = if self.marketing_messages {
            "rules.marketing_messages"
        } else {
            "rules.fallback_template_id"
        };
        let why = format!(
            "template {} is no marketing: Meta does not hold it back, and only marketing has another way",
            usual.name
        );
        Err(Error::invalid("CAMPAIGN_RULES", field, why))
    }
    fn standing<'e>(&self, failures: impl IntoIterator<Item = &'e SendError>) -> Standing {
        let mut standing = Standing { route: Route::Usual, waited: 0 };
        for error in failures {
            match self.step(standing, &error.code) {
                Step::Wait => standing.waited = standing.waited.saturating_add(1),
                Step::Climb(route) => standing.route = route,
                Step::End(_) => {}
            }
        }
        standing
    }
    fn step(&self, standing: Standing, code: &str) -> Step {
        let held = code == HELD_BACK;
        match standing.route {
            Route::Usual if held && standing.waited < self.hold_back_tries => Step::Wait,
            Route::Usual if code == MARKETING_OFF && self.marketing_messages => {
                Step::Climb(Route::Marketing)
            }
            Route::Usual if held && self.marketing_messages => Step::Climb(Route::Marketing),
            Route::Usual if held => self.fall_back(),
            Route::Marketing if held || NOT_TAKEN.contains(&code) => self.fall_back(),
            Route::Usual | Route::Marketing => Step::End(None),
            Route::Fallback => Step::End(Some(GaveUp::Tried)),
        }
    }
    /// The last way, where there is one. Who chose no other try at all was told by the failure.
    fn fall_back(&self) -> Step {
        if self.fallback_template.is_some() {
            return Step::Climb(Route::Fallback);
        }
        Step::End(self.tries_again().then_some(GaveUp::Tried))
    }
}

impl SendError {
    /// Whether a campaign's rules may have something to say about it; most failures they say nothing about.
    #[must_use]
    pub fn may_climb(&self) -> bool {
        self.code == HELD_BACK || NOT_TAKEN.contains(&self.code.as_str())
    }
}

impl Template {
    /// Whether it can be sent to whom `usual` did not reach, with the values that are given for `usual`.
    ///
    /// # Errors
    /// `CAMPAIGN_FALLBACK` when it is not approved or no utility template, or needs a value that `usual` does not take.
    pub fn stands_in_for(&self, usual: &Self) -> Result<(), Error> {
        let no = |why: String| {
            Err(Error::invalid("CAMPAIGN_FALLBACK", "rules.fallback_template_id", why))
        };
        if let Err(error) = self.may_send() {
            return no(format!("the fall-back cannot be sent: {error}"));
        }
        if self.category != Category::Utility {
            return no(format!(
                "the fall-back must be a utility template; {} ({}) is {}",
                self.name,
                self.language,
                self.category.as_str()
            ));
        }
        if let Some(missing) = self.variables().iter().find(|v| !usual.takes(&v.key)) {
            return no(format!(
                "the fall-back needs a value for {}, which template {} does not have",
                missing.key, usual.name
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::TemplateStatus;
    use crate::{Id, Quality};
    use serde_json::json;

    const NOON: Timestamp = Timestamp::from_seconds(1_700_000_000);
    const HELD: i64 = 131_049;

    fn failed(code: i64) -> SendError {
        SendError { code: format!("META_{code}"), message: "no".into() }
    }
    fn rules(waits: u8, marketing_messages: bool, fallback: bool) -> CampaignRules {
        CampaignRules {
            hold_back_tries: waits,
            marketing_messages,
            fallback_template: fallback.then(|| Id::from_uuid(uuid::Uuid::nil())),
            ..CampaignRules::default()
        }
    }
    /// What follows each failure of a story, when each failed at noon.
    fn story(rules: CampaignRules, codes: &[i64]) -> Vec<Next> {
        let failures: Vec<_> = codes.iter().map(|code| failed(*code)).collect();
        let nth = failures.iter().enumerate();
        nth.map(|(n, error)| rules.next(error, &failures[..n], NOON)).collect()
    }
    fn at_once(route: Route) -> Next {
        Next::Try { route, at: NOON }
    }
    fn a_day_later() -> Next {
        Next::Try { route: Route::Usual, at: NOON + HOLD_BACK }
    }
    const TRIED: Next = Next::End(Some(GaveUp::Tried));
    const FINAL: Next = Next::End(None);

    #[test]
    fn the_whole_ladder_is_climbed_step_by_step() {
        let all = story(rules(2, true, true), &[HELD, HELD, HELD, HELD, HELD]);
        let expected = [
            a_day_later(),
            a_day_later(),
            at_once(Route::Marketing),
            at_once(Route::Fallback),
            TRIED,
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_way_that_was_not_chosen_is_left_out() {
        assert_eq!(story(rules(0, false, false), &[HELD]), [FINAL], "nothing was chosen");
        assert_eq!(story(rules(1, false, false), &[HELD, HELD]), [a_day_later(), TRIED]);
        assert_eq!(story(rules(0, true, false), &[HELD, HELD]), [at_once(Route::Marketing), TRIED]);
        assert_eq!(
            story(rules(1, false, true), &[HELD, HELD, HELD]),
            [a_day_later(), at_once(Route::Fallback), TRIED]
        );
    }

    #[test]
    fn where_marketing_is_off_the_other_way_is_taken_at_once_whatever_was_waited() {
        let off = 131_063;
        assert_eq!(story(rules(3, true, false), &[off]), [at_once(Route::Marketing)]);
        let held_there = story(rules(3, true, true), &[HELD, off, HELD]);
        let expected = [a_day_later(), at_once(Route::Marketing), at_once(Route::Fallback)];
        assert_eq!(held_there, expected);
        // Somebody has to mend that: no utility template replaces what an account does not allow.
        assert_eq!(story(rules(3, false, true), &[off]), [FINAL]);
    }

    #[test]
    fn what_the_marketing_api_does_not_take_falls_back() {
        for code in [131_055, 131_063, 134_100, 134_102] {
            let told = story(rules(0, true, true), &[HELD, code]);
            assert_eq!(told, [at_once(Route::Marketing), at_once(Route::Fallback)], "{code}");
            let told = story(rules(0, true, false), &[HELD, code]);
            assert_eq!(told, [at_once(Route::Marketing), TRIED], "{code}");
        }
    }

    #[test]
    fn other_failures_end_it_on_every_step_and_count_for_none() {
        for code in [131_026, 131_050, 132_015] {
            assert_eq!(story(rules(3, true, true), &[code]), [FINAL], "{code}");
            let told = story(rules(0, true, true), &[HELD, code]);
            assert_eq!(told, [at_once(Route::Marketing), FINAL], "{code}");
        }
        // A template that is being prepared, a limit: the same try again.
        let waits = [HELD, 134_101, 130_429].map(failed);
        assert_eq!(rules(0, true, true).route(&waits), Route::Marketing);
    }

    #[test]
    fn who_is_sent_to_again_by_hand_stays_on_the_step_on_which_it_ended() {
        let ended = [HELD; 4].map(failed);
        assert_eq!(rules(1, false, false).route(&ended), Route::Usual);
        assert_eq!(rules(0, true, false).route(&ended), Route::Marketing);
        assert_eq!(rules(0, true, true).route(&ended), Route::Fallback);
    }

    #[test]
    fn no_step_begins_at_the_deadline_or_after() {
        let with = |deadline| CampaignRules { deadline: Some(deadline), ..rules(1, true, true) };
        let a_moment = Span::micros(1);
        let over = Next::End(Some(GaveUp::Over));
        let next =
            |deadline, before: &[SendError]| with(deadline).next(&failed(HELD), before, NOON);
        assert_eq!(next(NOON + HOLD_BACK, &[]), over);
        assert_eq!(next(NOON + HOLD_BACK + a_moment, &[]), a_day_later());
        assert_eq!(next(NOON, &[failed(HELD)]), over);
        assert_eq!(next(NOON + a_moment, &[failed(HELD)]), at_once(Route::Marketing));
    }

    #[test]
    fn the_reason_tells_whether_a_try_was_left() {
        let rules = rules(1, true, false);
        assert_eq!(rules.gave_up(&failed(HELD), &[]), Some(GaveUp::Over), "the campaign ended");
        let before = [HELD; 2].map(failed);
        assert_eq!(rules.gave_up(&failed(HELD), &before), Some(GaveUp::Tried));
        assert_eq!(rules.gave_up(&failed(131_026), &before), None, "Meta's word says it all");
        assert_eq!(CampaignRules::default().gave_up(&failed(HELD), &[]), None);
    }

    fn template(category: Category, body: &str) -> Template {
        Template {
            id: Id::from_uuid(uuid::Uuid::nil()),
            channel: Id::from_uuid(uuid::Uuid::nil()),
            meta_id: "1".into(),
            name: "sale".into(),
            language: "en".into(),
            category,
            status: TemplateStatus::Approved,
            quality: Quality::Unknown,
            rejected_reason: None,
            named: false,
            components: json!([{"type": "BODY", "text": body}]),
            updated_at: Timestamp::ZERO,
        }
    }

    #[test]
    fn a_fallback_is_an_approved_utility_template_that_needs_no_other_values() {
        let usual = template(Category::Marketing, "Hi {{1}}, {{2}} off");
        for good in ["Hi", "Hi {{1}}", "{{2}} for {{1}}"] {
            assert_eq!(template(Category::Utility, good).stands_in_for(&usual), Ok(()), "{good}");
        }
        let more = template(Category::Utility, "{{1}} {{2}} {{3}}");
        let marketing = template(Category::Marketing, "Hi");
        let pending =
            Template { status: TemplateStatus::Pending, ..template(Category::Utility, "Hi") };
        for (bad, why) in [(more, "body.3"), (marketing, "is marketing"), (pending, "is pending")] {
            let refused = bad.stands_in_for(&usual).expect_err("is refused");
            assert!(matches!(refused, Error::Invalid { code: "CAMPAIGN_FALLBACK", .. }));
            assert!(refused.to_string().contains(why), "{refused}");
        }
    }

    #[test]
    fn other_ways_are_for_marketing() {
        let utility = template(Category::Utility, "Hi");
        assert!(rules(3, false, false).check_ways(&utility).is_ok());
        for rules in [rules(0, true, false), rules(0, false, true)] {
            assert!(rules.check_ways(&utility).is_err());
            assert!(rules.check_ways(&template(Category::Marketing, "Hi")).is_ok());
        }
    }
}
