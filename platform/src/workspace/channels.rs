//! WhatsApp numbers: checked at Meta before anything is kept, their secrets sealed. Never calls Meta inside
//! a transaction, never gives a token out again.

use whatsapp_cloud::{Access, CallbackOverride, CloudError, NumberDetails};
use whatsapp_core::channel::Problem;
use whatsapp_core::{Channel, ChannelState, Event, Id, Permission, Phone, Secret};
use whatsapp_storage::Mode;

use super::Workspace;
use crate::Error;
use crate::jobs::Task;
use crate::platform::Inner;
use crate::work::Work;

/// Where Meta posts webhooks, under the public address.
const WEBHOOK_PATH: &str = "/api/webhooks/whatsapp";

/// The tenant's WhatsApp numbers.
#[derive(Clone, Copy, Debug)]
pub struct Channels<'w> {
    pub(super) workspace: &'w Workspace,
}

/// A number to be connected.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// What the tenant calls it; the verified name when `None`.
    pub name: Option<String>,
    /// Meta's id of the WhatsApp Business Account.
    pub waba_id: String,
    /// Meta's id of the number.
    pub phone_number_id: String,
    /// An access token of a system user.
    pub access_token: Secret,
    /// The secret of the tenant's own app, if it brings one. The platform's own is checked and not kept: then
    /// the platform's app owns the number.
    pub app_secret: Option<Secret>,
}

