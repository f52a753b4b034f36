//! The demonstration: a shop with its data, a simulated Meta beside it, known passwords, on loopback only. A
//! second start on the same folder continues where the first stopped, however that ended. Never for production.

mod file;
mod seed;
mod simulator;

use std::net::Ipv4Addr;

use serde_json::json;
use whatsapp_cloud::{Access, AccountApi, CallbackOverride, GraphClient, GraphSettings};
use whatsapp_core::{Env, Secret};

use crate::cli::DemoArguments;
use crate::commands::{print, said};
use crate::config::{Config, RawSettings};
use crate::serve::{self, Plan, Running};
use crate::telemetry;
use file::Kept;
use simulator::{Simulator, World};

pub use simulator::process as simulator_process;

/// The file that marks a folder as a demonstration's.
pub const FILE: &str = "demo.json";

/// Who can sign in. These passwords are known to everybody, so they exist only here.
pub const ADMIN: (&str, &str) = ("ana@aurora.example", "sunny-market-morning");
/// Looks after the platform.
pub const SUPERADMIN: (&str, &str) = ("root@platform.example", "silver-morning-bicycle");

/// Runs the demonstration until somebody ends it.
///
/// # Errors
/// A sentence for the person at the terminal.
pub async fn run(raw: &RawSettings, arguments: DemoArguments) -> Result<(), String> {
    let config = configured(raw, &arguments)?;
    telemetry::install_logs(&config.log, false);
    let env = Env::system();
    let mut kept = Kept::load(&config.data_dir, &env)?;
    let simulator = Simulator::find(&arguments, &config.data_dir, &mut kept).await?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port))
        .await
        .map_err(|error| format!("port {} cannot be listened on: {error}", arguments.port))?;
    let config = with_meta(config, &simulator.world, &kept);
    let store = serve::open_store(&config, env).await?;
    let verify_token = config.verify_token.clone();
    let mut plan = Plan::new(config, listener, store.clone())?;
    plan.simulator_url = Some(simulator.world.url.clone());
    plan.metrics = Some(telemetry::install_metrics()?);
    let running = serve::start(plan).await?;
    let channel = match seed::all(&running.platform, &store, &simulator.world, &mut kept).await {
        Ok(channel) => channel,
        Err(why) => return Err(format!("the demonstration data cannot be written: {}", said(why))),
    };
    point_webhooks(&simulator.world, &running.url, &verify_token).await?;
    announce(&running, &simulator.world, &kept, &channel, arguments.json)?;
    running.until_stopped().await?;
    simulator.stop().await;
    Ok(())
}

/// The demo's settings are its own; only what tests must turn is read from the environment.
fn configured(raw: &RawSettings, arguments: &DemoArguments) -> Result<Config, String> {
    let own = RawSettings {
        node_env: Some("development".into()),
        host: Some("127.0.0.1".into()),
        port: Some(arguments.port.to_string()),
        data_dir: Some(arguments.data.display().to_string()),
        database_url: raw.database_url.clone(),
        ambiguous_hold: raw.ambiguous_hold.clone(),
        ambiguous_hold_codes: raw.ambiguous_hold_codes.clone(),
        lease: raw.lease.clone(),
        disk_reserve: raw.disk_reserve.clone(),
        drain_delay: raw.drain_delay.clone().or_else(|| Some("0".into())),
        brand_name: raw.brand_name.clone().or_else(|| Some("Aurora Chat".into())),
        log: raw.log.clone().or_else(|| Some("warn".into())),
        ..RawSettings::default()
    };
    Config::new(&own, &Env::system()).map_err(said)
}

fn with_meta(mut config: Config, world: &World, kept: &Kept) -> Config {
    config.graph_base_url.clone_from(&world.url);
    config.meta_app_id = Some(world.app_id.clone());
    config.meta_app_secret = Some(world.app_secret.clone());
    config.verify_token = kept.verify_token.clone();
    config
}

/// Tells the simulated Meta where this start listens: the port may be another one than last time.
async fn point_webhooks(world: &World, url: &str, verify_token: &Secret) -> Result<(), String> {
    let graph =
        GraphClient::new(GraphSettings::default().with_base(world.url.clone())).map_err(said)?;
    for number in &world.numbers {
        let access = Access::new(world.access_token.clone(), &number.id, &number.waba);
        let callback = CallbackOverride {
            url: format!("{url}/api/webhooks/whatsapp"),
            verify_token: verify_token.clone(),
        };
        graph.subscribe_app(&access, Some(callback)).await.map_err(said)?;
    }
    Ok(())
}

fn announce(
    running: &Running,
    world: &World,
    kept: &Kept,
    channel: &whatsapp_core::Channel,
    as_json: bool,
) -> Result<(), String> {
    let url = &running.url;
    let ((email, password), (root, root_password)) = (ADMIN, SUPERADMIN);
    if !as_json {
        return print(&format!("Open {url} and sign in as {email} with the password {password}"));
    }
    let line = json!({
        "url": url,
        "admin": { "email": email, "password": password },
        "superadmin": { "email": root, "password": root_password },
        "api_key": kept.api_key.as_ref().map(Secret::expose),
        "webhook": {
            "url": format!("{url}/api/webhooks/whatsapp"),
            "verify_token": kept.verify_token.expose(),
            "app_secret": world.app_secret.expose(),
        },
        "simulator": { "url": world.url },
        "channel": {
            "id": channel.id,
            "phone_number_id": channel.phone_number_id,
            "waba_id": channel.waba_id,
            "phone": channel.phone,
        },
    });
    print(&line.to_string())
}
