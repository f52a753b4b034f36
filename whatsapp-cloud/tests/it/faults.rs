//! What goes wrong: broken connections, refusals, doubled and lost webhooks. And what is proved by it.

use proptest::prelude::*;
use whatsapp_cloud::simulator::{Fault, Faults, Speed, WebhookFaults};
use whatsapp_cloud::{CloudError, Messaging, OutgoingMessage, Recipient};
use whatsapp_core::{Content, DeliveryStatus, Span};

use crate::scene::*;

#[tokio::test]
async fn a_connection_that_breaks_leaves_us_in_doubt_whether_it_was_accepted_or_not() {
    let scene = scene();
    scene.plan(vec![rule(Fault::ResetAfter)]);
    let after = scene.text(ANA).await.expect_err("no answer");
    assert_eq!(scene.meta.sends().len(), 1);
    scene.plan(vec![rule(Fault::ResetBefore)]);
    let before = scene.text(ANA).await.expect_err("no answer");
    assert_eq!(scene.meta.sends().len(), 1);
    for error in [after, before] {
        assert!(matches!(error, CloudError::Ambiguous { .. }));
        assert!(!error.proof_not_accepted());
    }
}

#[tokio::test]
async fn server_errors_without_meta_s_body_prove_nothing_and_refusals_do() {
    let scene = scene();
    for fault in [Fault::StatusBefore { status: 502 }, Fault::StatusAfter { status: 500 }] {
        scene.plan(vec![rule(fault)]);
        assert!(!scene.text(ANA).await.expect_err("fails").proof_not_accepted());
    }
    assert_eq!(scene.meta.sends().len(), 1, "only the later one was accepted");
    scene.plan(vec![rule(Fault::refuse(131_016)).at_most(1)]);
    let refused = scene.text(ANA).await.expect_err("refused");
    assert!(refused.proof_not_accepted() && matches!(refused, CloudError::Temporary { .. }));
    scene.text(ANA).await.expect("the rule was used up");
}

#[tokio::test]
async fn doubled_late_and_disordered_webhooks_tell_the_same_things() {
    let scene = scene();
    let mut faults = Faults::default();
    let webhooks = WebhookFaults { duplicate: 0.4, disorder: 0.4, ..WebhookFaults::default() };
    faults.webhooks = webhooks;
    faults.speed = Speed { read_probability: 1.0, ..Speed::default() };
    scene.meta.set_faults(faults);
    scene.meta.write(ANA, "Hi").expect("writes");
    for n in 0..30 {
        let template = scene.template("store_hours").await;
        let filled = template.fill(&values(&[]), None).expect("fills");
        scene.send_to(&format!("+55119800{n:05}"), Content::Template(filled)).await.expect("ok");
    }
    let statuses = scene.statuses();
    assert!(statuses.len() > 90, "some came twice: {}", statuses.len());
    let overtaken = statuses.iter().enumerate().any(|(at, read)| {
        let later = &statuses[at..];
        read.status == DeliveryStatus::Read
            && later.iter().any(|s| s.wamid == read.wamid && s.status == DeliveryStatus::Sent)
    });
    assert!(overtaken, "and some overtook others");
    let mut kinds: Vec<_> = statuses.iter().map(|s| (&s.wamid, s.status.as_str())).collect();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), 90, "and all came");
}

#[tokio::test]
async fn statuses_can_be_lost_and_recipients_can_fail() {
    let scene = scene();
    let mut faults = Faults::default();
    faults.webhooks.drop_statuses = 1.0;
    scene.meta.set_faults(faults);
    scene.text(ANA).await.expect("accepted");
    assert!(scene.statuses().is_empty());
    let mut faults = Faults::default();
    faults.recipients.insert(ANA.into(), 131_026);
    scene.meta.set_faults(faults);
    scene.text(ANA).await.expect("accepted");
    assert_eq!(scene.statuses()[0].error.as_ref().expect("why").code, 131_026);
}

fn any_fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        prop::sample::select(vec![2, 100, 131_016, 131_031, 131_056, 130_429, 190, 132_015])
            .prop_map(Fault::refuse),
        Just(Fault::Fail { code: 131_026 }),
        prop::sample::select(vec![10, 60_000]).prop_map(|ms| Fault::Hang { ms }),
        Just(Fault::ResetBefore),
        Just(Fault::ResetAfter),
        Just(Fault::StatusBefore { status: 502 }),
        Just(Fault::StatusAfter { status: 500 }),
    ]
}

proptest! {
    /// Rule S2, for every mixture of faults: whoever sends again only with proof never sends twice.
    #[test]
    fn what_is_proved_not_accepted_never_was(
        faults in prop::collection::vec((any_fault(), 0.05..0.5_f64), 0..6),
        seed in any::<u64>(),
    ) {
        let scene = seeded(seed);
        let rules = faults.into_iter().map(|(fault, probability)| rule(fault).likely(probability));
        scene.plan(rules.collect());
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let access = scene.meta.access(0).expect("a number");
        let mut answered = Vec::new();
        let mut doubtful = Vec::new();
        for n in 0..40 {
            scene.clock.advance(Span::millis(20));
            let to = Recipient::from_address(&format!("+55119800{n:05}"));
            let mut message = OutgoingMessage::new(to, Content::text("Hi"));
            message.callback_data = format!("attempt-{n}");
            match runtime.block_on(scene.meta.send(&access, &message)) {
                Ok(_) => answered.push(message.callback_data),
                Err(error) if error.proof_not_accepted() => {}
                Err(_) => doubtful.push(message.callback_data),
            }
        }
        let truth: Vec<_> = scene.meta.sends().into_iter().filter_map(|s| s.callback_data).collect();
        prop_assert!(answered.iter().all(|a| truth.contains(a)), "answered means accepted");
        prop_assert!(truth.iter().all(|t| answered.contains(t) || doubtful.contains(t)));
        // And the statuses settle every doubt about what was accepted.
        let told: Vec<_> = scene.statuses().into_iter().filter_map(|s| s.callback_data).collect();
        prop_assert!(truth.iter().all(|t| told.contains(t)));
        prop_assert!(told.iter().all(|t| truth.contains(t)));
    }
}
