//! Approved texts: reading them, and fetching them from Meta. Never calls Meta inside a transaction.

use whatsapp_core::{Channel, ChannelState, Id, Page, PageRequest, Permission, Template, text};
use whatsapp_storage::repo::TemplateFilter;

use super::Workspace;
use crate::Error;
use crate::jobs::store_templates;

/// The tenant's templates.
#[derive(Clone, Copy, Debug)]
pub struct Templates<'w> {
    pub(super) workspace: &'w Workspace,
}

impl Templates<'_> {
    /// By name and language.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `templates.view`; when the store fails.
    pub async fn page(
        &self,
        mut filter: TemplateFilter,
        page: PageRequest,
    ) -> Result<Page<Template>, Error> {
        filter.search = filter.search.as_deref().map(text::fold);
        let mut work = self.workspace.read(Permission::TemplatesView).await?;
        Ok(work.templates().page(&filter, &page).await?)
    }
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `templates.view`.
    pub async fn find(&self, id: Id<Template>) -> Result<Template, Error> {
        let mut work = self.workspace.read(Permission::TemplatesView).await?;
        work.templates().find(id).await?.ok_or(Error::NotFound("template"))
    }
    /// Fetches all templates of a channel's account and keeps what changed; what Meta no longer lists is
    /// `deleted` here. Answers how many Meta has.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such channel; `CHANNEL_DISCONNECTED`; [`Error::Cloud`] in Meta's
    /// words, and then nothing changes; [`Error::Forbidden`] without `templates.sync`.
    pub async fn sync(&self, channel: Id<Channel>) -> Result<usize, Error> {
        let found = {
            let mut work = self.workspace.read(Permission::TemplatesSync).await?;
            work.channels().find(channel).await?.ok_or(Error::NotFound("channel"))?
        };
        if found.state == ChannelState::Disconnected {
            found.may_send()?;
        }
        let actor = self.workspace.actor();
        store_templates(&self.workspace.platform().0, actor.tenant(), &found, actor.by()).await
    }
}
