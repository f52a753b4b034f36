//! Numbers and the subscription of an account.

use serde_json::json;
use whatsapp_core::Secret;

use super::done;
use crate::answer::{data, next_cursor, read_app, read_number, unreadable};
use crate::api::{AccountApi, CallbackOverride, NumberDetails, SubscribedApp};
use crate::error::CloudError;
use crate::proof::{self, app_secret_proof, secret_refused};
use crate::transport::{GraphRequest, Transport};
use crate::{Access, bounds};

const NUMBER_FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,status,throughput,is_on_biz_app,platform_type";
/// Meta caps a page; so many numbers or templates no account has.
const PAGES_MAX: usize = 100;

#[async_trait::async_trait]
impl<T: Transport + ?Sized> AccountApi for T {
    async fn phone_number(&self, access: &Access) -> Result<NumberDetails, CloudError> {
        let request = GraphRequest::get(&access.token, [access.phone_number_id.as_str()])
            .query("fields", NUMBER_FIELDS);
        read_number(&self.exchange(request).await?.body).ok_or_else(|| unreadable("no number"))
    }
    async fn phone_numbers(&self, access: &Access) -> Result<Vec<NumberDetails>, CloudError> {
        let mut numbers = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let path = [access.waba_id.as_str(), "phone_numbers"];
            let request = GraphRequest::get(&access.token, path)
                .query("fields", NUMBER_FIELDS)
                .query("limit", "100")
                .query_some("after", after.as_deref());
            let answer = self.exchange(request).await?.body;
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
        let request = GraphRequest::get(&access.token, [access.phone_number_id.as_str()])
            .query("fields", "id")
            .query(proof::PARAMETER, proof);
        self.exchange(request).await.map(drop).map_err(secret_refused)
    }
    async fn subscribe_app(
        &self,
        access: &Access,
        callback: Option<CallbackOverride>,
    ) -> Result<(), CloudError> {
        if let Some(to) = &callback {
            bounds::web_address("override_callback_uri", &to.url)?;
            bounds::chars("override_callback_uri", &to.url, bounds::CALLBACK_MAX)?;
        }
        let body = callback.map_or_else(
            || json!({}),
            |to| json!({"override_callback_uri": to.url, "verify_token": to.verify_token.expose()}),
        );
        let path = [access.waba_id.as_str(), "subscribed_apps"];
        done(self.exchange(GraphRequest::post(&access.token, path, body)).await?)
    }
    async fn unsubscribe_app(&self, access: &Access) -> Result<(), CloudError> {
        let path = [access.waba_id.as_str(), "subscribed_apps"];
        done(self.exchange(GraphRequest::delete(&access.token, path)).await?)
    }
    async fn subscribed_apps(&self, access: &Access) -> Result<Vec<SubscribedApp>, CloudError> {
        let path = [access.waba_id.as_str(), "subscribed_apps"];
        let answer = self.exchange(GraphRequest::get(&access.token, path)).await?;
        Ok(data(&answer.body).filter_map(read_app).collect())
    }
}
