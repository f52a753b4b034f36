//! The username by which people find a number.

use serde_json::json;

use super::{done, on_number};
use crate::answer::unreadable;
use crate::api::{Username, UsernameApi, UsernameStatus};
use crate::lenient::Lenient;
use crate::transport::{GraphRequest, Transport};
use crate::{Access, CloudError, bounds};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> UsernameApi for T {
    async fn username(&self, access: &Access) -> Result<Username, CloudError> {
        let path = [access.phone_number_id.as_str(), "username"];
        let answer = self.exchange(GraphRequest::get(&access.token, path)).await?.body;
        Ok(Username::read(&answer))
    }
    async fn claim_username(
        &self,
        access: &Access,
        username: &str,
        transfer: bool,
    ) -> Result<UsernameStatus, CloudError> {
        bounds::username(username)?;
        let mut body = json!({"username": username});
        if let Some(map) = body.as_object_mut().filter(|_| transfer) {
            map.insert("force_transfer".into(), json!(true));
        }
        let answer = self.exchange(on_number(access, "username", body)).await?.body;
        Option::lenient(answer.get("status")).ok_or_else(|| unreadable("no status of the username"))
    }
    async fn release_username(&self, access: &Access) -> Result<(), CloudError> {
        let path = [access.phone_number_id.as_str(), "username"];
        done(self.exchange(GraphRequest::delete(&access.token, path)).await?)
    }
    async fn username_suggestions(&self, access: &Access) -> Result<Vec<String>, CloudError> {
        let path = [access.phone_number_id.as_str(), "username_suggestions"];
        let answer = self.exchange(GraphRequest::get(&access.token, path)).await?.body;
        let first = answer.pointer("/data/0/username_suggestions");
        Ok(Vec::lenient(
            first.or_else(|| answer.get("username_suggestions")).or_else(|| answer.get("data")),
        ))
    }
}
