//! The demonstration's data, from a fixed seed. Each step looks first whether it was done, so that a start that
//! was killed in the middle is finished by the next one; the bulk of a shop is one transaction.

mod chance;
mod history;
mod people;
mod pictures;
mod shop;
mod talks;
mod texts;

use std::sync::Arc;

use whatsapp_core::{Channel, Id, Permission, Role, Secret, Tenant};
use whatsapp_platform::workspace::NewChannel;
use whatsapp_platform::{Error, NewUser, Platform};
use whatsapp_storage::{StorageError, Store};

use super::file::Kept;
use super::simulator::{Number, World};
use super::{ADMIN, SUPERADMIN};
use crate::commands::PROGRAMS;
use texts::Shop;

/// Why data could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum SeedError {
    #[error(transparent)]
    Platform(#[from] Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Rule(#[from] whatsapp_core::Error),
    #[error("{0}")]
    Other(String),
}

/// Writes what is missing; answers the first shop's number.
pub(super) async fn all(
    platform: &Platform,
    store: &Arc<dyn Store>,
    world: &World,
    kept: &mut Kept,
) -> Result<Channel, SeedError> {
    account(platform, SUPERADMIN, "Root", true, None).await?;
    let mut first = None;
    for (shop, number) in texts::SHOPS.iter().zip(&world.numbers) {
        let tenant = tenant(platform, shop).await?;
        for person in shop.team {
            let role = if person.admin { Role::Admin } else { Role::Member };
            let login = (person.email, ADMIN.1);
            account(platform, login, person.name, false, Some((tenant, role))).await?;
        }
        let channel = channel(platform, tenant, shop, number, world).await?;
        shop::fill(platform, store, tenant, &channel, shop).await?;
        first.get_or_insert((tenant, channel));
    }
    let (tenant, channel) =
        first.ok_or_else(|| SeedError::Other("the simulator has no number".into()))?;
    key(platform, tenant, kept).await?;
    // What is announced must hold, whatever somebody changed in the console.
    for (email, password) in [ADMIN, SUPERADMIN] {
        platform.restore_password(email, &Secret::from(password)).await?;
    }
    Ok(channel)
}

async fn tenant(platform: &Platform, shop: &Shop) -> Result<Id<Tenant>, SeedError> {
    let known = platform.tenants().await?;
    match known.into_iter().find(|tenant| tenant.name == shop.name) {
        Some(tenant) => Ok(tenant.id),
        None => Ok(platform.create_tenant(shop.name, shop.timezone).await?.id),
    }
}

async fn account(
    platform: &Platform,
    (email, password): (&str, &str),
    name: &str,
    superadmin: bool,
    tenant: Option<(Id<Tenant>, Role)>,
) -> Result<(), SeedError> {
    let new = NewUser {
        email: email.into(),
        name: name.into(),
        password: Secret::from(password),
        superadmin,
        tenant,
    };
    match platform.create_user(new).await {
        Ok(_) => Ok(()),
        Err(Error::Rule(whatsapp_core::Error::Conflict { code: "USER_EXISTS", .. })) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn channel(
    platform: &Platform,
    tenant: Id<Tenant>,
    shop: &Shop,
    number: &Number,
    world: &World,
) -> Result<Channel, SeedError> {
    let desk = platform.system_workspace(tenant);
    let known = desk.channels().list().await?;
    let channel = match known.into_iter().find(|channel| channel.phone_number_id == number.id) {
        Some(channel) => channel,
        None => {
            let new = NewChannel {
                name: Some(shop.channel.into()),
                waba_id: number.waba.clone(),
                phone_number_id: number.id.clone(),
                access_token: world.access_token.clone(),
                app_secret: None,
            };
            desk.channels().connect(new).await?
        }
    };
    // Not only by the scheduled job: whoever reads the first line expects them to be there.
    desk.templates().sync(channel.id).await?;
    tracing::debug!(phone = %number.phone, "the channel is connected");
    Ok(channel)
}

/// The key that the first line shows. The database has only its digest, so it is kept in the file.
async fn key(platform: &Platform, tenant: Id<Tenant>, kept: &mut Kept) -> Result<(), SeedError> {
    if let Some(known) = &kept.api_key
        && platform.api_key(known.expose()).await.is_ok()
    {
        return Ok(());
    }
    let desk = platform.system_workspace(tenant);
    let scopes: Vec<Permission> = PROGRAMS.to_vec();
    // The plan Enterprise: 300 calls a minute, no limit by day.
    let (_, secret) =
        desk.api_keys().create_limited("Demonstration", &scopes, None, 300, None).await?;
    kept.api_key = Some(secret);
    kept.save().map_err(SeedError::Other)
}
