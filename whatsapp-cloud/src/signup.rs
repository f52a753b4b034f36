//! What Embedded Signup tells the browser (`window.postMessage`), once the page has handed it to the server. Nothing
//! of it is proved: compare its ids with [`TokenInfo::shared_wabas`](crate::api::TokenInfo::shared_wabas) before use.
//!
//! Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/implementation>.

use serde_json::Value;
use url::Url;

use crate::lenient::{answers, words};
use crate::webhook::text_of;

words! {
    /// Where somebody left the signup.
    SignupStep {
        /// Choosing the business.
        BusinessAccount = "BUSINESS_ACCOUNT_SELECTION",
        /// Choosing the account and the number.
        WabaAndNumber = "WABA_PHONE_PROFILE_PICKER",
        /// The profile.
        Profile = "WHATSAPP_BUSINESS_PROFILE_SETUP",
        /// The number.
        Number = "PHONE_NUMBER_SETUP",
        /// The number's code.
        Verification = "PHONE_NUMBER_VERIFICATION",
        /// The permissions.
        Permissions = "PERMISSIONS",
    }
}

answers! {
    /// What a customer shared, as the browser says.
    SharedAssets {
        /// The account.
        waba_id: Option<String>,
        /// The number; absent where there is none, and with the Business app: list the account's numbers.
        phone_number_id: Option<String>,
        /// The business.
        business_id: Option<String>,
        /// Accounts of advertisements.
        ad_account_ids: Vec<String>,
        /// Pages.
        page_ids: Vec<String>,
        /// Data sets.
        dataset_ids: Vec<String>,
    }
    /// Something went wrong, and the customer reported it.
    SignupFault {
        /// Meta's words.
        message("error_message"): Option<String>,
        /// Meta's number of the error.
        id("error_id"): Option<String>,
        /// By which Meta's support finds it.
        session("session_id"): Option<String>,
        /// When, in seconds since 1970.
        at("timestamp"): Option<i64>,
    }
}

/// What became of a signup, by the browser's word.
///
/// ```
/// use whatsapp_cloud::signup::SignupEvent;
/// let data = r#"{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"waba_id":"1","phone_number_id":"2"}}"#;
/// assert!(matches!(SignupEvent::read("https://www.facebook.com", data), Some(SignupEvent::Finished(_))));
/// assert_eq!(SignupEvent::read("https://facebook.com.evil.example", data), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SignupEvent {
    /// Done, with a number.
    Finished(SharedAssets),
    /// Done, with an account and no number.
    FinishedWithoutNumber(SharedAssets),
    /// Done, with a number that stays on the Business app: do not register it.
    FinishedOnApp(SharedAssets),
    /// The customer left.
    Abandoned {
        /// At which step.
        step: Option<SignupStep>,
    },
    /// Something went wrong.
    Failed(SignupFault),
    /// An event that is not known here, as it came.
    Other {
        /// Meta's word for it.
        event: String,
        /// All of it.
        raw: Value,
    },
}

impl SignupEvent {
    /// Reads a message that came to the page from `origin`. `None` if it is not Meta's, or about something else.
    #[must_use]
    pub fn read(origin: &str, data: &str) -> Option<Self> {
        if !is_meta(origin) {
            return None;
        }
        let message: Value = serde_json::from_str(data).ok()?;
        Self::of(&message)
    }
    /// Reads a message whose origin was checked already.
    #[must_use]
    pub fn of(message: &Value) -> Option<Self> {
        if message.get("type").and_then(Value::as_str) != Some("WA_EMBEDDED_SIGNUP") {
            return None;
        }
        let event = text_of(message, "event")?;
        let data = message.get("data").unwrap_or(&Value::Null);
        Some(match event.as_str() {
            "FINISH" => Self::Finished(SharedAssets::read(data)),
            "FINISH_ONLY_WABA" => Self::FinishedWithoutNumber(SharedAssets::read(data)),
            "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING" => {
                Self::FinishedOnApp(SharedAssets::read(data))
            }
            // Newer versions tell errors as CANCEL, older ones as ERROR.
            "CANCEL" | "ERROR" if data.get("error_message").is_some() => {
                Self::Failed(SignupFault::read(data))
            }
            "ERROR" => Self::Failed(SignupFault::read(data)),
            "CANCEL" => {
                let step = text_of(data, "current_step").map(|word| SignupStep::from_meta(&word));
                Self::Abandoned { step }
            }
            _ => Self::Other { event, raw: message.clone() },
        })
    }
}

/// Exactly `facebook.com` or below it, over https.
fn is_meta(origin: &str) -> bool {
    let Ok(url) = origin.parse::<Url>() else { return false };
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https" && (host == "facebook.com" || host.ends_with(".facebook.com"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_meta_s_own_pages_are_believed() {
        for good in
            ["https://facebook.com", "https://www.facebook.com", "https://web.facebook.com/"]
        {
            assert!(is_meta(good), "{good}");
        }
        for bad in [
            "http://www.facebook.com",
            "https://evilfacebook.com",
            "https://facebook.com.evil.example",
            "https://evil.example/facebook.com",
            "https://user@evil.example",
            "null",
            "",
        ] {
            assert!(!is_meta(bad), "{bad}");
        }
    }

    #[test]
    fn other_messages_of_the_page_are_none_of_ours() {
        for data in [
            "",
            "[]",
            "cb=f1",
            r#"{"type":"X","event":"FINISH"}"#,
            r#"{"type":"WA_EMBEDDED_SIGNUP"}"#,
        ] {
            assert_eq!(SignupEvent::read("https://www.facebook.com", data), None, "{data}");
        }
        let new = r#"{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH_LATER","data":{}}"#;
        let read = SignupEvent::read("https://www.facebook.com", new);
        assert!(matches!(read, Some(SignupEvent::Other { event, .. }) if event == "FINISH_LATER"));
    }
}
