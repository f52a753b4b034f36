//! Numbers that are on the WhatsApp Business app and the Cloud API at once.

use async_trait::async_trait;

use crate::lenient::words;
use crate::{Access, CloudError};

words! {
    /// What is synchronised.
    SyncKind {
        /// The contacts of the app, and their changes from now on.
        Contacts = "smb_app_state_sync",
        /// The messages of the last months.
        History = "history",
    }
}

/// Asks for what is on the WhatsApp Business app of a number that is on both.
#[async_trait]
pub trait CoexistenceApi: Send + Sync {
    /// Asks for the contacts or the history of the Business app; they come by webhook. Each can be asked for once,
    /// within 24 hours of onboarding. Gives Meta's id of the request.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users>.
    ///
    /// ```no_run
    /// # use whatsapp_cloud::{Access, CloudError};
    /// # use whatsapp_cloud::api::{CoexistenceApi, SyncKind};
    /// # async fn demo(meta: &dyn CoexistenceApi, access: &Access) -> Result<(), CloudError> {
    /// let contacts = meta.ask_for_sync(access, SyncKind::Contacts).await?;
    /// let history = meta.ask_for_sync(access, SyncKind::History).await?;
    /// println!("asked by {contacts} and {history}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`CloudError`] by situation: 2593107 was already asked for, 2593108 the 24 hours are over.
    async fn ask_for_sync(&self, access: &Access, what: SyncKind) -> Result<String, CloudError>;
}
