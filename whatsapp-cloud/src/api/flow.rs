//! Flows: forms inside WhatsApp.

use async_trait::async_trait;

use super::{Flow, FlowAsset, FlowOutcome, NewFlow, Page};
use crate::{Access, CloudError};

/// Makes and publishes flows.
#[async_trait]
pub trait FlowApi: Send + Sync {
    /// Makes a flow and gives its id; what is wrong with its JSON stands beside it.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{FlowApi, FlowCategory, NewFlow};
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// let made = meta.create_flow(access, &NewFlow::new("survey", FlowCategory::Survey)).await?;
    /// println!("{:?} {:?}", made.id, made.faults);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn create_flow(&self, access: &Access, flow: &NewFlow)
    -> Result<FlowOutcome, CloudError>;
    /// A page of the account's flows.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::FlowApi;
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// for flow in meta.flows(access, None).await?.items {
    ///     println!("{}: {:?}", flow.id, flow.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn flows(&self, access: &Access, after: Option<&str>) -> Result<Page<Flow>, CloudError>;
    /// All of a flow.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::FlowApi;
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// let flow = meta.flow(access, "1103318840276615").await?;
    /// println!("{:?}", flow.preview);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn flow(&self, access: &Access, flow_id: &str) -> Result<Flow, CloudError>;
    /// Sets the JSON of a draft; what is wrong with it stands in the answer.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::FlowApi;
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// let outcome = meta.set_flow_json(access, "1103318840276615", r#"{"version":"7.0","screens":[]}"#).await?;
    /// assert!(outcome.faults.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn set_flow_json(
        &self,
        access: &Access,
        flow_id: &str,
        json: &str,
    ) -> Result<FlowOutcome, CloudError>;
    /// The parts of a flow, and where they can be fetched.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::FlowApi;
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// let assets = meta.flow_assets(access, "1103318840276615").await?;
    /// println!("{:?}", assets.items);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn flow_assets(
        &self,
        access: &Access,
        flow_id: &str,
    ) -> Result<Page<FlowAsset>, CloudError>;
    /// Publishes a draft: from now on it can be sent and no longer changed.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::FlowApi;
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// meta.publish_flow(access, "1103318840276615").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn publish_flow(&self, access: &Access, flow_id: &str) -> Result<(), CloudError>;
    /// Withdraws a published flow.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::FlowApi;
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// meta.deprecate_flow(access, "1103318840276615").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn deprecate_flow(&self, access: &Access, flow_id: &str) -> Result<(), CloudError>;
    /// Deletes a draft.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::FlowApi;
    /// # async fn demo(meta: &dyn FlowApi, access: &Access) -> Result<(), CloudError> {
    /// meta.delete_flow(access, "1103318840276615").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn delete_flow(&self, access: &Access, flow_id: &str) -> Result<(), CloudError>;
}
