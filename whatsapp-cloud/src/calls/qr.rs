//! QR codes and short links of a number.

use serde_json::json;

use super::{done, of_object, wire};
use crate::answer::data;
use crate::api::{NewQrCode, Page, QrApi, QrCode};
use crate::transport::{GraphRequest, Transport};
use crate::{Access, CloudError, bounds};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> QrApi for T {
    async fn create_qr_code(
        &self,
        access: &Access,
        code: &NewQrCode,
    ) -> Result<QrCode, CloudError> {
        code.check()?;
        let path = [access.phone_number_id.as_str(), "message_qrdls"];
        let request = GraphRequest::post(&access.token, path, wire(code)?);
        Ok(QrCode::read(&self.exchange(request).await?.body))
    }
    async fn change_qr_code(
        &self,
        access: &Access,
        code: &str,
        prefilled_message: &str,
    ) -> Result<QrCode, CloudError> {
        NewQrCode::new(prefilled_message).check()?;
        bounds::filled("code", code)?;
        let path = [access.phone_number_id.as_str(), "message_qrdls"];
        let body = json!({"code": code, "prefilled_message": prefilled_message});
        let request = GraphRequest::post(&access.token, path, body);
        Ok(QrCode::read(&of_object(self, request).await?.body))
    }
    async fn qr_codes(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<Page<QrCode>, CloudError> {
        let path = [access.phone_number_id.as_str(), "message_qrdls"];
        let request =
            GraphRequest::get(&access.token, path).query("limit", "25").query_some("after", after);
        Ok(Page::read(&self.exchange(request).await?.body, QrCode::read))
    }
    async fn qr_code(&self, access: &Access, code: &str) -> Result<Option<QrCode>, CloudError> {
        bounds::filled("code", code)?;
        let path = [access.phone_number_id.as_str(), "message_qrdls", code];
        let answer = of_object(self, GraphRequest::get(&access.token, path)).await?.body;
        // Meta answers a list of one, some versions the object itself.
        let found = if answer.get("data").is_some() { data(&answer).next() } else { Some(&answer) };
        Ok(found.map(QrCode::read))
    }
    async fn delete_qr_code(&self, access: &Access, code: &str) -> Result<(), CloudError> {
        bounds::filled("code", code)?;
        let path = [access.phone_number_id.as_str(), "message_qrdls", code];
        done(of_object(self, GraphRequest::delete(&access.token, path)).await?)
    }
}
