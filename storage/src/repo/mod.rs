//! One small trait for each noun of a tenant. No method takes a tenant: the unit of work was opened for one.

mod api_keys;
mod audit;
mod campaigns;
mod channels;
mod contacts;
mod conversations;
mod groups;
mod idempotency;
mod jobs;
mod media;
mod members;
mod messages;
mod outbox;
mod recipients;
mod sends;
mod snippets;
pub mod system;
mod templates;

pub use api_keys::ApiKeyStore;
pub use audit::AuditStore;
pub use campaigns::CampaignStore;
pub use channels::ChannelStore;
pub use contacts::ContactStore;
pub use conversations::{ConversationStore, Touch};
pub use groups::GroupStore;
pub use idempotency::{Call, Claim, IdempotencyStore};
pub use jobs::JobStore;
pub use media::MediaStore;
pub use members::MemberStore;
pub use messages::MessageStore;
pub use outbox::OutboxStore;
pub use recipients::{NewRecipient, RecipientStore};
pub use sends::{AttemptRef, ClaimRequest, Learnt, Lesson, Moved, SendStore, Unclaim};
pub use snippets::SnippetStore;
pub use templates::{TemplateFilter, TemplateStore};
