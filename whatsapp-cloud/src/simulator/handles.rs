//! What a test does to the simulator in process beyond sending and writing: people, numbers and templates change,
//! webhooks are answered or not.

use serde_json::Value;
use whatsapp_core::Timestamp;

use super::fact::Fact;
use super::hooks::WebhookCall;
use super::process::Simulator;
use super::tuning::MessagingLimit;
use super::world::World;
use crate::CloudError;

impl Simulator {
    /// Gives out the webhook calls that are due by the clock. `answered` says whether one was answered 200: what
    /// was not comes again, after growing gaps, and is given up after seven days. Gives how many calls there were.
    pub fn deliver_webhooks(&self, mut answered: impl FnMut(&WebhookCall) -> bool) -> usize {
        let now = self.env.now();
        let calls = self.world().due_calls(now);
        for call in &calls {
            let told = answered(call);
            let items = call.items.clone();
            let mut world = self.world();
            world.happen(if told { Fact::Told { items } } else { Fact::Untold { items, at: now } });
            world.take_facts();
        }
        calls.len()
    }
    /// How many webhook items were given up, because nobody answered for seven days.
    #[must_use]
    pub fn webhooks_given_up(&self) -> u64 {
        self.world().hooks.given_up
    }
    /// Something about a person is different from now on, in the words of `POST /_sim/people` without `who`: their
    /// phone is off, they hide their number, they blocked a business.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when `who` is nobody or the change is not understood.
    pub fn change_person(&self, who: &str, change: Value) -> Result<(), CloudError> {
        let change = read("person", change)?;
        self.act("who", |world, now| world.change_person(now, who, change))
    }
    /// Meta tells something of the first account for reasons of its own, in Meta's words: a ban, an alert, a
    /// judgement. Nothing else changes by it.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when the field is not of accounts or the value is no object.
    pub fn announce(&self, field: &str, value: Value) -> Result<(), CloudError> {
        self.act("announce", |world, now| world.announce(now, None, field, value))
    }
    /// A person takes another number; all businesses that know them are told.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when these are not two phone numbers.
    pub fn move_person(&self, from: &str, to: &str) -> Result<(), CloudError> {
        self.act("from", |world, now| world.move_person(now, from, to))
    }
    /// A person gets another business-scoped id, which is given back; all businesses that know them are told.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when `who` is nobody.
    pub fn renew_person(&self, who: &str, user_id: Option<&str>) -> Result<String, CloudError> {
        let user_id = user_id.map(str::to_owned);
        self.act("who", |world, now| world.renew_person(now, who, user_id))
    }
    /// Something about a number is different from now on, in the words of `POST /_sim/numbers/{id}`.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such number or the change is not understood.
    pub fn change_number(&self, id: &str, change: Value) -> Result<(), CloudError> {
        let change = read("number", change)?;
        self.act("id", |world, now| world.change_line(now, id, change))
    }
    /// The portfolio's numbers may write to so many people outside the window in 24 hours.
    pub fn set_messaging_limit(&self, tier: MessagingLimit) {
        let at = self.env.now();
        self.world().happen(Fact::Tier { tier, at });
    }
    /// Something happens to a number on the Business app, in the words of `POST /_sim/coexistence/{id}/{what}`:
    /// `onboard`, `echo`, `contact` or `disconnect`.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such number, it is not on the app, or the body is not understood.
    pub fn coexistence(&self, id: &str, what: &str, body: Value) -> Result<Value, CloudError> {
        self.act("coexistence", |world, now| world.coexist(now, id, what, body))
    }
    /// Where webhooks go that no override of an account or a number leads elsewhere.
    pub fn set_app_callback(&self, url: Option<&str>) {
        self.world().happen(Fact::Listens { url: url.map(str::to_owned) });
    }
    /// Meta looks at a template's messages: `hold`, `pause`, `release` or `drop`.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such template or word.
    pub fn judge_template(&self, id: &str, what: &str) -> Result<(), CloudError> {
        let what = read("what", Value::from(what))?;
        self.act("template", |world, now| world.judge(now, id, what))
    }
    /// Somebody decides about a template in place of Meta, in the words of `POST /_sim/templates/{id}`: its state,
    /// its quality, its category.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such template or the decision is not understood.
    pub fn decide_template(&self, id: &str, decision: Value) -> Result<(), CloudError> {
        self.act("template", |world, now| world.decide_in_words(now, id, decision))
    }
    fn act<T>(
        &self,
        field: &'static str,
        work: impl FnOnce(&mut World, Timestamp) -> Result<T, String>,
    ) -> Result<T, CloudError> {
        let mut world = self.world();
        let made = work(&mut world, self.env.now());
        world.take_facts();
        made.map_err(|why| CloudError::invalid(field, why))
    }
}

fn read<T: serde::de::DeserializeOwned>(
    field: &'static str,
    value: Value,
) -> Result<T, CloudError> {
    serde_json::from_value(value).map_err(|error| CloudError::invalid(field, error.to_string()))
}
