//! Conversation starters, commands, and the welcome.

use async_trait::async_trait;

use super::ConversationStarters;
use crate::{Access, CloudError};

/// Sets what people see before they write.
#[async_trait]
pub trait ConversationApi: Send + Sync {
    /// The number's starters and commands.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers/conversational-components>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::ConversationApi;
    /// # async fn demo(meta: &dyn ConversationApi, access: &Access) -> Result<(), CloudError> {
    /// let starters = meta.conversation_starters(access).await?;
    /// println!("{:?}", starters.prompts);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn conversation_starters(
        &self,
        access: &Access,
    ) -> Result<ConversationStarters, CloudError>;
    /// Sets the number's starters and commands, in place of all it has.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers/conversational-components>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{ConversationApi, ConversationStarters};
    /// # async fn demo(meta: &dyn ConversationApi, access: &Access) -> Result<(), CloudError> {
    /// let starters = ConversationStarters::new().prompt("Where is my order?").command("track", "Track an order");
    /// meta.set_conversation_starters(access, &starters).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] with field, limit and actual value before the call, else by situation.
    async fn set_conversation_starters(
        &self,
        access: &Access,
        starters: &ConversationStarters,
    ) -> Result<(), CloudError>;
}
