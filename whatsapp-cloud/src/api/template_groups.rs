//! Groups of templates, which Meta judges together.

use async_trait::async_trait;

use crate::template::{
    AnalyticsQuery, GroupPage, TemplateFigures, TemplateGroup, TemplateGroupDraft,
};
use crate::{Access, CloudError};

/// Manages groups of templates, which are judged together.
#[async_trait]
pub trait TemplateGroupApi: Send + Sync {
    /// One page of the account's groups
    /// (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/template_groups/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateGroupApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// println!("{} groups", meta.template_groups(access, None).await?.groups.len());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn template_groups(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<GroupPage, CloudError>;
    /// Makes a group and gives its id
    /// (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/template_groups/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateGroupApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::TemplateGroupDraft;
    /// let group = TemplateGroupDraft::named("Autumn").with_templates(["1703318840276615"]);
    /// let id = meta.create_template_group(access, &group).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] without a name, before the call; else by situation.
    async fn create_template_group(
        &self,
        access: &Access,
        group: &TemplateGroupDraft,
    ) -> Result<String, CloudError>;
    /// One group (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/template_groups/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateGroupApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// println!("{}", meta.template_group(access, "5120").await?.name);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn template_group(&self, access: &Access, id: &str) -> Result<TemplateGroup, CloudError>;
    /// Changes a group
    /// (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/template_groups/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateGroupApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::TemplateGroupDraft;
    /// let change = TemplateGroupDraft::default().without_templates(["1703318840276615"]);
    /// meta.edit_template_group(access, "5120", &change).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn edit_template_group(
        &self,
        access: &Access,
        id: &str,
        change: &TemplateGroupDraft,
    ) -> Result<(), CloudError>;
    /// Deletes a group; its templates stay
    /// (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/template_groups/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateGroupApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// meta.delete_template_group(access, "5120").await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn delete_template_group(&self, access: &Access, id: &str) -> Result<(), CloudError>;
    /// How groups did, day by day; the ids of the query are those of groups
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/analytics>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateGroupApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::AnalyticsQuery;
    /// use whatsapp_core::{Span, Timestamp};
    /// let end = Timestamp::from_seconds(1_790_000_000);
    /// let days = meta.template_group_analytics(access, &AnalyticsQuery::new(end + Span::days(-7), end, ["5120"])).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] of more than ten ids, before the call; else by situation.
    async fn template_group_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<TemplateFigures>, CloudError>;
}
