//! The settings of a number: calls, identity check, storage, encryption. A change holds only what it changes.

use serde::{Deserialize, Serialize};

use crate::lenient::{answers, words};
use crate::{CloudError, bounds};

words! {
    /// Whether something is switched on.
    Switch {
        /// On.
        Enabled = "ENABLED",
        /// Off.
        Disabled = "DISABLED",
    }
    /// Whether people see the call button.
    CallIcon {
        /// As WhatsApp thinks right.
        Default = "DEFAULT",
        /// Nowhere.
        DisableAll = "DISABLE_ALL",
    }
    /// Where messages are kept.
    Storage {
        /// Where Meta keeps them anyway.
        Default = "DEFAULT",
        /// In the region the number was registered with.
        InCountry = "IN_COUNTRY_STORAGE_ENABLED",
        /// Nowhere, longer than needed.
        NoStorage = "NO_STORAGE_ENABLED",
    }
}

answers! {
    /// How calls are set up.
    Calling {
        /// Whether the number can be called.
        status: Option<Switch>,
        /// Whether people see the call button.
        call_icon_visibility: Option<CallIcon>,
        /// Whether people are asked to allow calls back.
        callback_permission_status: Option<Switch>,
        /// When the number takes calls.
        call_hours: Option<CallHours>,
        /// The servers of calls by SIP, as they came; passwords may be in it.
        sip: serde_json::Value,
    }
    /// When a number takes calls.
    CallHours {
        /// Whether the hours hold.
        status: Option<Switch>,
        /// The time zone, e.g. `America/Sao_Paulo`.
        timezone("timezone_id"): Option<String>,
        /// The hours of each day.
        weekly("weekly_operating_hours"): Vec<OpenHours>,
    }
    /// The hours of one day.
    OpenHours {
        /// `MONDAY` … `SUNDAY`.
        day("day_of_week"): String,
        /// From, e.g. `0900`.
        open("open_time"): String,
        /// To, e.g. `1730`.
        close("close_time"): String,
    }
    /// Where messages are kept.
    StorageConfiguration {
        /// Where.
        status: Option<Storage>,
        /// For how long, in minutes.
        retention_minutes: Option<i64>,
        /// In which region.
        region("data_localization_region"): Option<String>,
    }
    /// Whether a message to somebody whose phone has changed is held back.
    IdentityChange {
        /// Whether it is.
        check("enable_identity_key_check"): Option<bool>,
    }
    /// Whether messages are encrypted for the business' own key.
    PayloadEncryption {
        /// Whether they are.
        status: Option<Switch>,
        /// The fingerprint of the business' key.
        client_fingerprint("client_encryption_key_fingerprint"): Option<String>,
        /// Meta's key.
        cloud_key("cloud_encryption_key"): Option<String>,
    }
    /// All settings of a number.
    NumberSettings {
        /// Calls.
        calling: Option<Calling>,
        /// Where messages are kept.
        storage("storage_configuration"): Option<StorageConfiguration>,
        /// The identity check.
        identity("user_identity_change"): Option<IdentityChange>,
        /// Encryption.
        encryption("payload_encryption"): Option<PayloadEncryption>,
    }
}

/// Changes of how calls are set up. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallingChange {
    /// Whether the number can be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Switch>,
    /// Whether people see the call button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_icon_visibility: Option<CallIcon>,
    /// Whether people are asked to allow calls back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_permission_status: Option<Switch>,
    /// When the number takes calls, in Meta's form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_hours: Option<serde_json::Value>,
    /// Calls by SIP, in Meta's form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip: Option<serde_json::Value>,
}

/// A change of where messages are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StorageChange {
    /// Where.
    pub status: Storage,
    /// For how long, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_minutes: Option<u32>,
}

/// A switch of the identity check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdentityCheckChange {
    /// On or off.
    pub enable_identity_key_check: bool,
}

/// A change of the encryption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EncryptionChange {
    /// On or off.
    pub status: Switch,
    /// The business' public key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_encryption_key: Option<String>,
}

/// A change of a number's settings. What is `None` stays as it is.
///
/// ```
/// use whatsapp_cloud::api::{SettingsChange, Switch};
/// let change = SettingsChange::new().calling(Switch::Enabled).identity_check(true);
/// assert!(change.storage_configuration.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SettingsChange {
    /// Calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calling: Option<CallingChange>,
    /// Where messages are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_configuration: Option<StorageChange>,
    /// The identity check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_identity_change: Option<IdentityCheckChange>,
    /// Encryption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_encryption: Option<EncryptionChange>,
}

impl SettingsChange {
    /// Changes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Switches calls on or off.
    #[must_use]
    pub fn calling(mut self, status: Switch) -> Self {
        self.calling.get_or_insert_default().status = Some(status);
        self
    }
    /// Shows or hides the call button.
    #[must_use]
    pub fn call_icon(mut self, icon: CallIcon) -> Self {
        self.calling.get_or_insert_default().call_icon_visibility = Some(icon);
        self
    }
    /// Asks people to allow calls back, or does not.
    #[must_use]
    pub fn callback_permission(mut self, status: Switch) -> Self {
        self.calling.get_or_insert_default().callback_permission_status = Some(status);
        self
    }
    /// Holds messages back from people whose phone has changed, or does not.
    #[must_use]
    pub fn identity_check(mut self, check: bool) -> Self {
        self.user_identity_change = Some(IdentityCheckChange { enable_identity_key_check: check });
        self
    }
    /// Says where messages are kept, and for how many minutes.
    #[must_use]
    pub fn storage(mut self, status: Storage, retention_minutes: Option<u32>) -> Self {
        self.storage_configuration = Some(StorageChange { status, retention_minutes });
        self
    }
    /// Encrypts messages for the business' public key, or for nobody.
    #[must_use]
    pub fn encryption(mut self, status: Switch, public_key: Option<String>) -> Self {
        self.payload_encryption =
            Some(EncryptionChange { status, client_encryption_key: public_key });
        self
    }
    pub(crate) fn check(&self) -> Result<(), CloudError> {
        if *self == Self::default() {
            return Err(CloudError::invalid("settings", "nothing is changed"));
        }
        let encryption = self.payload_encryption.as_ref();
        match encryption.filter(|change| change.status == Switch::Enabled) {
            Some(change) => bounds::filled(
                "payload_encryption.client_encryption_key",
                change.client_encryption_key.as_deref().unwrap_or_default(),
            ),
            None => Ok(()),
        }
    }
}
