//! The Marketing Messages API.

use serde_json::json;

use super::on_number;
use crate::answer::read_sent;
use crate::api::{MarketingApi, MarketingMessage, SentMessage};
use crate::send::to_wire;
use crate::transport::Transport;
use crate::{Access, CloudError};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> MarketingApi for T {
    async fn send_marketing(
        &self,
        access: &Access,
        message: &MarketingMessage,
    ) -> Result<SentMessage, CloudError> {
        let mut body = to_wire(&message.message)?;
        if body.get("type").and_then(serde_json::Value::as_str) != Some("template") {
            return Err(CloudError::invalid("type", "only a template can be sent this way"));
        }
        if let Some(map) = body.as_object_mut() {
            let policy = message.product_policy.as_ref();
            map.extend(policy.map(|policy| ("product_policy".to_owned(), json!(policy))));
            let share = message.message_activity_sharing;
            map.extend(share.map(|share| ("message_activity_sharing".to_owned(), json!(share))));
        }
        read_sent(&self.exchange(on_number(access, "marketing_messages", body)).await?.body)
    }
}
