//! The Marketing Messages API: marketing templates that Meta delivers with its own judgement.

use serde_json::{Value, json};

use crate::Access;
use crate::answer::read_sent;
use crate::api::{OutgoingMessage, SentMessage};
use crate::error::CloudError;
use crate::message::ProductPolicy;
use crate::send::to_wire;
use crate::transport::{GraphRequest, Transport};

/// How the Marketing Messages API treats a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarketingOptions {
    /// What happens when it cannot deliver; Meta's own default is to fall back to the Cloud API.
    pub product_policy: Option<ProductPolicy>,
    /// Whether Meta may use what people do with the message; not said, Meta's setting of the account holds.
    pub message_activity_sharing: Option<bool>,
}

impl MarketingOptions {
    /// With what happens when it cannot deliver.
    #[must_use]
    pub const fn policy(mut self, policy: ProductPolicy) -> Self {
        self.product_policy = Some(policy);
        self
    }
    /// With whether Meta may use what people do with the message.
    #[must_use]
    pub const fn share_activity(mut self, share: bool) -> Self {
        self.message_activity_sharing = Some(share);
        self
    }
}

/// Sends marketing templates by the Marketing Messages API.
#[async_trait::async_trait]
pub trait MarketingApi: Send + Sync {
    /// Sends one marketing template, once. Never retried here: ask [`CloudError::proof_not_accepted`] before trying
    /// again.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/marketing-messages-api-for-whatsapp>
    ///
    /// ```no_run
    /// # #[cfg(feature = "client")]
    /// # async fn demo(client: whatsapp_cloud::GraphClient, access: whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::message::{ProductPolicy, TemplateMessage};
    /// use whatsapp_cloud::{MarketingApi, MarketingOptions, OutgoingMessage, Recipient};
    /// let to = Recipient::from_address("+905550100234");
    /// let sale = TemplateMessage::new("autumn_sale_v2", "en_US").body(["Aylin", "40%"]);
    /// let options = MarketingOptions::default().policy(ProductPolicy::Strict);
    /// client.send_marketing(&access, &OutgoingMessage::new(to, sale), options).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when it is no template; otherwise as [`crate::Messaging::send`].
    async fn send_marketing(
        &self,
        access: &Access,
        message: &OutgoingMessage,
        options: MarketingOptions,
    ) -> Result<SentMessage, CloudError>;
}

#[async_trait::async_trait]
impl<T: Transport + ?Sized> MarketingApi for T {
    async fn send_marketing(
        &self,
        access: &Access,
        message: &OutgoingMessage,
        options: MarketingOptions,
    ) -> Result<SentMessage, CloudError> {
        let path = [access.phone_number_id.as_str(), "marketing_messages"];
        let body = body(message, options)?;
        read_sent(self.exchange(GraphRequest::post(&access.token, path, body)).await?)
    }
}

fn body(message: &OutgoingMessage, options: MarketingOptions) -> Result<Value, CloudError> {
    let mut wire = to_wire(message)?;
    if message.content.kind() != "template" {
        return Err(CloudError::invalid("type", "this API sends only marketing templates"));
    }
    if let Some(map) = wire.as_object_mut() {
        if let Some(policy) = options.product_policy {
            map.insert("product_policy".into(), json!(policy));
        }
        if let Some(share) = options.message_activity_sharing {
            map.insert("message_activity_sharing".into(), json!(share));
        }
    }
    Ok(wire)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recipient;
    use crate::message::TemplateMessage;
    use whatsapp_core::Content;

    #[test]
    fn a_marketing_template_carries_its_policy_as_the_reference_shows() {
        let to = Recipient::from_address("+905550100234");
        let sale = TemplateMessage::new("autumn_sale_v2", "en_US").body(["Aylin", "40%"]);
        let message = OutgoingMessage::new(to, sale).with_callback_data("cmp:8f1c");
        let options = MarketingOptions::default()
            .policy(ProductPolicy::CloudApiFallback)
            .share_activity(true);
        let expected = include_str!("../../tests/fixtures/send_marketing_messages_api.json");
        let expected: Value = serde_json::from_str(expected).expect("reads");
        assert_eq!(body(&message, options), Ok(expected));
    }

    #[test]
    fn anything_else_is_refused_before_the_call() {
        let text = OutgoingMessage::new(Recipient::from_address("+1"), Content::text("Hi"));
        assert!(body(&text, MarketingOptions::default()).is_err());
    }
}
