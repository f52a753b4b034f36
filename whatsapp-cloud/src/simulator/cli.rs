//! The command line of `meta-simulator`.

use std::path::PathBuf;

use clap::Parser;

use super::http::{Running, SimulatorConfig, StartError, serve};

/// A simulator of Meta's WhatsApp Cloud API. The first line on standard output is its world as JSON.
#[derive(Clone, Debug, Parser)]
#[command(name = "meta-simulator", version)]
pub struct Arguments {
    /// Print nothing for people, only the JSON line.
    #[arg(long)]
    pub json: bool,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// From which all ids, numbers and secrets come.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// Where to keep the log; a start on the same folder continues.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

impl Arguments {
    /// Starts the simulator as asked.
    ///
    /// # Errors
    /// [`StartError`], see [`serve`].
    pub async fn start(&self) -> Result<Running, StartError> {
        let (port, seed, data) = (self.port, self.seed, self.data.clone());
        serve(SimulatorConfig { port, seed, data, ..SimulatorConfig::default() }).await
    }
}
