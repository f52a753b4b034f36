//! The commands `backup`, `fence` and `confirm-restore`: a copy of the database while a server works on it, and how one
//! that was restored goes on. Nothing goes on here without a person's word.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use whatsapp_core::{Env, SendState};
use whatsapp_platform::{Backlog, Confirmed, Fence, Pending};
use whatsapp_storage::backup::{self, Copied};

use crate::commands::{configured, opened, print, read_line, said};
use crate::config::RawSettings;

/// Where a backup goes.
#[derive(Args, Clone, Debug)]
pub(crate) struct BackupArguments {
    /// A new file; one that exists is never written over.
    pub(crate) file: PathBuf,
}

/// How a restored database goes on.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConfirmArguments {
    /// Do not ask: needed where nobody sits at a terminal.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Send what the backup believes to be waiting, and go on with its campaigns. Only where nothing was sent after
    /// the backup: else people get messages twice.
    #[arg(long)]
    pub(crate) send_queued: bool,
}

/// Copies the database as it is at this moment. The copy is fenced.
pub(crate) async fn back_up(raw: &RawSettings, arguments: BackupArguments) -> Result<(), String> {
    let config = configured(raw)?;
    let env = Env::system();
    let fence = || vec![Fence::of_backup(env.now())];
    let url = config.database_url.expose();
    let copied = backup::take(url, &arguments.file, fence).await.map_err(said)?;
    print(&told(&copied))?;
    print(&format!(
        "Kept as {}, checked, and fenced: a server that starts on it sends nothing before `whatsapp-server \
         confirm-restore`.\nNot in it: the files in {}, and the keys, without which credentials in it cannot be read. \
         Keep both, and the keys elsewhere.",
        arguments.file.display(),
        config.upload_dir.display()
    ))
}

fn told(copied: &Copied) -> String {
    let lines = copied.lines.iter().map(|(state, n)| format!("{n} {}", state.as_str()));
    let lines = lines.collect::<Vec<_>>().join(", ");
    let lines = if lines.is_empty() { "nothing".to_owned() } else { lines };
    format!(
        "{} bytes, schema {}, {} messages; outgoing: {lines}.",
        copied.bytes, copied.schema, copied.messages
    )
}

/// Fences the database by hand.
pub(crate) async fn fence(raw: &RawSettings) -> Result<(), String> {
    let (_, platform) = opened(raw).await?;
    let fence = platform.restore().set().await.map_err(said)?;
    print(&format!("{}.", fence.why()))
}

/// Shows what is pending and, when that is wanted, lifts the fence.
pub(crate) async fn confirm(raw: &RawSettings, arguments: ConfirmArguments) -> Result<(), String> {
    let (_, platform) = opened(raw).await?;
    let restore = platform.restore();
    let Some(fence) = restore.fence().await.map_err(said)? else {
        return print("This database is not fenced: there is nothing to confirm.");
    };
    let backlog = if arguments.send_queued { Backlog::Send } else { Backlog::Unconfirmed };
    let pending = restore.pending().await.map_err(said)?;
    print(&outlook(&fence, &pending, backlog))?;
    if !arguments.yes && !agreed()? {
        return Err("not confirmed: the database stays fenced".into());
    }
    let confirmed = restore.confirm(backlog).await.map_err(said)?;
    print(&done(&confirmed))
}

/// What waits, and what becomes of it.
fn outlook(fence: &Fence, pending: &Pending, backlog: Backlog) -> String {
    let Pending { lines, preparing, sending, due, scheduled, jobs } = pending;
    let what = match backlog {
        Backlog::Unconfirmed => {
            "What waits since before then may have been sent by the database that was lost. It becomes `unconfirmed`: \
             nothing but a person sends it again. Campaigns that had begun, or whose time came, are paused. Where \
             nothing ran after the backup, use --send-queued."
        }
        Backlog::Send => {
            "All of it is sent, and campaigns go on. Whatever the database that was lost had sent already is sent a \
             second time."
        }
    };
    format!(
        "Fenced: {}.\n\nMessages: {} wait, {} were being sent, {} are in doubt.\nCampaigns: {preparing} in \
         preparation, {sending} being sent, {due} due, {scheduled} scheduled for later.\nJobs: {jobs}.\n\n{what}",
        fence.why(),
        lines.queued,
        lines.sending,
        lines.ambiguous
    )
}

fn done(confirmed: &Confirmed) -> String {
    let Confirmed { unconfirmed, paused, put_aside } = confirmed;
    format!(
        "Confirmed: the fence is gone, and servers go on within seconds. {unconfirmed} messages are {}, {paused} \
         campaigns are paused, {put_aside} wishes to try people again were put aside.",
        SendState::Unconfirmed.as_str()
    )
}

/// Asks at a terminal; elsewhere nobody can answer.
fn agreed() -> Result<bool, String> {
    if !std::io::stdin().is_terminal() {
        return Err("nobody can be asked here: add --yes when you are sure".into());
    }
    let mut out = std::io::stdout().lock();
    write!(out, "\nType yes to go on: ").and_then(|()| out.flush()).map_err(said)?;
    drop(out);
    Ok(read_line()?.expose().trim() == "yes")
}

#[cfg(test)]
mod tests {
    use whatsapp_core::Timestamp;

    use super::*;

    #[test]
    fn an_operator_is_told_what_becomes_of_what_waits() {
        let (_, kept) = Fence::of_backup(Timestamp::from_seconds(1_772_442_000));
        let fence: Fence = serde_json::from_value(kept).expect("reads");
        let pending = Pending { sending: 1, ..Pending::default() };
        let safe = outlook(&fence, &pending, Backlog::Unconfirmed);
        assert!(safe.contains("1 being sent") && safe.contains("unconfirmed"), "{safe}");
        let bold = outlook(&fence, &pending, Backlog::Send);
        assert!(bold.contains("a second time"), "{bold}");
    }
}