impl Channels<'_> {
    /// All of them, oldest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without `channels.view`; when the store fails.
    pub async fn list(&self) -> Result<Vec<Channel>, Error> {
        let mut work = self.workspace.read(Permission::ChannelsView).await?;
        Ok(work.channels().list().await?)
    }
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `channels.view`.
    pub async fn find(&self, id: Id<Channel>) -> Result<Channel, Error> {
        let mut work = self.workspace.read(Permission::ChannelsView).await?;
        known(&mut work, id).await
    }
    /// Asks Meta whether the credentials hold, and for which number: the token, both ids, and the app secret
    /// where one is given. Keeps nothing.
    ///
    /// # Errors
    /// `CHANNEL_FIELDS` naming the field; `CHANNEL_MISMATCH` when the number is not of the account;
    /// `CHANNEL_SECRET` when the app secret is not that of the token's app;
    /// [`Error::Cloud`] in Meta's code and plain words; [`Error::Forbidden`] without `channels.manage`.
    pub async fn check(&self, new: &NewChannel) -> Result<NumberDetails, Error> {
        self.workspace.actor().require(Permission::ChannelsManage)?;
        check_form(new)?;
        let access = access_of(new);
        let cloud = &self.workspace.platform().0.cloud;
        let number = cloud.phone_number(&access).await?;
        let numbers = cloud.phone_numbers(&access).await?;
        if !numbers.iter().any(|n| n.id == new.phone_number_id) {
            return Err(Error::invalid(
                "CHANNEL_MISMATCH",
                "waba_id",
                "this number does not belong to this WhatsApp Business Account: copy both ids from the same page of WhatsApp Manager",
            ));
        }
        if let Some(secret) = app_secret(new) {
            cloud.check_app_secret(&access, secret).await.map_err(about_secret)?;
        }
        Ok(number)
    }
    /// Connects a number: checks it, lets its app send webhooks here, seals its secrets, keeps it and fetches
    /// its templates. A number that this tenant disconnected before is taken up again with its
    /// conversations. On any error nothing is kept.
    ///
    /// # Errors
    /// As [`Channels::check`]; `CHANNEL_EXISTS` when the number is connected already, here or elsewhere.
    pub async fn connect(&self, new: NewChannel) -> Result<Channel, Error> {
        let number = self.check(&new).await?;
        let Some(phone) = number.phone.clone() else {
            let message = format!("WhatsApp shows this number as \"{}\"", number.display_phone);
            return Err(Error::invalid("CHANNEL_NUMBER", "phone_number_id", message));
        };
        let inner = &self.workspace.platform().0;
        let again = self.taken_up(&new.phone_number_id).await?;
        inner.cloud.subscribe_app(&access_of(&new), callback(inner)).await?;
        let channel = self.sealed(&new, &number, phone, again.as_ref())?;

        let mut work = self.workspace.begin(Permission::ChannelsManage).await?;
        let kept = if again.is_some() {
            work.channels().update(&channel).await?
        } else {
            work.channels().insert(&channel).await?
        };
        if !kept {
            return Err(exists());
        }
        let now = work.env().now();
        let job = Task::SyncTemplates { channel: channel.id }.job(work.env(), now);
        work.schedule(job);
        let job = Task::SyncNumber { channel: channel.id }.job(work.env(), now);
        work.schedule(job);
        work.audit("channel.connected", channel.id.to_string()).await?;
        work.emit(Event::ChannelUpdated { channel: channel.id });
        work.commit().await?;
        Ok(channel)
    }
    /// Calls it something else.
    ///
    /// # Errors
    /// [`Error::NotFound`]; `CHANNEL_FIELDS`; [`Error::Forbidden`] without `channels.manage`.
    pub async fn rename(&self, id: Id<Channel>, name: &str) -> Result<Channel, Error> {
        check_name(name)?;
        let mut work = self.workspace.begin(Permission::ChannelsManage).await?;
        let mut channel = held(&mut work, id).await?;
        name.trim().clone_into(&mut channel.name);
        work.channels().update(&channel).await?;
        work.emit(Event::ChannelUpdated { channel: id });
        work.commit().await?;
        Ok(channel)
    }
    /// Stops sending and receiving over it and forgets its secrets; the conversations stay.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] without `channels.manage`. That Meta cannot be told does not
    /// stop it.
    pub async fn disconnect(&self, id: Id<Channel>) -> Result<(), Error> {
        let inner = &self.workspace.platform().0;
        let tenant = self.workspace.actor().tenant();
        let mut work = self.workspace.begin(Permission::ChannelsManage).await?;
        let mut channel = held(&mut work, id).await?;
        let shared = work.channels().list().await?.into_iter().any(|other| {
            other.id != id
                && other.waba_id == channel.waba_id
                && other.state != ChannelState::Disconnected
        });
        let access = inner.access(tenant, &channel);
        let forgotten = Secret::from("");
        channel.token_sealed = inner.vault.seal(&forgotten, &Inner::token_place(tenant, id))?;
        channel.app_secret_sealed = None;
        let why = Problem {
            code: "DISCONNECTED".into(),
            message: "Somebody of the team disconnected it.".into(),
        };
        channel.turn(ChannelState::Disconnected, Some(why), inner.env.now());
        work.channels().update(&channel).await?;
        work.audit("channel.disconnected", id.to_string()).await?;
        work.emit(Event::ChannelUpdated { channel: id });
        work.commit().await?;

        // Other numbers of the account still need its webhooks.
        if shared {
            return Ok(());
        }
        let told = match access {
            Ok(access) if access.token.is_empty() => Ok(()),
            Ok(access) => inner.cloud.unsubscribe_app(&access).await.map_err(Error::from),
            Err(unreadable) => Err(unreadable),
        };
        if let Err(error) = told {
            tracing::warn!(channel = %id, %error, "Meta could not be told of a disconnected channel");
        }
        Ok(())
    }

    /// The disconnected or paused channel of this tenant that has this number already.
    async fn taken_up(&self, phone_number_id: &str) -> Result<Option<Channel>, Error> {
        let inner = &self.workspace.platform().0;
        let mut system = inner.store.system(Mode::Read).await?;
        match system.routing().channel_by_phone_number_id(phone_number_id).await? {
            None => Ok(None),
            Some((tenant, channel))
                if tenant == self.workspace.actor().tenant()
                    && channel.state != ChannelState::Connected =>
            {
                Ok(Some(channel))
            }
            Some(_) => Err(exists()),
        }
    }
    fn sealed(
        &self,
        new: &NewChannel,
        number: &NumberDetails,
        phone: Phone,
        again: Option<&Channel>,
    ) -> Result<Channel, Error> {
        let inner = &self.workspace.platform().0;
        let tenant = self.workspace.actor().tenant();
        let id = again.map_or_else(|| inner.env.id(), |channel| channel.id);
        let place = Inner::app_secret_place(tenant, id);
        let theirs =
            app_secret(new).filter(|secret| inner.settings.app_secret.as_ref() != Some(*secret));
        let given = new.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let verified = Some(number.verified_name.as_str()).filter(|name| !name.is_empty());
        let name = given.or(again.map(|channel| channel.name.as_str())).or(verified);
        Ok(Channel {
            id,
            name: name.unwrap_or(phone.as_str()).to_owned(),
            verified_name: number.verified_name.clone(),
            phone_number_id: new.phone_number_id.clone(),
            waba_id: new.waba_id.clone(),
            portfolio: again
                .filter(|channel| channel.waba_id == new.waba_id)
                .map_or_else(|| new.waba_id.clone(), |channel| channel.portfolio.clone()),
            messaging_limit: None,
            token_sealed: inner.vault.seal(&new.access_token, &Inner::token_place(tenant, id))?,
            app_secret_sealed: theirs.map(|s| inner.vault.seal(s, &place)).transpose()?,
            state: ChannelState::Connected,
            problem: None,
            state_at: inner.env.now(),
            quality: number.quality,
            throughput: number.throughput,
            pace: None,
            last_inbound_at: again.and_then(|channel| channel.last_inbound_at),
            created_at: again.map_or_else(|| inner.env.now(), |channel| channel.created_at),
            phone,
        })
    }
}

