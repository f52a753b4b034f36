//! The whole server under a path of your own application: its router is a router like any other.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use axum::Router;
use axum::routing::get;
use whatsapp_core::Secret;
use whatsapp_platform::testing::TestPlatform;
use whatsapp_server::{ServerSettings, router};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // In production: Platform::builder().store(…).cloud(…).files(…).seal_key(…).build().await?
    let platform = TestPlatform::start().await.platform;
    let secret = Secret::from("at least thirty-two characters of chance");
    let settings = ServerSettings::new("http://127.0.0.1:8080", secret);

    let app = Router::new()
        .route("/shop", get(async || "my own application"))
        .fallback_service(router(platform, settings));

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?);
    if std::env::args().all(|argument| argument != "--check") {
        axum::serve(listener, app).await?;
    }
    Ok(())
}
