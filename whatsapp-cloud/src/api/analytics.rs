//! Figures of an account: messages, conversations, costs.

use async_trait::async_trait;

use super::{AnalyticsQuery, ConversationPoint, MessageAnalytics, PricingPoint};
use crate::{Access, CloudError};

/// Counts what was sent and what it cost.
#[async_trait]
pub trait AnalyticsApi: Send + Sync {
    /// Messages sent and delivered.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/analytics>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{AnalyticsApi, AnalyticsQuery, Granularity};
    /// # use whatsapp_core::Timestamp;
    /// # async fn demo(meta: &dyn AnalyticsApi, access: &Access) -> Result<(), CloudError> {
    /// let (start, end) = (Timestamp::from_seconds(1_789_827_200), Timestamp::from_seconds(1_790_000_000));
    /// let query = AnalyticsQuery::new(start, end, Granularity::Day);
    /// for point in meta.message_analytics(access, &query).await?.points {
    ///     println!("{:?} of {:?}", point.delivered, point.sent);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] of a query that is none, else by situation.
    async fn message_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<MessageAnalytics, CloudError>;
    /// Conversations, as Meta counted and priced them until the middle of 2025.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/analytics>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{AnalyticsApi, AnalyticsQuery, Dimension, Granularity};
    /// # use whatsapp_core::Timestamp;
    /// # async fn demo(meta: &dyn AnalyticsApi, access: &Access) -> Result<(), CloudError> {
    /// let (start, end) = (Timestamp::from_seconds(1_789_827_200), Timestamp::from_seconds(1_790_000_000));
    /// let query = AnalyticsQuery::new(start, end, Granularity::Day).by(Dimension::Country);
    /// let points = meta.conversation_analytics(access, &query).await?;
    /// println!("{} figures", points.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] of a query that is none, else by situation.
    async fn conversation_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<ConversationPoint>, CloudError>;
    /// Messages by price, and what they cost.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-management-api/analytics>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{AnalyticsApi, AnalyticsQuery, Dimension, Granularity};
    /// # use whatsapp_core::Timestamp;
    /// # async fn demo(meta: &dyn AnalyticsApi, access: &Access) -> Result<(), CloudError> {
    /// let (start, end) = (Timestamp::from_seconds(1_789_827_200), Timestamp::from_seconds(1_790_000_000));
    /// let query = AnalyticsQuery::new(start, end, Granularity::Day).by(Dimension::PricingCategory);
    /// let points = meta.pricing_analytics(access, &query).await?;
    /// let cost: f64 = points.iter().filter_map(|point| point.cost).sum();
    /// println!("{cost}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] of a query that is none, else by situation.
    async fn pricing_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<PricingPoint>, CloudError>;
}
