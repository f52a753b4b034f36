//! One message with `whatsapp-cloud` alone: the client, a credential, a text. Here against the simulated Meta, so
//! that it runs without an account; with Meta, leave out the base address.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use whatsapp_cloud::simulator::{Simulator, SimulatorConfig, serve};
use whatsapp_cloud::{GraphClient, GraphSettings, Messaging, OutgoingMessage, Recipient};
use whatsapp_core::{Content, Env};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = SimulatorConfig::default();
    let access = Simulator::new(config.seed, Env::system()).access(0).ok_or("it has a number")?;
    let meta = serve(config).await?;

    let client = GraphClient::new(GraphSettings::default().with_base(meta.url()))?;
    let to = Recipient::from_address("+5511981234567");
    let sent = client.send(&access, &OutgoingMessage::new(to, Content::text("Hello!"))).await?;
    println!("accepted as {}", sent.wamid);

    meta.stop().await;
    Ok(())
}
