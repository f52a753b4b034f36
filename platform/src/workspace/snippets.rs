//! Quick replies: texts the team sends often. Never sends them.

use whatsapp_core::{Id, Permission, Snippet};

use super::Workspace;
use super::conversations::sight;
use crate::Error;

/// The tenant's quick replies.
#[derive(Clone, Copy, Debug)]
pub struct Snippets<'w> {
    pub(super) workspace: &'w Workspace,
}

impl Snippets<'_> {
    /// All of them, by shortcut.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who sees no conversation at all; when the store fails.
    pub async fn list(&self) -> Result<Vec<Snippet>, Error> {
        let mut work = self.workspace.read(sight(self.workspace.actor())).await?;
        Ok(work.snippets().list().await?)
    }
    /// Adds one.
    ///
    /// # Errors
    /// `QUICK_REPLY` naming the field; `SHORTCUT_EXISTS`; [`Error::Forbidden`] without `quick_replies.manage`.
    pub async fn create(&self, shortcut: &str, title: &str, text: &str) -> Result<Snippet, Error> {
        let mut work = self.workspace.begin(Permission::QuickRepliesManage).await?;
        let snippet = Snippet {
            id: work.env().id(),
            shortcut: shortcut.trim().to_owned(),
            title: title.trim().to_owned(),
            text: text.to_owned(),
            created_at: work.env().now(),
        };
        check(&snippet)?;
        if !work.snippets().insert(&snippet).await? {
            return Err(taken());
        }
        work.commit().await?;
        Ok(snippet)
    }
    /// Changes one; `None` leaves a field.
    ///
    /// # Errors
    /// [`Error::NotFound`]; as [`Snippets::create`].
    pub async fn update(
        &self,
        id: Id<Snippet>,
        shortcut: Option<&str>,
        title: Option<&str>,
        text: Option<&str>,
    ) -> Result<Snippet, Error> {
        let mut work = self.workspace.begin(Permission::QuickRepliesManage).await?;
        let mut snippet = work.snippets().find(id).await?.ok_or(Error::NotFound("quick reply"))?;
        if let Some(shortcut) = shortcut {
            snippet.shortcut = shortcut.trim().to_owned();
        }
        if let Some(title) = title {
            snippet.title = title.trim().to_owned();
        }
        if let Some(text) = text {
            snippet.text = text.to_owned();
        }
        check(&snippet)?;
        if !work.snippets().update(&snippet).await? {
            return Err(taken());
        }
        work.commit().await?;
        Ok(snippet)
    }
    /// Removes one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `quick_replies.manage`.
    pub async fn delete(&self, id: Id<Snippet>) -> Result<(), Error> {
        let mut work = self.workspace.begin(Permission::QuickRepliesManage).await?;
        if !work.snippets().delete(id).await? {
            return Err(Error::NotFound("quick reply"));
        }
        work.commit().await
    }
}

fn check(snippet: &Snippet) -> Result<(), Error> {
    snippet.check()?;
    if snippet.title.chars().count() > 100 {
        return Err(Error::invalid("QUICK_REPLY", "title", "write at most 100 characters"));
    }
    Ok(())
}

fn taken() -> Error {
    Error::conflict(
        "SHORTCUT_EXISTS",
        "another quick reply has this shortcut: choose another shortcut",
    )
}
