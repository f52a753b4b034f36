//! Numbers, templates and the subscription of an account, over the Graph API.

use reqwest::Method;
use serde_json::json;
use whatsapp_core::Secret;

use crate::Access;
use crate::answer::{data, next_cursor, read_app, read_number, unreadable};
use crate::api::{
    AccountApi, CallbackOverride, NumberDetails, SubscribedApp, TemplateApi, TemplatePage,
};
use crate::client::GraphClient;
use crate::error::CloudError;
use crate::proof::{self, app_secret_proof, secret_refused};
use crate::template::RemoteTemplate;

const NUMBER_FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,status,throughput,is_on_biz_app,platform_type";
const TEMPLATE_FIELDS: &str =
    "id,name,language,status,category,parameter_format,components,quality_score,rejected_reason";
/// Meta caps a page; so many numbers or templates no account has.
const PAGES_MAX: usize = 100;

#[async_trait::async_trait]
impl AccountApi for GraphClient {
    async fn phone_number(&self, access: &Access) -> Result<NumberDetails, CloudError> {
        let request =
            self.request(Method::GET, &access.token, &[access.phone_number_id.as_str()])?;
        let answer = self.call(request.query(&[("fields", NUMBER_FIELDS)])).await?;
        read_number(&answer).ok_or_else(|| unreadable("no number"))
    }
    async fn phone_numbers(&self, access: &Access) -> Result<Vec<NumberDetails>, CloudError> {
        let mut numbers = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let path = [access.waba_id.as_str(), "phone_numbers"];
            let mut request = self
                .request(Method::GET, &access.token, &path)?
                .query(&[("fields", NUMBER_FIELDS), ("limit", "100")]);
            if let Some(after) = &after {
                request = request.query(&[("after", after)]);
            }
            let answer = self.call(request).await?;
            numbers.extend(data(&answer).filter_map(read_number));
            after = next_cursor(&answer);
            if after.is_none() {
                break;
            }
        }
        Ok(numbers)
    }
    async fn check_app_secret(&self, access: &Access, secret: &Secret) -> Result<(), CloudError> {
        let proof = app_secret_proof(&access.token, secret)?;
        let request =
            self.request(Method::GET, &access.token, &[access.phone_number_id.as_str()])?;
        let query = [("fields", "id"), (proof::PARAMETER, proof.as_str())];
        self.call(request.query(&query)).await.map(drop).map_err(secret_refused)
    }
    async fn subscribe_app(
        &self,
        access: &Access,
        callback: Option<CallbackOverride>,
    ) -> Result<(), CloudError> {
        let body = callback.map_or_else(
            || json!({}),
            |to| json!({"override_callback_uri": to.url, "verify_token": to.verify_token.expose()}),
        );
        let path = [access.waba_id.as_str(), "subscribed_apps"];
        self.call(self.request(Method::POST, &access.token, &path)?.json(&body)).await.map(drop)
    }
    async fn unsubscribe_app(&self, access: &Access) -> Result<(), CloudError> {
        let path = [access.waba_id.as_str(), "subscribed_apps"];
        self.call(self.request(Method::DELETE, &access.token, &path)?).await.map(drop)
    }
    async fn subscribed_apps(&self, access: &Access) -> Result<Vec<SubscribedApp>, CloudError> {
        let path = [access.waba_id.as_str(), "subscribed_apps"];
        let answer = self.call(self.request(Method::GET, &access.token, &path)?).await?;
        Ok(data(&answer).filter_map(read_app).collect())
    }
}

#[async_trait::async_trait]
impl TemplateApi for GraphClient {
    async fn list(&self, access: &Access, after: Option<&str>) -> Result<TemplatePage, CloudError> {
        let path = [access.waba_id.as_str(), "message_templates"];
        let mut request = self
            .request(Method::GET, &access.token, &path)?
            .query(&[("fields", TEMPLATE_FIELDS), ("limit", "100")]);
        if let Some(after) = after {
            request = request.query(&[("after", after)]);
        }
        let answer = self.call(request).await?;
        let templates = data(&answer).filter_map(RemoteTemplate::read).collect();
        Ok(TemplatePage { templates, next: next_cursor(&answer) })
    }
}
