//! The proof report of a campaign, for both APIs: one page is read, written out and forgotten before the next.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{StreamExt as _, once, try_unfold};
use whatsapp_core::campaign::CampaignRules;
use whatsapp_core::{Id, ReportLine, Send};
use whatsapp_platform::Error;

use super::campaigns::CampaignId;
use crate::dto::report;
use crate::http::csv::{KIND, Sheet};
use crate::http::extract::Desk;
use crate::state::Answer;

/// How far a download has come.
struct Reader {
    desk: Desk,
    campaign: CampaignId,
    /// They do not change any more once somebody was written to.
    rules: CampaignRules,
    after: Option<Id<Send>>,
    lines: u64,
}

impl Reader {
    async fn page(&self) -> Result<Vec<ReportLine>, Error> {
        self.desk.campaigns().report(self.campaign, self.after).await
    }
    fn write(&mut self, page: &[ReportLine], mut table: Sheet) -> Result<Bytes, Error> {
        let broken = |error: csv::Error| Error::Internal(error.to_string());
        for line in page {
            self.lines += 1;
            report::add(&mut table, self.lines, line, &self.rules).map_err(broken)?;
            self.after = Some(line.send);
        }
        Ok(table.finish().map_err(broken)?.into())
    }
    /// The next piece of the file. A failure here breaks the connection off, so that nobody takes a part for the whole.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        let page = self.page().await.inspect_err(|error| {
            tracing::error!(campaign = %self.campaign, lines = self.lines, %error, "a report broke off");
        })?;
        if page.is_empty() {
            return Ok(None);
        }
        let piece = self.write(&page, Sheet::new())?;
        Ok(Some((piece, self)))
    }
}

/// The whole report as a file.
pub(crate) async fn download(desk: Desk, campaign: CampaignId) -> Answer {
    // Read before anything is answered: whoever must not see it is told so, and gets no file.
    let rules = desk.campaigns().find(campaign).await?.campaign.rules;
    let mut reader = Reader { desk, campaign, rules, after: None, lines: 0 };
    let page = reader.page().await?;
    let mut table = Sheet::new();
    report::head(&mut table).map_err(|error| Error::Internal(error.to_string()))?;
    let first = reader.write(&page, table)?;
    let first = once(async { Ok(first) });
    let body = Body::from_stream(first.chain(try_unfold(reader, Reader::next)));
    let name = format!("attachment; filename=\"campaign-{campaign}-report.csv\"");
    let headers = [(header::CONTENT_TYPE, KIND.to_owned()), (header::CONTENT_DISPOSITION, name)];
    let response: Response = (headers, body).into_response();
    Ok(response)
}
