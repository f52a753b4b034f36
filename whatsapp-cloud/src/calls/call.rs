//! Calls: their signalling. **Experimental**: this may change with any release.

use serde_json::{Value, json};

use super::{done, on_number, product};
use crate::answer::unreadable;
use crate::api::{CallApi, CallPermission, CallSession, NewCall, Recipient};
use crate::transport::{GraphRequest, Transport};
use crate::webhook::text_of;
use crate::{Access, CloudError, bounds};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> CallApi for T {
    async fn start_call(&self, access: &Access, call: &NewCall) -> Result<String, CloudError> {
        call.check()?;
        if matches!(call.to, Recipient::Group(_)) {
            return Err(CloudError::invalid("to", "a group cannot be called"));
        }
        let mut body = product(json!({"action": "connect", "session": session(&call.session)}));
        if let Some(map) = body.as_object_mut() {
            match &call.to {
                Recipient::Phone(phone) => map.insert("to".into(), json!(phone.as_str())),
                other => map.insert("recipient".into(), json!(other.address())),
            };
            if !call.callback_data.is_empty() {
                map.insert("biz_opaque_callback_data".into(), json!(call.callback_data));
            }
        }
        let answer = self.exchange(on_number(access, "calls", body)).await?.body;
        let first = answer.pointer("/calls/0").and_then(|call| text_of(call, "id"));
        first.ok_or_else(|| unreadable("a call without an id"))
    }
    async fn pre_accept_call(
        &self,
        access: &Access,
        call_id: &str,
        answer: &CallSession,
    ) -> Result<(), CloudError> {
        done(
            self.exchange(on_number(access, "calls", action(call_id, "pre_accept", Some(answer))?))
                .await?,
        )
    }
    async fn accept_call(
        &self,
        access: &Access,
        call_id: &str,
        answer: &CallSession,
    ) -> Result<(), CloudError> {
        done(
            self.exchange(on_number(access, "calls", action(call_id, "accept", Some(answer))?))
                .await?,
        )
    }
    async fn reject_call(&self, access: &Access, call_id: &str) -> Result<(), CloudError> {
        done(self.exchange(on_number(access, "calls", action(call_id, "reject", None)?)).await?)
    }
    async fn end_call(&self, access: &Access, call_id: &str) -> Result<(), CloudError> {
        done(self.exchange(on_number(access, "calls", action(call_id, "terminate", None)?)).await?)
    }
    async fn call_permission(
        &self,
        access: &Access,
        who: &Recipient,
    ) -> Result<CallPermission, CloudError> {
        let path = [access.phone_number_id.as_str(), "call_permissions"];
        let request = GraphRequest::get(&access.token, path);
        let request = match who {
            Recipient::Phone(phone) => {
                request.query("user_wa_id", phone.as_str().trim_start_matches('+'))
            }
            other => request.query("recipient", other.address()),
        };
        Ok(CallPermission::read(&self.exchange(request).await?.body))
    }
}

fn session(session: &CallSession) -> Value {
    json!({"sdp_type": session.kind, "sdp": session.sdp})
}

/// An action on a call that is there.
fn action(call_id: &str, action: &str, with: Option<&CallSession>) -> Result<Value, CloudError> {
    bounds::filled("call_id", call_id)?;
    let mut body = product(json!({"call_id": call_id, "action": action}));
    if let (Some(with), Some(map)) = (with, body.as_object_mut()) {
        with.check()?;
        map.insert("session".into(), session(with));
    }
    Ok(body)
}
