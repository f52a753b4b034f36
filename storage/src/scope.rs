//! The one list of repositories. Adding a noun to storage is a line here; nothing else may stand here.

use crate::repo::system::{
    EventLogStore, JobQueueStore, JournalStore, LeaseStore, LedgerStore, PlatformSettingStore,
    RateCounterStore, RoutingStore, SessionStore, TenantStore, ThrottleStore, UserStore,
};
use crate::repo::{
    ApiKeyStore, AttemptStore, AuditStore, CampaignStore, ChannelStore, ContactStore,
    ConversationStore, DoubtStore, GroupStore, IdempotencyStore, JobStore, MediaStore, MemberStore,
    MessageStore, OutboxStore, PortfolioStore, RecipientStore, SendStore, SnippetStore,
    TemplateStore,
};

macro_rules! scope {
    ($(#[$doc:meta])* $scope:ident, $faulty:ident { $($accessor:ident: $repo:ident),+ $(,)? }) => {
        $(#[$doc])*
        pub trait $scope: std::marker::Send {
            $(#[doc = concat!("The [`", stringify!($repo), "`].")]
            fn $accessor(&mut self) -> &mut dyn $repo;)+
        }
        impl<T: $($repo +)+ std::marker::Send> $scope for T {
            $(fn $accessor(&mut self) -> &mut dyn $repo { self })+
        }
        #[cfg(feature = "testing")]
        impl $scope for crate::faulty::$faulty {
            $(fn $accessor(&mut self) -> &mut dyn $repo { self.inner.$accessor() })+
        }
    };
}

scope! {
    /// Everything one tenant has. Implement the small traits, and your type is one.
    TenantScope, FaultyTenant {
        channels: ChannelStore, portfolios: PortfolioStore, contacts: ContactStore, groups: GroupStore, conversations: ConversationStore,
        messages: MessageStore, sends: SendStore, attempts: AttemptStore, doubts: DoubtStore, templates: TemplateStore, campaigns: CampaignStore,
        recipients: RecipientStore, snippets: SnippetStore, members: MemberStore, api_keys: ApiKeyStore,
        media: MediaStore, outbox: OutboxStore, jobs: JobStore, idempotency: IdempotencyStore, audit: AuditStore,
    }
}
scope! {
    /// What belongs to the platform itself. Implement the small traits, and your type is one.
    SystemScope, FaultySystem {
        tenants: TenantStore, users: UserStore, sessions: SessionStore, routing: RoutingStore, event_log: EventLogStore,
        job_queue: JobQueueStore, leases: LeaseStore, journal: JournalStore, ledger: LedgerStore,
        throttles: ThrottleStore, rate_counters: RateCounterStore, platform_settings: PlatformSettingStore,
    }
}
