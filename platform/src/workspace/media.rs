//! Files: taken in only as what they are, kept in the file store under a name of ours, given out only
//! through a permission. Never opens a picture, never trusts a name or a declared type.

use bytes::Bytes;
use object_store::{ObjectStoreExt, PutPayload};
use whatsapp_core::{Id, MediaKind, MediaObject, MediaState, Permission};

use super::Workspace;
use super::conversations::sight;
use crate::Error;
use crate::jobs::media_path;

/// The longest file name that is kept.
const NAME_MAX: usize = 240;

/// The tenant's files.
#[derive(Clone, Copy, Debug)]
pub struct MediaFiles<'w> {
    pub(super) workspace: &'w Workspace,
}

impl MediaFiles<'_> {
    /// Keeps a file that is to be sent.
    ///
    /// # Errors
    /// `MEDIA_TYPE` when it is not a file that WhatsApp takes, or not what it says it is; `MEDIA_TOO_LARGE`;
    /// `MEDIA_EMPTY`; [`Error::Files`]; [`Error::Forbidden`] without `inbox.reply` and `campaigns.edit`.
    pub async fn store(
        &self,
        filename: &str,
        declared: &str,
        bytes: Bytes,
    ) -> Result<MediaObject, Error> {
        let actor = self.workspace.actor();
        let permission = if actor.grants().allow(Permission::CampaignsEdit) {
            Permission::CampaignsEdit
        } else {
            Permission::InboxReply
        };
        actor.require(permission)?;
        let inner = &self.workspace.platform().0;
        let mime = true_type(declared, &bytes)?;
        let kind = MediaKind::of_mime(&mime)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        kind.check_size(size)?;
        let object = MediaObject {
            id: inner.env.id(),
            kind,
            mime,
            size: i64::try_from(size).unwrap_or(i64::MAX),
            filename: clean_name(filename),
            state: MediaState::Ready,
            error: None,
            channel: None,
            provider_id: None,
            provider_expires_at: None,
            created_at: inner.env.now(),
        };
        let path = media_path(actor.tenant(), object.id);
        inner.files.put(&path, PutPayload::from_bytes(bytes)).await?;
        let mut work = self.workspace.begin(permission).await?;
        work.media().insert(&object).await?;
        work.commit().await?;
        Ok(object)
    }
    /// What is known of a file.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for who sees no conversation at all.
    pub async fn find(&self, id: Id<MediaObject>) -> Result<MediaObject, Error> {
        let mut work = self.workspace.read(sight(self.workspace.actor())).await?;
        work.media().find(id).await?.ok_or(Error::NotFound("file"))
    }
    /// A file with its bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`]; `MEDIA_NOT_READY` while it is fetched or when it could not be had;
    /// [`Error::Files`]; [`Error::Forbidden`] for who sees no conversation at all.
    pub async fn read(&self, id: Id<MediaObject>) -> Result<(MediaObject, Bytes), Error> {
        let object = self.find(id).await?;
        match object.state {
            MediaState::Ready => {}
            MediaState::Pending => {
                let message = "the file is still being fetched: try again in a moment";
                return Err(Error::conflict("MEDIA_NOT_READY", message));
            }
            MediaState::Failed => {
                let why = object.error.as_deref().unwrap_or("WhatsApp no longer has it");
                let message = format!("the file could not be fetched: {why}");
                return Err(Error::conflict("MEDIA_NOT_READY", message));
            }
        }
        let inner = &self.workspace.platform().0;
        let path = media_path(self.workspace.actor().tenant(), id);
        let bytes = match inner.files.get(&path).await {
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Err(Error::NotFound("file")),
            Err(other) => return Err(other.into()),
        };
        Ok((object, bytes))
    }
}

/// The name as its owner gave it, without folders and signs that could end a line.
fn clean_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    let clean = clean.trim().to_owned();
    (!clean.is_empty()).then_some(clean)
}

/// What a file is, by its bytes. What it is declared to be must agree.
fn true_type(declared: &str, bytes: &[u8]) -> Result<String, Error> {
    if bytes.is_empty() {
        return Err(Error::invalid("MEDIA_EMPTY", "file", "the file is empty: choose another"));
    }
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let found = sniff(bytes, &declared);
    let silent = declared.is_empty() || declared == "application/octet-stream";
    match found {
        Some(found) if silent || same(&declared, &found) => Ok(found),
        Some(found) => Err(Error::invalid(
            "MEDIA_TYPE",
            "file",
            format!("this file says it is {declared}, but it is {found}: choose the right file"),
        )),
        None => Err(Error::invalid(
            "MEDIA_TYPE",
            "file",
            "this is not a file that WhatsApp takes: send JPEG, PNG, MP4, MP3, OGG, PDF, text or office documents",
        )),
    }
}

