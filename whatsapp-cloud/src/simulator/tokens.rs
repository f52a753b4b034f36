//! Tokens: what each may reach and until when, the exchange of codes, and what Meta says of a token.

use serde_json::{Value, json};
use whatsapp_core::{Span, Timestamp};

use super::error::GraphError;
use super::faults::Route;
use super::office::{Deed, Made, TokenState, params};
use super::routes::{Call, Node, Row};
use super::world::World;
use crate::bounds;
use crate::transport::Verb;

/// The routes of tokens.
pub(super) const ROUTES: &[Row] = &[
    open(Verb::Get, "oauth", "access_token", exchange),
    open(Verb::Post, "oauth", "access_token", exchange),
    open(Verb::Get, "debug_token", "", debug_token),
];

/// A route that goes without a token, or with the app's own.
const fn open(
    verb: Verb,
    name: &'static str,
    edge: &'static str,
    answer: super::routes::Handler,
) -> Row {
    Row { verb, node: Node::Name(name), edge, route: Route::Signup, open: true, answer }
}

const SCOPES: [&str; 2] = ["whatsapp_business_management", "whatsapp_business_messaging"];

fn exchange(world: &mut World, call: &Call) -> Made {
    let given = params(call)?;
    let text = |key: &str| given.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("client_id") != world.app.id {
        return Err(GraphError::titled(101, "Error validating application."));
    }
    if text("client_secret") != world.app.secret {
        return Err(GraphError::titled(1, "Error validating client secret."));
    }
    if text("grant_type") == "client_credentials" {
        return Ok(json!({"access_token": world.app_token(), "token_type": "bearer"}));
    }
    let wrong = |subcode, title| Err(GraphError::titled(100, title).with_subcode(Some(subcode)));
    let Some(code) = world.office.codes.get(text("code")) else {
        return wrong(36_009, "Invalid verification code format.");
    };
    if code.used {
        return wrong(36_009, "This authorization code has been used.");
    }
    if call.now - code.at > Span::seconds(bounds::SIGNUP_CODE_SECONDS) {
        return wrong(36_007, "This authorization code has expired.");
    }
    if code.redirect_uri.as_deref().unwrap_or_default() != text("redirect_uri") {
        let title = "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request";
        return wrong(36_008, title);
    }
    let seconds = code.token_seconds;
    let token = format!("EAASIMB{}", world.chance().hex(80));
    let expires = seconds.map(|seconds| call.now + Span::seconds(seconds));
    let code = text("code").to_owned();
    world.deed(call.now, Deed::Exchanged { code, token: token.clone(), expires });
    let mut answer = json!({"access_token": token, "token_type": "bearer"});
    if let (Some(seconds), Some(map)) = (seconds, answer.as_object_mut()) {
        map.insert("expires_in".into(), json!(seconds));
    }
    Ok(answer)
}

fn debug_token(world: &mut World, call: &Call) -> Made {
    if call.token != world.app_token() {
        world.check_token(&call.token, call.now)?;
    }
    let token = call.text("input_token")?.unwrap_or_default();
    if token == world.app_token() {
        return Ok(json!({"data": {
            "app_id": world.app.id, "type": "APP", "application": "Simulated app", "is_valid": true,
            "expires_at": 0, "scopes": [],
        }}));
    }
    let state = world.office.tokens.get(&token).cloned();
    let seconds = |at: Option<Timestamp>| at.map_or(0, Timestamp::seconds);
    if let Err(error) = world.check_token(&token, call.now) {
        let expires = state.map(|state| seconds(state.expires));
        let mut data = json!({"app_id": world.app.id, "error": error.short(), "is_valid": false, "scopes": []});
        if let (Some(expires), Some(map)) = (expires, data.as_object_mut()) {
            map.insert("expires_at".into(), json!(expires));
        }
        return Ok(json!({ "data": data }));
    }
    let state = state.unwrap_or_default();
    let all = || world.wabas.iter().map(|waba| waba.id.clone()).collect();
    let wabas: Vec<String> = state.waba.map_or_else(all, |waba| vec![waba]);
    let granular: Vec<Value> =
        SCOPES.iter().map(|scope| json!({"scope": scope, "target_ids": wabas})).collect();
    let user = super::chance::Chance::named(world.seed, &token).digits(14);
    Ok(json!({"data": {
        "app_id": world.app.id, "type": "SYSTEM_USER", "application": "Simulated app",
        "data_access_expires_at": 0, "expires_at": seconds(state.expires), "is_valid": true,
        "issued_at": seconds(state.issued), "scopes": SCOPES, "granular_scopes": granular,
        "user_id": format!("1{user}"),
    }}))
}

