//! Which files Meta takes, by class: one table for the client and the simulator. Looks at a file's first bytes
//! where its MIME type does not say enough; never decodes it.
//!
//! Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types>

use whatsapp_core::MediaKind;

use crate::error::CloudError;

/// What a file is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadKind {
    /// A picture: JPEG or PNG, 5 MB.
    Image,
    /// A film: MP4 or 3GPP, 16 MB.
    Video,
    /// A sound, 16 MB.
    Audio,
    /// A voice note: OGG with Opus, mono, 16 MB.
    Voice,
    /// A document, 100 MB.
    Document,
    /// A sticker that does not move: WebP, 100 KB.
    StaticSticker,
    /// A sticker that moves: WebP, 500 KB.
    AnimatedSticker,
}

const STATIC_STICKER_MAX: u64 = 100 * 1024;

impl UploadKind {
    /// What a file with these first bytes would be, by its MIME type.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when Meta takes no such file.
    pub fn of(mime: &str, bytes: &[u8]) -> Result<Self, CloudError> {
        Ok(match kind_of(mime)? {
            MediaKind::Image => Self::Image,
            MediaKind::Video => Self::Video,
            MediaKind::Document => Self::Document,
            MediaKind::Sticker if moves(bytes) => Self::AnimatedSticker,
            MediaKind::Sticker => Self::StaticSticker,
            _ => Self::Audio,
        })
    }
    /// Meta's class.
    #[must_use]
    pub const fn class(self) -> MediaKind {
        match self {
            Self::Image => MediaKind::Image,
            Self::Video => MediaKind::Video,
            Self::Audio | Self::Voice => MediaKind::Audio,
            Self::Document => MediaKind::Document,
            Self::StaticSticker | Self::AnimatedSticker => MediaKind::Sticker,
        }
    }
    /// The largest size in bytes.
    #[must_use]
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::StaticSticker => STATIC_STICKER_MAX,
            other => other.class().max_bytes(),
        }
    }
}

/// Checks a file before it goes up.
///
/// ```
/// use whatsapp_cloud::CloudError;
/// use whatsapp_cloud::send::media_rules::{UploadKind, check_upload};
/// assert!(check_upload("audio/ogg; codecs=opus", 40_000, UploadKind::Voice).is_ok());
/// assert!(check_upload("audio/mpeg", 40_000, UploadKind::Voice).is_err());
/// let large = check_upload("image/webp", 102_401, UploadKind::StaticSticker);
/// assert!(matches!(large, Err(CloudError::OverLimit { limit: 102_400, actual: 102_401, .. })));
/// ```
///
/// # Errors
/// [`CloudError::Invalid`] when Meta takes no such type for this, [`CloudError::OverLimit`] when it is too large.
pub fn check_upload(mime: &str, size: u64, kind: UploadKind) -> Result<(), CloudError> {
    let class = kind_of(mime)?;
    if class != kind.class() {
        let why = format!("a file of type {mime} cannot be sent as {}", kind.class().as_str());
        return Err(CloudError::invalid("file", why));
    }
    let codec = parameter(mime, "codecs");
    let not_opus = essence(mime) == "audio/ogg" && codec.as_deref().is_some_and(|c| c != "opus");
    if not_opus || (kind == UploadKind::Voice && essence(mime) != "audio/ogg") {
        let why = "a voice note, and any OGG file, must be OGG with Opus, one channel";
        return Err(CloudError::invalid("file", why));
    }
    if size == 0 {
        return Err(CloudError::invalid("file", "the file is empty"));
    }
    let limit = kind.max_bytes();
    if size > limit {
        return Err(CloudError::OverLimit {
            field: "file".into(),
            limit,
            actual: size,
            unit: "bytes",
        });
    }
    Ok(())
}

/// Checks a file of which the bytes are at hand.
///
/// # Errors
/// As [`check_upload`]; also for an OGG file that holds no Opus or more than one channel.
pub(crate) fn check_file(mime: &str, bytes: &[u8]) -> Result<(), CloudError> {
    let kind = UploadKind::of(mime, bytes)?;
    check_upload(mime, u64::try_from(bytes.len()).unwrap_or(u64::MAX), kind)?;
    if essence(mime) == "audio/ogg" && bytes.starts_with(b"OggS") && bytes.len() > OPUS_HEAD {
        match bytes.get(OPUS_HEAD..).and_then(|rest| rest.strip_prefix(b"OpusHead")) {
            Some([_, 1, ..] | [] | [_]) => {}
            _ => {
                let why = "an OGG file must hold Opus with one channel";
                return Err(CloudError::invalid("file", why));
            }
        }
    }
    Ok(())
}

