//! Whose number or account a change is about, and whether the app that signed the call owns it.

use std::collections::HashMap;
use std::sync::Arc;

use whatsapp_core::event::VerifiedBy;
use whatsapp_core::{Channel, Id, Secret, Tenant};
use whatsapp_storage::SystemTx;

use crate::Error;
use crate::platform::Inner;

/// The sealed secret of an app that a tenant brought.
type SealedSecret = (Id<Tenant>, Id<Channel>, Secret);

/// A channel and whose it is.
type Routed = (Id<Tenant>, Arc<Channel>);

/// Finds channels, each once for a batch.
#[derive(Default)]
pub(super) struct Router {
    numbers: HashMap<String, Option<Routed>>,
    accounts: HashMap<String, Vec<Routed>>,
    secrets: Option<Vec<SealedSecret>>,
    /// Who was found to own what: opening secrets costs more than all the rest.
    owners: HashMap<(VerifiedBy, Id<Channel>), bool>,
}

impl Router {
    /// The channel with this number, if the signing app owns it.
    pub(super) async fn number(
        &mut self,
        inner: &Inner,
        tx: &mut dyn SystemTx,
        phone_number_id: &str,
        signer: VerifiedBy,
    ) -> Result<Option<Routed>, Error> {
        if !self.numbers.contains_key(phone_number_id) {
            let found = tx.routing().channel_by_phone_number_id(phone_number_id).await?;
            let found = found.map(|(tenant, channel)| (tenant, Arc::new(channel)));
            self.numbers.insert(phone_number_id.to_owned(), found);
        }
        let Some((tenant, channel)) = self.numbers.get(phone_number_id).cloned().flatten() else {
            return Ok(None);
        };
        let owned = self.owns(inner, tx, signer, tenant, &channel).await?;
        Ok(owned.then_some((tenant, channel)))
    }

    /// The channels of an account that the signing app owns.
    pub(super) async fn account(
        &mut self,
        inner: &Inner,
        tx: &mut dyn SystemTx,
        waba_id: &str,
        signer: VerifiedBy,
    ) -> Result<Vec<Routed>, Error> {
        if !self.accounts.contains_key(waba_id) {
            let found = tx.routing().channels_by_waba(waba_id).await?;
            let found = found.into_iter().map(|(tenant, channel)| (tenant, Arc::new(channel)));
            self.accounts.insert(waba_id.to_owned(), found.collect());
        }
        let mut owned = Vec::new();
        for (tenant, channel) in self.accounts.get(waba_id).cloned().unwrap_or_default() {
            if self.owns(inner, tx, signer, tenant, &channel).await? {
                owned.push((tenant, channel));
            }
        }
        Ok(owned)
    }

    async fn owns(
        &mut self,
        inner: &Inner,
        tx: &mut dyn SystemTx,
        signer: VerifiedBy,
        tenant: Id<Tenant>,
        channel: &Channel,
    ) -> Result<bool, Error> {
        if let Some(owns) = self.owners.get(&(signer, channel.id)) {
            return Ok(*owns);
        }
        let owns = self.look_up(inner, tx, signer, tenant, channel).await?;
        self.owners.insert((signer, channel.id), owns);
        Ok(owns)
    }

    /// The platform's app owns the channels that brought no app of their own; a tenant's app owns that
    /// tenant's channels that brought the same secret.
    async fn look_up(
        &mut self,
        inner: &Inner,
        tx: &mut dyn SystemTx,
        signer: VerifiedBy,
        tenant: Id<Tenant>,
        channel: &Channel,
    ) -> Result<bool, Error> {
        let signer = match signer {
            VerifiedBy::Platform => return Ok(platform_owns(inner, tenant, channel)),
            VerifiedBy::Channel(id) if id == channel.id => return Ok(true),
            VerifiedBy::Channel(id) => id,
        };
        let Some(theirs) = &channel.app_secret_sealed else { return Ok(false) };
        let secrets = match &self.secrets {
            Some(secrets) => secrets,
            None => self.secrets.insert(tx.routing().app_secrets().await?),
        };
        let Some((owner, id, ours)) = secrets.iter().find(|(_, id, _)| *id == signer) else {
            return Ok(false);
        };
        if *owner != tenant {
            return Ok(false);
        }
        let ours = inner.vault.open(ours, &Inner::app_secret_place(*owner, *id));
        let theirs = inner.vault.open(theirs, &Inner::app_secret_place(tenant, channel.id));
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => Ok(ours == theirs),
            // Without the secret nobody can show that he owns the number.
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "a channel's app secret cannot be read");
                Ok(false)
            }
        }
    }
}

/// The platform's app owns the channels that brought no app, or brought the platform's own.
fn platform_owns(inner: &Inner, tenant: Id<Tenant>, channel: &Channel) -> bool {
    let Some(sealed) = &channel.app_secret_sealed else { return true };
    let place = Inner::app_secret_place(tenant, channel.id);
    match inner.vault.open(sealed, &place) {
        Ok(secret) => inner.settings.app_secret.as_ref() == Some(&secret),
        Err(error) => {
            tracing::error!(%error, "a channel's app secret cannot be read");
            false
        }
    }
}
