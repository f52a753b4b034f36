//! WhatsApp Business Accounts, who works on them, and where an app's webhooks go.

use serde::{Deserialize, Serialize};
use whatsapp_core::Secret;

use super::{Health, MessagingTier};
use crate::lenient::{answers, words};
use crate::{CloudError, bounds};

words! {
    /// What Meta's review of an account says.
    ReviewStatus {
        /// Not looked at yet.
        Pending = "PENDING",
        /// Good.
        Approved = "APPROVED",
        /// Refused.
        Rejected = "REJECTED",
        /// Too many accounts.
        LimitReached = "LIMIT_REACHED",
    }
    /// Whether an account may use the Marketing Messages API.
    MarketingStatus {
        /// It may not.
        Ineligible = "INELIGIBLE",
        /// It may, once the terms are accepted.
        Eligible = "ELIGIBLE",
        /// It does.
        Onboarded = "ONBOARDED",
    }
    /// What somebody may do on an account.
    AssignedTask {
        /// Everything.
        Manage = "MANAGE",
        /// Develop.
        Develop = "DEVELOP",
        /// Templates.
        ManageTemplates = "MANAGE_TEMPLATES",
        /// Numbers.
        ManagePhone = "MANAGE_PHONE",
        /// See what it costs.
        ViewCost = "VIEW_COST",
        /// See templates.
        ViewTemplates = "VIEW_TEMPLATES",
        /// See numbers.
        ViewPhoneAssets = "VIEW_PHONE_ASSETS",
        /// Send.
        Messaging = "MESSAGING",
    }
}

answers! {
    /// A business, as far as an account tells.
    Owner {
        /// Meta's id of it.
        id: String,
        /// Its name.
        name: Option<String>,
    }
    /// A WhatsApp Business Account.
    WabaDetails {
        /// Meta's id of it.
        id: String,
        /// Its name.
        name: Option<String>,
        /// The currency of its bills.
        currency: Option<String>,
        /// Meta's number of its time zone.
        timezone("timezone_id"): Option<String>,
        /// What stands before its templates' names in old messages.
        template_namespace("message_template_namespace"): Option<String>,
        /// What Meta's review says.
        review_status("account_review_status"): Option<ReviewStatus>,
        /// Whether its business is verified, as Meta writes it.
        business_verification("business_verification_status"): Option<String>,
        /// Its country's letters.
        country: Option<String>,
        /// Whose it is, as Meta writes it.
        ownership_type: Option<String>,
        /// Who owns it.
        owner("owner_business_info"): Option<Owner>,
        /// For whom it is run.
        on_behalf_of("on_behalf_of_business_info"): Option<Owner>,
        /// Where its business mainly is.
        primary_location("primary_business_location"): Option<String>,
        /// How many people its business may write to first in 24 hours.
        messaging_limit("whatsapp_business_manager_messaging_limit"): Option<MessagingTier>,
        /// Whether it may use the Marketing Messages API.
        marketing_status("marketing_messages_lite_api_status"): Option<MarketingStatus>,
        /// Whether its templates are counted.
        insights("is_enabled_for_insights"): Option<bool>,
        /// Whether it can send now, and if not, why.
        health("health_status"): Option<Health>,
    }
    /// Somebody who works on an account.
    AssignedUser {
        /// Meta's id of them.
        id: String,
        /// Their name.
        name: Option<String>,
        /// `BUSINESS_USER`, `SYSTEM_USER` …
        kind("user_type"): Option<String>,
        /// What they may do.
        tasks: Vec<AssignedTask>,
    }
    /// One webhook field an app listens to.
    SubscribedField {
        /// Its name.
        name: String,
        /// In which version its payloads come.
        version: Option<String>,
    }
    /// Where an app's webhooks go.
    AppSubscription {
        /// Of which objects: `whatsapp_business_account`.
        object: String,
        /// The address.
        callback_url: Option<String>,
        /// Whether it is on.
        active: Option<bool>,
        /// Which fields.
        fields: Vec<SubscribedField>,
    }
}

/// A change of an account. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WabaChange {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Meta's number of its time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone_id: Option<String>,
    /// Counts its templates. This cannot be taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_enabled_for_insights: Option<bool>,
    /// Refuses marketing over `/messages`, so that it goes over `/marketing_messages` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_marketing_messages_on_cloud_api: Option<bool>,
    /// How freely Meta may change marketing messages, in Meta's form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degrees_of_freedom_spec: Option<serde_json::Value>,
}

impl WabaChange {
    /// Changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Counts the account's templates from now on. This cannot be taken back.
    #[must_use]
    pub const fn with_insights(mut self) -> Self {
        self.is_enabled_for_insights = Some(true);
        self
    }
    /// Refuses marketing over `/messages`, or takes it again.
    #[must_use]
    pub const fn marketing_only_by_its_own_api(mut self, only: bool) -> Self {
        self.disable_marketing_messages_on_cloud_api = Some(only);
        self
    }
    /// Another name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        if *self == Self::default() {
            return Err(CloudError::invalid("account", "nothing is changed"));
        }
        if self.is_enabled_for_insights == Some(false) {
            return Err(CloudError::invalid("is_enabled_for_insights", "it cannot be taken back"));
        }
        bounds::chars("name", self.name.as_deref().unwrap_or_default(), 100)
    }
}

/// Where an app's webhooks shall go.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewSubscription {
    /// The address. Meta checks it by a GET before it answers.
    pub callback_url: String,
    /// What that GET carries.
    pub verify_token: Secret,
    /// Which fields, e.g. `messages`.
    pub fields: Vec<String>,
}

impl NewSubscription {
    /// From its parts.
    #[must_use]
    pub fn new(
        callback_url: impl Into<String>,
        verify_token: Secret,
        fields: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let fields = fields.into_iter().map(Into::into).collect();
        Self { callback_url: callback_url.into(), verify_token, fields }
    }
}
