//! Embedded Signup as a customer goes through it: a new account with a number, a code for the server, and what the
//! browser is told. What the browser is told proves nothing; the code does.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use whatsapp_core::Timestamp;

use super::chance::Chance;
use super::desk::Desk;
use super::hooks::{Item, Slot};
use super::office::Deed;
use super::seed::{self, Number, Waba};
use super::world::World;

/// How a signup ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Variant {
    /// With a number.
    #[default]
    Finish,
    /// With an account and no number.
    OnlyWaba,
    /// With a number that stays on the Business app.
    Coexistence,
    /// The customer leaves.
    Cancel,
    /// Something goes wrong.
    Error,
}

/// What a customer does: the body of `POST /_sim/signup`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wish {
    pub(super) variant: Variant,
    /// The business' name.
    pub(super) name: String,
    /// Whether the number's owner has shown its code already, as they do in the window of the signup.
    pub(super) verified: bool,
    /// The two-step PIN that the number has already.
    pub(super) pin: Option<String>,
    /// After how long the token ends; never if absent.
    pub(super) token_seconds: Option<i64>,
    /// The address of the login dialog, where the code comes by a redirect.
    pub(super) redirect_uri: Option<String>,
    /// Where the customer leaves.
    pub(super) current_step: String,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            variant: Variant::Finish,
            name: "Ateliê Novo".to_owned(),
            verified: true,
            pin: None,
            token_seconds: None,
            redirect_uri: None,
            current_step: "PHONE_NUMBER_VERIFICATION".to_owned(),
        }
    }
}

/// A code that the server may exchange, once and soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignupCode {
    pub(super) waba: String,
    pub(super) at: Timestamp,
    pub(super) used: bool,
    pub(super) redirect_uri: Option<String>,
    pub(super) token_seconds: Option<i64>,
}

/// A new customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Customer {
    business: String,
    waba: String,
    name: String,
    /// Id, number with plus sign, and how it is shown.
    number: Option<[String; 3]>,
    verified: bool,
    pin: Option<String>,
    code: String,
    grant: SignupCode,
}

impl World {
    /// A customer goes through the signup. Gives what came of it, with the browser's event.
    pub(super) fn sign_up(&mut self, now: Timestamp, wish: Wish) -> Result<Value, String> {
        if wish.name.trim().is_empty() {
            return Err("name: give one".to_owned());
        }
        let event = |event: &str, data: Value| json!({"type": "WA_EMBEDDED_SIGNUP", "event": event, "version": 3, "data": data});
        let session = self.chance().hex(15);
        match wish.variant {
            Variant::Cancel => {
                let data = json!({"current_step": wish.current_step});
                return Ok(json!({"event": event("CANCEL", data)}));
            }
            Variant::Error => {
                let data = json!({
                    "error_message": "Your verified name violates WhatsApp guidelines. Please edit your verified name and try again.",
                    "error_id": "524126", "session_id": session, "timestamp": now.seconds().to_string(),
                });
                return Ok(json!({"event": event("CANCEL", data)}));
            }
            Variant::Finish | Variant::OnlyWaba | Variant::Coexistence => {}
        }
        let variant = wish.variant;
        let customer = self.customer(now, wish);
        let (waba, business) = (customer.waba.clone(), customer.business.clone());
        let (code, number) = (customer.code.clone(), customer.number.clone());
        self.deed(now, Deed::SignedUp(Box::new(customer)));
        let id = number.as_ref().map(|[id, ..]| id.clone());
        if let (Variant::Coexistence, Some(id)) = (variant, &id) {
            self.coexist(now, id, "onboard", json!({}))?;
        }
        let (word, data) = match variant {
            Variant::Coexistence => {
                ("FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING", json!({ "waba_id": waba }))
            }
            Variant::OnlyWaba => {
                ("FINISH_ONLY_WABA", json!({"waba_id": waba, "business_id": business}))
            }
            _ => {
                ("FINISH", json!({"phone_number_id": id, "waba_id": waba, "business_id": business}))
            }
        };
        Ok(json!({
            "code": code, "waba_id": waba, "business_id": business, "phone_number_id": id,
            "phone": number.map(|[_, phone, _]| phone), "event": event(word, data),
        }))
    }
    fn customer(&self, now: Timestamp, wish: Wish) -> Customer {
        let mut chance = self.chance();
        let waba = format!("2{}", chance.digits(14));
        let tail = chance.digits(4);
        let number = (wish.variant != Variant::OnlyWaba).then(|| {
            let id = format!("1{}", chance.digits(14));
            let middle = chance.digits(4);
            [id, format!("+55119{middle}{tail}"), format!("+55 11 9{middle}-{tail}")]
        });
        Customer {
            business: format!("3{}", chance.digits(14)),
            grant: SignupCode {
                waba: waba.clone(),
                at: now,
                used: false,
                redirect_uri: wish.redirect_uri,
                token_seconds: wish.token_seconds,
            },
            code: format!("AQ{}", chance.hex(60)),
            waba,
            name: wish.name,
            number,
            verified: wish.verified,
            pin: wish.pin,
        }
    }
    pub(super) fn apply_signup(&mut self, customer: Customer, at: Timestamp) {
        let Customer { business, waba, name, number, verified, pin, code, grant } = customer;
        let mut chance = Chance::named(self.seed, &waba);
        let numbers = number.into_iter().map(|[id, phone, display]| Number { id, phone, display });
        let numbers: Vec<Number> = numbers.collect();
        for number in &numbers {
            let desk =
                Desk { pin: pin.clone(), unverified: !verified, fresh: true, ..Desk::default() };
            self.office.desks.insert(number.id.clone(), desk);
            self.lines.entry(number.id.clone()).or_default().unregistered = true;
        }
        let templates = seed::templates(&mut chance);
        self.wabas.push(Waba { id: waba.clone(), name, numbers, templates });
        self.office.owners.insert(waba.clone(), business.clone());
        self.office.codes.insert(code, grant);
        // This goes to the app whether or not it listens to the account, and names the app's own business.
        let value = json!({
            "event": "PARTNER_ADDED", "waba_info": {"waba_id": waba, "owner_business_id": business},
        });
        let own = self.own_business();
        self.push(Item::new(own, None, at, Slot::Account("account_update", at), None, value));
    }
    /// The business that the app is of.
    pub(super) fn own_business(&self) -> String {
        format!("3{}", Chance::named(self.seed, "business").digits(14))
    }
    /// The business that an account is of.
    pub(super) fn owner(&self, waba: &str) -> String {
        self.office.owners.get(waba).cloned().unwrap_or_else(|| self.own_business())
    }
    pub(super) fn is_business(&self, id: &str) -> bool {
        id == self.own_business() || self.office.owners.values().any(|owner| owner == id)
    }
    /// Codes that were sent to numbers, the latest of each.
    #[cfg(feature = "simulator")]
    pub(super) fn view_codes(&self) -> Value {
        let shown = |(id, desk): (&String, &Desk)| {
            let (code, at) = desk.code.as_ref()?;
            Some(json!({"phone_number_id": id, "code": code, "at": at.to_rfc3339()}))
        };
        let data: Vec<Value> = self.office.desks.iter().filter_map(shown).collect();
        json!({ "data": data })
    }
}
