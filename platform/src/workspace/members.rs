//! The team. Never shows more of a person than the team may know.

use whatsapp_core::{Member, Permission};

use super::Workspace;
use crate::Error;

/// The people of the tenant's team.
#[derive(Clone, Copy, Debug)]
pub struct Members<'w> {
    pub(super) workspace: &'w Workspace,
}

impl Members<'_> {
    /// All of them, by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `team.view`; when the store fails.
    pub async fn list(&self) -> Result<Vec<Member>, Error> {
        let mut work = self.workspace.read(Permission::TeamView).await?;
        Ok(work.members().list().await?)
    }
}
