//! The limits of a message, checked before anything is kept: a message over a limit is refused with field,
//! limit and actual value.

use whatsapp_core::message::Media;
use whatsapp_core::{Channel, Content, MediaKind};

use crate::Error;
use crate::jobs::Task;
use crate::work::Work;

const TEXT_MAX: usize = 4_096;
const CAPTION_MAX: usize = 1_024;

/// Checks the limits before anything is kept, and has a file brought to Meta.
pub(super) async fn check(
    work: &mut Work<'_>,
    content: &mut Content,
    channel: &Channel,
) -> Result<(), Error> {
    let wrong = |field: &str, message: String| Error::invalid("MESSAGE_INVALID", field, message);
    match content {
        Content::Text { body, .. } => {
            let length = body.trim().chars().count();
            if length == 0 || length > TEXT_MAX {
                return Err(wrong(
                    "text.body",
                    format!("write 1 to {TEXT_MAX} characters; this has {length}"),
                ));
            }
        }
        Content::Media(media) => return check_media(work, media, channel).await,
        Content::Location { latitude, longitude, .. }
            if !(-90.0..=90.0).contains(latitude) || !(-180.0..=180.0).contains(longitude) =>
        {
            return Err(wrong("location", "latitude is -90 to 90, longitude -180 to 180".into()));
        }
        Content::Button { .. } | Content::Reply { .. } | Content::Unsupported { .. } => {
            return Err(wrong("type", "only customers send messages of this kind".into()));
        }
        _ => {}
    }
    Ok(())
}

async fn check_media(
    work: &mut Work<'_>,
    media: &mut Media,
    channel: &Channel,
) -> Result<(), Error> {
    let field = media.kind.as_str();
    let wrong = |message: &str| Error::invalid("MESSAGE_INVALID", field, message);
    if media.caption.as_deref().is_some_and(|c| c.chars().count() > CAPTION_MAX) {
        return Err(wrong("a caption has at most 1,024 characters"));
    }
    if media.caption.is_some() && matches!(media.kind, MediaKind::Audio | MediaKind::Sticker) {
        return Err(wrong("this kind of file takes no caption"));
    }
    let Some(id) = media.media else {
        let public = media
            .link
            .as_deref()
            .is_some_and(|l| l.starts_with("https://") || l.starts_with("http://"));
        return if public {
            Ok(())
        } else {
            Err(wrong("give a media_id of an upload, or a link that begins with https://"))
        };
    };
    let object = work.media().find(id).await?.ok_or(Error::NotFound("media"))?;
    let as_document = media.kind == MediaKind::Document;
    if object.kind != media.kind && !as_document {
        return Err(wrong("this file is of another kind than the message"));
    }
    if media.filename.is_none() && as_document {
        media.filename = object.filename;
    }
    let job =
        Task::UploadMedia { channel: channel.id, media: id }.job(work.env(), work.env().now());
    work.schedule(job);
    Ok(())
}
