//! The business profile that people see beside a number.

use serde_json::Value;

use super::{done, on_number, product, wire};
use crate::answer::data;
use crate::api::{BusinessProfile, ProfileApi, ProfileChange};
use crate::transport::{GraphRequest, Transport};
use crate::{Access, CloudError};

const FIELDS: &str = "about,address,description,email,profile_picture_url,websites,vertical";

#[async_trait::async_trait]
impl<T: Transport + ?Sized> ProfileApi for T {
    async fn profile(&self, access: &Access) -> Result<BusinessProfile, CloudError> {
        let path = [access.phone_number_id.as_str(), "whatsapp_business_profile"];
        let request = GraphRequest::get(&access.token, path).query("fields", FIELDS);
        let answer = self.exchange(request).await?.body;
        Ok(BusinessProfile::read(data(&answer).next().unwrap_or(&Value::Null)))
    }
    async fn change_profile(
        &self,
        access: &Access,
        change: &ProfileChange,
    ) -> Result<(), CloudError> {
        change.check()?;
        let body = product(wire(change)?);
        done(self.exchange(on_number(access, "whatsapp_business_profile", body)).await?)
    }
}
