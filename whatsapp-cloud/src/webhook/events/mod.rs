//! The events, each with the one reader that makes it from Meta's JSON. A reader gives back what it does not
//! understand, so that it is kept raw; none of them fails.

mod account;
mod account_parts;
mod call;
mod content;
mod flow;
mod group;
mod history;
mod message;
mod number;
mod order;
mod person;
mod phone_app;
mod pricing;
mod referral;
mod shared_contact;
mod status;
mod template;

pub use account::{
    AccountAlert, AccountReview, AccountUpdate, AlertSeverity, BusinessCapability, MessagingLimit,
    PartnerSolution, PaymentConfiguration, ReviewDecision,
};
pub use account_parts::{
    Ban, BanState, Certification, CountryStart, Disconnection, InternationalAuthentication,
    Restriction, VolumeTier, WabaInfo,
};
pub use call::{CallDirection, CallEvent, CallEventKind, CallSession, CallStatus, CallStatusKind};
pub use content::{
    CallPermissionReply, Edit, FlowReply, InboundDetails, InboundMedia, UnsupportedMessage,
};
pub use flow::{AutomaticEvent, FlowErrorRate, FlowEventKind, FlowState, FlowUpdate};
pub use group::{GroupEvent, GroupEventKind, GroupParticipant, GroupPicture};
pub use history::{History, HistoryMessage, HistoryStatus, HistoryThread};
pub use message::{IdentityKey, InboundMessage, Profile};
pub use number::{
    NumberNameUpdate, NumberQualityUpdate, SecurityUpdate, UsernameStatus, UsernameUpdate,
};
pub use order::{Order, OrderItem};
pub use person::{IdentityChange, IdentityKeyChange, UserAction, UserActionKind, UserPreference};
pub use phone_app::{ContactSync, Echo, SyncAction};
pub use pricing::{ConversationInfo, Pricing, PricingCategory, PricingType};
pub use referral::{Referral, ReferredProduct};
pub use shared_contact::{
    ContactAddress, ContactCompany, ContactLine, ContactName, ContactPhone, SharedContact,
};
pub use status::{LegacyStatus, LegacyStatusKind, StatusError, StatusUpdate};
pub use template::{
    TemplateButton, TemplateCategoryUpdate, TemplateComponentsUpdate, TemplateQualityUpdate,
    TemplateStatusUpdate,
};

pub(super) use account::{
    alert, capability, partner_solution, payment_configuration, review, update,
};
pub(super) use call::{call, call_status};
pub(super) use flow::{automatic_event, flow};
pub(super) use group::group;
pub(super) use history::{history, history_media};
pub(super) use message::message;
pub(super) use number::{name, quality, security, username};
pub(super) use person::{action, identity_change, preference};
pub(super) use phone_app::{contact_sync, echo};
pub(super) use status::{error, status};
pub(super) use template::template;
