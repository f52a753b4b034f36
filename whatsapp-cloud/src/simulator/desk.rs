//! What is set up of one number: how it is verified and registered, and how it presents itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use whatsapp_core::{Span, Timestamp};

use super::world::World;
use crate::bounds;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Qr {
    pub(super) text: String,
    pub(super) image: Option<String>,
    pub(super) at: Timestamp,
}

/// One number.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    pub(super) pin: Option<String>,
    /// Its owner has not shown a code yet.
    pub(super) unverified: bool,
    /// It was never registered.
    pub(super) fresh: bool,
    /// The last code that was sent to it.
    pub(super) code: Option<(String, Timestamp)>,
    pub(super) codes_asked: Vec<Timestamp>,
    pub(super) wrong_pins: Vec<Timestamp>,
    /// Registrations and deregistrations.
    pub(super) registrations: Vec<Timestamp>,
    pub(super) deleted: Option<Timestamp>,
    pub(super) onboarded: Option<Timestamp>,
    /// Its own name; its account's if absent.
    pub(super) name: Option<String>,
    pub(super) new_name: Option<String>,
    pub(super) region: Option<String>,
    pub(super) settings: Map<String, Value>,
    pub(super) profile: Map<String, Value>,
    pub(super) starters: Value,
    pub(super) commerce: Map<String, Value>,
    pub(super) username: Option<String>,
    pub(super) flow_key: Option<String>,
    pub(super) qr: BTreeMap<String, Qr>,
}

/// A change of a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub(super) enum DeskChange {
    CodeAsked { code: String },
    Verified,
    WrongPin,
    Registered { pin: String, region: Option<String> },
    Deregistered,
    Pin { pin: String },
    Renamed { name: String },
    Settings { settings: Map<String, Value> },
    Profile { profile: Map<String, Value> },
    Starters { starters: Value },
    Commerce { commerce: Map<String, Value> },
    Username { username: Option<String> },
    FlowKey { key: String },
    Qr { code: String, qr: Qr },
    QrGone { code: String },
}

/// How long a verification code holds, and over how long wrong PINs are counted. Meta tells neither.
pub(super) const CODE_HOLDS: Span = Span::minutes(10);
pub(super) const PIN_MEMORY: Span = Span::hours(12);

impl Desk {
    /// How many registrations count now.
    pub(super) fn registered_lately(&self, now: Timestamp) -> usize {
        let since = Span::hours(bounds::REGISTRATION_HOURS);
        self.registrations.iter().filter(|at| now - **at < since).count()
    }
    pub(super) fn wrong_lately(&self, now: Timestamp) -> usize {
        self.wrong_pins.iter().filter(|at| now - **at < PIN_MEMORY).count()
    }
}

impl World {
    /// What is set up of a number.
    pub(super) fn desk(&self, number: &str) -> Option<&Desk> {
        self.office.desks.get(number)
    }
    pub(super) fn apply_desk(&mut self, number: &str, change: DeskChange, at: Timestamp) {
        let desk = self.office.desks.entry(number.to_owned()).or_default();
        match change {
            DeskChange::CodeAsked { code } => {
                desk.code = Some((code, at));
                desk.codes_asked.push(at);
            }
            DeskChange::Verified => {
                desk.unverified = false;
                desk.code = None;
            }
            DeskChange::WrongPin => desk.wrong_pins.push(at),
            DeskChange::Registered { pin, region } => {
                desk.pin = Some(pin);
                desk.region = region;
                desk.fresh = false;
                desk.wrong_pins.clear();
                desk.registrations.push(at);
                desk.onboarded = Some(at);
                // The name that was approved meanwhile is the number's from now on.
                if let Some(name) = desk.new_name.take() {
                    desk.name = Some(name);
                }
                self.lines.entry(number.to_owned()).or_default().unregistered = false;
            }
            DeskChange::Deregistered => {
                desk.registrations.push(at);
                self.lines.entry(number.to_owned()).or_default().unregistered = true;
            }
            DeskChange::Pin { pin } => {
                desk.pin = Some(pin);
                let display = self.number(number).map(|own| own.phone.trim_start_matches('+'));
                let value = json!({"display_phone_number": display, "event": "PIN_CHANGED"});
                self.tell_account(number, at, "security", value);
            }
            DeskChange::Renamed { name } => self.apply_renamed(number, name, at),
            DeskChange::Settings { settings } => desk.settings.extend(settings),
            DeskChange::Profile { profile } => desk.profile.extend(profile),
            DeskChange::Starters { starters } => desk.starters = starters,
            DeskChange::Commerce { commerce } => desk.commerce.extend(commerce),
            DeskChange::Username { username } => self.apply_username(number, username, at),
            DeskChange::FlowKey { key } => desk.flow_key = Some(key),
            DeskChange::Qr { code, qr } => drop(desk.qr.insert(code, qr)),
            DeskChange::QrGone { code } => drop(desk.qr.remove(&code)),
        }
    }
    /// Another name was asked for. This Meta approves each at once, and tells so.
    fn apply_renamed(&mut self, number: &str, name: String, at: Timestamp) {
        let display = self.number(number).map(|own| own.phone.trim_start_matches('+'));
        let value = json!({
            "display_phone_number": display, "decision": "APPROVED",
            "requested_verified_name": name, "rejection_reason": null,
        });
        self.office.desks.entry(number.to_owned()).or_default().new_name = Some(name);
        self.tell_account(number, at, "phone_number_name_update", value);
    }
    fn apply_username(&mut self, number: &str, username: Option<String>, at: Timestamp) {
        let display = self.number(number).map(|own| own.phone.trim_start_matches('+').to_owned());
        let before = self.desk(number).and_then(|desk| desk.username.clone());
        let status = if username.is_some() { "approved" } else { "deleted" };
        let told = username.clone().or(before);
        self.office.desks.entry(number.to_owned()).or_default().username = username;
        let value = json!({"display_phone_number": display, "username": told, "status": status});
        self.tell_account(number, at, "business_username_updates", value);
    }
}
