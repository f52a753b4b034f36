//! Figures of an account: messages, conversations, costs.

use serde_json::Value;

use crate::api::{AnalyticsApi, AnalyticsQuery, ConversationPoint, MessageAnalytics, PricingPoint};
use crate::transport::{GraphRequest, Transport};
use crate::{Access, CloudError};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> AnalyticsApi for T {
    async fn message_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<MessageAnalytics, CloudError> {
        let answer = field(self, access, query.messages_field()?).await?;
        Ok(MessageAnalytics::read(answer.get("analytics").unwrap_or(&Value::Null)))
    }
    async fn conversation_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<ConversationPoint>, CloudError> {
        const NAME: &str = "conversation_analytics";
        let answer = field(self, access, query.divided_field(NAME)?).await?;
        Ok(points(&answer, NAME).map(ConversationPoint::read).collect())
    }
    async fn pricing_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<PricingPoint>, CloudError> {
        const NAME: &str = "pricing_analytics";
        let answer = field(self, access, query.divided_field(NAME)?).await?;
        Ok(points(&answer, NAME).map(PricingPoint::read).collect())
    }
}

async fn field<T: Transport + ?Sized>(
    transport: &T,
    access: &Access,
    field: String,
) -> Result<Value, CloudError> {
    let request =
        GraphRequest::get(&access.token, [access.waba_id.as_str()]).query("fields", field);
    Ok(transport.exchange(request).await?.body)
}

/// The data points of all parts of an answer.
fn points<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let parts = answer.get(name).and_then(|field| field.get("data")).and_then(Value::as_array);
    let points = |part: &'a Value| part.get("data_points").and_then(Value::as_array);
    parts.into_iter().flatten().filter_map(points).flatten()
}
