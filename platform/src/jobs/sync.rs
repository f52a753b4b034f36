//! Reading templates from Meta, and telling Meta that we have read.

use std::collections::HashMap;

use whatsapp_core::{By, Channel, Event, Id, PageRequest, Template, TemplateStatus, Tenant};
use whatsapp_storage::repo::TemplateFilter;
use whatsapp_storage::{Mode, TenantTx};

use super::Done;
use crate::Error;
use crate::platform::Inner;
use crate::work::Said;

/// Meta pages by a few hundred; an account has 6,000 templates at most.
const PAGES: usize = 200;

pub(super) async fn templates(
    inner: &Inner,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
) -> Result<usize, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Read).await?;
    let Some(channel) = tx.channels().find(channel).await? else { return Ok(0) };
    drop(tx);
    store_templates(inner, tenant, &channel, &By::System).await
}

/// Reads all templates of a channel's account and keeps what changed; answers how many there are. Templates
/// that Meta no longer has are marked as deleted.
pub(crate) async fn store_templates(
    inner: &Inner,
    tenant: Id<Tenant>,
    channel: &Channel,
    by: &By,
) -> Result<usize, Error> {
    let access = inner.access(tenant, channel)?;
    let (mut found, mut after) = (Vec::new(), None::<String>);
    for _ in 0..PAGES {
        let page = inner.cloud.list(&access, after.as_deref()).await?;
        found.extend(page.templates);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let count = found.len();
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let mut said = Said::default();
    let mut known = known_templates(&mut *tx, channel.id).await?;
    for remote in found {
        let old = known.remove(&remote.meta_id);
        let mut template = remote.into_template(channel.id, &inner.env);
        if let Some(old) = old {
            (template.id, template.updated_at) = (old.id, old.updated_at);
            if template == old {
                continue;
            }
            template.updated_at = inner.env.now();
            if template.components != old.components {
                crate::campaign::pause_for_new_text(&mut *tx, &mut said, template.id).await?;
            }
        }
        if let Some(id) = tx.templates().upsert(&template).await? {
            said.emit(Event::TemplateUpdated { template: id });
        }
    }
    for mut gone in known.into_values().filter(|t| t.status != TemplateStatus::Deleted) {
        gone.status = TemplateStatus::Deleted;
        gone.updated_at = inner.env.now();
        tx.templates().upsert(&gone).await?;
        said.emit(Event::TemplateUpdated { template: gone.id });
    }
    said.write(&mut *tx, by, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(count)
}

async fn known_templates(
    tx: &mut dyn TenantTx,
    channel: Id<Channel>,
) -> Result<HashMap<String, Template>, Error> {
    let filter = TemplateFilter { channel: Some(channel), ..TemplateFilter::default() };
    let mut request = PageRequest::first(PageRequest::MAX);
    let mut known = HashMap::new();
    loop {
        let page = tx.templates().page(&filter, &request).await?;
        known.extend(page.items.into_iter().map(|t| (t.meta_id.clone(), t)));
        if page.next.is_none() {
            return Ok(known);
        }
        request = request.after(page.next);
    }
}

pub(super) async fn mark_read(
    inner: &Inner,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
    wamid: &str,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Read).await?;
    let Some(channel) = tx.channels().find(channel).await? else { return Ok(Done::Done) };
    drop(tx);
    let access = inner.access(tenant, &channel)?;
    match inner.cloud.mark_read(&access, wamid).await {
        Ok(()) => Ok(Done::Done),
        // Meta no longer knows the message, or the channel is not connected: nothing is lost but a tick.
        Err(error) if error.retry_after().is_none() => {
            tracing::info!(%error, "a read mark was refused");
            Ok(Done::Done)
        }
        Err(error) => Err(error.into()),
    }
}
