//! Sending, marking as read, "typing…".

use serde_json::Value;

use super::done;
use crate::Access;
use crate::answer::read_sent;
use crate::api::{Messaging, OutgoingMessage, SentMessage};
use crate::error::CloudError;
use crate::send::{read_to_wire, to_wire};
use crate::transport::{GraphRequest, Transport};

fn request(access: &Access, body: Value) -> GraphRequest {
    GraphRequest::post(&access.token, [access.phone_number_id.as_str(), "messages"], body)
}

#[async_trait::async_trait]
impl<T: Transport + ?Sized> Messaging for T {
    async fn send(
        &self,
        access: &Access,
        message: &OutgoingMessage,
    ) -> Result<SentMessage, CloudError> {
        read_sent(self.exchange(request(access, to_wire(message)?)).await?)
    }
    async fn mark_read(&self, access: &Access, wamid: &str) -> Result<(), CloudError> {
        done(self.exchange(request(access, read_to_wire(wamid, false))).await?)
    }
    async fn show_typing(&self, access: &Access, wamid: &str) -> Result<(), CloudError> {
        done(self.exchange(request(access, read_to_wire(wamid, true))).await?)
    }
}
