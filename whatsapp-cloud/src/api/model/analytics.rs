//! What an account's messages came to: counts and costs by time. A query says from when to when.

use whatsapp_core::Timestamp;

use crate::CloudError;
use crate::lenient::{answers, words};

words! {
    /// In steps of which length figures come. Meta writes a day and a month in one of two ways.
    Granularity {
        /// Half an hour.
        HalfHour = "HALF_HOUR",
        /// A day.
        Day = "DAY",
        /// A month.
        Month = "MONTH",
    }
    /// By what figures are divided.
    Dimension {
        /// The country of the person.
        Country = "COUNTRY",
        /// Our number.
        Phone = "PHONE",
        /// The category of the price.
        PricingCategory = "PRICING_CATEGORY",
        /// The kind of the price.
        PricingType = "PRICING_TYPE",
        /// The step of the price by volume.
        Tier = "TIER",
        /// The category of the conversation.
        ConversationCategory = "CONVERSATION_CATEGORY",
        /// Who began the conversation.
        ConversationDirection = "CONVERSATION_DIRECTION",
        /// The kind of the conversation.
        ConversationType = "CONVERSATION_TYPE",
    }
    /// What is counted.
    Metric {
        /// What it cost.
        Cost = "COST",
        /// Messages.
        Volume = "VOLUME",
        /// Conversations.
        Conversation = "CONVERSATION",
    }
}

impl Granularity {
    /// As `conversation_analytics` and `pricing_analytics` write it.
    #[must_use]
    pub fn adverb(&self) -> &str {
        match self {
            Self::Day => "DAILY",
            Self::Month => "MONTHLY",
            other => other.as_str(),
        }
    }
}

answers! {
    /// Messages sent and delivered in one step of time.
    MessagePoint {
        /// From, in seconds since 1970.
        start: i64,
        /// To, in seconds since 1970.
        end: i64,
        /// How many were sent.
        sent: Option<i64>,
        /// How many were delivered.
        delivered: Option<i64>,
    }
    /// Messages sent and delivered.
    MessageAnalytics {
        /// Of which numbers, in digits.
        phone_numbers: Vec<String>,
        /// To which countries.
        country_codes: Vec<String>,
        /// In which steps.
        granularity: Option<Granularity>,
        /// The figures.
        points("data_points"): Vec<MessagePoint>,
    }
    /// Conversations in one step of time, as they were counted until the middle of 2025.
    ConversationPoint {
        /// From, in seconds since 1970.
        start: i64,
        /// To, in seconds since 1970.
        end: i64,
        /// How many conversations.
        conversations("conversation"): Option<i64>,
        /// Of which number, in digits.
        phone_number: Option<String>,
        /// With people of which country.
        country: Option<String>,
        /// Of which kind.
        kind("conversation_type"): Option<String>,
        /// Who began.
        direction("conversation_direction"): Option<String>,
        /// Of which category.
        category("conversation_category"): Option<String>,
        /// What they cost, in the account's currency.
        cost: Option<f64>,
    }
    /// Messages and what they cost in one step of time.
    PricingPoint {
        /// From, in seconds since 1970.
        start: i64,
        /// To, in seconds since 1970.
        end: i64,
        /// Of which number, in digits.
        phone_number: Option<String>,
        /// To people of which country.
        country: Option<String>,
        /// The step of the price by volume: `0:750000`, `1000000:MAX`.
        tier: Option<String>,
        /// `REGULAR`, `FREE_CUSTOMER_SERVICE`, `FREE_ENTRY_POINT`.
        pricing_type: Option<String>,
        /// `MARKETING`, `UTILITY` …
        pricing_category: Option<String>,
        /// How many messages.
        volume: Option<i64>,
        /// What they cost, in the account's currency.
        cost: Option<f64>,
    }
}

