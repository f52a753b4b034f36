//! Flows: forms inside WhatsApp.

use super::{done, of_object, wire};
use crate::api::{Flow, FlowApi, FlowAsset, FlowOutcome, NewFlow, Page, Upload};
use crate::transport::{GraphRequest, Payload, Transport, Verb};
use crate::{Access, CloudError, bounds};

const FIELDS: &str = "id,name,status,categories,validation_errors,json_version,data_api_version,endpoint_uri,\
    preview,health_status";

#[async_trait::async_trait]
impl<T: Transport + ?Sized> FlowApi for T {
    async fn create_flow(
        &self,
        access: &Access,
        flow: &NewFlow,
    ) -> Result<FlowOutcome, CloudError> {
        flow.check()?;
        let path = [access.waba_id.as_str(), "flows"];
        let answer = self.exchange(GraphRequest::post(&access.token, path, wire(flow)?)).await?;
        Ok(FlowOutcome::read(&answer.body))
    }
    async fn flows(&self, access: &Access, after: Option<&str>) -> Result<Page<Flow>, CloudError> {
        let path = [access.waba_id.as_str(), "flows"];
        let request =
            GraphRequest::get(&access.token, path).query("limit", "100").query_some("after", after);
        Ok(Page::read(&self.exchange(request).await?.body, Flow::read))
    }
    async fn flow(&self, access: &Access, flow_id: &str) -> Result<Flow, CloudError> {
        bounds::filled("flow_id", flow_id)?;
        let request = GraphRequest::get(&access.token, [flow_id]).query("fields", FIELDS);
        Ok(Flow::read(&of_object(self, request).await?.body))
    }
    async fn set_flow_json(
        &self,
        access: &Access,
        flow_id: &str,
        json: &str,
    ) -> Result<FlowOutcome, CloudError> {
        bounds::filled("flow_id", flow_id)?;
        let field = |key: &str, text: &str| (key.to_owned(), text.to_owned());
        let fields = vec![field("name", "flow.json"), field("asset_type", "FLOW_JSON")];
        let file = Upload {
            bytes: json.as_bytes().to_vec().into(),
            mime: "application/json".into(),
            filename: "flow.json".into(),
        };
        let request = GraphRequest::new(Verb::Post, &access.token, [flow_id, "assets"])
            .payload(Payload::Form { fields, file });
        Ok(FlowOutcome::read(&of_object(self, request).await?.body))
    }
    async fn flow_assets(
        &self,
        access: &Access,
        flow_id: &str,
    ) -> Result<Page<FlowAsset>, CloudError> {
        bounds::filled("flow_id", flow_id)?;
        let request = GraphRequest::get(&access.token, [flow_id, "assets"]);
        Ok(Page::read(&of_object(self, request).await?.body, FlowAsset::read))
    }
    async fn publish_flow(&self, access: &Access, flow_id: &str) -> Result<(), CloudError> {
        bounds::filled("flow_id", flow_id)?;
        let request = GraphRequest::new(Verb::Post, &access.token, [flow_id, "publish"]);
        done(of_object(self, request).await?)
    }
    async fn deprecate_flow(&self, access: &Access, flow_id: &str) -> Result<(), CloudError> {
        bounds::filled("flow_id", flow_id)?;
        let request = GraphRequest::new(Verb::Post, &access.token, [flow_id, "deprecate"]);
        done(of_object(self, request).await?)
    }
    async fn delete_flow(&self, access: &Access, flow_id: &str) -> Result<(), CloudError> {
        bounds::filled("flow_id", flow_id)?;
        done(of_object(self, GraphRequest::delete(&access.token, [flow_id])).await?)
    }
}
