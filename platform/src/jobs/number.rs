//! Reading from Meta what it says of a number: it tells of quality and speed only whoever asks.

use whatsapp_cloud::api::{NumberDetails, WabaDetails};
use whatsapp_core::{By, Channel, Event, Id, Tenant};
use whatsapp_storage::{Mode, TenantTx};

use super::Done;
use crate::Error;
use crate::platform::Inner;
use crate::work::Said;

pub(super) async fn sync(
    inner: &Inner,
    tenant: Id<Tenant>,
    channel: Id<Channel>,
) -> Result<Done, Error> {
    let mut tx = inner.store.tenant(tenant, Mode::Read).await?;
    let Some(channel) = tx.channels().find(channel).await? else { return Ok(Done::Done) };
    drop(tx);
    let access = inner.access(tenant, &channel)?;
    let read = match inner.cloud.phone_number(&access).await {
        Ok(number) => inner.cloud.account(&access).await.map(|account| (number, account)),
        Err(error) => Err(error),
    };
    let (number, account) = match read {
        Ok(read) => read,
        // Disconnected, or the token may not ask this: what is known stays.
        Err(error) if error.retry_after().is_none() => {
            tracing::info!(%error, channel = %channel.id, "Meta does not tell of a number");
            return Ok(Done::Done);
        }
        Err(error) => return Err(error.into()),
    };
    let mut tx = inner.store.tenant(tenant, Mode::Write).await?;
    let mut said = Said::default();
    keep(&mut *tx, &mut said, channel.id, &number, account).await?;
    said.write(&mut *tx, &By::System, &inner.env).await?;
    tx.commit().await?;
    inner.wake.all();
    Ok(Done::Done)
}

async fn keep(
    tx: &mut dyn TenantTx,
    said: &mut Said,
    channel: Id<Channel>,
    number: &NumberDetails,
    account: WabaDetails,
) -> Result<(), Error> {
    let Some(found) = tx.channels().find(channel).await? else { return Ok(()) };
    let portfolio = account.owner.map(|owner| owner.id).filter(|id| !id.is_empty());
    let portfolio = portfolio.unwrap_or_else(|| found.portfolio.clone());
    // Where Meta names no limit, what it told before holds.
    if let Some(tier) = account.messaging_limit {
        let people = tier.people().and_then(|people| u32::try_from(people).ok());
        if people.is_some() || tier.is_unlimited() {
            tx.portfolios().know(&portfolio, people).await?;
        }
    }
    // Only now: a pump holds the portfolio before it looks at the channel.
    let Some(mut channel) = tx.channels().hold(found.id).await? else { return Ok(()) };
    let known = (channel.quality, channel.throughput, &channel.portfolio);
    if known == (number.quality, number.throughput, &portfolio) {
        return Ok(());
    }
    (channel.quality, channel.throughput, channel.portfolio) =
        (number.quality, number.throughput, portfolio);
    tx.channels().update(&channel).await?;
    said.emit(Event::ChannelUpdated { channel: channel.id });
    Ok(())
}
