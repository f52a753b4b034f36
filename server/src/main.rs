//! The program `whatsapp-server`. Everything it does is in the library, so that hosts can do the same.

use std::process::ExitCode;

use clap::Parser;
use whatsapp_server::{cli, config};

fn main() -> ExitCode {
    let result = config::load_dotenv().and_then(|()| {
        let cli = cli::Cli::parse();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(cli.run())
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("whatsapp-server: {message}");
            ExitCode::FAILURE
        }
    }
}
