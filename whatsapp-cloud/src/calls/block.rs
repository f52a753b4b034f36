//! People a number has blocked: nothing comes from them and nothing goes to them.

use serde_json::Value;

use super::{product, wire};
use crate::api::{BlockApi, BlockOutcome, BlockedPerson, Page, PeopleToBlock, read_blocked};
use crate::transport::{GraphRequest, Payload, Transport, Verb};
use crate::{Access, CloudError};

#[async_trait::async_trait]
impl<T: Transport + ?Sized> BlockApi for T {
    async fn block_people(
        &self,
        access: &Access,
        people: &PeopleToBlock,
    ) -> Result<BlockOutcome, CloudError> {
        change(self, Verb::Post, access, people).await
    }
    async fn unblock_people(
        &self,
        access: &Access,
        people: &PeopleToBlock,
    ) -> Result<BlockOutcome, CloudError> {
        change(self, Verb::Delete, access, people).await
    }
    async fn blocked_people(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<Page<BlockedPerson>, CloudError> {
        let path = [access.phone_number_id.as_str(), "block_users"];
        let request =
            GraphRequest::get(&access.token, path).query("limit", "100").query_some("after", after);
        Ok(read_blocked(&self.exchange(request).await?.body))
    }
}

/// Asks and reads both lists. Some done and some not is Meta's 400 with both lists: that is an answer.
async fn change<T: Transport + ?Sized>(
    transport: &T,
    verb: Verb,
    access: &Access,
    people: &PeopleToBlock,
) -> Result<BlockOutcome, CloudError> {
    people.check()?;
    let path = [access.phone_number_id.as_str(), "block_users"];
    let payload = Payload::Json(product(wire(people)?));
    let request = GraphRequest::new(verb, &access.token, path).payload(payload);
    match transport.exchange(request).await {
        Ok(answer) => Ok(outcome(&answer.body)),
        Err(error) => match error.provider().and_then(|told| told.beside.as_deref()) {
            Some(lists) if lists.get("block_users").is_some() => Ok(outcome(lists)),
            _ => Err(error),
        },
    }
}

fn outcome(answer: &Value) -> BlockOutcome {
    BlockOutcome::read(answer.get("block_users").unwrap_or(&Value::Null))
}
