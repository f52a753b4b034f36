//! Typed ids: a uuid v7 that knows what it names. Never makes one out of nothing: see [`crate::env`].

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Error, Timestamp};

/// A kind of thing that has ids.
pub trait Entity {
    /// The prefix of the text form, e.g. `con` for contacts.
    const PREFIX: &'static str;
}

/// The id of one `T`. In text it is a [TypeID](https://github.com/jetify-com/typeid): `con_01j…`.
///
/// ```compile_fail
/// # use whatsapp_core::{Id, Contact, Campaign};
/// fn wants_contact(_: Id<Contact>) {}
/// let campaign: Id<Campaign> = Id::from_uuid(uuid::Uuid::nil());
/// wants_contact(campaign); // a campaign's id is not a contact's
/// ```
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl<T> Id<T> {
    /// Wraps a raw uuid. For stores and wire formats.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
    /// The raw uuid. For stores and wire formats.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
    /// No id that was made in that millisecond or later is less: where a walk along ids by time begins or ends.
    #[must_use]
    pub fn least_at(at: Timestamp) -> Self {
        let millis = u128::try_from(at.micros().max(0) / 1_000).unwrap_or_default();
        Self::from_uuid(Uuid::from_u128(millis << 80))
    }
    /// The same number naming another kind of thing. Only where two things share an id on purpose,
    /// as a message and its line in the ledger do.
    #[must_use]
    pub const fn cast<U>(self) -> Id<U> {
        Id(self.0, PhantomData)
    }
}

fn encode(uuid: Uuid) -> String {
    let mut value = uuid.as_u128();
    let mut out = [b'0'; 26];
    for slot in out.iter_mut().rev() {
        let digit = usize::try_from(value & 31).unwrap_or_default();
        *slot = ALPHABET.get(digit).copied().unwrap_or(b'0');
        value >>= 5;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != 26 {
        return None;
    }
    let mut value: u128 = 0;
    for (index, byte) in text.bytes().enumerate() {
        let digit = u128::try_from(ALPHABET.iter().position(|c| *c == byte)?).ok()?;
        if index == 0 && digit > 7 {
            return None; // 26 digits hold 130 bits; the first two must be empty
        }
        value = (value << 5) | digit;
    }
    Some(Uuid::from_u128(value))
}

impl<T: Entity> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", T::PREFIX, encode(self.0))
    }
}
impl<T: Entity> FromStr for Id<T> {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        text.strip_prefix(T::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(decode)
            .map(Self::from_uuid)
            .ok_or_else(|| Error::invalid_id(T::PREFIX))
    }
}
impl<T: Entity> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T: Entity> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, T: Entity> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! prefixes {
    ($($noun:ty => $prefix:literal),+ $(,)?) => {
        $(impl Entity for $noun { const PREFIX: &'static str = $prefix; })+
    };
}
prefixes! {
    crate::Tenant => "ten", crate::User => "usr", crate::Session => "ses", crate::ApiKey => "key",
    crate::Channel => "chn", crate::Contact => "con", crate::Group => "grp",
    crate::Conversation => "conv", crate::Message => "msg", crate::Send => "snd",
    crate::Template => "tpl", crate::Campaign => "camp", crate::MediaObject => "med",
    crate::Snippet => "qr", crate::Event => "evt", crate::JobSpec => "job",
    crate::event::JournalEntry => "jrn", crate::event::AuditEntry => "aud",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Contact;

    #[test]
    fn an_id_survives_its_text_form() {
        let id: Id<Contact> =
            Id::from_uuid(Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab));
        assert!(id.to_string().starts_with("con_0"));
        assert_eq!(id.to_string().parse::<Id<Contact>>().expect("parses"), id);
    }

    #[test]
    fn the_largest_and_smallest_ids_survive_too() {
        for value in [0, u128::MAX] {
            let id: Id<Contact> = Id::from_uuid(Uuid::from_u128(value));
            assert_eq!(id.to_string().parse::<Id<Contact>>().expect("parses"), id);
        }
    }

    #[test]
    fn text_of_another_kind_or_shape_is_refused() {
        for bad in [
            "camp_01h455vb4pex5vsknk084sn02q",
            "con_",
            "con_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "",
            "con_01h455vb4pex5vsknk084sn02U",
        ] {
            assert!(bad.parse::<Id<Contact>>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_typeid_specification_s_example_is_understood() {
        let id: Id<Contact> = "con_01h455vb4pex5vsknk084sn02q".parse().expect("parses");
        assert_eq!(id.uuid().to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
    }
}
