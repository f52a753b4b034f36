//! What the command line can do beside the demo. Errors are sentences for the person at the terminal.

use std::io::{BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use whatsapp_core::{Env, Id, Permission, Role, Secret, Tenant};
use whatsapp_platform::{NewUser, Platform};

use crate::cli::{NewKeyArguments, NewUserArguments};
use crate::config::{Config, RawSettings, redacted};
use crate::serve::{self, Plan};
use crate::{Hub, telemetry};

/// An error with what is behind it, as a sentence for the person at the terminal.
pub(crate) fn said(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut behind = error.source();
    while let Some(cause) = behind {
        let words = cause.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        behind = cause.source();
    }
    text
}

/// Prints to standard output; a reader that has gone away is no error of ours.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(said(error)),
        _ => Ok(()),
    }
}

pub(crate) fn configured(raw: &RawSettings) -> Result<Config, String> {
    let config = Config::new(raw, &Env::system()).map_err(said)?;
    telemetry::install_logs(&config.log, config.production);
    Ok(config)
}

pub(crate) async fn opened(raw: &RawSettings) -> Result<(Config, Platform), String> {
    let config = configured(raw)?;
    let store = serve::open_store(&config, Env::system()).await?;
    let platform = serve::platform(&config, &config.public_url, store, Hub::new()).await?;
    Ok((config, platform))
}

pub(crate) async fn serve(raw: &RawSettings) -> Result<(), String> {
    let config = configured(raw)?;
    let listener =
        tokio::net::TcpListener::bind((config.host, config.port)).await.map_err(|error| {
            format!("{}:{} cannot be listened on: {error}", config.host, config.port)
        })?;
    let store = serve::open_store(&config, Env::system()).await?;
    let mut plan = Plan::new(config, listener, store)?;
    plan.metrics = Some(telemetry::install_metrics()?);
    let running = serve::start(plan).await?;
    invite(&running.platform, &running.url).await?;
    tracing::info!(url = %running.url, "serving");
    running.until_stopped().await
}

/// Whoever reads the first start's output may make the first account.
async fn invite(platform: &Platform, url: &str) -> Result<(), String> {
    if let Some(token) = platform.setup_token().await.map_err(said)? {
        print(&format!(
            "No account exists yet. Make the first one here, once:\n{url}/setup?token={}",
            token.expose()
        ))?;
    }
    Ok(())
}

pub(crate) async fn migrate(raw: &RawSettings) -> Result<(), String> {
    let config = configured(raw)?;
    let store = serve::open_store(&config, Env::system()).await?;
    store.migrate().await.map_err(said)?;
    print("The database is up to date.")
}

pub(crate) async fn seed(raw: &RawSettings) -> Result<(), String> {
    let (_, platform) = opened(raw).await?;
    let tenants = platform.tenants().await.map_err(said)?.len();
    print(&format!(
        "The instance is prepared: schema up to date, keys in place, {tenants} businesses."
    ))
}

pub(crate) fn check(raw: &RawSettings) -> Result<(), String> {
    print(&redacted(raw))?;
    Config::check(raw, &Env::system()).map_err(said)?;
    print("\nAll settings are good.")
}

pub(crate) async fn create_user(raw: &RawSettings, new: NewUserArguments) -> Result<(), String> {
    let (_, platform) = opened(raw).await?;
    let role = Role::parse(&new.role).ok_or("a role is admin or member")?;
    let (password, made) =
        if new.password_stdin { (read_line()?, false) } else { (chance(platform.env()), true) };
    let tenant = match &new.tenant {
        Some(name) => Some((tenant(&platform, name, true).await?, role)),
        None => None,
    };
    let user = NewUser {
        email: new.email,
        name: new.name,
        password: password.clone(),
        superadmin: new.superadmin,
        tenant,
    };
    let user = platform.create_user(user).await.map_err(said)?;
    print(&format!("Made {} ({}).", user.email, user.id))?;
    if made { print(&format!("Password, shown only now: {}", password.expose())) } else { Ok(()) }
}

pub(crate) async fn create_key(raw: &RawSettings, new: NewKeyArguments) -> Result<(), String> {
    let (_, platform) = opened(raw).await?;
    let tenant = tenant(&platform, &new.tenant, false).await?;
    let parse =
        |word: &String| Permission::parse(word).ok_or_else(|| format!("there is no scope {word}"));
    let mut scopes = new.scopes.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    if scopes.is_empty() {
        scopes = PROGRAMS.to_vec();
    }
    let desk = platform.system_workspace(tenant);
    let (key, secret) = desk.api_keys().create(&new.name, &scopes, None).await.map_err(said)?;
    print(&format!("Made {} ({}). Secret, shown only now:\n{}", key.name, key.id, secret.expose()))
}

/// What the public API can do.
pub(crate) const PROGRAMS: [Permission; 10] = [
    Permission::ContactsView,
    Permission::ContactsEdit,
    Permission::ContactsDelete,
    Permission::InboxViewAll,
    Permission::InboxReply,
    Permission::CampaignsView,
    Permission::CampaignsEdit,
    Permission::CampaignsSend,
    Permission::TemplatesView,
    Permission::ChannelsView,
];

async fn tenant(platform: &Platform, name: &str, make: bool) -> Result<Id<Tenant>, String> {
    let known = platform.tenants().await.map_err(said)?;
    let found = known.iter().find(|tenant| tenant.id.to_string() == name || tenant.name == name);
    match found {
        Some(tenant) => Ok(tenant.id),
        None if make => Ok(platform.create_tenant(name, "UTC").await.map_err(said)?.id),
        None => Err(format!("there is no business {name}")),
    }
}

pub(crate) fn read_line() -> Result<Secret, String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(said)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn chance(env: &Env) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(env.bytes::<18>()))
}
