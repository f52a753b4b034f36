//! The public key of a number's flows. The private one never comes here.

use serde_json::{Value, json};

use super::{done, on_number};
use crate::answer::data;
use crate::api::{EncryptionApi, FlowKey};
use crate::transport::{GraphRequest, Transport};
use crate::{Access, CloudError};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> EncryptionApi for T {
    async fn flow_key(&self, access: &Access) -> Result<FlowKey, CloudError> {
        let path = [access.phone_number_id.as_str(), "whatsapp_business_encryption"];
        let answer = self.exchange(GraphRequest::get(&access.token, path)).await?.body;
        Ok(FlowKey::read(data(&answer).next().unwrap_or(if answer.is_object() {
            &answer
        } else {
            &Value::Null
        })))
    }
    async fn set_flow_key(&self, access: &Access, public_key: &str) -> Result<(), CloudError> {
        if !public_key.trim_start().starts_with("-----BEGIN PUBLIC KEY-----") {
            return Err(CloudError::invalid("business_public_key", "this is no public key in PEM"));
        }
        let body = json!({"business_public_key": public_key});
        done(self.exchange(on_number(access, "whatsapp_business_encryption", body)).await?)
    }
}
