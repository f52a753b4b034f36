//! Calls: their signalling. **Experimental**: this may change with any release.

use async_trait::async_trait;

use super::{CallPermission, CallSession, NewCall, Recipient};
use crate::{Access, CloudError};

/// Signals calls: offers, answers, ends. The sound itself goes by WebRTC, outside of this. **Experimental**: this may
/// change with any release.
#[async_trait]
pub trait CallApi: Send + Sync {
    /// Calls somebody who permitted it, with our offer. Gives Meta's id of the call; the answer comes by webhook.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, Recipient};
    /// # use whatsapp_cloud::api::{CallApi, NewCall};
    /// # async fn demo(meta: &dyn CallApi, access: &Access, offer: String) -> Result<(), CloudError> {
    /// let call = NewCall::new(Recipient::from_address("+905550100234"), offer);
    /// let id = meta.start_call(access, &call).await?;
    /// println!("calling as {id}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation: 138006 is a missing permission.
    async fn start_call(&self, access: &Access, call: &NewCall) -> Result<String, CloudError>;
    /// Begins to connect an incoming call before it is accepted, so that no word is lost.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{CallApi, CallSession};
    /// # async fn demo(meta: &dyn CallApi, access: &Access, answer: String) -> Result<(), CloudError> {
    /// meta.pre_accept_call(access, "wacid.HBgM", &CallSession::answer(answer)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn pre_accept_call(
        &self,
        access: &Access,
        call_id: &str,
        answer: &CallSession,
    ) -> Result<(), CloudError>;
    /// Accepts an incoming call with our answer.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{CallApi, CallSession};
    /// # async fn demo(meta: &dyn CallApi, access: &Access, answer: String) -> Result<(), CloudError> {
    /// meta.accept_call(access, "wacid.HBgM", &CallSession::answer(answer)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn accept_call(
        &self,
        access: &Access,
        call_id: &str,
        answer: &CallSession,
    ) -> Result<(), CloudError>;
    /// Does not take an incoming call.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::CallApi;
    /// # async fn demo(meta: &dyn CallApi, access: &Access) -> Result<(), CloudError> {
    /// meta.reject_call(access, "wacid.HBgM").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn reject_call(&self, access: &Access, call_id: &str) -> Result<(), CloudError>;
    /// Ends a call.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::CallApi;
    /// # async fn demo(meta: &dyn CallApi, access: &Access) -> Result<(), CloudError> {
    /// meta.end_call(access, "wacid.HBgM").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn end_call(&self, access: &Access, call_id: &str) -> Result<(), CloudError>;
    /// Whether we may call somebody, and how often.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError, Recipient};
    /// # use whatsapp_cloud::api::CallApi;
    /// # async fn demo(meta: &dyn CallApi, access: &Access) -> Result<(), CloudError> {
    /// let permission = meta.call_permission(access, &Recipient::from_address("+905550100234")).await?;
    /// assert!(permission.allows("start_call"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn call_permission(
        &self,
        access: &Access,
        who: &Recipient,
    ) -> Result<CallPermission, CloudError>;
}
