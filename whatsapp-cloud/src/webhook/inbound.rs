//! What a webhook call tells us, in our nouns: the list of all events. Never reads anything.

use serde_json::Value;
use whatsapp_core::Timestamp;

use super::events::{
    AccountAlert, AccountReview, AccountUpdate, AutomaticEvent, BusinessCapability, CallEvent,
    CallStatus, ContactSync, Echo, FlowUpdate, GroupEvent, History, HistoryMessage, IdentityChange,
    IdentityKeyChange, InboundMessage, LegacyStatus, NumberNameUpdate, NumberQualityUpdate,
    PartnerSolution, PaymentConfiguration, SecurityUpdate, StatusError, StatusUpdate,
    TemplateCategoryUpdate, TemplateComponentsUpdate, TemplateQualityUpdate, TemplateStatusUpdate,
    UserAction, UserPreference, UsernameUpdate,
};

/// One thing that a webhook call tells. A call may tell a thousand.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Meta's id of the account (for a few partner events: of the business portfolio).
    pub waba_id: String,
    /// Meta's id of the number, where the change is about one.
    pub phone_number_id: Option<String>,
    /// That number as Meta displays it.
    pub display_phone: Option<String>,
    /// When Meta made the call, if it says (it does for what is about accounts and templates).
    pub at: Option<Timestamp>,
    /// What it tells.
    pub inbound: Inbound,
}

/// What is told. Every event has a `raw` (or `value`) with the whole of it as Meta wrote it, for what Meta adds.
///
/// All fields: <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components>.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Inbound {
    /// A customer wrote, tapped, reacted or sent a file.
    Message(Box<InboundMessage>),
    /// Somebody wrote in a group of ours. (Experimental.)
    GroupMessage(Box<InboundMessage>),
    /// How far one of our messages has come.
    Status(Box<StatusUpdate>),
    /// How far a message to a group has come with one of its members. (Experimental.)
    GroupStatus(Box<StatusUpdate>),
    /// A status word of former years that says nothing of delivery.
    LegacyStatus(Box<LegacyStatus>),
    /// An error of the number or account that belongs to no message.
    Error(Box<StatusError>),
    /// A customer did something with a message of ours, such as a tap on a link of a marketing message.
    UserAction(Box<UserAction>),
    /// A template may or may not be sent any more.
    TemplateStatus(Box<TemplateStatusUpdate>),
    /// How people react to a template.
    TemplateQuality(Box<TemplateQualityUpdate>),
    /// A template changed its category.
    TemplateCategory(Box<TemplateCategoryUpdate>),
    /// The words of a template changed.
    TemplateComponents(Box<TemplateComponentsUpdate>),
    /// A number's quality or speed changed.
    NumberQuality(Box<NumberQualityUpdate>),
    /// A number's display name was judged.
    NumberName(Box<NumberNameUpdate>),
    /// Something happened to the account: restricted, disabled, disconnected …
    Account(Box<AccountUpdate>),
    /// The account was judged.
    AccountReview(Box<AccountReview>),
    /// Meta warns of something, or praises it.
    AccountAlert(Box<AccountAlert>),
    /// How many people may be written to, how many numbers are allowed.
    BusinessCapability(Box<BusinessCapability>),
    /// Something about a number's two-step PIN.
    Security(Box<SecurityUpdate>),
    /// A customer wants no marketing any more, or wants it again.
    UserPreference(Box<UserPreference>),
    /// A customer has another number or id than before.
    IdentityChanged(Box<IdentityChange>),
    /// A customer's device key is another: perhaps a new phone, perhaps another person.
    IdentityKeyChanged(Box<IdentityKeyChange>),
    /// A message that the business itself sent from its phone (coexistence). Outgoing, never a customer's.
    Echo(Box<Echo>),
    /// A contact in the phone's address book was added, edited or removed (coexistence).
    ContactSync(Box<ContactSync>),
    /// A piece of what was said before the number came to us, or the refusal to share it (coexistence).
    History(Box<History>),
    /// The file of a message that an earlier [`Inbound::History`] only mentioned (coexistence).
    HistoryMedia(Box<HistoryMessage>),
    /// What became of the business's own username.
    Username(Box<UsernameUpdate>),
    /// A flow changed its state, or its endpoint fails or is slow.
    Flow(Box<FlowUpdate>),
    /// Meta detected a lead or a purchase in a chat.
    AutomaticEvent(Box<AutomaticEvent>),
    /// A payment configuration changed.
    PaymentConfiguration(Box<PaymentConfiguration>),
    /// A multi-partner solution changed. The change's `waba_id` is a portfolio's.
    PartnerSolution(Box<PartnerSolution>),
    /// A call began or ended. (Experimental.)
    Call(Box<CallEvent>),
    /// How far a call of ours has come. (Experimental.)
    CallStatus(Box<CallStatus>),
    /// A group was made, joined, left, changed or suspended. (Experimental.)
    Group(Box<GroupEvent>),
    /// Anything else, exactly as it came. To be kept, never to be refused.
    Raw {
        /// Meta's word for the field, e.g. `messaging_handovers`.
        field: String,
        /// The smallest part that was not understood.
        value: Value,
    },
}
