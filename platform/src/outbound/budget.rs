//! How many people a business portfolio may still write to first, in the transaction in which they are claimed. All
//! pumps of the portfolio take turns at its row, so together they never go over. Agents and programs are counted and
//! never held: Meta judges of them.

use whatsapp_core::{Channel, Id, Portfolio, Send, Timestamp};
use whatsapp_storage::TenantTx;

use crate::Error;
use crate::platform::Pacing;

/// While nothing is left, places that were given back are looked for so much more often.
const RECOUNT_PART: i64 = 6;

/// What campaigns may take of it now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Budget {
    /// So many people; `None` where nothing limits.
    pub(super) people: Option<usize>,
    /// When the next place becomes free, if all are taken.
    pub(super) frees_at: Option<Timestamp>,
}

/// Holds the portfolio until the end of the unit and looks what is left for campaigns. Costs nothing where no limit
/// is known.
pub(super) async fn open(
    tx: &mut dyn TenantTx,
    channel: &Channel,
    pacing: &Pacing,
    now: Timestamp,
) -> Result<Budget, Error> {
    if channel.messaging_limit.is_none() {
        return Ok(Budget::default());
    }
    let Some(mut portfolio) = tx.portfolios().hold(&channel.portfolio).await? else {
        return Ok(Budget::default());
    };
    let freed = portfolio.frees_at().is_some_and(|at| at <= now);
    let empty = for_campaigns(&portfolio, pacing) == Some(0);
    // The kept count only grows: it is counted anew now and then, and more often while that may help.
    let often = if empty { RECOUNT_PART } else { 1 };
    let stale = (now - portfolio.counted_at).as_micros() >= pacing.recount.as_micros() / often;
    if stale || (empty && freed) {
        let since = Portfolio::since(now);
        if let Some(counted) = tx.portfolios().recount(&channel.portfolio, since, now).await? {
            portfolio = counted;
        }
    }
    let people = for_campaigns(&portfolio, pacing);
    let frees_at = portfolio.frees_at().filter(|_| people == Some(0));
    Ok(Budget { people, frees_at })
}

/// What is left but for the part that is kept for agents and programs.
pub(crate) fn for_campaigns(portfolio: &Portfolio, pacing: &Pacing) -> Option<usize> {
    let (limit, left) = portfolio.limit.zip(portfolio.left())?;
    let kept = i64::from(limit) * i64::from(pacing.budget_kept_percent.min(100)) / 100;
    Some(usize::try_from((left - kept).max(0)).unwrap_or(usize::MAX))
}

/// These people are written to first, now.
pub(super) async fn reach(
    tx: &mut dyn TenantTx,
    channel: &Channel,
    mut people: Vec<(String, Id<Send>)>,
    now: Timestamp,
) -> Result<(), Error> {
    if channel.messaging_limit.is_none() || people.is_empty() {
        return Ok(());
    }
    people.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    people.dedup_by(|one, other| one.0 == other.0);
    let since = Portfolio::since(now);
    Ok(tx.portfolios().reach(&channel.portfolio, &people, since, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio(limit: Option<u32>, used: i64) -> Portfolio {
        let (oldest_at, counted_at) = (None, Timestamp::ZERO);
        Portfolio { id: "1".into(), limit, used, oldest_at, counted_at }
    }

    #[test]
    fn a_part_is_kept_for_agents() {
        let pacing = Pacing { budget_kept_percent: 2, ..Pacing::default() };
        for (limit, used, left) in
            [(250, 0, 245), (250, 245, 0), (250, 400, 0), (2_000, 1_000, 960)]
        {
            assert_eq!(for_campaigns(&portfolio(Some(limit), used), &pacing), Some(left));
        }
        assert_eq!(for_campaigns(&portfolio(None, 1_000_000), &pacing), None);
    }
}
