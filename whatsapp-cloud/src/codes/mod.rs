//! Meta's error codes as one table: code → situation → plain words → advice. Branch on the code, never on
//! Meta's text. Source: Meta's error code reference, as restated in the project's notes on the Cloud API.

mod table;

use whatsapp_core::Span;

use table::{GIVE_PERMISSION, NO_PERMISSION, SEE_DETAILS, TABLE};

/// What to do about an error, in one word: every [`Situation`] and every
/// [`CloudError`](crate::CloudError) has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The same again after a while; a machine may do it.
    RetryAfter,
    /// The same again, and everything slower from now on; a machine may do it.
    SlowDown,
    /// Never again for this message or call: it must be another one, or another person.
    Permanent,
    /// Somebody must do something at Meta or with the template first; others are not to be tried meanwhile.
    NeedsPerson,
    /// The access no longer holds: the channel is disconnected until it is connected anew.
    Disconnect,
    /// Nobody knows whether it was accepted. No machine may repeat a message.
    Ambiguous,
}

impl ErrorClass {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RetryAfter => "retry after",
            Self::SlowDown => "slow down",
            Self::Permanent => "permanent",
            Self::NeedsPerson => "needs a person",
            Self::Disconnect => "disconnect",
            Self::Ambiguous => "ambiguous",
        }
    }
    /// Whether a machine may ask again by itself.
    ///
    /// ```
    /// use whatsapp_cloud::{ErrorClass, explain};
    /// assert!(explain(130_429).class().may_retry());
    /// assert!(!ErrorClass::Ambiguous.may_retry());
    /// ```
    #[must_use]
    pub const fn may_retry(self) -> bool {
        matches!(self, Self::RetryAfter | Self::SlowDown)
    }
}

/// What a code means for the one who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Situation {
    /// Final for this message: something in it is wrong.
    Final,
    /// Final for this person: not reachable on WhatsApp.
    Recipient,
    /// This person has stopped marketing: note it, send no more of it.
    MarketingStopped,
    /// Meta keeps marketing from this person for now: final for this message.
    MarketingLimited,
    /// The 24-hour window is closed: only a template passes.
    WindowClosed,
    /// Everything from this number or app: slower, then again.
    SlowDown,
    /// This person: wait, then again.
    PairRate,
    /// This template: stop it until somebody looks.
    Template,
    /// The token or its permissions: disconnect the channel.
    Token,
    /// The number or account: pause the channel.
    Account,
    /// Meta's servers: again later.
    Temporary,
}

impl Situation {
    /// What to do about it, in one word.
    #[must_use]
    pub const fn class(self) -> ErrorClass {
        match self {
            Self::Temporary | Self::PairRate => ErrorClass::RetryAfter,
            Self::SlowDown => ErrorClass::SlowDown,
            Self::Final
            | Self::Recipient
            | Self::MarketingStopped
            | Self::MarketingLimited
            | Self::WindowClosed => ErrorClass::Permanent,
            Self::Template | Self::Account => ErrorClass::NeedsPerson,
            Self::Token => ErrorClass::Disconnect,
        }
    }
}

/// A code in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Meta's code.
    pub code: i64,
    /// What it means for the one who sends.
    pub situation: Situation,
    /// How long to wait where trying again makes sense, else nothing.
    pub after: Span,
    /// What happened.
    pub message: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

impl Explanation {
    /// What to do about it, in one word.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        self.situation.class()
    }
}

/// Explains a code of Meta's, of an answer or of a status webhook. Every code has an explanation: what is not in
/// the table is final for its message.
///
/// ```
/// use whatsapp_cloud::{Situation, explain};
/// assert_eq!(explain(131_047).situation, Situation::WindowClosed);
/// assert_eq!(explain(424_242).situation, Situation::Final);
/// ```
#[must_use]
pub fn explain(code: i64) -> Explanation {
    let row = TABLE.iter().find(|row| row.0 == code);
    let (situation, seconds, message, advice) = match (row, code) {
        (Some(&(_, situation, seconds, message, advice)), _) => {
            (situation, seconds, message, advice)
        }
        (None, 200..=299) => (Situation::Token, 0, NO_PERMISSION, GIVE_PERMISSION),
        (None, 132_000..=132_999) => {
            (Situation::Final, 0, "The template and its values do not match.", SEE_DETAILS)
        }
        (None, 136_000..=136_999) => {
            let advice = "Ask for another code and enter it.";
            (Situation::Final, 0, "The verification code is wrong or no longer holds.", advice)
        }
        (None, 138_000..=138_999) => (Situation::Final, 0, "The call failed.", SEE_DETAILS),
        _ => (Situation::Final, 0, "WhatsApp refused this.", SEE_DETAILS),
    };
    Explanation { code, situation, after: Span::seconds(seconds), message, advice }
}

/// As [`explain`], but Meta's finer code wins where the coarse one says nothing (`100`).
#[must_use]
pub fn explain_with_subcode(code: i64, subcode: Option<i64>) -> Explanation {
    match subcode.filter(|sub| code == 100 && TABLE.iter().any(|row| row.0 == *sub)) {
        Some(sub) => Explanation { code, ..explain(sub) },
        None => explain(code),
    }
}

/// All codes of the table, for tests and documentation.
pub fn known_codes() -> impl Iterator<Item = i64> {
    TABLE.iter().map(|row| row.0)
}

#[cfg(test)]
mod tests {
    use super::Situation::{Final, PairRate, SlowDown, Temporary, Token, WindowClosed};
    use super::*;

    #[test]
    fn each_code_has_exactly_one_row_and_rows_ascend() {
        let codes: Vec<_> = known_codes().collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
    }

    #[test]
    fn every_row_says_what_happened_and_what_to_do_in_sentences() {
        for code in known_codes() {
            let row = explain(code);
            assert!(row.message.ends_with('.') && row.advice.ends_with('.'), "{code}");
        }
    }

    #[test]
    fn what_may_be_tried_again_says_when() {
        for code in known_codes() {
            let row = explain(code);
            if matches!(row.situation, SlowDown | PairRate | Temporary) {
                assert!(row.after > Span::ZERO, "{code}");
            }
        }
    }

    #[test]
    fn a_code_that_is_not_in_the_table_is_told_by_its_family() {
        for (code, words) in [
            (136_025, "verification code"),
            (138_018, "The call failed"),
            (132_999, "template"),
            (299, "permission"),
        ] {
            assert!(explain(code).message.contains(words), "{code}: {}", explain(code).message);
        }
    }

    #[test]
    fn a_finer_code_is_used_only_under_the_code_that_says_nothing() {
        assert_eq!(explain_with_subcode(100, Some(33)).situation, Token);
        assert_eq!(explain_with_subcode(100, Some(33)).code, 100);
        assert_eq!(explain_with_subcode(100, Some(2_494_055)).situation, Final);
        assert_eq!(explain_with_subcode(131_047, Some(33)).situation, WindowClosed);
    }
}
