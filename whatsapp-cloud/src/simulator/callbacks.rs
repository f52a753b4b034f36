//! The callback addresses that calls name. Each must echo a challenge before it is kept.

use serde_json::Value;

use super::routes::{Call, Node};
use super::world::World;
use crate::transport::Verb;

impl World {
    /// The callback address that a call names, with its verify token. Nothing if the call may not be made at all:
    /// whoever may not change an address must not make us ask it.
    pub(super) fn callback_of(&self, call: &Call) -> Option<(String, String)> {
        if call.verb != Verb::Post {
            return None;
        }
        let text = |key: &str| call.text(key).ok().flatten();
        let nested = |key: &str| {
            let to = call.json().ok()?.get("webhook_configuration")?;
            to.get(key).and_then(Value::as_str).map(str::to_owned)
        };
        let by_token = || {
            self.check_token(&call.token, call.now).is_ok()
                && self.check_reach(&call.token, call.id()).is_ok()
        };
        let (url, verify_token) = match (self.node_of(call.id()), call.edge()) {
            (Node::Waba, "subscribed_apps") if by_token() => {
                (text("override_callback_uri"), text("verify_token"))
            }
            (Node::Number, "") if by_token() => {
                (nested("override_callback_uri"), nested("verify_token"))
            }
            (Node::App, "subscriptions") if call.token == self.app_token() => {
                (text("callback_url"), text("verify_token"))
            }
            _ => return None,
        };
        let url = url.filter(|url| !url.is_empty())?;
        Some((url, verify_token.unwrap_or_default()))
    }
}
