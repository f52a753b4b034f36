//! How often an account may be asked about: management calls of the last hour, and the headers that tell how much
//! of it is used.

use serde_json::json;
use whatsapp_core::Timestamp;

use super::accept::Reply;
use super::error::GraphError;
use super::fact::Fact;
use super::faults::{Asked, Route};
use super::routes::{Call, Node, Row};
use super::world::World;
use crate::usage::{APP_HEADER, BUSINESS_HEADER};

/// Whether calls of this family count. Messages, files and what belongs to one conversation do not.
const fn is_management(route: Route) -> bool {
    matches!(
        route,
        Route::Account
            | Route::Numbers
            | Route::Subscription
            | Route::Templates
            | Route::Analytics
            | Route::Profile
            | Route::Qr
    )
}

impl World {
    /// Answers one row of the table: the plan's faults, the account's quota, the token, and then the row itself.
    pub(super) fn answer_row(&mut self, row: &Row, node: Node, call: &Call) -> Reply {
        let number = (node == Node::Number).then(|| call.id());
        let asked = Asked { route: row.route, number, to: None };
        let waba = match node {
            Node::Waba => Some(call.id().to_owned()),
            Node::Number => self.waba_of(call.id()).map(|waba| waba.id.clone()),
            Node::Template => self.template(call.id()).map(|(waba, _)| waba.to_owned()),
            _ => None,
        };
        let waba = waba.filter(|_| {
            is_management(row.route) && self.check_token(&call.token, call.now).is_ok()
        });
        let full = waba.as_ref().is_some_and(|waba| !self.has_room(waba, call.now));
        if let Some(waba) = waba.clone().filter(|_| !full) {
            self.happen(Fact::Called { waba, at: call.now });
        }
        let reply = self.answer_for(&asked, call.now, |world, _| {
            if !row.open {
                world.check_token(&call.token, call.now)?;
                world.check_reach(&call.token, call.id())?;
            }
            if full {
                return Err(GraphError::new(80_007, "Too many calls about this account."));
            }
            (row.answer)(world, call)
        });
        match waba {
            Some(waba) => Reply::With(self.usage_headers(&waba, call.now), Box::new(reply)),
            None => reply,
        }
    }
    fn calls_per_hour(&self, waba: &str) -> u32 {
        let limits = &self.faults.limits;
        let numbers = self.waba(waba).map(|waba| waba.numbers.as_slice()).unwrap_or_default();
        if numbers.iter().any(|number| !self.line(&number.id).unregistered) {
            limits.management_per_hour
        } else {
            limits.management_per_hour_idle
        }
    }
    fn has_room(&self, waba: &str, now: Timestamp) -> bool {
        let most = self.calls_per_hour(waba);
        self.meter.calls(waba, most, now).0 < most
    }
    fn usage_headers(&self, waba: &str, now: Timestamp) -> Vec<(&'static str, String)> {
        let most = self.calls_per_hour(waba);
        let (count, minutes) = self.meter.calls(waba, most, now);
        let percent = |count: u32, most: u32| u64::from(count) * 100 / u64::from(most.max(1));
        let all = self.wabas.iter().map(|waba| {
            let most = self.calls_per_hour(&waba.id);
            (self.meter.calls(&waba.id, most, now).0, most)
        });
        let (calls, allowed) = all
            .fold((0, 0), |(a, b): (u32, u32), (c, d)| (a.saturating_add(c), b.saturating_add(d)));
        let app =
            json!({"call_count": percent(calls, allowed), "total_cputime": 0, "total_time": 0});
        let business = json!({waba: [{
            "type": "whatsapp_business_management", "call_count": percent(count, most),
            "total_cputime": 0, "total_time": 0, "estimated_time_to_regain_access": minutes,
        }]});
        vec![(APP_HEADER, app.to_string()), (BUSINESS_HEADER, business.to_string())]
    }
}
