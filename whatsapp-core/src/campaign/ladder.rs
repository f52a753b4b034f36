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

#[cfg(test)]
mod tests;

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