impl World {
    /// The app's own token.
    pub(super) fn app_token(&self) -> String {
        format!("{}|{}", self.app.id, self.app.secret)
    }
    /// Whether a token is good now: the app's system user's, or a customer's.
    pub(super) fn check_token(&self, token: &str, now: Timestamp) -> Result<(), GraphError> {
        let state = self.office.tokens.get(token);
        if token.is_empty() || (state.is_none() && token != self.app.token) {
            return Err(GraphError::bad_token());
        }
        let Some(state) = state else { return Ok(()) };
        if state.revoked {
            let title = "Error validating access token: The user has not authorized application.";
            return Err(GraphError::titled(190, title).with_subcode(Some(458)));
        }
        if state.expires.is_some_and(|expires| now >= expires) {
            let title = "Error validating access token: Session has expired.";
            return Err(GraphError::titled(190, title).with_subcode(Some(463)));
        }
        Ok(())
    }
    /// Whether a good token reaches this: a customer's reaches only what the customer shared.
    pub(super) fn check_reach(&self, token: &str, id: &str) -> Result<(), GraphError> {
        let Some(own) = self.office.tokens.get(token).and_then(|state| state.waba.as_ref()) else {
            return Ok(());
        };
        let of_file = self.files.get(id).map(|file| file.number.as_str());
        let of_group = self.office.groups.get(id).map(|group| group.number.as_str());
        let number = of_file.or(of_group).unwrap_or(id);
        let of_flow = self.office.flows.get(id).map(|flow| flow.waba.as_str());
        let waba = self.waba_of(number).map(|waba| waba.id.as_str()).or(of_flow);
        let of_template = self.template(id).map(|(waba, _)| waba);
        let of_templates = self.shelf.groups.get(id).map(|(waba, _)| waba.as_str());
        let waba = waba.or(of_template).or(of_templates);
        let waba = waba.or_else(|| self.waba(id).map(|waba| waba.id.as_str()));
        match waba {
            Some(waba) if waba != own => Err(GraphError::no_object(id)),
            _ if self.is_business(id) => Err(GraphError::new(200, "The business was not shared.")),
            _ => Ok(()),
        }
    }
    pub(super) fn apply_exchange(
        &mut self,
        code: &str,
        token: String,
        expires: Option<Timestamp>,
        at: Timestamp,
    ) {
        let Some(used) = self.office.codes.get_mut(code) else { return };
        used.used = true;
        let waba = Some(used.waba.clone());
        let state = TokenState { waba, expires, revoked: false, issued: Some(at) };
        self.office.tokens.insert(token, state);
    }
    /// A token ends at a moment, or at once.
    pub(super) fn end_token(
        &mut self,
        now: Timestamp,
        token: Option<&str>,
        after_seconds: Option<i64>,
        revoke: bool,
    ) -> Result<(), String> {
        let token = token.unwrap_or(&self.app.token).to_owned();
        let known = token == self.app.token || self.office.tokens.contains_key(&token);
        if !known {
            return Err("token: there is no such token".to_owned());
        }
        let mut state = self.office.tokens.get(&token).cloned().unwrap_or_default();
        state.revoked = revoke;
        state.expires = after_seconds.map(|seconds| now + Span::seconds(seconds));
        self.deed(now, Deed::Token { token, state });
        Ok(())
    }
}
