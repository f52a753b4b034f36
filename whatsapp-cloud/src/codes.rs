//! Meta's error codes as one table: code → situation → plain words → advice. Branch on the code, never on
//! Meta's text. Source: Meta's error code reference, as restated in the project's notes on the Cloud API.

use whatsapp_core::Span;

use Situation::{
    Account, Final, MarketingLimited, MarketingStopped, PairRate, Recipient, SlowDown, Template,
    Temporary, Token, WindowClosed,
};

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
        (None, 200..=299) => (Token, 0, NO_PERMISSION, GIVE_PERMISSION),
        (None, 132_000..=132_999) => {
            (Final, 0, "The template and its values do not match.", SEE_DETAILS)
        }
        // Meta does not tell which of these is which.
        (None, 136_000..=136_999) => (Final, 0, CODE, "Ask for another code."),
        _ => (Final, 0, "WhatsApp refused this.", SEE_DETAILS),
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

const NO_PERMISSION: &str = "The channel's access lacks a permission.";
const GIVE_PERMISSION: &str =
    "Reconnect the channel and grant messaging and management permissions.";
const EXPIRED: &str = "The channel's access has expired.";
const RECONNECT: &str = "Reconnect the channel.";
const SEE_DETAILS: &str = "See the details and correct the message.";
const BY_OURSELVES: &str = "We try again by ourselves.";
const UNAVAILABLE: &str = "WhatsApp is not available for the moment.";
const TOO_FAST: &str = "Too many messages per second.";
const SLOWED: &str = "We slowed down and will try again by ourselves.";
const TOO_MANY_CALLS: &str = "Too many calls to WhatsApp in a short time.";
const VALUES: &str = "The template and its values do not match.";
const CHECK_VALUES: &str = "Compare the number and form of the values with the template.";
const MANAGER: &str = "Look into WhatsApp Manager, resolve it there, then resume the channel.";
const MISSING: &str = "A value is missing or wrong.";
const FORMAT: &str = "A part of the template does not have the form it must have.";

const GROUP: &str = "The group does not take this.";
const SWITCH_CALLS: &str = "Switch calls on in the number's settings.";
const NO_CALL: &str = "This person has not permitted calls.";
const USERNAME_LINK: &str = "The username belongs to a page or account that is not linked.";
const MOVE: &str = "The number cannot move to this account.";
const CODE: &str = "The verification code is wrong or has expired.";

type Row = (i64, Situation, i64, &'static str, &'static str);

