//! The body of a message as it came: kept as text, because a million of them must fit. Read when somebody asks.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON object, as text.
#[derive(Clone, Debug)]
pub(super) struct Body(Box<RawValue>);

impl Body {
    /// Of an object.
    pub(super) fn new(value: &Value) -> Self {
        Self(serde_json::value::to_raw_value(value).unwrap_or_default())
    }
    /// Of text that was read as JSON.
    #[cfg(feature = "simulator")]
    pub(super) const fn of(text: Box<RawValue>) -> Self {
        Self(text)
    }
    /// The object.
    pub(super) fn value(&self) -> Value {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }
    /// Whether a word stands in it at all: much faster than to read it.
    pub(super) fn mentions(&self, word: &str) -> bool {
        self.0.get().contains(word)
    }
    /// One of its fields.
    pub(super) fn get(&self, key: &str) -> Option<Value> {
        self.mentions(key).then(|| self.value().get(key).cloned()).flatten()
    }
}

/// The type of a message's body.
pub(super) fn kind_of(body: &Value) -> &str {
    body.get("type").and_then(Value::as_str).unwrap_or("text")
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(out)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        // A tagged fact was taken apart before it comes here: its text is gone.
        Value::deserialize(input).map(|value| Self::new(&value))
    }
}
