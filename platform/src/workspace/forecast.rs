//! When a campaign will have reached everybody, as far as can be told before it starts: by the number's pace and by
//! what the business portfolio may write to first. An upper bound: whoever wrote in the last day does not count.

use whatsapp_core::pacing::last_place;
use whatsapp_core::{Channel, Id, Portfolio, Span, Timestamp};
use whatsapp_storage::TenantTx;

use crate::Error;
use crate::outbound::for_campaigns;
use crate::platform::Pacing;

/// What a campaign meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// How many people the portfolio may write to first in a day; `None` where there is no limit or none is known.
    pub limit: Option<u32>,
    /// How many of them are left for campaigns now.
    pub left: Option<u32>,
    /// Messages per second at the number's present pace.
    pub per_second: u32,
    /// When the last person would get it if it began now; `None` when nobody gets it.
    pub done_at: Option<Timestamp>,
}

/// For so many people over this channel.
pub(super) async fn forecast(
    tx: &mut dyn TenantTx,
    pacing: &Pacing,
    channel: Id<Channel>,
    people: i64,
    now: Timestamp,
) -> Result<Forecast, Error> {
    let Some(channel) = tx.channels().find(channel).await? else { return Ok(Forecast::default()) };
    let per_second = channel.throughput.max(1);
    let sent_in = |people: i64| Span::seconds(people.max(0) / i64::from(per_second) + 1);
    let mut forecast =
        Forecast { limit: channel.messaging_limit, per_second, ..Forecast::default() };
    let portfolio = match forecast.limit {
        Some(_) => tx.portfolios().find(&channel.portfolio).await?,
        None => None,
    };
    if people == 0 {
        return Ok(forecast);
    }
    forecast.done_at = Some(now + sent_in(people));
    let budget = portfolio.as_ref().and_then(|known| for_campaigns(known, pacing));
    if let (Some(limit), Some(left)) = (forecast.limit, budget) {
        forecast.left = u32::try_from(left).ok();
        let place = last_place(people, limit, i64::try_from(left).unwrap_or(i64::MAX));
        let since = Portfolio::since(now);
        let freed = match place.freed {
            0 => None,
            nth => tx.portfolios().nth_oldest(&channel.portfolio, nth, since).await?,
        };
        // Fewer count than must be freed: those are whom this campaign itself writes to first.
        let days = place.days + i64::from(place.freed > 0 && freed.is_none());
        let from = freed.map_or(now, |at| at + Portfolio::WINDOW);
        let wait = Span::micros(Portfolio::WINDOW.as_micros().saturating_mul(days));
        forecast.done_at = Some(from + wait + sent_in(place.people));
    }
    Ok(forecast)
}