/// One row per code, ascending.
const TABLE: &[Row] = &[
    (0, Token, 0, EXPIRED, RECONNECT),
    (1, Temporary, 2, "WhatsApp could not handle this request.", BY_OURSELVES),
    (2, Temporary, 5, UNAVAILABLE, BY_OURSELVES),
    (3, Token, 0, NO_PERMISSION, GIVE_PERMISSION),
    (4, SlowDown, 60, TOO_MANY_CALLS, SLOWED),
    (10, Token, 0, NO_PERMISSION, GIVE_PERMISSION),
    (17, SlowDown, 60, TOO_MANY_CALLS, SLOWED),
    (32, SlowDown, 60, TOO_MANY_CALLS, SLOWED),
    (33, Token, 0, "This number was removed from WhatsApp.", "Reconnect or remove the channel."),
    (100, Final, 0, MISSING, SEE_DETAILS),
    (104, Token, 0, EXPIRED, RECONNECT),
    (190, Token, 0, EXPIRED, RECONNECT),
    (192, Final, 0, "The phone number is not valid.", "Correct the number."),
    (368, Account, 0, "The account is restricted for breaking WhatsApp's rules.", MANAGER),
    (506, Final, 0, "The same was posted twice in a row.", "Wait a moment or change the text."),
    (613, SlowDown, 60, TOO_MANY_CALLS, SLOWED),
    (803, Token, 0, "WhatsApp knows nothing under this id.", "Check the ids of the channel."),
    (1_013, Recipient, 0, "This number is not on WhatsApp.", "Check the number."),
    (1_026, Recipient, 0, "This person's app cannot show the message.", "Reach them another way."),
    (2_500, Token, 0, EXPIRED, RECONNECT),
    (80_007, SlowDown, 60, TOO_MANY_CALLS, SLOWED),
    (80_008, SlowDown, 60, TOO_MANY_CALLS, SLOWED),
    (130_403, Recipient, 0, "You have blocked this person.", "Unblock them to write to them."),
    (130_429, SlowDown, 1, TOO_FAST, SLOWED),
    (
        130_472,
        MarketingLimited,
        0,
        "WhatsApp keeps marketing from this person for an experiment.",
        "Do not send it again; wait until they write.",
    ),
    (
        130_497,
        Recipient,
        0,
        "This account may not send to this country.",
        "Leave out people of this country.",
    ),
    (131_000, Temporary, 5, "WhatsApp failed for an unknown reason.", BY_OURSELVES),
    (131_005, Token, 0, NO_PERMISSION, GIVE_PERMISSION),
    (131_008, Final, 0, MISSING, SEE_DETAILS),
    (131_009, Final, 0, MISSING, SEE_DETAILS),
    (131_016, Temporary, 5, UNAVAILABLE, BY_OURSELVES),
    (131_020, Final, 0, "The group does not take this message.", SEE_DETAILS),
    (131_021, Recipient, 0, "A number cannot write to itself.", "Choose another person."),
    (
        131_026,
        Recipient,
        0,
        "This number cannot receive the message (not on WhatsApp or too old an app).",
        "Check the number, or reach the person another way.",
    ),
    (
        131_030,
        Recipient,
        0,
        "A test number may write only to the numbers on its list.",
        "Add the person to the list of the test number, or use a real one.",
    ),
    (131_031, Account, 0, "The account is locked, or its PIN was wrong.", MANAGER),
    (131_037, Account, 0, "The number's display name is not approved yet.", MANAGER),
    (131_041, Final, 0, "The group does not take this message.", SEE_DETAILS),
    (131_042, Account, 0, "There is a problem with the payment method.", MANAGER),
    (131_044, Account, 0, "There is a problem with the payment method.", MANAGER),
    (131_045, Account, 0, "The number is not registered.", "Register the number again."),
    (131_047, WindowClosed, 0, "The reply window is closed.", "Send an approved template."),
    (
        131_048,
        Account,
        3_600,
        "WhatsApp limits this number: too many people blocked or reported it.",
        "Send less and only to people who asked for it; resume after some hours.",
    ),
    (
        131_049,
        MarketingLimited,
        0,
        "WhatsApp limits marketing to this person right now.",
        "Do not send it again today; we may try tomorrow.",
    ),
    (
        131_050,
        MarketingStopped,
        0,
        "This person has stopped your marketing messages.",
        "They are marked as opted out; only they can change it.",
    ),
    (131_051, Final, 0, "WhatsApp does not support this kind of message.", SEE_DETAILS),
    (131_052, Final, 0, "The file could not be fetched or is too big.", "Ask for it again."),
    (
        131_053,
        Final,
        0,
        "The file could not be sent: its type, size or address is wrong.",
        "Send JPEG, PNG, MP4, MP3, OGG, PDF or office documents within their limits.",
    ),
    (131_055, Final, 0, "This way of sending is not allowed for this message.", SEE_DETAILS),
    (131_056, PairRate, 6, "Too many messages to this person in a short time.", "It waits."),
    (131_057, Temporary, 60, "The number is being upgraded.", BY_OURSELVES),
    (131_059, Final, 0, "The list has changed.", "Begin again at its first page."),
    (131_060, Final, 0, "This message is only on the phone.", "Open the Business app."),
    (131_062, Recipient, 0, "One-time codes need a phone number.", "Ask for the number."),
    (131_063, Template, 0, "Marketing is switched off for this account.", MANAGER),
    (131_064, Template, 0, "Templates were put in the wrong category too often.", MANAGER),
    (131_201, Final, 0, GROUP, SEE_DETAILS),
    (131_202, Final, 0, GROUP, SEE_DETAILS),
    (131_204, Final, 0, GROUP, SEE_DETAILS),
    (131_207, Final, 0, "The group is suspended.", SEE_DETAILS),
    (131_208, SlowDown, 60, "Too many calls about groups in a short time.", SLOWED),
    (131_209, Final, 0, GROUP, SEE_DETAILS),
    (131_210, Final, 0, GROUP, SEE_DETAILS),
    (131_211, Final, 0, "The number has too many groups.", "Delete some first."),
    (131_212, Final, 0, GROUP, SEE_DETAILS),
    (131_213, Final, 0, GROUP, SEE_DETAILS),
    (131_214, Final, 0, GROUP, SEE_DETAILS),
    (131_215, Final, 0, GROUP, SEE_DETAILS),
    (
        132_000,
        Final,
        0,
        "The template and its values do not match: their number differs.",
        CHECK_VALUES,
    ),
    (
        132_001,
        Template,
        0,
        "The template does not exist in this language, or is not approved.",
        "Synchronise the templates and choose an approved one.",
    ),
    (132_005, Final, 0, "The text with its values is too long.", "Use shorter values."),
    (132_007, Template, 0, "The template breaks WhatsApp's rules.", "Change the template."),
    (132_008, Final, 0, VALUES, CHECK_VALUES),
    (132_012, Final, 0, VALUES, CHECK_VALUES),
    (
        132_015,
        Template,
        0,
        "WhatsApp has paused the template because people did not like it.",
        "Wait, improve it, or use another one.",
    ),
    (132_016, Template, 0, "WhatsApp has disabled the template.", "Make a new one."),
    (132_018, Final, 0, VALUES, CHECK_VALUES),
    (132_068, Template, 0, "The flow of this template is blocked.", "Correct the flow."),
    (132_069, Template, 3_600, "The flow of this template is throttled.", "Try in an hour."),
    (133_000, Account, 0, "The number's deregistration is incomplete.", "Deregister it again."),
    (133_004, Temporary, 30, UNAVAILABLE, BY_OURSELVES),
    (133_005, Final, 0, "The two-step PIN is wrong.", "Enter the right PIN."),
    (133_006, Account, 0, "The number must be verified first.", "Verify it, then register."),
    (133_008, Final, 0, "Too many wrong PINs.", "Wait as long as the details say."),
    (133_009, Final, 0, "PINs were tried too fast.", "Wait as long as the details say."),
    (133_010, Account, 0, "The number is not registered.", "Register the number."),
    (133_015, Temporary, 300, "The number was deleted a moment ago.", "Wait five minutes."),
    (133_016, Final, 0, "The number was registered too often.", "Wait 72 hours."),
    (134_011, Account, 0, "The terms of WhatsApp payments are not accepted.", MANAGER),
    (134_100, Final, 0, "Only marketing templates can be sent this way.", SEE_DETAILS),
    (134_101, Temporary, 600, "The template is being prepared.", BY_OURSELVES),
    (134_102, Template, 0, "The template cannot be sent this way.", "Choose another one."),
    (135_000, Final, 0, MISSING, SEE_DETAILS),
    (137_000, Recipient, 0, "This person's phone has changed.", "Verify them again."),
    (138_000, Final, 0, "Calls are not switched on for this number.", SWITCH_CALLS),
    (138_001, Recipient, 0, "This person cannot be called.", "Write to them."),
    (138_002, SlowDown, 60, "Too many calls at once.", SLOWED),
    (138_003, Final, 0, "There is a call with this person.", "End it first."),
    (138_004, Temporary, 5, "The call could not be connected.", BY_OURSELVES),
    (138_005, SlowDown, 60, "Too many calls in a short time.", SLOWED),
    (138_006, Recipient, 0, NO_CALL, "Ask for the permission first."),
    (138_007, Final, 0, "The call took too long to connect.", SEE_DETAILS),
    (138_009, Recipient, 0, "Permission was asked for too often.", "Wait a day."),
    (138_012, Recipient, 0, "This person was called too often today.", "Wait a day."),
    (139_000, Final, 0, "The flow does not pass Meta's checks.", SEE_DETAILS),
    (139_001, Final, 0, "The flow could not be changed.", SEE_DETAILS),
    (139_002, Final, 0, "The flow could not be published.", SEE_DETAILS),
    (139_003, Final, 0, "The flow could not be withdrawn.", SEE_DETAILS),
    (139_004, Final, 0, "The flow could not be deleted.", SEE_DETAILS),
    (139_100, Final, 0, "Some people could not be blocked.", "See who, and why."),
    (139_101, Final, 0, "The list of blocked people is full.", "Unblock some first."),
    (139_102, Temporary, 2, "The list of blocked people was just changed.", BY_OURSELVES),
    (139_103, Temporary, 5, "People could not be blocked.", BY_OURSELVES),
    (147_001, Final, 0, "The username is not available.", "Choose another."),
    (147_002, Final, 0, "The number may not have a username.", SEE_DETAILS),
    (147_003, Final, 0, USERNAME_LINK, "Link the Facebook page first."),
    (147_004, Final, 0, USERNAME_LINK, "Link the Instagram account first."),
    (147_005, Final, 0, "Another number of yours has it.", "Ask for it with a transfer."),
    (200_002, Final, 0, FORMAT, SEE_DETAILS),
    (200_005, Final, 0, "There are no figures of this template.", SEE_DETAILS),
    (200_006, Final, 0, "Figures cannot be switched off again.", SEE_DETAILS),
    (200_007, Final, 0, "Figures are not switched on.", "Switch them on first."),
    (1_752_041, Final, 0, "This was asked for already.", "Nothing to do."),
    (2_388_001, Final, 0, MOVE, SEE_DETAILS),
    (2_388_012, Final, 0, MOVE, SEE_DETAILS),
    (2_388_019, Final, 0, "The account has too many templates.", "Delete some first."),
    (2_388_024, Final, 0, "There is such a template in this language.", "Choose another name."),
    (
        2_388_039,
        Final,
        0,
        "The template cannot be changed in its state.",
        "Wait or make a new one.",
    ),
    (2_388_040, Final, 0, "A field is too long.", SEE_DETAILS),
    (2_388_047, Final, 0, FORMAT, SEE_DETAILS),
    (2_388_072, Final, 0, FORMAT, SEE_DETAILS),
    (2_388_073, Final, 0, FORMAT, SEE_DETAILS),
    (2_388_091, Final, 0, MOVE, SEE_DETAILS),
    (2_388_093, Final, 0, MOVE, SEE_DETAILS),
    (2_388_103, Final, 0, MOVE, SEE_DETAILS),
    (2_388_293, Final, 0, "Too many variables for so little text.", "Add words between them."),
    (2_388_299, Final, 0, "A text may not begin or end with a variable.", "Add words around it."),
    (2_494_100, Temporary, 60, "The number is in maintenance.", BY_OURSELVES),
    (2_593_107, Final, 0, "The synchronisation was already done.", SEE_DETAILS),
    (2_593_108, Final, 0, "The synchronisation's 24 hours are over.", "Connect again."),
    (2_593_109, Final, 0, "The history is not shared.", "Nothing to do."),
];

#[cfg(test)]
mod tests {
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
    fn a_finer_code_is_used_only_under_the_code_that_says_nothing() {
        assert_eq!(explain_with_subcode(100, Some(33)).situation, Token);
        assert_eq!(explain_with_subcode(100, Some(33)).code, 100);
        assert_eq!(explain_with_subcode(100, Some(2_494_055)).situation, Final);
        assert_eq!(explain_with_subcode(131_047, Some(33)).situation, WindowClosed);
    }
}