/// Which figures are wanted.
///
/// ```
/// use whatsapp_cloud::api::{AnalyticsQuery, Dimension, Granularity};
/// use whatsapp_core::Timestamp;
/// let (start, end) = (Timestamp::from_seconds(1_789_827_200), Timestamp::from_seconds(1_790_000_000));
/// let query = AnalyticsQuery::new(start, end, Granularity::Day).by(Dimension::Country);
/// assert_eq!(query.phone_numbers.len(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnalyticsQuery {
    /// From; at most a year ago.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
    /// In which steps.
    pub granularity: Granularity,
    /// Of which numbers, in digits; of all if none is named.
    pub phone_numbers: Vec<String>,
    /// To which countries; to all if none is named.
    pub country_codes: Vec<String>,
    /// What is counted; all if nothing is named.
    pub metrics: Vec<Metric>,
    /// By what it is divided.
    pub dimensions: Vec<Dimension>,
}

impl AnalyticsQuery {
    /// Of all numbers, to all countries, not divided.
    #[must_use]
    pub const fn new(start: Timestamp, end: Timestamp, granularity: Granularity) -> Self {
        Self {
            start,
            end,
            granularity,
            phone_numbers: Vec::new(),
            country_codes: Vec::new(),
            metrics: Vec::new(),
            dimensions: Vec::new(),
        }
    }
    /// Of this number, too; in digits.
    #[must_use]
    pub fn number(mut self, digits: impl Into<String>) -> Self {
        self.phone_numbers.push(digits.into());
        self
    }
    /// To this country, too.
    #[must_use]
    pub fn country(mut self, letters: impl Into<String>) -> Self {
        self.country_codes.push(letters.into());
        self
    }
    /// This is counted.
    #[must_use]
    pub fn metric(mut self, metric: Metric) -> Self {
        self.metrics.push(metric);
        self
    }
    /// Divided by this, too.
    #[must_use]
    pub fn by(mut self, dimension: Dimension) -> Self {
        self.dimensions.push(dimension);
        self
    }
    fn head(&self, field: &str, granularity: &str) -> Result<String, CloudError> {
        if self.end <= self.start {
            return Err(CloudError::invalid("end", "it must be after start"));
        }
        let (start, end) = (self.start.seconds(), self.end.seconds());
        let plain = |text: &String| text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !self.phone_numbers.iter().chain(&self.country_codes).all(plain) {
            return Err(CloudError::invalid("phone_numbers", "digits; countries are two letters"));
        }
        Ok(format!("{field}.start({start}).end({end}).granularity({granularity})"))
    }
    /// The field `analytics` with its parameters.
    pub(crate) fn messages_field(&self) -> Result<String, CloudError> {
        let mut field = self.head("analytics", self.granularity.as_str())?;
        // Meta wants both lists, and takes an empty one for all.
        field.push_str(&list("phone_numbers", self.phone_numbers.iter().map(String::as_str)));
        field.push_str(&list("country_codes", self.country_codes.iter().map(String::as_str)));
        Ok(field)
    }
    /// The field `conversation_analytics` or `pricing_analytics` with its parameters.
    pub(crate) fn divided_field(&self, name: &str) -> Result<String, CloudError> {
        let mut field = self.head(name, self.granularity.adverb())?;
        let lists: [(&str, Vec<&str>); 4] = [
            ("phone_numbers", self.phone_numbers.iter().map(String::as_str).collect()),
            ("country_codes", self.country_codes.iter().map(String::as_str).collect()),
            ("metric_types", self.metrics.iter().map(Metric::as_str).collect()),
            ("dimensions", self.dimensions.iter().map(Dimension::as_str).collect()),
        ];
        for (key, entries) in lists.into_iter().filter(|(_, entries)| !entries.is_empty()) {
            field.push_str(&list(key, entries.into_iter()));
        }
        Ok(field)
    }
}

fn list<'a>(key: &str, entries: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = entries.map(|entry| format!("\"{entry}\"")).collect();
    format!(".{key}([{}])", quoted.join(","))
}
