//! `meta-simulator`: Meta's WhatsApp Cloud API on this machine, for demonstrations and tests. Listens on
//! 127.0.0.1 only. Logs go to standard error.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use whatsapp_cloud::simulator::cli::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO)
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut ended = signal(SignalKind::terminate())?;
    let running = arguments.start().await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", running.world)?;
    out.flush()?;
    if !arguments.json {
        tracing::info!("the phone is at {}/_sim/phone", running.url());
    }
    tokio::select! {
        _ = ended.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    running.stop().await;
    Ok(())
}
