//! Numbers that are on the WhatsApp Business app and the Cloud API at once.

use serde_json::json;

use super::{on_number, product};
use crate::answer::unreadable;
use crate::api::{CoexistenceApi, SyncKind};
use crate::transport::Transport;
use crate::webhook::text_of;
use crate::{Access, CloudError};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> CoexistenceApi for T {
    async fn ask_for_sync(&self, access: &Access, what: SyncKind) -> Result<String, CloudError> {
        let body = product(json!({"sync_type": what}));
        let answer = self.exchange(on_number(access, "smb_app_data", body)).await?.body;
        text_of(&answer, "request_id").ok_or_else(|| unreadable("no request id"))
    }
}
