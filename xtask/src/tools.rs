//! Programs of the machine: found, installed with apt when we may, or named in one sentence. It
//! never downloads anything by another way than the system's own package client.

use crate::fail::{During, Outcome};
use crate::proc::{self, Guard, User};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The folders in which programs are looked for, in order.
fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// The first program of these names in `PATH`.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let folders = search_path();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// The folder that holds all of PostgreSQL's programs we need, newest version first where
/// several are installed side by side.
pub(crate) fn postgres_folder() -> Option<PathBuf> {
    let needed = ["initdb", "pg_ctl", "postgres", "psql"];
    let mut folders = search_path();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| {
            let version = entry.file_name().to_string_lossy().parse().unwrap_or(0);
            (version, entry.path().join("bin"))
        })
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev().map(|(_, path)| path));
    folders.push(PathBuf::from("/usr/local/bin"));
    folders.push(PathBuf::from("/opt/homebrew/bin"));
    folders.into_iter().find(|folder| needed.iter().all(|program| folder.join(program).is_file()))
}

/// Chromium for the browser tests: `CHROMIUM_PATH`, else the usual names.
pub(crate) fn chromium() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM_PATH").map(PathBuf::from).filter(|path| path.is_file()).or_else(
        || find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]),
    )
}

/// Whether we run as the machine's administrator.
///
/// # Errors
/// When `id` cannot be asked.
pub(crate) fn is_root() -> Outcome<bool> {
    Ok(proc::capture(proc::command("id").arg("-u"))?.trim() == "0")
}

/// Installs a package with apt when we are root and apt is there; otherwise says what to install.
///
/// # Errors
/// When it is not installed afterwards.
pub(crate) fn install(package: &str, purpose: &str) -> Outcome {
    let sentence = format!(
        "{purpose} needs `{package}`: please install it with your system's package manager."
    );
    if find(&["apt-get"]).is_none() || !is_root()? {
        return Err(sentence.into());
    }
    eprintln!("xtask: installing {package} ({purpose})");
    // The lists may be fresh already or a mirror may be away: the installation decides, not this.
    if let Err(failure) = apt(&["update", "-qq"]) {
        eprintln!("xtask: {failure}; trying the installation all the same");
    }
    // Twice, because a first download sometimes breaks off and the second repairs it.
    apt(&["install", "-y", "-qq", package])
        .or_else(|_| apt(&["install", "-y", "-qq", package]))
        .during(sentence)
}

fn apt(arguments: &[&str]) -> Outcome {
    let mut apt = proc::command("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    // What apt says belongs to the diagnosis, not to the output other programs may read.
    apt.stdout(Stdio::null());
    proc::run(&mut apt)
}

/// A user of this machine by name, from `/etc/passwd`.
pub(crate) fn user(name: &str) -> Option<User> {
    parse_user(&fs::read_to_string("/etc/passwd").ok()?, name)
}

fn parse_user(passwd: &str, name: &str) -> Option<User> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let mut numbers = fields.skip(1);
        let uid = numbers.next()?.parse().ok()?;
        let gid = numbers.next()?.parse().ok()?;
        Some(User { uid, gid })
    })
}

/// A folder under the system's temporary one, deleted when dropped and when we die.
pub(crate) struct Scratch {
    path: PathBuf,
    _guard: Guard,
}

impl Scratch {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes a new temporary folder.
///
/// # Errors
/// When the system's temporary folder cannot be written.
pub(crate) fn scratch(purpose: &str) -> Outcome<Scratch> {
    let base = std::env::temp_dir();
    let process = std::process::id();
    for attempt in 0..1000_u32 {
        let path = base.join(format!("wa-{purpose}-{process}-{attempt}"));
        match fs::create_dir(&path) {
            Ok(()) => {
                let guard = Guard::start("rm -rf \"$1\"", &[&path.to_string_lossy()], None)?;
                return Ok(Scratch { path, _guard: guard });
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).during(path.display()),
        }
    }
    Err(format!("no free name for a folder in {}", base.display()).into())
}

#[cfg(test)]
mod tests {
    use super::{parse_user, scratch};
    use crate::proc::User;

    #[test]
    fn a_user_is_found_by_its_whole_name_only() {
        let passwd =
            "root:x:0:0:root:/root:/bin/sh\npostgres2:x:7:7::/:\npostgres:x:101:104::/:\nbad:x::";
        assert_eq!(parse_user(passwd, "postgres"), Some(User { uid: 101, gid: 104 }));
        assert_eq!(parse_user(passwd, "post"), None);
        assert_eq!(parse_user(passwd, "bad"), None);
    }

    #[test]
    fn a_scratch_folder_lives_as_long_as_its_owner() {
        let first = scratch("life").unwrap();
        let second = scratch("life").unwrap();
        assert_ne!(first.path(), second.path());
        let path = first.path().to_path_buf();
        std::fs::write(path.join("file"), "x").unwrap();
        drop(first);
        assert!(!path.exists());
    }
}
