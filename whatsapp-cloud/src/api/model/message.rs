//! What comes of a message and of a file: Meta's answer to a send, a file to upload, the place of one.

use bytes::Bytes;
use serde_json::Value;

use crate::usage::Usage;

/// Meta's answer to a message it accepted. Whether it arrives is told by webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentMessage {
    /// Meta's id.
    pub wamid: String,
    /// The recipient as it was written in the call.
    pub input: Option<String>,
    /// The number as WhatsApp knows it, in digits; may differ from the number given.
    pub wa_id: Option<String>,
    /// The person's business-scoped id.
    pub user_id: Option<String>,
    /// The group it went to.
    pub group_id: Option<String>,
    /// Meta's `message_status` of template messages, e.g. `held_for_quality_assessment`, as it came.
    pub status: Option<String>,
    /// How much of what is allowed was used, where Meta says so.
    pub usage: Usage,
    /// All of it, as it came.
    pub raw: Value,
}

impl SentMessage {
    /// An answer that holds only Meta's id: for whoever stands in for Meta in a test.
    #[must_use]
    pub fn new(wamid: impl Into<String>) -> Self {
        Self {
            wamid: wamid.into(),
            input: None,
            wa_id: None,
            user_id: None,
            group_id: None,
            status: None,
            usage: Usage::default(),
            raw: Value::Null,
        }
    }
}

/// A file to upload.
#[derive(Clone)]
pub struct Upload {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its MIME type; Meta refuses what does not match.
    pub mime: String,
    /// Its name.
    pub filename: String,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (mime, filename) = (&self.mime, &self.filename);
        let mut shown = f.debug_struct("Upload");
        shown.field("bytes", &self.bytes.len()).field("mime", mime).field("filename", filename);
        shown.finish()
    }
}

/// Where the bytes of a file can be had. The address is good for five minutes.
///
/// A file of a webhook may carry its address: [`MediaLocation::at`] makes a location of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MediaLocation {
    /// Meta's id of the file.
    pub id: Option<String>,
    /// The address; only with the same token, which goes to no host but Meta's.
    pub url: String,
    /// The MIME type.
    pub mime: String,
    /// SHA-256 as Meta writes it, hexadecimal or base64.
    pub sha256: Option<String>,
    /// The size in bytes.
    pub size: Option<u64>,
    /// All of it, as it came.
    pub raw: Value,
}

impl MediaLocation {
    /// An address of which nothing else is known.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            id: None,
            url: url.into(),
            mime: String::new(),
            sha256: None,
            size: None,
            raw: Value::Null,
        }
    }
}
