//! How much of what is allowed was used, as Meta writes it in the headers of its answers. Never an error: what
//! cannot be read is not there.
//!
//! Meta's page: <https://developers.facebook.com/docs/graph-api/overview/rate-limiting>.

use serde_json::Value;
use whatsapp_core::Span;

use crate::webhook::text_of;

/// The header that counts the calls of an app.
pub const APP_HEADER: &str = "x-app-usage";
/// The header that counts the calls on a business' account.
pub const BUSINESS_HEADER: &str = "x-business-use-case-usage";

/// How much was used, in percent of what is allowed; the highest of all that the answer names.
///
/// ```
/// use whatsapp_cloud::usage::Usage;
/// let header = r#"{"104551238800917":[{"type":"messages","call_count":96,"total_cputime":5,
///     "total_time":12,"estimated_time_to_regain_access":0}]}"#;
/// let usage = Usage::read(Some(r#"{"call_count":3,"total_time":1,"total_cputime":1}"#), Some(header));
/// assert_eq!(usage.percent(), 96);
/// assert!(usage.is_near_limit());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Of the app: the highest of calls, time and processor time.
    pub app_percent: u32,
    /// Of the account.
    pub business_percent: u32,
    /// After how long calls pass again, if they are held back now.
    pub regain_after: Option<Span>,
}

impl Usage {
    /// Reads the values of the two headers.
    #[must_use]
    pub fn read(app: Option<&str>, business: Option<&str>) -> Self {
        let object = |text: Option<&str>| serde_json::from_str::<Value>(text?).ok();
        let mut usage = Self::default();
        if let Some(app) = object(app) {
            usage.app_percent = highest(&app);
        }
        let business = object(business);
        let accounts = business.as_ref().and_then(Value::as_object).into_iter().flatten();
        for row in accounts.filter_map(|(_, rows)| rows.as_array()).flatten() {
            usage.business_percent = usage.business_percent.max(highest(row));
            let minutes = count(row, "estimated_time_to_regain_access");
            if minutes > 0 {
                let wait = Span::minutes(i64::from(minutes));
                usage.regain_after =
                    Some(usage.regain_after.map_or(wait, |so_far| so_far.max(wait)));
            }
        }
        usage
    }
    /// The higher of both.
    #[must_use]
    pub fn percent(self) -> u32 {
        self.app_percent.max(self.business_percent)
    }
    /// Whether it is time to slow down: more than nine tenths are used.
    #[must_use]
    pub fn is_near_limit(self) -> bool {
        self.percent() > 90 || self.regain_after.is_some()
    }
}

fn highest(row: &Value) -> u32 {
    ["call_count", "total_time", "total_cputime"]
        .into_iter()
        .map(|key| count(row, key))
        .max()
        .unwrap_or(0)
}

fn count(row: &Value, key: &str) -> u32 {
    let number = text_of(row, key).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let whole = number.clamp(0.0, 1_000_000.0).ceil() as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_not_there() {
        for odd in
            ["", "no", "[]", "{}", r#"{"1":{}}"#, r#"{"1":[7]}"#, r#"{"1":[{"call_count":"x"}]}"#]
        {
            assert_eq!(Usage::read(Some(odd), Some(odd)), Usage::default(), "{odd}");
        }
        assert_eq!(Usage::read(None, None), Usage::default());
    }

    #[test]
    fn the_longest_wait_of_all_accounts_holds() {
        let header = r#"{"1":[{"call_count":100,"estimated_time_to_regain_access":3},
            {"call_count":"12","estimated_time_to_regain_access":19}],"2":[{"total_cputime":40.5}]}"#;
        let usage = Usage::read(None, Some(header));
        assert_eq!((usage.percent(), usage.regain_after), (100, Some(Span::minutes(19))));
    }
}
