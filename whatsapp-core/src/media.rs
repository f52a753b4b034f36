//! Files in messages: what Meta accepts, and what we keep. Never touches the bytes.

use crate::channel::words;
use crate::{Channel, Error, Id, Timestamp};

words! {
    /// What kind of file, in Meta's words.
    MediaKind {
        /// JPEG or PNG up to 5 MB.
        Image = "image",
        /// MP4 or 3GPP up to 16 MB.
        Video = "video",
        /// AAC, AMR, MP3, MP4 or OGG/Opus up to 16 MB.
        Audio = "audio",
        /// PDF, text or office document up to 100 MB.
        Document = "document",
        /// WebP up to 500 KB.
        Sticker = "sticker",
    }
}

const DOCUMENTS: [&str; 8] = [
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];

impl MediaKind {
    /// The kind for a MIME type that Meta accepts.
    ///
    /// Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types>
    ///
    /// # Errors
    /// `MEDIA_TYPE` when Meta takes no such file.
    pub fn of_mime(mime: &str) -> Result<Self, Error> {
        let essence = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "image/jpeg" | "image/png" => Ok(Self::Image),
            "video/mp4" | "video/3gpp" => Ok(Self::Video),
            "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => Ok(Self::Audio),
            "image/webp" => Ok(Self::Sticker),
            other if DOCUMENTS.contains(&other) => Ok(Self::Document),
            other => {
                let message = format!(
                    "WhatsApp does not take files of type {other}: send JPEG, PNG, MP4, MP3, OGG, PDF, text or office documents"
                );
                Err(Error::invalid("MEDIA_TYPE", "file", message))
            }
        }
    }
    /// The largest size in bytes.
    #[must_use]
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Image => 5 * 1024 * 1024,
            Self::Video | Self::Audio => 16 * 1024 * 1024,
            Self::Document => 100 * 1024 * 1024,
            Self::Sticker => 500 * 1024,
        }
    }
    /// Checks the size.
    ///
    /// # Errors
    /// `MEDIA_TOO_LARGE`, naming the limit and the size.
    pub fn check_size(self, bytes: u64) -> Result<(), Error> {
        if bytes <= self.max_bytes() {
            return Ok(());
        }
        let message = format!(
            "{} files may have {} bytes, this one has {bytes}",
            self.as_str(),
            self.max_bytes()
        );
        Err(Error::invalid("MEDIA_TOO_LARGE", "file", message))
    }
}

words! {
    /// Whether the bytes are here.
    MediaState {
        /// They are.
        Ready = "ready",
        /// A job fetches them.
        Pending = "pending",
        /// They could not be had.
        Failed = "failed",
    }
}

/// A file: of a message that came, or to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaObject {
    /// Its id, which is also its name in the blob store.
    pub id: Id<Self>,
    /// What kind of file.
    pub kind: MediaKind,
    /// Its MIME type.
    pub mime: String,
    /// Its size in bytes; 0 while not known.
    pub size: i64,
    /// The name its owner gave it.
    pub filename: Option<String>,
    /// Whether the bytes are here.
    pub state: MediaState,
    /// Why not.
    pub error: Option<String>,
    /// Over which number it came; Meta's id is asked with its token.
    pub channel: Option<Id<Channel>>,
    /// Meta's id of an incoming file, or of an upload that is still good.
    pub provider_id: Option<String>,
    /// Until when `provider_id` of an upload may be sent (Meta keeps uploads 30 days).
    pub provider_expires_at: Option<Timestamp>,
    /// Since when.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_a_mime_type_do_not_matter() {
        assert_eq!(MediaKind::of_mime("audio/ogg; codecs=opus"), Ok(MediaKind::Audio));
    }

    #[test]
    fn markup_is_never_a_picture() {
        for mime in ["image/svg+xml", "text/html", "application/xml", "application/javascript", ""]
        {
            assert!(MediaKind::of_mime(mime).is_err(), "{mime}");
        }
    }

    #[test]
    fn a_picture_of_exactly_five_megabytes_passes_and_one_byte_more_does_not() {
        assert!(MediaKind::Image.check_size(5 * 1024 * 1024).is_ok());
        assert!(MediaKind::Image.check_size(5 * 1024 * 1024 + 1).is_err());
    }
}
