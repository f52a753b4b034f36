//! Managing the templates of an account. Every draft is checked by Meta's rules before the call.

use async_trait::async_trait;

use super::TemplatePage;
use crate::template::{
    AnalyticsQuery, AuthenticationPreview, AuthenticationUpsert, CreatedTemplate, LibraryDraft,
    LibraryFilter, LibraryPage, Migration, MigrationQuery, PreviewQuery, RemoteTemplate,
    TemplateComparison, TemplateDraft, TemplateEdit, TemplateFigures, TemplateFilter, Unpaused,
    UpsertedTemplate,
};
use crate::{Access, CloudError};
use whatsapp_core::Timestamp;

/// Manages templates.
#[async_trait]
pub trait TemplateAdminApi: Send + Sync {
    /// Hands a new template to Meta; whether it is approved is told by webhook
    /// (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::{Body, TemplateDraft};
    /// let draft = TemplateDraft::utility("order_update", "en_US")
    ///     .body(Body::new("Hello {{1}}, your order has left us.").samples(["Ana"]));
    /// let made = meta.create_template(access, &draft).await?;
    /// println!("{} is {}", made.id, made.status.as_str());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] and [`CloudError::Invalid`] of the field that breaks a rule, before the call; else
    /// by situation.
    async fn create_template(
        &self,
        access: &Access,
        draft: &TemplateDraft,
    ) -> Result<CreatedTemplate, CloudError>;
    /// One template, with all that Meta says of it
    /// (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-hsm/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// let template = meta.get_template(access, "1703318840276615").await?;
    /// println!("{} since {:?}", template.quality.as_str(), template.quality_since);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn get_template(&self, access: &Access, id: &str) -> Result<RemoteTemplate, CloudError>;
    /// Changes a template that is approved, rejected or paused; its parts are replaced whole
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates#edit-a-message-template>).
    /// An approved one can be changed once in 24 hours and ten times in 30 days.
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::{Body, TemplateDraft, TemplateEdit};
    /// let new = TemplateDraft::utility("order_update", "en_US").body(Body::new("Your order has left us."));
    /// meta.edit_template(access, "1703318840276615", &TemplateEdit::parts_of(new)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] and [`CloudError::Invalid`] before the call; else by situation.
    async fn edit_template(
        &self,
        access: &Access,
        id: &str,
        edit: &TemplateEdit,
    ) -> Result<(), CloudError>;
    /// Deletes a template in all its languages
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates#delete-a-message-template>).
    /// The name of an approved one cannot be used for 30 days.
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// meta.delete_template_by_name(access, "order_update").await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn delete_template_by_name(&self, access: &Access, name: &str) -> Result<(), CloudError>;
    /// Deletes a template in one language; Meta wants its id and its name
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates#delete-a-message-template>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// meta.delete_template(access, "1703318840276615", "order_update").await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn delete_template(
        &self,
        access: &Access,
        id: &str,
        name: &str,
    ) -> Result<(), CloudError>;
    /// Deletes up to 100 templates by their ids, all or none
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates#delete-a-message-template>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// meta.delete_templates(access, &["1703318840276615".into(), "1689556908129833".into()]).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] of more than 100, before the call; else by situation.
    async fn delete_templates(&self, access: &Access, ids: &[String]) -> Result<(), CloudError>;
    /// One page of templates
    /// (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates/>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::TemplateFilter;
    /// let page = meta.list_templates(access, &TemplateFilter::all().status("APPROVED"), None).await?;
    /// println!("{} of them, more: {}", page.templates.len(), page.next.is_some());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation; Meta's code 131059 when the cursor no longer holds.
    async fn list_templates(
        &self,
        access: &Access,
        filter: &TemplateFilter,
        after: Option<&str>,
    ) -> Result<TemplatePage, CloudError>;
    /// All pages of templates; begins once more when a cursor no longer holds
    /// (<https://developers.facebook.com/docs/graph-api/results>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::TemplateFilter;
    /// for template in meta.all_templates(access, &TemplateFilter::all()).await? {
    ///     println!("{} ({})", template.name, template.language);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn all_templates(
        &self,
        access: &Access,
        filter: &TemplateFilter,
    ) -> Result<Vec<RemoteTemplate>, CloudError>;
    /// Lifts a pause that pacing has set
    /// (<https://developers.facebook.com/docs/whatsapp/message-templates/guidelines#template-pausing>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// let lifted = meta.unpause_template(access, "1703318840276615").await?;
    /// println!("{} {:?}", lifted.success, lifted.reason);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn unpause_template(&self, access: &Access, id: &str) -> Result<Unpaused, CloudError>;
    /// Sets two templates side by side, between two moments of the last 90 days
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/template-comparison>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_core::{Span, Timestamp};
    /// let end = Timestamp::from_seconds(1_790_000_000);
    /// let both = meta.compare_templates(access, "170", "168", end + Span::days(-7), end).await?;
    /// println!("least blocked: {:?}", both.least_blocked.first());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn compare_templates(
        &self,
        access: &Access,
        id: &str,
        other: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<TemplateComparison, CloudError>;
    /// Makes or changes a one-time code's template in many languages
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates/bulk-management>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::{Authentication, AuthenticationUpsert};
    /// let code = Authentication::copy_code().expires_after_minutes(5);
    /// let all = AuthenticationUpsert::new("login_code", ["en_US", "pt_BR"], code);
    /// for one in meta.upsert_authentication_templates(access, &all).await? {
    ///     println!("{}: {}", one.language, one.id);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] and [`CloudError::Invalid`] before the call; else by situation.
    async fn upsert_authentication_templates(
        &self,
        access: &Access,
        upsert: &AuthenticationUpsert,
    ) -> Result<Vec<UpsertedTemplate>, CloudError>;
    /// The words that Meta writes in one-time codes' templates
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates#template-previews>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::PreviewQuery;
    /// let query = PreviewQuery::new(["en_US"]).security_recommendation();
    /// println!("{:?}", meta.preview_authentication_templates(access, &query).await?.first());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn preview_authentication_templates(
        &self,
        access: &Access,
        query: &PreviewQuery,
    ) -> Result<Vec<AuthenticationPreview>, CloudError>;
    /// Looks into Meta's library of ready templates
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/template-library>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::LibraryFilter;
    /// for entry in meta.template_library(access, &LibraryFilter::search("delivery")).await?.templates {
    ///     println!("{}: {}", entry.name, entry.body);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn template_library(
        &self,
        access: &Access,
        filter: &LibraryFilter,
    ) -> Result<LibraryPage, CloudError>;
    /// Makes a template from an entry of the library; it is approved at once
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/template-library>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::LibraryDraft;
    /// meta.create_from_library(access, &LibraryDraft::new("paid", "en_US", "payment_confirmation_1")).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::Invalid`] before the call; else by situation.
    async fn create_from_library(
        &self,
        access: &Access,
        draft: &LibraryDraft,
    ) -> Result<CreatedTemplate, CloudError>;
    /// Copies templates of another account of the portfolio into this one
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/template-migration>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::MigrationQuery;
    /// let moved = meta.migrate_templates(access, &MigrationQuery::from("104551238800917")).await?;
    /// println!("{} copied, {} not", moved.migrated.len(), moved.failed.len());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn migrate_templates(
        &self,
        access: &Access,
        query: &MigrationQuery,
    ) -> Result<Migration, CloudError>;
    /// Puts templates away: they keep their name and cannot be sent
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// meta.archive_templates(access, &["1703318840276615".into()]).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn archive_templates(&self, access: &Access, ids: &[String]) -> Result<(), CloudError>;
    /// Takes templates out of the archive
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// meta.unarchive_templates(access, &["1703318840276615".into()]).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn unarchive_templates(&self, access: &Access, ids: &[String]) -> Result<(), CloudError>;
    /// Lets Meta count how templates do. This cannot be taken back
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/analytics#template-analytics>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// meta.enable_template_insights(access).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn enable_template_insights(&self, access: &Access) -> Result<(), CloudError>;
    /// How templates did, day by day: sent, delivered, read, taps of each button, cost
    /// (<https://developers.facebook.com/docs/whatsapp/business-management-api/analytics#template-analytics>).
    ///
    /// ```no_run
    /// # async fn demo(meta: &dyn whatsapp_cloud::TemplateAdminApi, access: &whatsapp_cloud::Access) -> Result<(), whatsapp_cloud::CloudError> {
    /// use whatsapp_cloud::template::AnalyticsQuery;
    /// use whatsapp_core::{Span, Timestamp};
    /// let end = Timestamp::from_seconds(1_790_000_000);
    /// let week = AnalyticsQuery::new(end + Span::days(-7), end, ["1703318840276615"]);
    /// for day in meta.template_analytics(access, &week).await? {
    ///     println!("{:?} sent, {:?} read", day.sent, day.read);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] of more than ten ids, before the call; else by situation. Meta's code 200007
    /// means that [`TemplateAdminApi::enable_template_insights`] was never called.
    async fn template_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<TemplateFigures>, CloudError>;
}
