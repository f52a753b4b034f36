//! Conversation starters, commands, and the welcome.

use serde_json::Value;

use super::{done, on_number, wire};
use crate::api::{ConversationApi, ConversationStarters};
use crate::transport::{GraphRequest, Transport};
use crate::{Access, CloudError};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> ConversationApi for T {
    async fn conversation_starters(
        &self,
        access: &Access,
    ) -> Result<ConversationStarters, CloudError> {
        let request = GraphRequest::get(&access.token, [access.phone_number_id.as_str()])
            .query("fields", "conversational_automation");
        let answer = self.exchange(request).await?.body;
        let starters = answer.get("conversational_automation").unwrap_or(&Value::Null);
        Ok(ConversationStarters::read(starters))
    }
    async fn set_conversation_starters(
        &self,
        access: &Access,
        starters: &ConversationStarters,
    ) -> Result<(), CloudError> {
        starters.check()?;
        done(self.exchange(on_number(access, "conversational_automation", wire(starters)?)).await?)
    }
}
