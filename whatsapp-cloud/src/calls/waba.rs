//! WhatsApp Business Accounts, their people, their business' other accounts, and an app's webhooks.

use serde_json::{Value, json};
use whatsapp_core::Secret;

use super::{done, of_object, wire};
use crate::answer::data;
use crate::api::{
    AppAccess, AppSubscription, AssignedTask, AssignedUser, Health, NewSubscription, Page, WabaApi,
    WabaChange, WabaDetails,
};
use crate::transport::{GraphRequest, Transport};
use crate::{Access, CloudError, bounds};

const FIELDS: &str = "id,name,currency,timezone_id,message_template_namespace,account_review_status,\
    business_verification_status,country,ownership_type,owner_business_info,on_behalf_of_business_info,\
    primary_business_location,marketing_messages_lite_api_status,\
    whatsapp_business_manager_messaging_limit,is_enabled_for_insights,health_status";
const LIST_FIELDS: &str = "id,name,currency,timezone_id,account_review_status,ownership_type";

#[async_trait::async_trait]
impl<T: Transport + ?Sized> WabaApi for T {
    async fn account(&self, access: &Access) -> Result<WabaDetails, CloudError> {
        let request =
            GraphRequest::get(&access.token, [access.waba_id.as_str()]).query("fields", FIELDS);
        Ok(WabaDetails::read(&self.exchange(request).await?.body))
    }
    async fn change_account(&self, access: &Access, change: &WabaChange) -> Result<(), CloudError> {
        change.check()?;
        let path = [access.waba_id.as_str()];
        done(self.exchange(GraphRequest::post(&access.token, path, wire(change)?)).await?)
    }
    async fn account_health(&self, access: &Access) -> Result<Health, CloudError> {
        let request = GraphRequest::get(&access.token, [access.waba_id.as_str()])
            .query("fields", "health_status");
        let answer = self.exchange(request).await?.body;
        Ok(Health::read(answer.get("health_status").unwrap_or(&Value::Null)))
    }
    async fn assigned_users(
        &self,
        access: &Access,
        business: &str,
        after: Option<&str>,
    ) -> Result<Page<AssignedUser>, CloudError> {
        let path = [access.waba_id.as_str(), "assigned_users"];
        let request = GraphRequest::get(&access.token, path)
            .query("business", business)
            .query("fields", "id,name,user_type,tasks")
            .query("limit", "100")
            .query_some("after", after);
        Ok(Page::read(&self.exchange(request).await?.body, AssignedUser::read))
    }
    async fn assign_user(
        &self,
        access: &Access,
        user: &str,
        tasks: &[AssignedTask],
    ) -> Result<(), CloudError> {
        bounds::filled("user", user)?;
        if tasks.is_empty() {
            return Err(CloudError::invalid("tasks", "name at least one"));
        }
        let path = [access.waba_id.as_str(), "assigned_users"];
        let body = json!({"user": user, "tasks": tasks});
        done(self.exchange(GraphRequest::post(&access.token, path, body)).await?)
    }
    async fn unassign_user(&self, access: &Access, user: &str) -> Result<(), CloudError> {
        bounds::filled("user", user)?;
        let path = [access.waba_id.as_str(), "assigned_users"];
        done(self.exchange(GraphRequest::delete(&access.token, path).query("user", user)).await?)
    }
    async fn owned_accounts(
        &self,
        token: &Secret,
        business: &str,
        after: Option<&str>,
    ) -> Result<Page<WabaDetails>, CloudError> {
        accounts(self, token, [business, "owned_whatsapp_business_accounts"], after).await
    }
    async fn client_accounts(
        &self,
        token: &Secret,
        business: &str,
        after: Option<&str>,
    ) -> Result<Page<WabaDetails>, CloudError> {
        accounts(self, token, [business, "client_whatsapp_business_accounts"], after).await
    }
    async fn app_subscriptions(&self, app: &AppAccess) -> Result<Vec<AppSubscription>, CloudError> {
        let request = GraphRequest::get(&app.token(), [app.id.as_str(), "subscriptions"]);
        Ok(data(&of_object(self, request).await?.body).map(AppSubscription::read).collect())
    }
    async fn subscribe_app_fields(
        &self,
        app: &AppAccess,
        to: &NewSubscription,
    ) -> Result<(), CloudError> {
        bounds::web_address("callback_url", &to.callback_url)?;
        if to.fields.is_empty() {
            return Err(CloudError::invalid("fields", "name at least one"));
        }
        let body = json!({
            "object": "whatsapp_business_account", "callback_url": to.callback_url,
            "verify_token": to.verify_token.expose(), "fields": to.fields.join(","),
        });
        let path = [app.id.as_str(), "subscriptions"];
        done(of_object(self, GraphRequest::post(&app.token(), path, body)).await?)
    }
}

/// A page of a business' accounts.
async fn accounts<T: Transport + ?Sized>(
    transport: &T,
    token: &Secret,
    path: [&str; 2],
    after: Option<&str>,
) -> Result<Page<WabaDetails>, CloudError> {
    let request = GraphRequest::get(token, path)
        .query("fields", LIST_FIELDS)
        .query("limit", "100")
        .query_some("after", after);
    Ok(Page::read(&of_object(transport, request).await?.body, WabaDetails::read))
}