/// Where the first packet begins in an OGG file whose first page has one packet, as Opus demands (RFC 7845).
const OPUS_HEAD: usize = 28;

fn kind_of(mime: &str) -> Result<MediaKind, CloudError> {
    MediaKind::of_mime(mime).map_err(|error| CloudError::invalid("file", error.to_string()))
}

fn essence(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn parameter(mime: &str, name: &str) -> Option<String> {
    mime.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        key.trim().eq_ignore_ascii_case(name).then_some(value)
    })
}

/// Whether a WebP moves: its first chunk is `VP8X` and has the flag for it.
fn moves(bytes: &[u8]) -> bool {
    const ANIMATION: u8 = 0b10;
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..16) == Some(b"WEBPVP8X");
    webp && bytes.get(20).is_some_and(|flags| flags & ANIMATION != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webp(flags: u8) -> Vec<u8> {
        let mut bytes = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
        bytes.extend([flags, 0, 0, 0]);
        bytes
    }

    #[test]
    fn each_class_takes_its_types_up_to_its_limit_and_not_a_byte_more() {
        const KB: u64 = 1024;
        const MB: u64 = 1024 * 1024;
        for (mime, kind, limit) in [
            ("image/jpeg", UploadKind::Image, 5 * MB),
            ("image/png", UploadKind::Image, 5 * MB),
            ("video/mp4", UploadKind::Video, 16 * MB),
            ("video/3gpp", UploadKind::Video, 16 * MB),
            ("audio/aac", UploadKind::Audio, 16 * MB),
            ("audio/amr", UploadKind::Audio, 16 * MB),
            ("audio/mpeg", UploadKind::Audio, 16 * MB),
            ("audio/mp4", UploadKind::Audio, 16 * MB),
            ("audio/ogg; codecs=opus", UploadKind::Audio, 16 * MB),
            ("audio/ogg", UploadKind::Voice, 16 * MB),
            ("application/pdf", UploadKind::Document, 100 * MB),
            ("text/plain", UploadKind::Document, 100 * MB),
            ("image/webp", UploadKind::StaticSticker, 100 * KB),
            ("image/webp", UploadKind::AnimatedSticker, 500 * KB),
        ] {
            assert_eq!(check_upload(mime, limit, kind), Ok(()), "{mime}");
            let over = CloudError::OverLimit {
                field: "file".into(),
                limit,
                actual: limit + 1,
                unit: "bytes",
            };
            assert_eq!(check_upload(mime, limit + 1, kind), Err(over), "{mime}");
            assert!(check_upload(mime, 0, kind).is_err(), "{mime}");
        }
    }

    #[test]
    fn a_sticker_that_moves_is_known_by_its_flag() {
        assert_eq!(UploadKind::of("image/webp", &webp(0b10)), Ok(UploadKind::AnimatedSticker));
        for still in [webp(0), b"RIFF\x20\0\0\0WEBPVP8L".to_vec(), Vec::new()] {
            assert_eq!(UploadKind::of("image/webp", &still), Ok(UploadKind::StaticSticker));
        }
    }

    #[test]
    fn a_voice_note_is_ogg_with_opus_and_nothing_else() {
        for mime in ["audio/ogg", "audio/ogg; codecs=opus", "audio/ogg;codecs=\"opus\""] {
            assert_eq!(check_upload(mime, 9, UploadKind::Voice), Ok(()), "{mime}");
        }
        for mime in ["audio/mpeg", "audio/ogg; codecs=vorbis", "video/mp4", "text/html"] {
            assert!(check_upload(mime, 9, UploadKind::Voice).is_err(), "{mime}");
        }
    }

    #[test]
    fn an_ogg_file_is_looked_into() {
        let file = |packet: &[u8]| {
            let mut bytes = b"OggS\0\x02".to_vec();
            bytes.resize(28, 0);
            bytes.extend(packet);
            check_file("audio/ogg", &bytes)
        };
        assert_eq!(file(b"OpusHead\x01\x01rest"), Ok(()));
        assert!(file(b"OpusHead\x01\x02rest").is_err());
        assert!(file(b"\x01vorbis").is_err());
    }
}
