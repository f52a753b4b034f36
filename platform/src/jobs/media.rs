//! Files between Meta and our store. A file that cannot be had is said to be so, in the conversation.

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};
use whatsapp_cloud::{CloudError, Upload};
use whatsapp_core::{
    By, Channel, Class, Classified, Conversation, Event, Id, MediaObject, MediaState, Message,
    Span, Tenant,
};
use whatsapp_storage::{Mode, TenantTx};

use super::Done;
use crate::Error;
use crate::platform::Inner;
use crate::work::Said;

/// Where a file lies. Ids only: names that people gave are data, never paths.
pub(crate) fn path(tenant: Id<Tenant>, media: Id<MediaObject>) -> Path {
    Path::from(format!("media/{}/{}", tenant.uuid().simple(), media.uuid().simple()))
}

type Whose = (Id<Conversation>, Id<Message>, Id<MediaObject>);

pub(super) async fn fetch(
    inner: &Inner,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    whose: Whose,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Read).await?;
    let (Some(object), Some(channel)) =
        (tx.media().find(whose.2).await?, tx.channels().find(channel).await?)
    else {
        return Ok(Done::Done);
    };
    drop(tx);
    if object.state == MediaState::Ready {
        return Ok(Done::Done);
    }
    match download(inner, tenant, &channel, &object).await {
        Ok(bytes) => {
            inner
                .files
                .put(&path(tenant, object.id), PutPayload::from_bytes(bytes.clone()))
                .await?;
            let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            settle(
                inner,
                tenant,
                whose,
                MediaObject { size, state: MediaState::Ready, error: None, ..object },
            )
            .await
        }
        Err(Error::Cloud(error)) if is_final(&error) => {
            settle(
                inner,
                tenant,
                whose,
                MediaObject { state: MediaState::Failed, error: Some(error.to_string()), ..object },
            )
            .await
        }
        Err(error) => Err(error),
    }
}

fn is_final(error: &CloudError) -> bool {
    !matches!(error.class(), Class::Upstream)
}

async fn download(
    inner: &Inner,
    tenant: Id<Tenant>,
    channel: &Channel,
    object: &MediaObject,
) -> Result<Bytes, Error> {
    let access = inner.access(tenant, channel)?;
    let provider_id = object.provider_id.as_deref().unwrap_or_default();
    let location = inner.cloud.locate(&access, provider_id).await?;
    Ok(inner.cloud.download(&access, &location, object.kind.max_bytes()).await?)
}

async fn settle(
    inner: &Inner,
    tenant: Id<Tenant>,
    (conversation, message, media): Whose,
    object: MediaObject,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    tx.media().update(&object).await?;
    let mut said = Said::default();
    said.emit(Event::MediaSettled { conversation, message, media });
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(Done::Done)
}

pub(super) async fn upload(
    inner: &Inner,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    media: Id<MediaObject>,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Read).await?;
    let (Some(object), Some(channel)) =
        (tx.media().find(media).await?, tx.channels().find(channel).await?)
    else {
        return Ok(Done::Done);
    };
    drop(tx);
    let now = inner.env.now();
    let good = object.provider_id.is_some()
        && object.provider_expires_at.is_none_or(|end| now < end)
        && object.channel == Some(channel.id);
    if good {
        return Ok(Done::Done);
    }
    let bytes = inner.files.get(&path(tenant, media)).await?.bytes().await?;
    let filename = object.filename.clone().unwrap_or_else(|| object.kind.as_str().to_owned());
    let access = inner.access(tenant, &channel)?;
    let changed = match inner
        .cloud
        .upload(&access, Upload { bytes, mime: object.mime.clone(), filename })
        .await
    {
        // Meta keeps uploads for 30 days; a day less is asked of them.
        Ok(id) => MediaObject {
            provider_id: Some(id),
            provider_expires_at: Some(now + Span::days(29)),
            channel: Some(channel.id),
            state: MediaState::Ready,
            error: None,
            ..object
        },
        Err(error) if is_final(&error) => {
            MediaObject { state: MediaState::Failed, error: Some(error.to_string()), ..object }
        }
        Err(error) => return Err(error.into()),
    };
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    tx.media().update(&changed).await?;
    tx.commit().await?;
    inner.wake.sends.notify_one();
    Ok(Done::Done)
}

/// Says of a file that it will not come; answers whether that is news.
pub(super) async fn fail(
    tx: &mut dyn TenantTx,
    media: Id<MediaObject>,
    why: &Error,
) -> Result<bool, Error> {
    let Some(mut object) = tx.media().find(media).await? else { return Ok(false) };
    object.state = MediaState::Failed;
    object.error = Some(why.to_string());
    Ok(tx.media().update(&object).await?)
}
