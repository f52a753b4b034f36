//! Reading what Meta answers without ever failing: what is missing or of another shape is not there, a word that is
//! not known is kept as it came. Two macros make the types of answers and of word lists; nothing here asks Meta.

use serde_json::Value;
use whatsapp_core::Quality;

use crate::webhook::plain_text;

/// Something that can be read out of any value, or of none.
pub(crate) trait Lenient: Sized {
    /// Reads it; never fails.
    fn lenient(value: Option<&Value>) -> Self;
}

impl Lenient for String {
    fn lenient(value: Option<&Value>) -> Self {
        value.and_then(plain_text).unwrap_or_default()
    }
}

impl Lenient for Option<String> {
    fn lenient(value: Option<&Value>) -> Self {
        value.and_then(plain_text)
    }
}

impl Lenient for Option<bool> {
    fn lenient(value: Option<&Value>) -> Self {
        match value? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }
}

impl Lenient for bool {
    fn lenient(value: Option<&Value>) -> Self {
        Option::<Self>::lenient(value).unwrap_or(false)
    }
}

impl Lenient for Option<i64> {
    fn lenient(value: Option<&Value>) -> Self {
        plain_text(value?)?.trim().parse().ok()
    }
}

impl Lenient for i64 {
    fn lenient(value: Option<&Value>) -> Self {
        Option::<Self>::lenient(value).unwrap_or_default()
    }
}

impl Lenient for Option<f64> {
    fn lenient(value: Option<&Value>) -> Self {
        plain_text(value?)?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn lenient(value: Option<&Value>) -> Self {
        let entries = value.and_then(Value::as_array).into_iter().flatten();
        entries.map(|entry| T::lenient(Some(entry))).collect()
    }
}

impl Lenient for Quality {
    fn lenient(value: Option<&Value>) -> Self {
        Self::from_meta(value.and_then(Value::as_str).unwrap_or_default())
    }
}

impl Lenient for Value {
    fn lenient(value: Option<&Value>) -> Self {
        value.cloned().unwrap_or_default()
    }
}

/// Makes types of answers: each field is read under its own name, or under the one that is given, and the whole
/// answer is kept in `raw`.
macro_rules! answers {
    ($($(#[$about:meta])* $name:ident {
        $($(#[$field_about:meta])* $field:ident $(($key:literal))?: $kind:ty,)+
    })+) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_about])* pub $field: $kind,)+
            /// All of it, as it came.
            pub raw: serde_json::Value,
        }
        impl $name {
            /// Reads Meta's object. What is missing is not there, never an error.
            #[must_use]
            pub fn read(value: &serde_json::Value) -> Self {
                Self {
                    $($field: $crate::lenient::Lenient::lenient(
                        value.get($crate::lenient::key!($field $($key)?)),
                    ),)+
                    raw: value.clone(),
                }
            }
        }
        impl $crate::lenient::Lenient for $name {
            fn lenient(value: Option<&serde_json::Value>) -> Self {
                Self::read(value.unwrap_or(&serde_json::Value::Null))
            }
        }
        impl $crate::lenient::Lenient for Option<$name> {
            fn lenient(value: Option<&serde_json::Value>) -> Self {
                value.filter(|value| value.is_object()).map($name::read)
            }
        }
    )+};
}

/// The key under which a field stands.
macro_rules! key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $key:literal) => {
        $key
    };
}

/// Makes a list of Meta's words. A word that is not on it is kept.
macro_rules! words {
    ($($(#[$about:meta])* $name:ident { $($(#[$word_about:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_about])* $variant,)+
            /// A word that is not known here, as it came.
            Unknown(String),
        }
        impl $name {
            /// All words that are known here.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            /// Reads Meta's word, in large or small letters.
            #[must_use]
            pub fn from_meta(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case($word) {
                    return Self::$variant;
                })+
                Self::Unknown(word.to_owned())
            }
            /// Meta's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown(word) => word,
                }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(from)?;
                Ok(Self::from_meta(&word))
            }
        }
        impl $crate::lenient::Lenient for Option<$name> {
            fn lenient(value: Option<&serde_json::Value>) -> Self {
                value.and_then($crate::webhook::plain_text).map(|word| $name::from_meta(&word))
            }
        }
        impl $crate::lenient::Lenient for $name {
            fn lenient(value: Option<&serde_json::Value>) -> Self {
                Option::<Self>::lenient(value).unwrap_or_else(|| Self::Unknown(String::new()))
            }
        }
    )+};
}

pub(crate) use {answers, key, words};

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macros make public types; these are for this test only")]
mod tests {
    use serde_json::json;

    words! {
        /// A colour.
        Colour {
            /// Red.
            Red = "RED",
        }
    }
    answers! {
        /// A thing.
        Thing {
            /// Its id.
            id: String,
            /// Its kind.
            kind("type"): Option<Colour>,
            /// How many.
            count: Option<i64>,
            /// Parts.
            parts: Vec<Thing>,
            /// Whether it is good.
            good: bool,
        }
    }

    #[test]
    fn what_has_another_shape_is_not_there_and_all_of_it_is_kept() {
        let odd = json!({"id": 7, "type": "red", "count": "12", "parts": [{"id": "8"}, 9], "good": "True"});
        let thing = Thing::read(&odd);
        assert_eq!((thing.id.as_str(), thing.kind.clone()), ("7", Some(Colour::Red)));
        assert_eq!((thing.count, thing.good, thing.parts.len()), (Some(12), true, 2));
        assert_eq!(thing.raw, odd);
        for nothing in [json!(null), json!([]), json!("x"), json!({"count": [], "parts": {}})] {
            let thing = Thing::read(&nothing);
            assert_eq!((thing.count, thing.kind, thing.parts.len()), (None, None, 0));
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_kept_as_it_came() {
        assert_eq!(Colour::from_meta("Teal").as_str(), "Teal");
        assert_eq!(serde_json::to_value(Colour::Red).expect("writes"), json!("RED"));
        let read: Colour = serde_json::from_value(json!("Teal")).expect("reads");
        assert_eq!(read, Colour::Unknown("Teal".into()));
        assert_eq!(Colour::WORDS, ["RED"]);
    }
}
