//! A Meta that answers at once and remembers nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use whatsapp_cloud::CloudError;
use whatsapp_cloud::transport::{GraphAnswer, GraphRequest, Transport, Verb};
use whatsapp_core::Secret;

pub(crate) const ACCOUNT: &str = "700000000001";

pub(crate) struct AtOnce {
    numbers: usize,
    sent: AtomicU64,
}

/// Meta's id of a number.
pub(crate) fn number_id(nth: usize) -> String {
    (80_000_000 + nth).to_string()
}

impl AtOnce {
    pub(crate) const fn new(numbers: usize) -> Self {
        Self { numbers, sent: AtomicU64::new(0) }
    }
    fn number(id: &str) -> Value {
        json!({
            "id": id, "display_phone_number": format!("+55 11 9{id}"), "verified_name": "Bench",
            "quality_rating": "GREEN", "throughput": {"level": "HIGH"}, "status": "CONNECTED",
        })
    }
    fn template() -> Value {
        json!({
            "id": "1", "name": "news", "language": "en", "status": "APPROVED",
            "category": "UTILITY", "parameter_format": "POSITIONAL",
            "components": [{
                "type": "BODY", "text": "Hello {{1}}, your order is on its way.",
                "example": {"body_text": [["Ana"]]},
            }],
        })
    }
}

#[async_trait]
impl Transport for AtOnce {
    async fn exchange(&self, request: GraphRequest) -> Result<GraphAnswer, CloudError> {
        let path: Vec<_> = request.path.iter().map(String::as_str).collect();
        let answer = match (request.verb, path.as_slice()) {
            (Verb::Post, [_, "messages"]) => {
                let nth = self.sent.fetch_add(1, Ordering::Relaxed);
                json!({"messages": [{"id": format!("wamid.HBgNNTUxMTk4MTIzNDU2NxUCABEYE{nth:026}")}]})
            }
            (Verb::Get, [_, "phone_numbers"]) => {
                let numbers = (0..self.numbers).map(|nth| Self::number(&number_id(nth)));
                json!({"data": numbers.collect::<Vec<_>>()})
            }
            (Verb::Get, [_, "message_templates"]) => json!({"data": [Self::template()]}),
            (Verb::Get, [id]) => Self::number(id),
            _ => json!({"success": true}),
        };
        Ok(GraphAnswer::new(answer))
    }
    async fn fetch(&self, _: &Secret, _: &str, _: u64) -> Result<Bytes, CloudError> {
        Ok(Bytes::new())
    }
}
