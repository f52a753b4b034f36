//! The command line. Each command is a function in `commands`; nothing is done here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands;
use crate::config::RawSettings;
use crate::journal::JournalCommand;
use crate::restore::{self, BackupArguments, ConfirmArguments};

/// WhatsApp business messaging: server, public API and console.
#[derive(Debug, Parser)]
#[command(name = "whatsapp-server", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: RawSettings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (without a command as well).
    Serve,
    /// Bring the database up to date and end.
    Migrate,
    /// Prepare a new instance: schema, keys and folders. Twice changes nothing.
    Seed,
    /// Serve a demonstration with its own data and a simulated Meta, on this machine only.
    Demo(DemoArguments),
    /// People who sign in.
    #[command(subcommand)]
    User(UserCommand),
    /// Keys for programs.
    #[command(subcommand, name = "api-key")]
    ApiKey(KeyCommand),
    /// Settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Webhook calls as they came, and applying them again. With SQLite, stop the server first.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Copy the database into a file while a server works on it (SQLite), and check the copy. A server that starts on
    /// the copy is fenced: it sends nothing until `confirm-restore`.
    Backup(BackupArguments),
    /// Fence the database by hand, after a restore that leaves no trace: nothing is sent until `confirm-restore`. With
    /// SQLite, stop the server first.
    Fence,
    /// Show what is pending in a restored database, and let it go on. With SQLite, stop the server first.
    ConfirmRestore(ConfirmArguments),
    /// Print the description of the API.
    Openapi,
    /// The simulated Meta of the demo; ends when its standard input does.
    #[command(hide = true)]
    Simulator(whatsapp_cloud::simulator::cli::Arguments),
}

/// How to run the demonstration.
#[derive(Args, Clone, Debug)]
pub struct DemoArguments {
    /// Print one JSON object as the first line on standard output.
    #[arg(long)]
    pub json: bool,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 5000)]
    pub port: u16,
    /// The demonstration's folder; a second start on it continues.
    #[arg(long, default_value = "data/demo")]
    pub data: PathBuf,
    /// Use the simulator that runs at this address instead of starting one.
    #[arg(long, value_name = "URL")]
    pub simulator: Option<String>,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make an account. Without a password one is made and printed, this once.
    Create(NewUserArguments),
}

/// Who is to be made.
#[derive(Args, Clone, Debug)]
pub struct NewUserArguments {
    /// The address to sign in with.
    #[arg(long)]
    pub email: String,
    /// The person's name.
    #[arg(long)]
    pub name: String,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    pub password_stdin: bool,
    /// May look after the whole platform.
    #[arg(long)]
    pub superadmin: bool,
    /// The id or name of the business; one is made under a new name.
    #[arg(long, value_name = "ID|NAME")]
    pub tenant: Option<String>,
    /// `admin` or `member` there.
    #[arg(long, default_value = "admin")]
    pub role: String,
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Make a key. Its secret is printed, this once.
    Create(NewKeyArguments),
}

/// Which key is to be made.
#[derive(Args, Clone, Debug)]
pub struct NewKeyArguments {
    /// The id or name of the business.
    #[arg(long, value_name = "ID|NAME")]
    pub tenant: String,
    /// What the key is for.
    #[arg(long)]
    pub name: String,
    /// What it may do, separated by commas; everything that a program can do without it.
    #[arg(long, value_delimiter = ',', value_name = "SCOPES")]
    pub scopes: Vec<String>,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check all settings and print them without secrets.
    Check,
    /// Print the table of all settings, as the handbook has it.
    Table,
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// A sentence for the person at the terminal.
    pub async fn run(self) -> Result<(), String> {
        let raw = self.settings;
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => commands::serve(&raw).await,
            Command::Migrate => commands::migrate(&raw).await,
            Command::Seed => commands::seed(&raw).await,
            Command::Demo(arguments) => crate::demo::run(&raw, arguments).await,
            Command::User(UserCommand::Create(arguments)) => {
                commands::create_user(&raw, arguments).await
            }
            Command::ApiKey(KeyCommand::Create(arguments)) => {
                commands::create_key(&raw, arguments).await
            }
            Command::Config(ConfigCommand::Check) => commands::check(&raw),
            Command::Config(ConfigCommand::Table) => commands::print(&crate::config::markdown()),
            Command::Journal(command) => crate::journal::run(&raw, command).await,
            Command::Backup(arguments) => restore::back_up(&raw, arguments).await,
            Command::Fence => restore::fence(&raw).await,
            Command::ConfirmRestore(arguments) => restore::confirm(&raw, arguments).await,
            Command::Openapi => commands::print(&crate::openapi::text()),
            Command::Simulator(arguments) => crate::demo::simulator_process(arguments).await,
        }
    }
}
