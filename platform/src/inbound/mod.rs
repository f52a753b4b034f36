//! What Meta tells us. A call is verified, kept, answered, and only then applied: [`Platform::deliver`] is the
//! part before the answer, `project` the part after it.

mod account;
mod journal;
mod letters;
mod phone_app;
mod project;
mod receive;
mod route;
mod status;
mod tools;
mod verdict;

use sha2::{Digest, Sha256};
use whatsapp_cloud::webhook::{peek_phone_number_ids, verify_signature};
use whatsapp_core::Secret;
use whatsapp_core::event::VerifiedBy;
use whatsapp_storage::Mode;
use whatsapp_storage::repo::system::NewCall;

pub(crate) use journal::JournalWriter;
#[cfg(test)]
pub(crate) use journal::tests as waiting;
pub(crate) use project::{BATCH, project_batch};
pub(crate) use receive::{open_conversation, opt_out, thread};
pub use tools::{Journal, JournalQuery};

use crate::platform::Inner;
use crate::{Error, Platform};

/// `sha256=` and 64 hexadecimal digits.
const SIGNATURE_LENGTH: usize = 71;

/// What became of a call before it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It is kept, and will be applied.
    Kept,
    /// It was here before: nothing to do.
    Repeated,
}

impl Platform {
    /// Takes a webhook call: verifies the signature over the raw bytes and keeps them. When this returns, the
    /// call is on disk and may be answered with 200.
    ///
    /// `signature` is the header `X-Hub-Signature-256`.
    ///
    /// # Errors
    /// `SIGNATURE_INVALID` when no configured app's secret made the signature: nothing was kept.
    /// [`Error::Unavailable`] when no secret is configured at all, or the database is fenced and may yet be replaced by
    /// another one; [`Error::Storage`] when the call could not be kept: Meta will repeat it.
    pub async fn deliver(
        &self,
        signature: Option<&str>,
        body: bytes::Bytes,
    ) -> Result<Delivered, Error> {
        let verified_by = self.0.verify(signature, &body).await?;
        if let Some(fence) = self.0.fence().await? {
            return Err(Error::Unavailable(fence.why()));
        }
        let received_at = self.0.env.now();
        let call = NewCall {
            id: self.0.env.id_at(received_at),
            hash: digest(&body, verified_by),
            body: body.to_vec(),
            verified_by,
            received_at,
        };
        let new = self.0.keep(call).await?;
        if new {
            self.0.wake.journal.notify_one();
            Ok(Delivered::Kept)
        } else {
            metrics::counter!("whatsapp_inbound_events_total", "outcome" => "duplicate")
                .increment(1);
            Ok(Delivered::Repeated)
        }
    }
}

/// What makes a repetition the same call: its bytes, and whose secret signed them. Two apps that are subscribed
/// to one account are told the same bytes, and each tells its own part.
fn digest(body: &[u8], signer: VerifiedBy) -> [u8; 32] {
    let signer = match signer {
        VerifiedBy::Platform => uuid::Uuid::nil(),
        VerifiedBy::Channel(channel) => channel.uuid(),
    };
    Sha256::new_with_prefix(body).chain_update(signer.as_bytes()).finalize().into()
}

impl Inner {
    /// Finds the app whose secret made the signature: the platform's, then that of the channel named in the
    /// bytes (which are not trusted yet), then any other configured one.
    async fn verify(&self, signature: Option<&str>, body: &[u8]) -> Result<VerifiedBy, Error> {
        let refused = Error::Unauthenticated {
            code: "SIGNATURE_INVALID",
            message: "the signature does not match any configured app",
        };
        let matches = |secret: &Secret| verify_signature(secret, signature, body).is_ok();
        let platform = self.settings.app_secret.as_ref().filter(|s| !s.is_empty());
        if platform.is_some_and(&matches) {
            return Ok(VerifiedBy::Platform);
        }
        let mut tx = self.store.system(Mode::Read).await?;
        let secrets = tx.routing().app_secrets().await?;
        if platform.is_none() && secrets.is_empty() {
            let why = "no app secret is configured: set META_APP_SECRET, or give one when connecting the channel";
            return Err(Error::Unavailable(why.into()));
        }
        // What cannot be a signature costs no decryption.
        if signature.is_none_or(|header| header.len() != SIGNATURE_LENGTH) {
            return Err(refused);
        }
        // A secret that cannot be opened matches nothing, and is our problem, not the sender's.
        let opened = |sealed: &Secret, tenant, channel| match self
            .vault
            .open(sealed, &Self::app_secret_place(tenant, channel))
        {
            Ok(secret) => Some(secret),
            Err(error) => {
                tracing::error!(%error, %channel, "a channel's app secret cannot be read");
                None
            }
        };
        for phone_number_id in peek_phone_number_ids(body).into_iter().take(8) {
            if let Some((tenant, channel)) =
                tx.routing().channel_by_phone_number_id(&phone_number_id).await?
                && let Some(sealed) = &channel.app_secret_sealed
                && opened(sealed, tenant, channel.id).as_ref().is_some_and(matches)
            {
                return Ok(VerifiedBy::Channel(channel.id));
            }
        }
        for (tenant, channel, sealed) in &secrets {
            if opened(sealed, *tenant, *channel).as_ref().is_some_and(matches) {
                return Ok(VerifiedBy::Channel(*channel));
            }
        }
        Err(refused)
    }
}
