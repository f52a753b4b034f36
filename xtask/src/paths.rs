//! Where things are: the repository's root and the files that git knows. It never changes a file.

use crate::fail::{During, Outcome};
use crate::proc;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository. Cargo sets `CARGO_MANIFEST_DIR` for us at run time; the value of
/// compile time serves when the binary is started by hand.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map_or(here.clone(), Path::to_path_buf)
}

/// All files below `folder` for which `wanted` holds, sorted, so that hashes and messages are
/// the same on every machine.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn files_below(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).during(next.display())? {
            let path = entry.during(next.display())?.path();
            if path.is_dir() {
                if wanted(&path) {
                    open.push(path);
                }
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files git tracks or would add, relative to the root: a file somebody just wrote counts,
/// an ignored one does not.
///
/// # Errors
/// When git is missing or this is no repository.
pub(crate) fn tracked() -> Outcome<Vec<String>> {
    let mut git = proc::command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listing = proc::capture(&mut git)?;
    let base = root();
    let mut files: Vec<String> = listing
        .split('\0')
        .filter(|name| !name.is_empty() && base.join(name).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// Reads a text file below the root.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub(crate) fn read(relative: &str) -> Outcome<String> {
    fs::read_to_string(root().join(relative)).during(relative)
}
