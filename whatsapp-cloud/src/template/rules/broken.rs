//! What a broken rule says: which one, where, the limit and what is there instead.

use crate::CloudError;

/// Which rule a draft breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The name: small letters, digits, underscores.
    Name,
    /// A language that Meta does not have.
    Language,
    /// A category that Meta does not have, or that does not go with a part.
    Category,
    /// Too long, or too many.
    Limit,
    /// The form of the header.
    Header,
    /// The form of the body.
    Body,
    /// The form of the footer.
    Footer,
    /// Too many variables for so little text.
    Density,
    /// A variable at the beginning or the end.
    Edge,
    /// A variable without a sample.
    Sample,
    /// Kinds, number or order of the buttons.
    Buttons,
    /// What goes with a limited offer.
    Offer,
    /// The cards.
    Carousel,
    /// The form of a one-time code.
    Authentication,
    /// The time in which to deliver, by category.
    Ttl,
    /// Parts that are missing, or twice there.
    Parts,
}

impl Rule {
    /// Meta's finer code under `100`, where it has one.
    #[must_use]
    pub const fn subcode(self) -> Option<i64> {
        match self {
            Self::Limit => Some(2_388_040),
            Self::Header => Some(2_388_047),
            Self::Body => Some(2_388_072),
            Self::Footer => Some(2_388_073),
            Self::Density => Some(2_388_293),
            Self::Edge => Some(2_388_299),
            _ => None,
        }
    }
    /// What is wrong, in a few words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Name => "The name has not the form it must have",
            Self::Language => "There is no such language",
            Self::Category => "The category does not fit",
            Self::Limit => "A field is too long",
            Self::Header => "The header has not the form it must have",
            Self::Body => "The body has not the form it must have",
            Self::Footer => "The footer has not the form it must have",
            Self::Density => "Too many variables for the length of the text",
            Self::Edge => "A variable is at the beginning or the end",
            Self::Sample => "A sample is missing",
            Self::Buttons => "The buttons do not go together",
            Self::Offer => "The limited offer has not the form it must have",
            Self::Carousel => "The cards have not the form they must have",
            Self::Authentication => "The one-time code has not the form it must have",
            Self::Ttl => "The time to deliver does not fit the category",
            Self::Parts => "A part is missing or there twice",
        }
    }
}

/// A draft breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct Broken {
    /// The field, as the way to it in Meta's JSON: `components[3].buttons[0].text`.
    pub field: String,
    /// The rule.
    pub rule: Rule,
    /// What Meta takes at most, where it is a number.
    pub limit: Option<u64>,
    /// What the draft has.
    pub actual: Option<u64>,
    /// Of what: `characters`, `buttons` …
    pub unit: &'static str,
    /// What is wrong with it.
    pub message: String,
}

impl Broken {
    pub(super) fn new(field: impl Into<String>, rule: Rule, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        Self { field, rule, limit: None, actual: None, unit: "", message }
    }
    pub(super) fn over(field: &str, limit: usize, actual: usize, unit: &'static str) -> Self {
        let message = format!("{field} has {actual} {unit}; WhatsApp takes at most {limit}");
        let number = |n: usize| u64::try_from(n).ok();
        let (limit, actual) = (number(limit), number(actual));
        Self { limit, actual, unit, ..Self::new(field, Rule::Limit, message) }
    }
}

impl From<Broken> for CloudError {
    fn from(broken: Broken) -> Self {
        let Broken { field, limit, actual, unit, message, .. } = broken;
        match (limit, actual) {
            (Some(limit), Some(actual)) => Self::OverLimit { field, limit, actual, unit },
            _ => Self::Invalid { field, message },
        }
    }
}