async fn known(work: &mut Work<'_>, id: Id<Channel>) -> Result<Channel, Error> {
    work.channels().find(id).await?.ok_or(Error::NotFound("channel"))
}

async fn held(work: &mut Work<'_>, id: Id<Channel>) -> Result<Channel, Error> {
    work.channels().hold(id).await?.ok_or(Error::NotFound("channel"))
}

fn access_of(new: &NewChannel) -> Access {
    Access::new(new.access_token.clone(), &new.phone_number_id, &new.waba_id)
}

fn app_secret(new: &NewChannel) -> Option<&Secret> {
    new.app_secret.as_ref().filter(|secret| !secret.is_empty())
}

/// A wrong secret is an input that is wrong; anything else is Meta's own refusal or failure.
fn about_secret(error: CloudError) -> Error {
    match error {
        CloudError::Invalid { field, message } => Error::invalid("CHANNEL_SECRET", &field, message),
        other => other.into(),
    }
}

/// Meta calls the platform's own address for this account, where that address is known.
fn callback(inner: &Inner) -> Option<CallbackOverride> {
    let verify_token = inner.settings.verify_token.clone()?;
    let root = inner.settings.public_url.trim_end_matches('/');
    let known = !root.is_empty() && !verify_token.is_empty();
    known.then(|| CallbackOverride { url: format!("{root}{WEBHOOK_PATH}"), verify_token })
}

fn check_form(new: &NewChannel) -> Result<(), Error> {
    // These go into addresses at Meta: nothing but digits may.
    for (field, id) in [("waba_id", &new.waba_id), ("phone_number_id", &new.phone_number_id)] {
        if !(5..=32).contains(&id.len()) || !id.bytes().all(|b| b.is_ascii_digit()) {
            let message = "an id of Meta's has only digits: copy it from WhatsApp Manager";
            return Err(Error::invalid("CHANNEL_FIELDS", field, message));
        }
    }
    let whole = |secret: &Secret, max: usize| {
        let text = secret.expose();
        (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
    };
    if !whole(&new.access_token, 1_024) {
        let message = "paste the whole access token, without spaces or line breaks";
        return Err(Error::invalid("CHANNEL_FIELDS", "access_token", message));
    }
    if app_secret(new).is_some_and(|secret| !whole(secret, 256)) {
        let message = "paste the whole app secret, without spaces or line breaks";
        return Err(Error::invalid("CHANNEL_FIELDS", "app_secret", message));
    }
    match new.name.as_deref() {
        Some(name) if !name.trim().is_empty() => check_name(name),
        _ => Ok(()),
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    if (1..=100).contains(&name.trim().chars().count()) {
        return Ok(());
    }
    Err(Error::invalid("CHANNEL_FIELDS", "name", "write 1 to 100 characters"))
}

fn exists() -> Error {
    Error::conflict(
        "CHANNEL_EXISTS",
        "this number is connected already: disconnect it there first, then connect it here",
    )
}
