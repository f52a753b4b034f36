//! How a number presents itself: QR codes, conversation starters and commands, its shop, its username, and the key
//! of its flows.

use serde::{Deserialize, Serialize};

use crate::lenient::{answers, words};
use crate::{CloudError, bounds};

words! {
    /// In which form the picture of a QR code is made.
    QrImage {
        /// Vectors.
        Svg = "SVG",
        /// Points.
        Png = "PNG",
    }
    /// What became of a username. Meta writes it in large or small letters.
    UsernameStatus {
        /// It is the number's.
        Approved = "approved",
        /// It is kept for the number.
        Reserved = "reserved",
        /// Somebody looks at it.
        Pending = "pending",
        /// It was refused.
        Rejected = "rejected",
        /// It was given back.
        Deleted = "deleted",
    }
    /// Whether Meta could check the signature of a key.
    KeySignature {
        /// It is right.
        Valid = "VALID",
        /// It is wrong: upload the key again.
        Mismatch = "MISMATCH",
    }
}

answers! {
    /// A QR code that opens a conversation with a text already written.
    QrCode {
        /// Meta's name of it.
        code: String,
        /// The text.
        prefilled_message: Option<String>,
        /// The address in it: `https://wa.me/message/…`.
        deep_link("deep_link_url"): Option<String>,
        /// Where its picture can be fetched, if one was asked for.
        image_url("qr_image_url"): Option<String>,
        /// When it was made, in seconds since 1970.
        created("creation_time"): Option<i64>,
    }
    /// Whether people see a number's catalogue and may fill a cart.
    CommerceSettings {
        /// Meta's id.
        id: Option<String>,
        /// Whether there is a cart.
        cart("is_cart_enabled"): Option<bool>,
        /// Whether the catalogue is shown.
        catalog("is_catalog_visible"): Option<bool>,
    }
    /// A number's username.
    Username {
        /// The name.
        username: Option<String>,
        /// What became of it.
        status: Option<UsernameStatus>,
    }
    /// The public key with which Meta encrypts the data of flows.
    FlowKey {
        /// The key, in PEM.
        key("business_public_key"): Option<String>,
        /// Whether Meta could check its signature.
        signature("business_public_key_signature_status"): Option<KeySignature>,
    }
}

/// A QR code to be made.
///
/// ```
/// use whatsapp_cloud::api::{NewQrCode, QrImage};
/// let code = NewQrCode::new("Hello Nimbus").with_image(QrImage::Svg);
/// assert!(code.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewQrCode {
    /// The text that it writes.
    pub prefilled_message: String,
    /// The form of its picture, if one is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generate_qr_image: Option<QrImage>,
}

impl NewQrCode {
    /// Without a picture.
    #[must_use]
    pub fn new(prefilled_message: impl Into<String>) -> Self {
        Self { prefilled_message: prefilled_message.into(), generate_qr_image: None }
    }
    /// With a picture.
    #[must_use]
    pub fn with_image(mut self, form: QrImage) -> Self {
        self.generate_qr_image = Some(form);
        self
    }
    /// Whether Meta takes it.
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] above 140 characters, [`CloudError::Invalid`] without text.
    pub fn check(&self) -> Result<(), CloudError> {
        bounds::filled("prefilled_message", &self.prefilled_message)?;
        bounds::chars("prefilled_message", &self.prefilled_message, bounds::PREFILLED_MAX)
    }
}

/// A command that people may type after a slash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Command {
    /// Its name, without slash.
    #[serde(rename = "command_name")]
    pub name: String,
    /// What it does.
    #[serde(rename = "command_description")]
    pub description: String,
}

/// What people see before they write: starters, commands, and whether a welcome is asked for.
///
/// ```
/// use whatsapp_cloud::api::ConversationStarters;
/// let starters = ConversationStarters::new()
///     .prompt("Where is my order?")
///     .command("track", "Track an order");
/// assert!(starters.check().is_ok());
/// assert!(starters.prompt("x".repeat(81)).check().is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ConversationStarters {
    /// Whether a `request_welcome` webhook comes when somebody opens a new conversation. Meta says that this does
    /// not work at present.
    pub enable_welcome_message: bool,
    /// The commands, at most 30.
    pub commands: Vec<Command>,
    /// The starters, at most four.
    pub prompts: Vec<String>,
}

impl ConversationStarters {
    /// None yet: to set these clears what there is.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// One more starter, at most 80 characters.
    #[must_use]
    pub fn prompt(mut self, text: impl Into<String>) -> Self {
        self.prompts.push(text.into());
        self
    }
    /// One more command: a name of at most 32 characters, and what it does, at most 256.
    #[must_use]
    pub fn command(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.commands.push(Command { name: name.into(), description: description.into() });
        self
    }
    /// Asks for a webhook when somebody opens a new conversation.
    #[must_use]
    pub const fn welcome(mut self, ask: bool) -> Self {
        self.enable_welcome_message = ask;
        self
    }
    /// Whether Meta takes them.
    ///
    /// # Errors
    /// [`CloudError::OverLimit`] with field, limit and actual value; [`CloudError::Invalid`] of a wrong form.
    pub fn check(&self) -> Result<(), CloudError> {
        bounds::over("commands", self.commands.len(), bounds::COMMANDS_MAX, "commands")?;
        bounds::over("prompts", self.prompts.len(), bounds::PROMPTS_MAX, "prompts")?;
        for (place, prompt) in self.prompts.iter().enumerate() {
            let field = format!("prompts[{place}]");
            bounds::filled(&field, prompt)?;
            bounds::chars(&field, prompt, bounds::PROMPT_MAX)?;
        }
        for (place, command) in self.commands.iter().enumerate() {
            let field = |key: &str| format!("commands[{place}].{key}");
            let name = field("command_name");
            bounds::chars(&name, &command.name, bounds::COMMAND_NAME_MAX)?;
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if command.name.is_empty() || !command.name.chars().all(plain) {
                return Err(CloudError::invalid(&name, "letters, digits and underscores"));
            }
            let description = field("command_description");
            bounds::filled(&description, &command.description)?;
            bounds::chars(&description, &command.description, bounds::COMMAND_DESCRIPTION_MAX)?;
        }
        Ok(())
    }
    /// Reads Meta's object; what has another shape is not there.
    pub(crate) fn read(value: &serde_json::Value) -> Self {
        use crate::lenient::Lenient;
        let commands = value.get("commands").and_then(serde_json::Value::as_array);
        let text = |of: &serde_json::Value, key: &str| String::lenient(of.get(key));
        let command = |one: &serde_json::Value| Command {
            name: text(one, "command_name"),
            description: text(one, "command_description"),
        };
        Self {
            enable_welcome_message: bool::lenient(value.get("enable_welcome_message")),
            commands: commands.into_iter().flatten().map(command).collect(),
            prompts: Vec::lenient(value.get("prompts")),
        }
    }
}
