//! One fingerprint over many files: their names and their bytes. It never looks at times, so a
//! fresh clone and an old one agree.

use crate::fail::{During, Outcome};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The SHA-256 over `files`, named relative to `base`, in the order given.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn of_files(base: &Path, files: &[PathBuf]) -> Outcome<String> {
    let mut digest = Sha256::new();
    for file in files {
        let name = file.strip_prefix(base).unwrap_or(file).to_string_lossy().into_owned();
        let bytes = fs::read(file).during(&name)?;
        // Lengths go in as well, or bytes could wander from one file's end to the next one's name.
        digest.update((name.len() as u64).to_le_bytes());
        digest.update(name.as_bytes());
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(&bytes);
    }
    let mut text = String::with_capacity(64);
    for byte in digest.finalize() {
        // Writing into a String cannot fail; the result is only there for other writers.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::of_files;
    use std::fs;

    #[test]
    fn a_changed_byte_and_a_changed_name_both_change_the_fingerprint() {
        let folder = crate::tools::scratch("hash").unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&a, "one").unwrap();
        fs::write(&b, "one").unwrap();
        let base = folder.path();
        let first = of_files(base, std::slice::from_ref(&a)).unwrap();
        assert_eq!(first.len(), 64);
        assert_ne!(first, of_files(base, std::slice::from_ref(&b)).unwrap());
        fs::write(&a, "two").unwrap();
        assert_ne!(first, of_files(base, &[a]).unwrap());
    }
}
