//! What Meta takes in `POST /{number}/messages`, as one set of rules over the wire's JSON.
//! The client asks it before each call, the simulator when a call comes. Knows no state: no file, no template,
//! no window; and never refuses a kind of message only because it does not know it.
//!
//! Source: <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages>

use std::borrow::Cow;

use serde_json::Value;

mod at;
mod broken;
mod carousel;
mod envelope;
mod interactive;
mod kinds;
mod parameter;
mod template;

use at::At;
pub(crate) use broken::Broken;
#[cfg(any(feature = "testing", test))]
pub(crate) use {broken::Kind, envelope::unknown};

/// Checks one message as it goes over the wire.
pub(crate) fn check_message(wire: &Value) -> Result<(), Broken> {
    let message = At::root(wire);
    envelope::check(message)?;
    let kind = wire.get("type").and_then(Value::as_str).unwrap_or("text");
    let Some(key) = kinds::known(kind) else { return Ok(()) };
    let object = message.need(key)?;
    match key {
        "text" => kinds::text(object),
        "image" | "video" | "audio" | "document" | "sticker" => kinds::file(object, key),
        "location" => kinds::location(object),
        "contacts" => kinds::contacts(object),
        "reaction" => kinds::reaction(object),
        "interactive" => interactive::check(object),
        _ => template::check(object),
    }
}

/// The words of a list, for a message to people.
fn words(list: &[&str]) -> Cow<'static, str> {
    Cow::Owned(format!("use {}", list.join(", ")))
}
