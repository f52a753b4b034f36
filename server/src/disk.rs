//! How much room the disks of this process have: the database's, where it is a file, and that of keys and files.

use std::path::PathBuf;

use async_trait::async_trait;
use whatsapp_platform::{Disk, Room};

use crate::config::Config;

/// The folders this process writes to.
#[derive(Clone, Debug)]
pub(crate) struct Folders(Vec<PathBuf>);

impl Folders {
    pub(crate) fn of(config: &Config) -> Self {
        let mut folders = vec![config.data_dir.clone(), config.upload_dir.clone()];
        let file = config.database_url.expose().strip_prefix("sqlite:").map(|path| {
            let path = path.strip_prefix("//").unwrap_or(path);
            PathBuf::from(path.split('?').next().unwrap_or(path))
        });
        // Of a database in memory there is no folder.
        let folder = file.and_then(|file| file.parent().map(PathBuf::from));
        folders.extend(folder.filter(|folder| folder.is_dir()));
        Self(folders)
    }
    /// The fullest of them.
    fn room(&self) -> Result<Room, String> {
        let mut fullest: Option<Room> = None;
        for folder in &self.0 {
            let disk = rustix::fs::statvfs(folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            let room = Room {
                free: disk.f_bavail.saturating_mul(disk.f_frsize),
                total: disk.f_blocks.saturating_mul(disk.f_frsize),
            };
            if fullest.is_none_or(|so_far| room.free < so_far.free) {
                fullest = Some(room);
            }
        }
        fullest.ok_or_else(|| "there is no folder to look at".to_owned())
    }
}

#[async_trait]
impl Disk for Folders {
    async fn room(&self) -> Result<Room, String> {
        let folders = self.clone();
        // A network's disk may take its time.
        let asked = tokio::task::spawn_blocking(move || folders.room()).await;
        asked.map_err(|error| error.to_string())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_has_room_and_one_that_is_gone_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let room = Folders(vec![folder.path().to_owned()]).room().expect("a disk");
        assert!(room.free > 0 && room.free <= room.total);
        assert!(Folders(vec![folder.path().join("gone")]).room().is_err());
    }
}
