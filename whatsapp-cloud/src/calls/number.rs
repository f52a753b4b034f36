//! Business phone numbers: reading, verifying, registering, setting up.

use serde_json::{Value, json};

use super::{done, on_number, product, wire};
use crate::answer::unreadable;
use crate::api::{
    BusinessNumber, CallbackOverride, CodeMethod, Health, NewNumber, NumberApi, NumberSettings,
    Page, Pin, SettingsChange, WebhookAddresses,
};
use crate::transport::{GraphRequest, Transport, Verb};
use crate::webhook::text_of;
use crate::{Access, CloudError, bounds};

/// All that Meta tells of a number when asked.
const ALL_FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,quality_score,\
    code_verification_status,name_status,new_name_status,new_display_name,status,platform_type,account_mode,\
    throughput,whatsapp_business_manager_messaging_limit,messaging_limit_tier,is_official_business_account,\
    is_pin_enabled,is_on_biz_app,is_preverified_number,last_onboarded_time,certificate,country_code,\
    country_dial_code,search_visibility,webhook_configuration,health_status";
/// The same for lists, without what is long or slow.
const LIST_FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,code_verification_status,\
    name_status,status,platform_type,account_mode,throughput,is_official_business_account,is_on_biz_app,\
    last_onboarded_time,webhook_configuration";

#[async_trait::async_trait]
impl<T: Transport + ?Sized> NumberApi for T {
    async fn business_number(&self, access: &Access) -> Result<BusinessNumber, CloudError> {
        let request = GraphRequest::get(&access.token, [access.phone_number_id.as_str()])
            .query("fields", ALL_FIELDS);
        Ok(BusinessNumber::read(&self.exchange(request).await?.body))
    }
    async fn business_numbers(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<Page<BusinessNumber>, CloudError> {
        let path = [access.waba_id.as_str(), "phone_numbers"];
        let request = GraphRequest::get(&access.token, path)
            .query("fields", LIST_FIELDS)
            .query("limit", "100")
            .query_some("after", after);
        Ok(Page::read(&self.exchange(request).await?.body, BusinessNumber::read))
    }
    async fn add_number(&self, access: &Access, number: &NewNumber) -> Result<String, CloudError> {
        number.check()?;
        let path = [access.waba_id.as_str(), "phone_numbers"];
        let answer =
            self.exchange(GraphRequest::post(&access.token, path, wire(number)?)).await?.body;
        text_of(&answer, "id").ok_or_else(|| unreadable("a number without an id"))
    }
    async fn request_code(
        &self,
        access: &Access,
        method: CodeMethod,
        language: &str,
    ) -> Result<(), CloudError> {
        bounds::filled("language", language)?;
        let body = json!({"code_method": method, "language": language});
        done(self.exchange(on_number(access, "request_code", body)).await?)
    }
    async fn verify_code(&self, access: &Access, code: &str) -> Result<(), CloudError> {
        bounds::digits("code", code, bounds::CODE_DIGITS)?;
        done(self.exchange(on_number(access, "verify_code", json!({"code": code}))).await?)
    }
    async fn register_number(
        &self,
        access: &Access,
        pin: &Pin,
        region: Option<&str>,
    ) -> Result<(), CloudError> {
        if let Some(region) = region.filter(|region| !bounds::REGIONS.contains(region)) {
            let why = format!("Meta keeps no messages in {region}");
            return Err(CloudError::invalid("data_localization_region", why));
        }
        let mut body = json!({"pin": pin.expose()});
        if let (Some(region), Some(map)) = (region, body.as_object_mut()) {
            map.insert("data_localization_region".into(), json!(region));
        }
        done(self.exchange(on_number(access, "register", product(body))).await?)
    }
    async fn deregister_number(&self, access: &Access) -> Result<(), CloudError> {
        let path = [access.phone_number_id.as_str(), "deregister"];
        done(self.exchange(GraphRequest::new(Verb::Post, &access.token, path)).await?)
    }
    async fn set_pin(&self, access: &Access, pin: &Pin) -> Result<(), CloudError> {
        let body = json!({"pin": pin.expose()});
        let path = [access.phone_number_id.as_str()];
        done(self.exchange(GraphRequest::post(&access.token, path, body)).await?)
    }
    async fn set_display_name(&self, access: &Access, name: &str) -> Result<(), CloudError> {
        bounds::between("new_display_name", name, bounds::DISPLAY_NAME)?;
        let path = [access.phone_number_id.as_str()];
        let body = product(json!({"new_display_name": name}));
        done(self.exchange(GraphRequest::post(&access.token, path, body)).await?)
    }
    async fn number_settings(&self, access: &Access) -> Result<NumberSettings, CloudError> {
        let path = [access.phone_number_id.as_str(), "settings"];
        Ok(NumberSettings::read(&self.exchange(GraphRequest::get(&access.token, path)).await?.body))
    }
    async fn change_number_settings(
        &self,
        access: &Access,
        change: &SettingsChange,
    ) -> Result<(), CloudError> {
        change.check()?;
        done(self.exchange(on_number(access, "settings", wire(change)?)).await?)
    }
    async fn override_number_callback(
        &self,
        access: &Access,
        callback: &CallbackOverride,
    ) -> Result<(), CloudError> {
        bounds::web_address("override_callback_uri", &callback.url)?;
        bounds::chars("override_callback_uri", &callback.url, bounds::CALLBACK_MAX)?;
        let body = json!({"webhook_configuration": {
            "override_callback_uri": callback.url, "verify_token": callback.verify_token.expose(),
        }});
        let path = [access.phone_number_id.as_str()];
        done(self.exchange(GraphRequest::post(&access.token, path, body)).await?)
    }
    async fn clear_number_callback(&self, access: &Access) -> Result<(), CloudError> {
        let body = json!({"webhook_configuration": {"override_callback_uri": ""}});
        let path = [access.phone_number_id.as_str()];
        done(self.exchange(GraphRequest::post(&access.token, path, body)).await?)
    }
    async fn number_callbacks(&self, access: &Access) -> Result<WebhookAddresses, CloudError> {
        let request = GraphRequest::get(&access.token, [access.phone_number_id.as_str()])
            .query("fields", "webhook_configuration");
        let answer = self.exchange(request).await?.body;
        Ok(WebhookAddresses::read(answer.get("webhook_configuration").unwrap_or(&Value::Null)))
    }
    async fn number_health(&self, access: &Access) -> Result<Health, CloudError> {
        let request = GraphRequest::get(&access.token, [access.phone_number_id.as_str()])
            .query("fields", "health_status");
        let answer = self.exchange(request).await?.body;
        Ok(Health::read(answer.get("health_status").unwrap_or(&Value::Null)))
    }
}
