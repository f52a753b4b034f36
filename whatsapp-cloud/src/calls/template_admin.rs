//! Managing the templates of an account.

use serde_json::{Value, json};
use whatsapp_core::Timestamp;

use super::templates::TEMPLATE_FIELDS;
use super::{done, of_object};
use crate::Access;
use crate::answer::{data, next_cursor, unreadable};
use crate::api::{TemplateAdminApi, TemplatePage};
use crate::error::CloudError;
use crate::template::{
    AnalyticsQuery, AuthenticationPreview, AuthenticationUpsert, CreatedTemplate, LibraryDraft,
    LibraryFilter, LibraryPage, LibraryTemplate, Migration, MigrationQuery, PreviewQuery,
    RemoteTemplate, TemplateComparison, TemplateDraft, TemplateEdit, TemplateFigures,
    TemplateFilter, Unpaused, UpsertedTemplate, rules,
};
use crate::transport::{GraphRequest, Host, Transport};

const EDGE: &str = "message_templates";
/// So many templates, a hundred on a page, no account has.
const PAGES_MAX: usize = 200;
/// Meta's code for a cursor that no longer holds.
const BAD_CURSOR: i64 = 131_059;

#[async_trait::async_trait]
impl<T: Transport + ?Sized> TemplateAdminApi for T {
    async fn create_template(
        &self,
        access: &Access,
        draft: &TemplateDraft,
    ) -> Result<CreatedTemplate, CloudError> {
        let wire = draft.to_wire();
        rules::check_wire(&wire)?;
        create(self, access, wire).await
    }
    async fn get_template(&self, access: &Access, id: &str) -> Result<RemoteTemplate, CloudError> {
        let request = GraphRequest::get(&access.token, [id]).query("fields", MORE_FIELDS);
        RemoteTemplate::read(&of_object(self, request).await?.body)
            .ok_or_else(|| unreadable("no template"))
    }
    async fn edit_template(
        &self,
        access: &Access,
        id: &str,
        edit: &TemplateEdit,
    ) -> Result<(), CloudError> {
        rules::check_edit(edit)?;
        let request = GraphRequest::post(&access.token, [id], edit.to_wire());
        done(of_object(self, request).await?)
    }
    async fn delete_template_by_name(&self, access: &Access, name: &str) -> Result<(), CloudError> {
        done(self.exchange(deletion(access).query("name", name)).await?)
    }
    async fn delete_template(
        &self,
        access: &Access,
        id: &str,
        name: &str,
    ) -> Result<(), CloudError> {
        let request = deletion(access).query("hsm_id", id).query("name", name);
        done(self.exchange(request).await?)
    }
    async fn delete_templates(&self, access: &Access, ids: &[String]) -> Result<(), CloudError> {
        check_count("hsm_ids", ids, rules::DELETE_MAX)?;
        let request = deletion(access).query("hsm_ids", json!(ids).to_string());
        done(self.exchange(request).await?)
    }
    async fn list_templates(
        &self,
        access: &Access,
        filter: &TemplateFilter,
        after: Option<&str>,
    ) -> Result<TemplatePage, CloudError> {
        let answer = self.exchange(listing(access, filter, after)).await?.body;
        let templates = data(&answer).filter_map(RemoteTemplate::read_entry).collect();
        Ok(TemplatePage { templates, next: next_cursor(&answer) })
    }
    async fn all_templates(
        &self,
        access: &Access,
        filter: &TemplateFilter,
    ) -> Result<Vec<RemoteTemplate>, CloudError> {
        let (mut all, mut after, mut again) = (Vec::new(), None::<String>, true);
        for _ in 0..PAGES_MAX {
            match self.list_templates(access, filter, after.as_deref()).await {
                Ok(page) => {
                    all.extend(page.templates);
                    after = page.next;
                    if after.is_none() {
                        return Ok(all);
                    }
                }
                Err(error) if again && after.is_some() && is_bad_cursor(&error) => {
                    again = false;
                    all.clear();
                    after = None;
                }
                Err(error) => return Err(error),
            }
        }
        Err(unreadable("a list without an end"))
    }
    async fn unpause_template(&self, access: &Access, id: &str) -> Result<Unpaused, CloudError> {
        let request = GraphRequest::post(&access.token, [id, "unpause"], json!({}));
        Ok(Unpaused::read(&of_object(self, request).await?.body))
    }
    async fn compare_templates(
        &self,
        access: &Access,
        id: &str,
        other: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<TemplateComparison, CloudError> {
        let request = GraphRequest::get(&access.token, [id, "compare"])
            .query("template_ids", json!([other]).to_string())
            .query("start", start.seconds().to_string())
            .query("end", end.seconds().to_string());
        Ok(TemplateComparison::read(&of_object(self, request).await?.body))
    }
    async fn upsert_authentication_templates(
        &self,
        access: &Access,
        upsert: &AuthenticationUpsert,
    ) -> Result<Vec<UpsertedTemplate>, CloudError> {
        if upsert.languages.is_empty() {
            return Err(CloudError::invalid("languages", "name at least one language"));
        }
        for (index, language) in upsert.languages.iter().enumerate() {
            rules::check_language(&format!("languages[{index}]"), language)?;
            rules::check_draft(&upsert.draft(language))?;
        }
        let path = [access.waba_id.as_str(), "upsert_message_templates"];
        let answer =
            self.exchange(GraphRequest::post(&access.token, path, upsert.to_wire())).await?;
        Ok(data(&answer.body).filter_map(UpsertedTemplate::read).collect())
    }
    async fn preview_authentication_templates(
        &self,
        access: &Access,
        query: &PreviewQuery,
    ) -> Result<Vec<AuthenticationPreview>, CloudError> {
        let path = [access.waba_id.as_str(), "message_template_previews"];
        let languages = Some(query.languages.join(",")).filter(|codes| !codes.is_empty());
        let request = GraphRequest::get(&access.token, path)
            .query("category", "AUTHENTICATION")
            .query("button_types", "OTP")
            .query_some("languages", languages)
            .query("add_security_recommendation", query.security_recommendation.to_string())
            .query_some(
                "code_expiration_minutes",
                query.expires_after_minutes.map(|minutes| minutes.to_string()),
            );
        let answer = self.exchange(request).await?.body;
        Ok(data(&answer).filter_map(AuthenticationPreview::read).collect())
    }
    async fn template_library(
        &self,
        access: &Access,
        filter: &LibraryFilter,
    ) -> Result<LibraryPage, CloudError> {
        let request = GraphRequest::get(&access.token, ["message_template_library"])
            .query_some("search", filter.search.as_deref())
            .query_some("topic", filter.topic.as_deref())
            .query_some("usecase", filter.usecase.as_deref())
            .query_some("industry", filter.industry.as_deref())
            .query_some("language", filter.language.as_deref())
            .query_some("after", filter.after.as_deref());
        let answer = self.exchange(request).await?.body;
        let templates = data(&answer).filter_map(LibraryTemplate::read).collect();
        Ok(LibraryPage { templates, next: next_cursor(&answer) })
    }
    async fn create_from_library(
        &self,
        access: &Access,
        draft: &LibraryDraft,
    ) -> Result<CreatedTemplate, CloudError> {
        rules::check_library(draft)?;
        create(self, access, draft.to_wire()).await
    }
    async fn migrate_templates(
        &self,
        access: &Access,
        query: &MigrationQuery,
    ) -> Result<Migration, CloudError> {
        let path = [access.waba_id.as_str(), "migrate_message_templates"];
        let request = GraphRequest::post(&access.token, path, json!({}))
            .query("source_waba_id", query.source_waba_id.as_str())
            .query_some("page_number", query.page_number.map(|number| number.to_string()))
            .query_some("count", query.count.map(|count| count.to_string()));
        Ok(Migration::read(&self.exchange(request).await?.body))
    }
    async fn archive_templates(&self, access: &Access, ids: &[String]) -> Result<(), CloudError> {
        check_count("hsm_ids", ids, usize::MAX)?;
        done(self.exchange(archive(access, "archive", ids)).await?)
    }
    async fn unarchive_templates(&self, access: &Access, ids: &[String]) -> Result<(), CloudError> {
        check_count("hsm_ids", ids, usize::MAX)?;
        done(self.exchange(archive(access, "unarchive", ids)).await?)
    }
    async fn enable_template_insights(&self, access: &Access) -> Result<(), CloudError> {
        let request = GraphRequest::post(&access.token, [access.waba_id.as_str()], json!({}))
            .query("is_enabled_for_insights", "true");
        done(self.exchange(request).await?)
    }
    async fn template_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<TemplateFigures>, CloudError> {
        let request = figures(access, query, "template_analytics", "template_ids")?;
        Ok(TemplateFigures::read_all(&self.exchange(request).await?.body))
    }
}

/// What is asked of a single template: all that a list says, and how it stands.
const MORE_FIELDS: &str = "id,name,language,status,category,sub_category,parameter_format,components,quality_score,rejected_reason,correct_category,previous_category,message_send_ttl_seconds,library_template_name,cta_url_link_tracking_opted_out,health_status";

async fn create<T: Transport + ?Sized>(
    meta: &T,
    access: &Access,
    body: Value,
) -> Result<CreatedTemplate, CloudError> {
    let path = [access.waba_id.as_str(), EDGE];
    let answer = meta.exchange(GraphRequest::post(&access.token, path, body)).await?.body;
    CreatedTemplate::read(&answer).ok_or_else(|| unreadable("a template without an id"))
}

fn deletion(access: &Access) -> GraphRequest {
    GraphRequest::delete(&access.token, [access.waba_id.as_str(), EDGE])
}

fn archive(access: &Access, what: &str, ids: &[String]) -> GraphRequest {
    let path = [access.waba_id.as_str(), EDGE, what];
    let body = json!({"hsm_ids": ids.join(",")});
    GraphRequest::post(&access.token, path, body).host(Host::Api)
}

fn listing(access: &Access, filter: &TemplateFilter, after: Option<&str>) -> GraphRequest {
    let category = filter.category.map(|category| category.as_str().to_ascii_uppercase());
    GraphRequest::get(&access.token, [access.waba_id.as_str(), EDGE])
        .query("fields", TEMPLATE_FIELDS)
        .query("limit", filter.limit.unwrap_or(100).to_string())
        .query_some("status", filter.status.as_deref())
        .query_some("name", filter.name.as_deref())
        .query_some("name_or_content", filter.name_or_content.as_deref())
        .query_some("content", filter.content.as_deref())
        .query_some("category", category)
        .query_some("language", filter.language.as_deref())
        .query_some("quality_score", filter.quality_score.as_deref())
        .query_some("after", after)
}

fn is_bad_cursor(error: &CloudError) -> bool {
    error.provider().is_some_and(|provider| provider.code == BAD_CURSOR)
}

fn check_count(field: &str, ids: &[String], limit: usize) -> Result<(), CloudError> {
    if ids.is_empty() {
        return Err(CloudError::invalid(field, "name at least one id"));
    }
    if ids.len() <= limit {
        return Ok(());
    }
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let (limit, actual) = (number(limit), number(ids.len()));
    Err(CloudError::OverLimit { field: field.to_owned(), limit, actual, unit: "ids" })
}

/// A question for figures, of templates or of groups of them.
pub(super) fn figures(
    access: &Access,
    query: &AnalyticsQuery,
    edge: &str,
    ids: &str,
) -> Result<GraphRequest, CloudError> {
    check_count(ids, &query.ids, rules::ANALYTICS_MAX)?;
    let every = ["sent", "delivered", "read", "clicked", "cost"].join(",");
    let metrics = if query.metrics.is_empty() { every } else { query.metrics.join(",") };
    let local = query.use_waba_timezone.then_some("true");
    Ok(GraphRequest::get(&access.token, [access.waba_id.as_str(), edge])
        .query("start", query.start.seconds().to_string())
        .query("end", query.end.seconds().to_string())
        .query("granularity", "daily")
        .query(ids, json!(query.ids).to_string())
        .query("metric_types", metrics)
        .query_some("product_type", query.product_type.as_deref())
        .query_some("use_waba_timezone", local))
}
