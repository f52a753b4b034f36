//! Messages by the Marketing Messages API.

use crate::api::OutgoingMessage;
use crate::lenient::words;

words! {
    /// What happens where a message cannot go by the Marketing Messages API.
    ProductPolicy {
        /// It goes as any other message.
        Fallback = "CLOUD_API_FALLBACK",
        /// It is refused.
        Strict = "STRICT",
    }
}

/// A marketing template to be sent by the Marketing Messages API.
///
/// ```
/// use whatsapp_cloud::{OutgoingMessage, Recipient, api::{MarketingMessage, ProductPolicy}};
/// # fn demo(message: OutgoingMessage) {
/// let message = MarketingMessage::new(message).policy(ProductPolicy::Strict).share_activity(false);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MarketingMessage {
    /// The message: a template.
    pub message: OutgoingMessage,
    /// What happens where it cannot go this way; Meta falls back if nothing is said.
    pub product_policy: Option<ProductPolicy>,
    /// Whether Meta may use what becomes of this message to improve others; the account's choice if nothing is said.
    pub message_activity_sharing: Option<bool>,
}

impl MarketingMessage {
    /// With Meta's own choices.
    #[must_use]
    pub const fn new(message: OutgoingMessage) -> Self {
        Self { message, product_policy: None, message_activity_sharing: None }
    }
    /// What happens where it cannot go this way.
    #[must_use]
    pub fn policy(mut self, policy: ProductPolicy) -> Self {
        self.product_policy = Some(policy);
        self
    }
    /// Whether Meta may use what becomes of it.
    #[must_use]
    pub const fn share_activity(mut self, share: bool) -> Self {
        self.message_activity_sharing = Some(share);
        self
    }
}
