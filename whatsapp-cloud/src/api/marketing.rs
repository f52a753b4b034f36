//! The Marketing Messages API.

use async_trait::async_trait;

use super::{MarketingMessage, SentMessage};
use crate::{Access, CloudError};

/// Sends marketing templates by their own API.
#[async_trait]
pub trait MarketingApi: Send + Sync {
    /// Sends one marketing template, once. Never retried here: ask [`CloudError::proof_not_accepted`] before trying
    /// again.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/marketing-messages-lite-api/sending-messages>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{MarketingApi, MarketingMessage, ProductPolicy};
    /// # async fn demo(meta: &dyn MarketingApi, access: &Access, message: whatsapp_cloud::OutgoingMessage) -> Result<(), CloudError> {
    /// let message = MarketingMessage::new(message).policy(ProductPolicy::Strict);
    /// let sent = meta.send_marketing(access, &message).await?;
    /// println!("accepted as {}", sent.wamid);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation: 134101 the template is younger than ten minutes, 131055 it is no marketing;
    /// [`CloudError::Ambiguous`] when nobody can know whether Meta took it.
    async fn send_marketing(
        &self,
        access: &Access,
        message: &MarketingMessage,
    ) -> Result<SentMessage, CloudError>;
}
