//! The catalogue and the cart of a number.

use serde_json::Value;

use super::done;
use crate::answer::data;
use crate::api::{CommerceApi, CommerceSettings};
use crate::transport::{GraphRequest, Transport, Verb};
use crate::{Access, CloudError};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> CommerceApi for T {
    async fn commerce_settings(&self, access: &Access) -> Result<CommerceSettings, CloudError> {
        let path = [access.phone_number_id.as_str(), "whatsapp_commerce_settings"];
        let answer = self.exchange(GraphRequest::get(&access.token, path)).await?.body;
        Ok(CommerceSettings::read(data(&answer).next().unwrap_or(&Value::Null)))
    }
    async fn change_commerce_settings(
        &self,
        access: &Access,
        cart: Option<bool>,
        catalog: Option<bool>,
    ) -> Result<(), CloudError> {
        if cart.is_none() && catalog.is_none() {
            return Err(CloudError::invalid("settings", "nothing is changed"));
        }
        let path = [access.phone_number_id.as_str(), "whatsapp_commerce_settings"];
        let request = GraphRequest::new(Verb::Post, &access.token, path)
            .query_some("is_cart_enabled", cart.map(|on| on.to_string()))
            .query_some("is_catalog_visible", catalog.map(|on| on.to_string()));
        done(self.exchange(request).await?)
    }
}
