//! All that is neither messages nor files nor templates, as one trait.

use super::{
    AnalyticsApi, BlockApi, CallApi, CoexistenceApi, CommerceApi, ConversationApi, EncryptionApi,
    FlowApi, GroupApi, MarketingApi, NumberApi, ProfileApi, QrApi, TokenApi, UsernameApi, WabaApi,
};

/// Everything beside messages, files and templates: numbers, profiles, accounts, tokens, people, figures.
///
/// ```
/// use whatsapp_cloud::api::ManagementApi;
/// fn of_any_client(meta: &dyn ManagementApi) -> &dyn ManagementApi {
///     meta
/// }
/// ```
pub trait ManagementApi:
    AnalyticsApi
    + BlockApi
    + CallApi
    + CoexistenceApi
    + CommerceApi
    + ConversationApi
    + EncryptionApi
    + FlowApi
    + GroupApi
    + MarketingApi
    + NumberApi
    + ProfileApi
    + QrApi
    + TokenApi
    + UsernameApi
    + WabaApi
{
}
impl<T> ManagementApi for T where
    T: AnalyticsApi
        + BlockApi
        + CallApi
        + CoexistenceApi
        + CommerceApi
        + ConversationApi
        + EncryptionApi
        + FlowApi
        + GroupApi
        + MarketingApi
        + NumberApi
        + ProfileApi
        + QrApi
        + TokenApi
        + UsernameApi
        + WabaApi
        + ?Sized
{
}
