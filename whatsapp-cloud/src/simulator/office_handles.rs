//! What a test does to the simulator in process about accounts and tokens: customers sign up, codes are read,
//! tokens end, people join groups and call.

use serde_json::Value;
use whatsapp_core::{Secret, Timestamp};

use super::office::Deed;
use super::process::Simulator;
use super::signup::Wish;
use super::voice::Ring;
use super::world::World;
use crate::CloudError;

impl Simulator {
    /// A customer goes through Embedded Signup, in the words of `POST /_sim/signup`. Gives the code for the server,
    /// the ids of what was shared, and the browser's event.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when the wish is not understood.
    pub fn sign_up(&self, wish: Value) -> Result<Value, CloudError> {
        let wish: Wish = read(wish)?;
        self.office(|world, now| world.sign_up(now, wish))
    }
    /// The verification code that was last sent to a number.
    #[must_use]
    pub fn verification_code(&self, phone_number_id: &str) -> Option<String> {
        let world = self.world();
        world.desk(phone_number_id)?.code.as_ref().map(|(code, _)| code.clone())
    }
    /// A token ends after so many seconds, or for ever at once, or lives for ever again. Without a token: the one
    /// of [`Simulator::access`].
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such token.
    pub fn end_token(
        &self,
        token: Option<&Secret>,
        after_seconds: Option<i64>,
        revoke: bool,
    ) -> Result<(), CloudError> {
        let token = token.map(Secret::expose);
        self.office(|world, now| world.end_token(now, token, after_seconds, revoke))
    }
    /// A number is deleted, as its owner can in WhatsApp Manager.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such number.
    pub fn delete_number(&self, phone_number_id: &str) -> Result<(), CloudError> {
        self.office(|world, now| {
            let number = world.own_number(Some(phone_number_id))?;
            world.deed(now, Deed::Removed { number });
            Ok(())
        })
    }
    /// Somebody follows the link of a group, or leaves it.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when there is no such group, it is full, or the person is nobody.
    pub fn join_group(&self, group_id: &str, who: &str, leave: bool) -> Result<(), CloudError> {
        self.office(|world, now| world.join_group(now, group_id, who, leave))
    }
    /// A customer permits calls, calls, answers or hangs up, in the words of `POST /_sim/calls`.
    ///
    /// # Errors
    /// [`CloudError::Invalid`] when the act is not understood, or not possible now.
    pub fn ring(&self, act: Value) -> Result<Value, CloudError> {
        let ring: Ring = read(act)?;
        self.office(|world, now| world.ring(now, ring))
    }
    fn office<T>(
        &self,
        work: impl FnOnce(&mut World, Timestamp) -> Result<T, String>,
    ) -> Result<T, CloudError> {
        let mut world = self.world();
        let made = work(&mut world, self.env.now());
        world.take_facts(); // nothing is written to disk here
        made.map_err(|why| CloudError::invalid("simulator", why))
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, CloudError> {
    serde_json::from_value(value)
        .map_err(|error| CloudError::invalid("simulator", error.to_string()))
}
