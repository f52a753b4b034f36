//! A whole bot: it says back what it is told. Here against the simulated Meta; with Meta, take your own number.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use whatsapp_cloud::bot::Bot;
use whatsapp_cloud::simulator::{Simulator, SimulatorConfig, serve};
use whatsapp_cloud::{AccountApi, CallbackOverride, GraphClient, GraphSettings};
use whatsapp_core::Env;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (meta, known) =
        (serve(SimulatorConfig::default()).await?, Simulator::new(7, Env::system()));
    let access = known.access(0).ok_or("it has a number")?;
    let client = GraphClient::new(GraphSettings::default().with_base(meta.url()))?;

    let bot = Bot::new(client.clone(), access.clone())
        .app_secret(known.app_secret())
        .verify_token("my-token".into())
        .on_command("/start", async |cx, _| cx.reply("Write me something.").await.map(drop))
        .on_text(async |cx, text| cx.quote(format!("You said: {text}")).await.map(drop))
        .on_media(async |cx, _| cx.react("👍").await.map(drop));

    let webhook = async move |RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes| {
        let signature = headers.get("x-hub-signature-256").and_then(|text| text.to_str().ok());
        let (status, text) = bot.answer(&query.unwrap_or_default(), signature, &body).await;
        (StatusCode::from_u16(status).unwrap_or_default(), text)
    };
    let app = axum::Router::new().route("/webhook", axum::routing::any(webhook));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhook", listener.local_addr()?);
    let server = tokio::spawn(async { axum::serve(listener, app).await });
    let callback = CallbackOverride { url, verify_token: "my-token".into() };
    client.subscribe_app(&access, Some(callback)).await?;
    println!("write to it: {}/_sim/phone", meta.url());
    Ok(server.await??)
}
