//! Flows: forms inside WhatsApp.

use serde::{Deserialize, Serialize};

use super::Health;
use crate::lenient::{answers, words};
use crate::{CloudError, bounds};

words! {
    /// What a flow is for.
    FlowCategory {
        /// To sign up.
        SignUp = "SIGN_UP",
        /// To sign in.
        SignIn = "SIGN_IN",
        /// To book an appointment.
        Appointment = "APPOINTMENT_BOOKING",
        /// To get to know somebody.
        Leads = "LEAD_GENERATION",
        /// To be asked.
        ContactUs = "CONTACT_US",
        /// To help.
        Support = "CUSTOMER_SUPPORT",
        /// To ask.
        Survey = "SURVEY",
        /// Something else.
        Other = "OTHER",
    }
    /// Whether a flow can be sent.
    FlowStatus {
        /// It can still be changed.
        Draft = "DRAFT",
        /// It can be sent.
        Published = "PUBLISHED",
        /// It is no longer to be used.
        Deprecated = "DEPRECATED",
        /// Meta has stopped it: its address does not answer.
        Blocked = "BLOCKED",
        /// Meta lets only ten an hour pass.
        Throttled = "THROTTLED",
    }
}

answers! {
    /// What is wrong with a flow.
    FlowFault {
        /// Meta's word.
        error: Option<String>,
        /// Meta's word for its kind.
        kind("error_type"): Option<String>,
        /// What is wrong.
        message: Option<String>,
        /// In which line of its JSON.
        line("line_start"): Option<i64>,
        /// In which column.
        column("column_start"): Option<i64>,
    }
    /// Where a flow can be seen.
    FlowPreview {
        /// The address.
        url("preview_url"): Option<String>,
        /// Until when, as Meta writes it.
        expires_at: Option<String>,
    }
    /// A flow.
    Flow {
        /// Meta's id of it.
        id: String,
        /// Its name.
        name: Option<String>,
        /// Whether it can be sent.
        status: Option<FlowStatus>,
        /// What it is for.
        categories: Vec<FlowCategory>,
        /// What is wrong with it.
        faults("validation_errors"): Vec<FlowFault>,
        /// The version of its JSON.
        json_version: Option<String>,
        /// The version of its data exchange.
        data_api_version: Option<String>,
        /// The address of its data exchange.
        endpoint("endpoint_uri"): Option<String>,
        /// Where it can be seen.
        preview: Option<FlowPreview>,
        /// Whether it can be sent now.
        health("health_status"): Option<Health>,
    }
    /// What became of a flow or of its JSON.
    FlowOutcome {
        /// Meta's id of a new flow.
        id: Option<String>,
        /// Whether it was done.
        success: Option<bool>,
        /// What is wrong with it: it is kept, but cannot be published.
        faults("validation_errors"): Vec<FlowFault>,
    }
    /// A part of a flow.
    FlowAsset {
        /// Its name: `flow.json`.
        name: String,
        /// What it is: `FLOW_JSON`.
        kind("asset_type"): Option<String>,
        /// Where it can be fetched, for a short time.
        url("download_url"): Option<String>,
    }
}

/// A flow to be made.
///
/// ```
/// use whatsapp_cloud::api::{FlowCategory, NewFlow};
/// let flow = NewFlow::new("survey", FlowCategory::Survey).with_json(r#"{"version":"7.0","screens":[]}"#);
/// assert!(flow.clone_flow_id.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewFlow {
    /// Its name, one in an account.
    pub name: String,
    /// What it is for; at least one.
    pub categories: Vec<FlowCategory>,
    /// The flow it is a copy of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clone_flow_id: Option<String>,
    /// The address of its data exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_uri: Option<String>,
    /// Its JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_json: Option<String>,
    /// Whether it is published at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub publish: bool,
}

impl NewFlow {
    /// An empty one.
    #[must_use]
    pub fn new(name: impl Into<String>, category: FlowCategory) -> Self {
        Self {
            name: name.into(),
            categories: vec![category],
            clone_flow_id: None,
            endpoint_uri: None,
            flow_json: None,
            publish: false,
        }
    }
    /// With its JSON.
    #[must_use]
    pub fn with_json(mut self, json: impl Into<String>) -> Self {
        self.flow_json = Some(json.into());
        self
    }
    /// As a copy of another.
    #[must_use]
    pub fn copy_of(mut self, flow_id: impl Into<String>) -> Self {
        self.clone_flow_id = Some(flow_id.into());
        self
    }
    /// With the address of its data exchange.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint_uri = Some(url.into());
        self
    }
    /// Published at once, which needs its JSON.
    #[must_use]
    pub const fn published(mut self) -> Self {
        self.publish = true;
        self
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        bounds::filled("name", &self.name)?;
        if self.categories.is_empty() {
            return Err(CloudError::invalid("categories", "name at least one"));
        }
        if self.publish && self.flow_json.is_none() {
            return Err(CloudError::invalid("flow_json", "only a flow with JSON can be published"));
        }
        self.endpoint_uri.as_deref().map_or(Ok(()), |url| bounds::web_address("endpoint_uri", url))
    }
}
