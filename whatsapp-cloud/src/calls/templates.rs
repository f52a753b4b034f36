//! The templates of an account.

use crate::Access;
use crate::answer::{data, next_cursor};
use crate::api::{TemplateApi, TemplatePage};
use crate::error::CloudError;
use crate::template::RemoteTemplate;
use crate::transport::{GraphRequest, Transport};

/// What is asked of each template of a list.
pub(super) const TEMPLATE_FIELDS: &str = "id,name,language,status,category,sub_category,parameter_format,components,quality_score,rejected_reason,correct_category,previous_category,message_send_ttl_seconds,library_template_name";

#[async_trait::async_trait]
impl<T: Transport + ?Sized> TemplateApi for T {
    async fn list(&self, access: &Access, after: Option<&str>) -> Result<TemplatePage, CloudError> {
        let request =
            GraphRequest::get(&access.token, [access.waba_id.as_str(), "message_templates"])
                .query("fields", TEMPLATE_FIELDS)
                .query("limit", "100")
                .query_some("after", after);
        let answer = self.exchange(request).await?.body;
        let templates = data(&answer).filter_map(RemoteTemplate::read_entry).collect();
        Ok(TemplatePage { templates, next: next_cursor(&answer) })
    }
}
