//! Groups. **Experimental**: Meta opens them to few businesses, and this may change with any release.

use async_trait::async_trait;

use super::{Group, GroupChange, JoinOutcome, JoinRequest, NewGroup, Page};
use crate::{Access, CloudError};

/// Makes groups and manages who is in them. **Experimental**: this may change with any release.
#[async_trait]
pub trait GroupApi: Send + Sync {
    /// Makes a group. Gives the id of the request: the group's own id and its link come by webhook.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{GroupApi, NewGroup};
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// let request = meta.create_group(access, &NewGroup::new("Weekend hike")).await?;
    /// println!("asked for as {request}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] with field, limit and actual value before the call, else by situation.
    async fn create_group(&self, access: &Access, group: &NewGroup) -> Result<String, CloudError>;
    /// A page of the number's groups.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// for group in meta.groups(access, None).await?.items {
    ///     println!("{}: {:?}", group.id, group.subject);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn groups(&self, access: &Access, after: Option<&str>)
    -> Result<Page<Group>, CloudError>;
    /// All of a group.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// let group = meta.group(access, "Y2FwaV9ncm91cDox").await?;
    /// println!("{:?}", group.people);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn group(&self, access: &Access, group_id: &str) -> Result<Group, CloudError>;
    /// Changes the subject or the description of a group.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{GroupApi, GroupChange};
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// meta.change_group(access, "Y2FwaV9ncm91cDox", &GroupChange::new().subject("Sunday hike")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn change_group(
        &self,
        access: &Access,
        group_id: &str,
        change: &GroupChange,
    ) -> Result<(), CloudError>;
    /// Deletes a group: everybody is out of it.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// meta.delete_group(access, "Y2FwaV9ncm91cDox").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn delete_group(&self, access: &Access, group_id: &str) -> Result<(), CloudError>;
    /// The link by which people come in.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// println!("{}", meta.group_link(access, "Y2FwaV9ncm91cDox").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn group_link(&self, access: &Access, group_id: &str) -> Result<String, CloudError>;
    /// Makes another link; the old one leads nowhere.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// println!("{}", meta.renew_group_link(access, "Y2FwaV9ncm91cDox").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn renew_group_link(&self, access: &Access, group_id: &str)
    -> Result<String, CloudError>;
    /// Takes people out of a group, by phone number or business-scoped id; at most eight at once.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// meta.remove_from_group(access, "Y2FwaV9ncm91cDox", &["+905550100234"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] above eight people, before the call; else by situation.
    async fn remove_from_group(
        &self,
        access: &Access,
        group_id: &str,
        people: &[&str],
    ) -> Result<(), CloudError>;
    /// A page of those who want to come in.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// let page = meta.join_requests(access, "Y2FwaV9ncm91cDox", None).await?;
    /// println!("{:?}", page.items);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn join_requests(
        &self,
        access: &Access,
        group_id: &str,
        after: Option<&str>,
    ) -> Result<Page<JoinRequest>, CloudError>;
    /// Lets people in, by the ids of their requests.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// let outcome = meta.approve_join_requests(access, "Y2FwaV9ncm91cDox", &["request-1"]).await?;
    /// assert!(outcome.failed.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn approve_join_requests(
        &self,
        access: &Access,
        group_id: &str,
        requests: &[&str],
    ) -> Result<JoinOutcome, CloudError>;
    /// Refuses people, by the ids of their requests.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/groups>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::GroupApi;
    /// # async fn demo(meta: &dyn GroupApi, access: &Access) -> Result<(), CloudError> {
    /// let outcome = meta.reject_join_requests(access, "Y2FwaV9ncm91cDox", &["request-1"]).await?;
    /// assert!(outcome.failed.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation.
    async fn reject_join_requests(
        &self,
        access: &Access,
        group_id: &str,
        requests: &[&str],
    ) -> Result<JoinOutcome, CloudError>;
}
