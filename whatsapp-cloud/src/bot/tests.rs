//! What a bot does with panics, questions, repetitions and accounts.

use super::*;
use crate::webhook::{InboundMessage, sign};
use crate::{CloudError, OutgoingMessage, SentMessage};

/// Accepts everything.
struct Accepts;

#[async_trait::async_trait]
impl Messaging for Accepts {
    async fn send(&self, _: &Access, _: &OutgoingMessage) -> Result<SentMessage, CloudError> {
        Ok(SentMessage::new("wamid.ours"))
    }
    async fn mark_read(&self, _: &Access, _: &str) -> Result<(), CloudError> {
        Ok(())
    }
    async fn show_typing(&self, _: &Access, _: &str) -> Result<(), CloudError> {
        Ok(())
    }
}

const SECRET: &str = "s";

fn bot() -> Bot {
    let access = |number, account| Access::new(Secret::from("t"), number, account);
    let bot = Bot::new(Accepts, access("n1", "a1")).number(access("n2", "a2"));
    bot.app_secret(Secret::from(SECRET))
}

fn call(number: &str, messages: serde_json::Value) -> serde_json::Value {
    serde_json::json!({"object": "whatsapp_business_account", "entry": [{"id": "a1", "changes": [
        {"field": "messages", "value": {"metadata": {"phone_number_id": number}, "messages": messages}}]}]})
}

fn text(id: &str, who: &str, body: &str) -> serde_json::Value {
    let key = if who.starts_with('5') { "from" } else { "from_user_id" };
    serde_json::json!({"id": id, key: who, "type": "text", "text": {"body": body}})
}

fn taken(bot: &Bot, body: &serde_json::Value) -> Received {
    let body = body.to_string().into_bytes();
    bot.receive(Some(&sign(&Secret::from(SECRET), &body)), &body).expect("is taken")
}

type Told = Arc<Mutex<Vec<String>>>;

fn note(told: &Told, text: impl Into<String>) {
    told.lock().expect("told").push(text.into());
}

#[tokio::test]
async fn a_handler_that_panics_costs_no_more_than_its_own_change() {
    let told = Told::default();
    let kept = Arc::clone(&told);
    let bot = bot().on_text(move |_, text| {
        note(&kept, &text);
        async move {
            assert_ne!(text, "boom", "the handler panics");
            Ok::<(), CloudError>(())
        }
    });
    let messages = serde_json::json!([
        text("1", "5511981234567", "boom"),
        text("2", "5511981234567", "after")
    ]);
    taken(&bot, &call("n1", messages)).run().await;
    assert_eq!(*told.lock().expect("told"), ["boom", "after"]);
}

#[tokio::test]
async fn a_question_nobody_waits_for_leaves_nothing_behind() {
    let bot = bot().on_text(async |cx, _| {
        drop(tokio::time::timeout(std::time::Duration::ZERO, cx.ask("Well?")).await);
        Ok::<(), CloudError>(())
    });
    let messages: Vec<_> =
        (0..50).map(|n| text(&n.to_string(), &format!("55119{n:08}"), "hi")).collect();
    taken(&bot, &call("n1", messages.into())).run().await;
    assert_eq!(bot.shared.waiting().len(), 0);
}

#[tokio::test]
async fn an_answer_is_known_by_any_handle_of_the_person() {
    let told = Told::default();
    let kept = Arc::clone(&told);
    let bot = bot().on_text(move |cx, _| {
        let kept = Arc::clone(&kept);
        async move {
            let answer: InboundMessage = cx.ask("Your name?").await?;
            note(&kept, answer.content.preview());
            Ok::<(), CloudError>(())
        }
    });
    let mut first = text("1", "5511981234567", "hi");
    first["from_user_id"] = "BR.1".into();
    let messages = serde_json::json!([first, text("2", "BR.1", "Ana")]);
    taken(&bot, &call("n1", messages)).run().await;
    assert_eq!(*told.lock().expect("told"), ["Ana"]);
    assert_eq!(bot.shared.waiting().len(), 0);
}

#[test]
fn what_came_before_is_known_by_number_and_state_and_in_groups_too() {
    let bot = bot();
    let news = |body: &serde_json::Value| taken(&bot, body).changes().len();
    let hello = serde_json::json!([text("1", "5511981234567", "hi")]);
    assert_eq!((news(&call("n1", hello.clone())), news(&call("n1", hello.clone()))), (1, 0));
    assert_eq!(news(&call("n2", hello)), 1, "another number of ours");
    let mut said = text("2", "5511981234567", "hi");
    said["group_id"] = "g".into();
    let said = call("n1", serde_json::json!([said]));
    assert_eq!((news(&said), news(&said)), (1, 0));
}

#[tokio::test]
async fn what_is_about_an_account_comes_with_its_own_credential() {
    let told = Told::default();
    let kept = Arc::clone(&told);
    let bot = bot().on_event(move |cx, _| {
        note(&kept, &cx.access().waba_id);
        async { Ok::<(), CloudError>(()) }
    });
    for account in ["a1", "a2"] {
        let body = serde_json::json!({"entry": [{"id": account, "changes": [
            {"field": "account_review_update", "value": {"decision": "APPROVED"}}]}]});
        taken(&bot, &body).run().await;
    }
    assert_eq!(*told.lock().expect("told"), ["a1", "a2"]);
}

#[test]
fn without_a_runtime_nothing_is_taken_and_nothing_panics() {
    let bot = bot();
    let body = call("n1", serde_json::json!([text("1", "5511981234567", "hi")])).to_string();
    let signature = sign(&Secret::from(SECRET), body.as_bytes());
    let mut answer = Box::pin(bot.answer("", Some(&signature), body.as_bytes()));
    let waker = std::task::Waker::noop();
    let told = answer.as_mut().poll(&mut std::task::Context::from_waker(waker));
    assert_eq!(told, std::task::Poll::Ready((503, String::new())));
}
