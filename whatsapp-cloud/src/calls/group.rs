//! Groups. **Experimental**: Meta opens them to few businesses, and this may change with any release.

use serde_json::{Value, json};

use super::{done, of_object, on_number, product, wire};
use crate::answer::{data, next_cursor, unreadable};
use crate::api::{Group, GroupApi, GroupChange, JoinOutcome, JoinRequest, NewGroup, Page};
use crate::transport::{GraphRequest, Payload, Transport};
use crate::webhook::text_of;
use crate::{Access, CloudError, bounds};

const FIELDS: &str = "id,subject,description,join_approval_mode,suspended,creation_timestamp,participants,\
    total_participant_count";

#[async_trait::async_trait]
impl<T: Transport + ?Sized> GroupApi for T {
    async fn create_group(&self, access: &Access, group: &NewGroup) -> Result<String, CloudError> {
        group.check()?;
        let body = product(wire(group)?);
        let answer = self.exchange(on_number(access, "groups", body)).await?.body;
        text_of(&answer, "request_id").ok_or_else(|| unreadable("no request id"))
    }
    async fn groups(
        &self,
        access: &Access,
        after: Option<&str>,
    ) -> Result<Page<Group>, CloudError> {
        let path = [access.phone_number_id.as_str(), "groups"];
        let request =
            GraphRequest::get(&access.token, path).query("limit", "100").query_some("after", after);
        let answer = self.exchange(request).await?.body;
        // Meta nests this list once more than others.
        let nested = answer.pointer("/data/groups").and_then(Value::as_array);
        let items = match nested {
            Some(groups) => groups.iter().map(Group::read).collect(),
            None => data(&answer).map(Group::read).collect(),
        };
        Ok(Page::new(items, next_cursor(&answer)))
    }
    async fn group(&self, access: &Access, group_id: &str) -> Result<Group, CloudError> {
        bounds::filled("group_id", group_id)?;
        let request = GraphRequest::get(&access.token, [group_id]).query("fields", FIELDS);
        Ok(Group::read(&of_object(self, request).await?.body))
    }
    async fn change_group(
        &self,
        access: &Access,
        group_id: &str,
        change: &GroupChange,
    ) -> Result<(), CloudError> {
        bounds::filled("group_id", group_id)?;
        change.check()?;
        let body = product(wire(change)?);
        // Meta answers with the id of a request, and tells by webhook what became of it.
        done(of_object(self, GraphRequest::post(&access.token, [group_id], body)).await?)
    }
    async fn delete_group(&self, access: &Access, group_id: &str) -> Result<(), CloudError> {
        bounds::filled("group_id", group_id)?;
        done(of_object(self, GraphRequest::delete(&access.token, [group_id])).await?)
    }
    async fn group_link(&self, access: &Access, group_id: &str) -> Result<String, CloudError> {
        bounds::filled("group_id", group_id)?;
        let request = GraphRequest::get(&access.token, [group_id, "invite_link"]);
        let answer = of_object(self, request).await?.body;
        text_of(&answer, "invite_link").ok_or_else(|| unreadable("no link"))
    }
    async fn renew_group_link(
        &self,
        access: &Access,
        group_id: &str,
    ) -> Result<String, CloudError> {
        bounds::filled("group_id", group_id)?;
        let body = product(json!({}));
        let request = GraphRequest::post(&access.token, [group_id, "invite_link"], body);
        let answer = of_object(self, request).await?.body;
        text_of(&answer, "invite_link").ok_or_else(|| unreadable("no link"))
    }
    async fn remove_from_group(
        &self,
        access: &Access,
        group_id: &str,
        people: &[&str],
    ) -> Result<(), CloudError> {
        bounds::filled("group_id", group_id)?;
        if people.is_empty() {
            return Err(CloudError::invalid("participants", "name at least one person"));
        }
        bounds::over("participants", people.len(), bounds::GROUP_PEOPLE_MAX, "people")?;
        let people: Vec<Value> = people.iter().map(|person| json!({"user": person})).collect();
        let body = product(json!({"participants": people}));
        let request = GraphRequest::delete(&access.token, [group_id, "participants"])
            .payload(Payload::Json(body));
        done(of_object(self, request).await?)
    }
    async fn join_requests(
        &self,
        access: &Access,
        group_id: &str,
        after: Option<&str>,
    ) -> Result<Page<JoinRequest>, CloudError> {
        bounds::filled("group_id", group_id)?;
        let request = GraphRequest::get(&access.token, [group_id, "join_requests"])
            .query_some("after", after);
        Ok(Page::read(&of_object(self, request).await?.body, JoinRequest::read))
    }
    async fn approve_join_requests(
        &self,
        access: &Access,
        group_id: &str,
        requests: &[&str],
    ) -> Result<JoinOutcome, CloudError> {
        answer_requests(self, access, group_id, requests, true).await
    }
    async fn reject_join_requests(
        &self,
        access: &Access,
        group_id: &str,
        requests: &[&str],
    ) -> Result<JoinOutcome, CloudError> {
        answer_requests(self, access, group_id, requests, false).await
    }
}

/// Lets people in or refuses them, by the ids of their requests.
async fn answer_requests<T: Transport + ?Sized>(
    transport: &T,
    access: &Access,
    group_id: &str,
    requests: &[&str],
    approve: bool,
) -> Result<JoinOutcome, CloudError> {
    bounds::filled("group_id", group_id)?;
    if requests.is_empty() {
        return Err(CloudError::invalid("join_requests", "name at least one"));
    }
    let body = product(json!({"join_requests": requests}));
    let path = [group_id, "join_requests"];
    let request = if approve {
        GraphRequest::post(&access.token, path, body)
    } else {
        GraphRequest::delete(&access.token, path).payload(Payload::Json(body))
    };
    Ok(JoinOutcome::read(&of_object(transport, request).await?.body))
}
