//! The business profile that people see beside a number.

use serde::{Deserialize, Serialize};

use crate::lenient::{answers, words};
use crate::{CloudError, bounds};

words! {
    /// The branch of a business.
    Vertical {
        /// Another one.
        Other = "OTHER",
        /// Cars.
        Auto = "AUTO",
        /// Beauty.
        Beauty = "BEAUTY",
        /// Clothes.
        Apparel = "APPAREL",
        /// Education.
        Education = "EDU",
        /// Entertainment.
        Entertainment = "ENTERTAIN",
        /// Events.
        Events = "EVENT_PLAN",
        /// Finance.
        Finance = "FINANCE",
        /// Food.
        Grocery = "GROCERY",
        /// Authorities.
        Government = "GOVT",
        /// Hotels.
        Hotel = "HOTEL",
        /// Health.
        Health = "HEALTH",
        /// Not for profit.
        NonProfit = "NONPROFIT",
        /// Professional services.
        ProfessionalServices = "PROF_SERVICES",
        /// Shops.
        Retail = "RETAIL",
        /// Travel.
        Travel = "TRAVEL",
        /// Restaurants.
        Restaurant = "RESTAURANT",
        /// Alcohol.
        Alcohol = "ALCOHOL",
        /// Gambling on the net.
        OnlineGambling = "ONLINE_GAMBLING",
        /// Gambling elsewhere.
        PhysicalGambling = "PHYSICAL_GAMBLING",
        /// Medicine without prescription.
        OtcDrugs = "OTC_DRUGS",
    }
}

answers! {
    /// A business profile.
    BusinessProfile {
        /// The line under the name.
        about: Option<String>,
        /// Where the business is.
        address: Option<String>,
        /// What it does.
        description: Option<String>,
        /// Its e-mail address.
        email: Option<String>,
        /// Where its photo can be fetched; the address changes.
        picture_url("profile_picture_url"): Option<String>,
        /// Its websites.
        websites: Vec<String>,
        /// Its branch.
        vertical: Option<Vertical>,
    }
}

/// A change of a business profile. What is `None` stays as it is; an empty text clears, except of `about`.
///
/// ```
/// use whatsapp_cloud::api::{ProfileChange, Vertical};
/// let change = ProfileChange::new().about("Gear for every trail").vertical(Vertical::Retail);
/// assert!(change.check().is_ok());
/// assert!(ProfileChange::new().about("").check().is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileChange {
    /// The line under the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Where the business is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its websites.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub websites: Option<Vec<String>>,
    /// Its branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertical: Option<Vertical>,
    /// Its photo: what a resumable upload gave. Square, at least 192 pixels, JPEG or PNG, at most 5 MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_picture_handle: Option<String>,
}

impl ProfileChange {
    /// Changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// The line under the name, 1 to 139 characters.
    #[must_use]
    pub fn about(mut self, text: impl Into<String>) -> Self {
        self.about = Some(text.into());
        self
    }
    /// Where the business is, at most 256 characters.
    #[must_use]
    pub fn address(mut self, text: impl Into<String>) -> Self {
        self.address = Some(text.into());
        self
    }
    /// What it does, at most 512 characters.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }
    /// Its e-mail address, at most 128 characters.
    #[must_use]
    pub fn email(mut self, text: impl Into<String>) -> Self {
        self.email = Some(text.into());
        self
    }
    /// Its websites, at most two of 256 characters.
    #[must_use]
    pub fn websites(mut self, all: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.websites = Some(all.into_iter().map(Into::into).collect());
        self
    }
    /// Its branch.
    #[must_use]
    pub fn vertical(mut self, vertical: Vertical) -> Self {
        self.vertical = Some(vertical);
        self
    }
    /// Its photo: what a resumable upload gave.
    #[must_use]
    pub fn picture(mut self, handle: impl Into<String>) -> Self {
        self.profile_picture_handle = Some(handle.into());
        self
    }
    /// Whether Meta takes it.
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] with field, limit and actual value; [`CloudError::Invalid`] of a wrong form.
    pub fn check(&self) -> Result<(), CloudError> {
        if *self == Self::default() {
            return Err(CloudError::invalid("profile", "nothing is changed"));
        }
        if let Some(about) = &self.about {
            bounds::between("about", about, (1, bounds::ABOUT_MAX))?;
        }
        let texts = [
            ("address", &self.address, bounds::ADDRESS_MAX),
            ("description", &self.description, bounds::DESCRIPTION_MAX),
            ("email", &self.email, bounds::EMAIL_MAX),
        ];
        for (field, text, most) in texts {
            bounds::chars(field, text.as_deref().unwrap_or_default(), most)?;
        }
        let email = self.email.as_deref().filter(|email| !email.is_empty());
        if email.is_some_and(|email| !email.contains('@')) {
            return Err(CloudError::invalid("email", "this is no e-mail address"));
        }
        let websites = self.websites.as_deref().unwrap_or_default();
        bounds::over("websites", websites.len(), bounds::WEBSITES_MAX, "websites")?;
        for (place, website) in websites.iter().enumerate() {
            let field = format!("websites[{place}]");
            bounds::chars(&field, website, bounds::WEBSITE_MAX)?;
            bounds::web_address(&field, website)?;
        }
        match &self.vertical {
            Some(Vertical::Unknown(word)) => {
                Err(CloudError::invalid("vertical", format!("Meta knows no branch {word}")))
            }
            _ => Ok(()),
        }
    }
}
