//! The simulator in process with a clock moved by hand, and what tests do with it.

use std::sync::Arc;

use whatsapp_cloud::simulator::{Fault, Faults, Route, Rule, Simulator};
use whatsapp_cloud::webhook::{
    Inbound, Parsed, StatusUpdate, Verified, parse_counted, verify_signature,
};
use whatsapp_cloud::{CloudError, Messaging, OutgoingMessage, Recipient, SentMessage, TemplateApi};
use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::template::Variables;
use whatsapp_core::{Content, DeliveryStatus, Env, Id, Template, Timestamp};

pub(crate) const ANA: &str = "+5511981234567";

pub(crate) struct Scene {
    pub(crate) meta: Simulator,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) env: Env,
}

pub(crate) fn scene() -> Scene {
    seeded(7)
}

pub(crate) fn seeded(seed: u64) -> Scene {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000)));
    let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(seed)));
    Scene { meta: Simulator::new(seed, env.clone()), clock, env }
}

impl Scene {
    pub(crate) async fn send_to(
        &self,
        to: &str,
        content: Content,
    ) -> Result<SentMessage, CloudError> {
        let mut message = OutgoingMessage::new(Recipient::from_address(to), content);
        message.callback_data = "attempt-1".into();
        self.meta.send(&self.meta.access(0).expect("a number"), &message).await
    }
    pub(crate) async fn text(&self, to: &str) -> Result<SentMessage, CloudError> {
        self.send_to(to, Content::text("Hi")).await
    }
    /// Moves the clock from webhook to webhook and reads all that is told.
    pub(crate) fn told(&self) -> Vec<Inbound> {
        let mut all = Vec::new();
        while let Some(at) = self.meta.next_webhook_at() {
            if at > self.env.now() {
                self.clock.set(at);
            }
            for call in self.meta.take_webhooks() {
                let secret = self.meta.app_secret();
                let verified = verify_signature(&secret, Some(&call.signature), &call.body);
                assert_eq!(verified, Ok(Verified::Exact));
                let Parsed { changes, unknown, .. } =
                    parse_counted(&call.body, self.env.now()).expect("reads");
                // An invented kind is what tests send to see that it is kept.
                let known = unknown.keys().all(|what| what.ends_with("hologram"));
                assert!(known, "the simulator sent what we cannot read: {unknown:?}");
                all.extend(changes.into_iter().map(|change| change.inbound));
            }
        }
        all
    }
    pub(crate) fn statuses(&self) -> Vec<StatusUpdate> {
        self.told()
            .into_iter()
            .filter_map(|inbound| match inbound {
                Inbound::Status(status) => Some(*status),
                _ => None,
            })
            .collect()
    }
    pub(crate) async fn template(&self, name: &str) -> Template {
        let access = self.meta.access(0).expect("a number");
        let mut after: Option<String> = None;
        loop {
            let page = self.meta.list(&access, after.as_deref()).await.expect("lists");
            let channel = Id::from_uuid(Default::default());
            if let Some(found) = page.templates.into_iter().find(|t| t.name == name) {
                return found.into_template(channel, &self.env);
            }
            after = Some(page.next.expect("there is such a template"));
        }
    }
    pub(crate) fn plan(&self, rules: Vec<Rule>) {
        let mut faults = Faults::default();
        faults.rules = rules;
        self.meta.set_faults(faults);
    }
}

pub(crate) fn rule(fault: Fault) -> Rule {
    Rule::new(fault).on(Route::Messages)
}

pub(crate) fn words(statuses: &[StatusUpdate]) -> Vec<DeliveryStatus> {
    statuses.iter().map(|status| status.status).collect()
}

pub(crate) fn code(error: &CloudError) -> i64 {
    error.provider().unwrap_or_else(|| panic!("{error:?}")).code
}

pub(crate) fn values(pairs: &[(&str, &str)]) -> Variables {
    Variables::from_pairs(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}
