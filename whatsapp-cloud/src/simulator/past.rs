//! What was on a Business app before its number was connected: contacts and conversations.

use serde::{Deserialize, Serialize};
use whatsapp_core::{Span, Timestamp};

use super::chance::Chance;
use super::world::World;

/// Contacts and conversations of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Past {
    pub(super) contacts: Vec<AppContact>,
    pub(super) threads: Vec<PastThread>,
}

/// Somebody the owner keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppContact {
    pub(super) who: String,
    pub(super) name: String,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PastThread {
    pub(super) who: String,
    pub(super) messages: Vec<PastMessage>,
}

/// A message of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PastMessage {
    /// Seconds since the epoch.
    pub(super) at: i64,
    #[serde(default)]
    pub(super) by_business: bool,
    #[serde(default)]
    pub(super) text: String,
    /// It is a picture with this text under it.
    #[serde(default)]
    pub(super) picture: bool,
}

const NAMES: [&str; 12] = [
    "Ana Souza",
    "Rafael Nunes",
    "Aylin Kaya",
    "Bia Lima",
    "Caio Prado",
    "Duda Reis",
    "Enzo Melo",
    "Flávia Dias",
    "Gil Castro",
    "Helena Rocha",
    "Igor Pinto",
    "Júlia Alves",
];
const LINES: [&str; 6] = [
    "Olá! Vocês abrem hoje?",
    "Yes, until six.",
    "Can I have the price of the blue one?",
    "Your parcel left today.",
    "Teşekkürler!",
    "See you tomorrow 🙂",
];

fn line(chance: &mut Chance) -> String {
    let place = usize::try_from(chance.below(6)).unwrap_or_default();
    LINES.get(place).copied().unwrap_or_default().to_owned()
}

impl Past {
    /// The past of a seed: a dozen people, of yesterday, of the last months, and of half a year ago.
    pub(super) fn of_seed(seed: u64, number: &str, now: Timestamp) -> Self {
        let mut chance = Chance::named(seed, &format!("the past of {number}"));
        let mut past = Self::default();
        for (place, name) in NAMES.iter().enumerate() {
            let who = format!("+551197{}", chance.digits(7));
            let newest = match place % 3 {
                0 => Span::hours(1 + i64::try_from(chance.below(20)).unwrap_or_default()),
                1 => Span::days(2 + i64::try_from(chance.below(80)).unwrap_or_default()),
                _ => Span::days(95 + i64::try_from(chance.below(80)).unwrap_or_default()),
            };
            let count = 3 + i64::try_from(chance.below(5)).unwrap_or_default();
            let messages = (0..count).map(|n| PastMessage {
                at: (now - newest).seconds() - (count - n) * 300,
                by_business: n % 2 == 1,
                text: line(&mut chance),
                picture: chance.below(5) == 0,
            });
            past.threads.push(PastThread { who: who.clone(), messages: messages.collect() });
            past.contacts.push(AppContact { who, name: (*name).to_owned() });
        }
        past
    }
    /// With everybody named as the world names people.
    pub(super) fn checked(mut self) -> Result<Self, String> {
        for contact in &mut self.contacts {
            contact.who = World::person(&contact.who)?;
        }
        for thread in &mut self.threads {
            thread.who = World::person(&thread.who)?;
        }
        Ok(self)
    }
}
