//! A lean fake of Meta's Graph server, in a process of its own: it takes messages within a number's quota, counted when
//! they arrive, answers after a latency, fails as it is told, remembers whom it accepted how often, and sends the
//! statuses back. Never a simulator: what no scenario asks for is not here.

mod book;
mod post;
pub(crate) mod remote;
mod weather;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::serve::{Answer, Asked, serve};
use book::{Book, Taken};
use post::{Post, Target};
use weather::{Fate, Weather};

/// The account all numbers belong to.
pub(crate) const WABA: &str = "104551238800917";

struct Graph {
    book: Mutex<Book>,
    weather: Mutex<Weather>,
    post: Post,
}

/// What of a message counts here.
#[derive(Deserialize)]
struct Message<'m> {
    #[serde(borrow, default)]
    to: Option<&'m str>,
    #[serde(borrow, default)]
    biz_opaque_callback_data: Option<&'m str>,
    #[serde(default)]
    text: Option<Text>,
}

#[derive(Deserialize)]
struct Text {
    body: String,
}

/// Serves until the process ends.
///
/// # Errors
/// When it cannot listen.
pub(crate) async fn run() -> Outcome {
    let graph = Arc::new(Graph {
        book: Mutex::default(),
        weather: Mutex::default(),
        post: Post::default(),
    });
    serve(move |asked| {
        let graph = Arc::clone(&graph);
        async move { graph.answer(asked).await }
    })
    .await
}

impl Graph {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
    async fn answer(&self, asked: Asked) -> Answer {
        let parts: Vec<&str> = asked.path.split('/').filter(|part| !part.is_empty()).collect();
        match (asked.method.as_str(), parts.as_slice()) {
            ("POST", [_, number, "messages"]) => self.message(number, &asked.body).await,
            ("GET", [_, _, "phone_numbers"]) => say(&json!({"data": numbers()})),
            ("GET", [_, _, "message_templates"]) => say(&json!({"data": [template()]})),
            ("POST", [_, _, "subscribed_apps"]) => say(&json!({"success": true})),
            ("POST", ["_load", order]) => self.order(order, &asked.body),
            ("GET", ["_load", "stats"]) => {
                let mut told = self.book().told();
                if let Some(map) = told.as_object_mut() {
                    map.insert("hooks".into(), self.post.told());
                }
                say(&told)
            }
            ("GET", ["_load", "accepted"]) => say(&self.book().accepted()),
            ("GET", [_, number]) => {
                let found = numbers().into_iter().find(|one| one.get("id") == Some(&json!(number)));
                found.map_or_else(unknown, |number| say(&number))
            }
            _ => unknown(),
        }
    }
    async fn message(&self, number: &str, body: &[u8]) -> Answer {
        let Ok(message) = serde_json::from_slice::<Message<'_>>(body) else { return unknown() };
        // A mark of reading or of typing.
        let Some(to) = message.to else { return say(&json!({"success": true})) };
        let text = message.text.map(|text| text.body);
        if !self.book().arrive(number, text) {
            return refused();
        }
        let (fate, latency) = self.weather.lock().unwrap_or_else(PoisonError::into_inner).next();
        let taken = fate.accepts().then(|| {
            let taken = self.book().accept(number, to);
            self.post.schedule(&taken, number, to, message.biz_opaque_callback_data);
            taken
        });
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        match (fate, taken) {
            (Fate::Accept, Some(taken)) => accepted(to, &taken),
            (Fate::Status(status), _) => {
                Answer::Say(status, json!({"error": "unavailable"}).to_string())
            }
            _ => Answer::Reset,
        }
    }
    fn order(&self, order: &str, body: &[u8]) -> Answer {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        match order {
            "reset" => {
                self.book().reset();
                self.post.reset();
            }
            "weather" => match serde_json::from_value(value) {
                Ok(weather) => {
                    *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
                }
                Err(error) => return Answer::Say(400, error.to_string()),
            },
            "quota" => self.book().set_quota(value.as_u64()),
            "hooks" => match serde_json::from_value::<Option<Target>>(value) {
                Ok(target) => self.post.aim(target),
                Err(error) => return Answer::Say(400, error.to_string()),
            },
            _ => return unknown(),
        }
        say(&json!({"success": true}))
    }
}

fn say(value: &Value) -> Answer {
    Answer::Say(200, value.to_string())
}

fn accepted(to: &str, taken: &Taken) -> Answer {
    let input = to.trim_start_matches('+');
    Answer::Say(
        200,
        format!(
            r#"{{"messaging_product":"whatsapp","contacts":[{{"input":"{to}","wa_id":"{input}"}}],"messages":[{{"id":"{}"}}]}}"#,
            taken.wamid
        ),
    )
}

fn refused() -> Answer {
    let error = json!({"error": {
        "message": "(#130429) Rate limit hit", "type": "OAuthException", "code": 130_429,
        "error_data": {"messaging_product": "whatsapp", "details": "Cloud API message throughput has been reached."},
    }});
    Answer::Say(429, error.to_string())
}

fn unknown() -> Answer {
    let error = json!({"error": {"message": "Unsupported request", "type": "GraphMethodException", "code": 100}});
    Answer::Say(400, error.to_string())
}

/// The id of the number with this place.
pub(crate) fn number_id(place: usize) -> String {
    format!("1180024477302{place:02}")
}

fn numbers() -> Vec<Value> {
    let number = |place| {
        json!({
            "id": number_id(place), "display_phone_number": format!("+1 555-014-22{place:02}"),
            "verified_name": "Load", "quality_rating": "GREEN", "status": "CONNECTED",
            "whatsapp_business_manager_messaging_limit": "TIER_UNLIMITED",
            "platform_type": "CLOUD_API", "throughput": {"level": "HIGH"}, "is_on_biz_app": false,
        })
    };
    (0..20).map(number).collect()
}

fn template() -> Value {
    json!({
        "id": "1703318840276615", "name": "autumn_sale", "language": "en_US", "status": "APPROVED",
        "category": "MARKETING", "parameter_format": "POSITIONAL",
        "components": [{
            "type": "BODY", "text": "Hi {{1}}, up to {{2}} off until Friday.",
            "example": {"body_text": [["Aylin", "40%"]]},
        }],
    })
}
