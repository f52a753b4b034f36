//! A bot over the simulated Meta: what somebody does reaches the right handler, once, and gets its answer.
#![expect(clippy::expect_used, reason = "a helper of a test may fail the test")]

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use whatsapp_cloud::bot::{Bot, ReceiveError};
use whatsapp_cloud::simulator::{Simulator, WebhookCall};
use whatsapp_cloud::webhook::SignatureError;
use whatsapp_cloud::{CloudError, Messaging, OutgoingMessage, Recipient};
use whatsapp_core::env::{ManualClock, SeededEntropy};
use whatsapp_core::{Content, Env, Span, Timestamp};

const ANA: &str = "+5511981234567";

struct Scene {
    meta: Arc<Simulator>,
    clock: Arc<ManualClock>,
    told: Arc<Mutex<Vec<String>>>,
}

impl Scene {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000)));
        let env = Env::new(clock.clone(), Arc::new(SeededEntropy::new(7)));
        Self { meta: Arc::new(Simulator::new(7, env)), clock, told: Arc::default() }
    }
    fn bot(&self) -> Bot {
        let access = self.meta.access(0).expect("a number");
        Bot::new(Arc::clone(&self.meta), access).app_secret(self.meta.app_secret())
    }
    fn tell(&self, text: impl Into<String>) {
        self.told.lock().expect("told").push(text.into());
    }
    fn told(&self) -> Vec<String> {
        self.told.lock().expect("told").clone()
    }
    fn calls(&self) -> Vec<WebhookCall> {
        self.clock.advance(Span::minutes(1));
        self.meta.take_webhooks()
    }
    async fn deliver(&self, bot: &Bot) {
        for call in self.calls() {
            bot.receive(Some(&call.signature), &call.body).expect("is taken").run().await;
        }
    }
    fn said(&self) -> Vec<String> {
        self.meta.sends().into_iter().filter_map(|sent| sent.text).collect()
    }
    fn does(&self, what: Value) {
        self.meta.inbound(what).expect("somebody acts");
    }
}

#[tokio::test]
async fn the_first_handler_that_wants_a_message_gets_it() {
    let scene = Arc::new(Scene::new());
    let told = Arc::clone(&scene);
    let bot = scene
        .bot()
        .on_command("/price", async |cx, item| cx.reply(format!("{item} costs 5")).await.map(drop))
        .on_text(async |cx, text| cx.quote(format!("You said: {text}")).await.map(drop))
        .on_button(async |cx, tap| cx.reply(format!("You chose {}", tap.id)).await.map(drop))
        .on_message(move |_, message| {
            told.tell(message.content.kind());
            async { Ok::<(), CloudError>(()) }
        });
    scene.does(json!({"from": ANA, "type": "text", "text": {"body": "/Price tea"}}));
    scene.deliver(&bot).await;
    scene.does(json!({"from": ANA, "type": "text", "text": {"body": "/pricey"}}));
    scene.deliver(&bot).await;
    scene.does(
        json!({"from": ANA, "type": "location", "location": {"latitude": 1, "longitude": 2}}),
    );
    scene.deliver(&bot).await;
    assert_eq!(scene.said(), ["tea costs 5", "You said: /pricey"]);
    assert_eq!(scene.told(), ["location"]);
}

#[tokio::test]
async fn what_comes_twice_is_handled_once() {
    let scene = Scene::new();
    let bot = scene.bot().on_text(async |cx, text| cx.reply(text).await.map(drop));
    scene.meta.write(ANA, "Hi").expect("writes");
    for call in scene.calls() {
        for _ in 0..3 {
            bot.receive(Some(&call.signature), &call.body).expect("is taken").run().await;
        }
    }
    assert_eq!(scene.said(), ["Hi"]);
}

#[tokio::test]
async fn a_call_with_a_wrong_signature_is_never_read() {
    let scene = Scene::new();
    let bot = scene.bot().on_text(async |cx, text| cx.reply(text).await.map(drop));
    scene.meta.write(ANA, "Hi").expect("writes");
    let call = scene.calls().remove(0);
    let forged = format!("sha256={}", "0".repeat(64));
    for (signature, why) in
        [(None, SignatureError::Malformed), (Some(forged.as_str()), SignatureError::Wrong)]
    {
        let refused = bot.receive(signature, b"not even JSON").expect_err("is refused");
        assert_eq!(refused, ReceiveError::Signature(why));
        assert_eq!(refused.status(), 401);
    }
    assert!(bot.receive(Some(&call.signature), &call.body).is_ok());
}

#[tokio::test]
async fn statuses_reach_their_handler_and_an_error_of_a_handler_stops_nobody() {
    let scene = Arc::new(Scene::new());
    let (told, failed) = (Arc::clone(&scene), Arc::clone(&scene));
    let bot = scene
        .bot()
        .on_status(move |_, status| {
            told.tell(status.status.as_str());
            async { Err::<(), _>("the disk is full") }
        })
        .on_error(move |_, error| failed.tell(format!("failed: {error}")));
    scene.meta.write(ANA, "Hi").expect("writes");
    let access = scene.meta.access(0).expect("a number");
    let hello = OutgoingMessage::new(Recipient::from_address(ANA), Content::text("Hello"));
    scene.meta.send(&access, &hello).await.expect("is accepted");
    scene.deliver(&bot).await;
    let expected: Vec<_> = ["sent", "delivered", "read"]
        .into_iter()
        .flat_map(|word| [word.to_owned(), "failed: the disk is full".to_owned()])
        .collect();
    let mut told = scene.told();
    told.sort();
    let mut sorted = expected.clone();
    sorted.sort();
    assert_eq!(told, sorted);
}

#[tokio::test]
async fn a_question_waits_for_the_same_person_s_answer() {
    let scene = Arc::new(Scene::new());
    let (asked, answered) = (Arc::clone(&scene), Arc::clone(&scene));
    let bot = scene.bot().on_text(move |cx, _| {
        asked.tell("a handler ran");
        let answered = Arc::clone(&answered);
        async move {
            let answer = cx.ask("What is your name?").await?;
            answered.tell(answer.content.preview());
            Ok::<(), CloudError>(())
        }
    });
    scene.meta.write(ANA, "Hi").expect("writes");
    let call = scene.calls().remove(0);
    let first = bot.receive(Some(&call.signature), &call.body).expect("is taken");
    let running = tokio::spawn(first.run());
    while scene.said().is_empty() {
        tokio::task::yield_now().await;
    }
    scene.meta.write("+447911123456", "I am somebody else").expect("writes");
    scene.meta.write(ANA, "Ana").expect("writes");
    for call in scene.calls() {
        let bot = bot.clone();
        tokio::spawn(async move {
            bot.receive(Some(&call.signature), &call.body).expect("is taken").run().await;
        });
    }
    running.await.expect("the first handler ends");
    assert!(scene.told().contains(&"Ana".to_owned()), "{:?}", scene.told());
    assert_eq!(scene.told().iter().filter(|told| *told == "a handler ran").count(), 2);
}

#[test]
fn only_who_knows_the_verify_token_gets_an_echo() {
    let bot = Scene::new().bot().verify_token("open sesame".into());
    let ask = |token: &str| {
        bot.handshake(&format!("hub.mode=subscribe&hub.verify_token={token}&hub.challenge=42"))
    };
    assert_eq!(ask("open+sesame"), Ok("42".to_owned()));
    assert!(ask("sesame").is_err() && bot.handshake("").is_err());
}