/// Different words for one type.
fn same(declared: &str, found: &str) -> bool {
    let plain = |mime: &str| match mime {
        "image/jpg" | "image/pjpeg" => "image/jpeg".to_owned(),
        "audio/mp3" => "audio/mpeg".to_owned(),
        "audio/m4a" | "audio/x-m4a" => "audio/mp4".to_owned(),
        "audio/opus" | "application/ogg" => "audio/ogg".to_owned(),
        other => other.to_owned(),
    };
    plain(declared) == plain(found)
}

/// The type that the bytes show, in Meta's word. `declared` only decides between types of one container.
fn sniff(bytes: &[u8], declared: &str) -> Option<String> {
    const WORD: &str = "application/vnd.openxmlformats-officedocument.";
    const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    if bytes.get(4..8) == Some(b"ftyp".as_slice()) {
        return match (bytes.get(8..11), declared) {
            (Some(b"3gp"), _) => Some("video/3gpp".into()),
            (Some(b"M4A"), _) | (_, "audio/mp4" | "audio/m4a" | "audio/x-m4a") => {
                Some("audio/mp4".into())
            }
            (Some(b"qt "), _) => None,
            _ => infer::is_video(bytes).then(|| "video/mp4".to_owned()),
        };
    }
    if bytes.starts_with(&OLE) {
        const OLD: [&str; 3] =
            ["application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"];
        return OLD.contains(&declared).then(|| declared.to_owned());
    }
    match infer::get(bytes).map(|kind| kind.mime_type()) {
        // An office document is an archive whose parts may stand in another order than usual.
        Some("application/zip") => {
            let office = declared.starts_with(WORD) && has(bytes, b"[Content_Types].xml");
            office.then(|| declared.to_owned())
        }
        Some("audio/opus") => Some("audio/ogg".into()),
        Some("audio/m4a") => Some("audio/mp4".into()),
        Some(known) => MediaKind::of_mime(known).is_ok().then(|| known.to_owned()),
        None => is_plain_text(bytes).then(|| "text/plain".to_owned()),
    }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).take(64 * 1024).any(|window| window == part)
}

/// Readable text that is no markup and no program.
fn is_plain_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let start: String =
        text.trim_start_matches('\u{feff}').trim_start().chars().take(512).collect();
    let start = start.to_ascii_lowercase();
    let markup = ["<!", "<?", "<html", "<svg", "<script", "<head", "<body", "<iframe", "#!", "%!"];
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
        && !markup.iter().any(|sign| start.starts_with(sign))
        && !["<script", "<svg", "<html"].iter().any(|sign| start.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

    #[test]
    fn a_file_is_what_its_bytes_are() {
        for (declared, bytes, expected) in [
            ("image/png", PNG, "image/png"),
            ("", PNG, "image/png"),
            ("application/octet-stream", PNG, "image/png"),
            ("IMAGE/PNG; x=1", PNG, "image/png"),
            ("image/jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
            ("text/plain", "Preço: 10 €\n".as_bytes(), "text/plain"),
            ("application/pdf", b"%PDF-1.7\n", "application/pdf"),
            ("audio/ogg", b"OggS\0\x02\0\0\0\0\0\0\0\0", "audio/ogg"),
            ("audio/mp4", b"\0\0\0\x20ftypmp42\0\0\0\0", "audio/mp4"),
            ("video/mp4", b"\0\0\0\x20ftypisom\0\0\0\0", "video/mp4"),
            ("video/3gpp", b"\0\0\0\x20ftyp3gp5\0\0\0\0", "video/3gpp"),
        ] {
            assert_eq!(true_type(declared, bytes).expect(declared), expected, "{declared}");
        }
    }

    #[test]
    fn a_file_in_disguise_is_refused() {
        for (declared, bytes) in [
            ("image/jpeg", PNG),
            ("image/png", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".as_slice()),
            ("text/plain", b"  <!DOCTYPE html><script>"),
            ("text/plain", b"\xef\xbb\xbf<html>"),
            ("text/plain", b"hello <script>alert(1)</script>"),
            ("text/plain", b"#!/bin/sh\n"),
            ("text/plain", b"MZ\0\0binary"),
            ("image/svg+xml", b"<svg/>"),
            ("application/pdf", b"PK\x03\x04zip"),
            ("application/x-msdownload", b"MZ\x90\0\x03\0\0\0"),
            ("video/quicktime", b"\0\0\0\x20ftypqt  \0\0\0\0"),
        ] {
            let refused = true_type(declared, bytes);
            assert!(refused.is_err(), "{declared} {:?}", String::from_utf8_lossy(bytes));
        }
        assert!(true_type("image/png", b"").is_err());
    }

    #[test]
    fn a_name_has_no_folders_and_no_line_ends() {
        assert_eq!(clean_name("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(clean_name("C:\\x\\a\r\nb.pdf").as_deref(), Some("ab.pdf"));
        assert_eq!(clean_name(" \n"), None);
    }
}
