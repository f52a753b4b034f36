//! Groups of templates.

use super::template_admin::figures;
use super::{done, of_object};
use crate::Access;
use crate::answer::{data, next_cursor, unreadable};
use crate::api::TemplateGroupApi;
use crate::error::CloudError;
use crate::template::{
    AnalyticsQuery, GroupPage, TemplateFigures, TemplateGroup, TemplateGroupDraft,
};
use crate::transport::{GraphRequest, Transport};
use crate::webhook::text_of;

const EDGE: &str = "template_groups";
const FIELDS: &str = "id,name,description,whatsapp_business_templates";

#[async_trait::async_trait]
impl<T: Transport + ?Sized> TemplateGroupApi for T {
    async fn template_groups(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<GroupPage, CloudError> {
        let request = GraphRequest::get(&access.token, [access.waba_id.as_str(), EDGE])
            .query("fields", FIELDS)
            .query_some("after", after);
        let answer = self.exchange(request).await?.body;
        let groups = data(&answer).filter_map(TemplateGroup::read).collect();
        Ok(GroupPage { groups, next: next_cursor(&answer) })
    }
    async fn create_template_group(
        &self,
        access: &Access,
        group: &TemplateGroupDraft,
    ) -> Result<String, CloudError> {
        if group.name.as_deref().is_none_or(|name| name.trim().is_empty()) {
            return Err(CloudError::invalid("name", "a group has a name"));
        }
        let path = [access.waba_id.as_str(), EDGE];
        let request = GraphRequest::post(&access.token, path, group.to_wire(true));
        let answer = self.exchange(request).await?.body;
        text_of(&answer, "id").ok_or_else(|| unreadable("a group without an id"))
    }
    async fn template_group(&self, access: &Access, id: &str) -> Result<TemplateGroup, CloudError> {
        let request = GraphRequest::get(&access.token, [id]).query("fields", FIELDS);
        TemplateGroup::read(&of_object(self, request).await?.body)
            .ok_or_else(|| unreadable("no group"))
    }
    async fn edit_template_group(
        &self,
        access: &Access,
        id: &str,
        change: &TemplateGroupDraft,
    ) -> Result<(), CloudError> {
        let request = GraphRequest::post(&access.token, [id], change.to_wire(false));
        done(of_object(self, request).await?)
    }
    async fn delete_template_group(&self, access: &Access, id: &str) -> Result<(), CloudError> {
        done(of_object(self, GraphRequest::delete(&access.token, [id])).await?)
    }
    async fn template_group_analytics(
        &self,
        access: &Access,
        query: &AnalyticsQuery,
    ) -> Result<Vec<TemplateFigures>, CloudError> {
        let request = figures(access, query, "template_group_analytics", "template_group_ids")?;
        Ok(TemplateFigures::read_all(&self.exchange(request).await?.body))
    }
}
