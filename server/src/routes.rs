//! The permission table: every route there is, who may call it, and how. The router is built from this table
//! and from nothing else, so a handler that is not in it cannot be reached.

use axum::routing::MethodRouter;
use utoipa::openapi::path::Operation;
use utoipa_axum::routes;
use whatsapp_core::Permission as P;

use crate::state::App;
use crate::{console, docs, hooks, operations, v1};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody; the handler itself checks what must be checked (a webhook's signature).
    Open,
    /// Anybody with a page of ours open: signing in, the first account.
    Page,
    /// A signed-in person, whatever he may do.
    Person,
    /// A signed-in person of a tenant who holds one of these permissions.
    Member(&'static [P]),
    /// A program whose key has this scope.
    Key(P),
}

/// One line of the table.
pub struct Route {
    /// Who may call it.
    pub access: Access,
    /// Whether it takes a form with a file.
    pub upload: bool,
    /// Whether an `Idempotency-Key` makes it happen once. Where names or states allow only one anyway (a group, a
    /// channel, a start), the second call answers 409 instead.
    pub idempotent: bool,
    /// Another limit than 1 MiB for its body.
    pub body_limit: Option<usize>,
    method: String,
    path: String,
    pub(crate) operation: Operation,
    pub(crate) schemas: Schemas,
    pub(crate) handler: MethodRouter<App>,
}

pub(crate) type Schemas = Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>;

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.access)
    }
}

impl Route {
    fn new(
        access: Access,
        (schemas, paths, handler): utoipa_axum::router::UtoipaMethodRouter<App>,
    ) -> Self {
        let (path, item) = paths.paths.into_iter().next().unwrap_or_default();
        let methods = [
            ("GET", item.get),
            ("POST", item.post),
            ("PUT", item.put),
            ("PATCH", item.patch),
            ("DELETE", item.delete),
        ];
        let found =
            methods.into_iter().find_map(|(method, operation)| operation.map(|o| (method, o)));
        let (method, operation) = found.unwrap_or_else(|| ("GET", Operation::new()));
        let method = method.to_owned();
        let (upload, idempotent, body_limit) = (false, false, None);
        Self { access, upload, idempotent, body_limit, method, path, operation, schemas, handler }
    }
    const fn once(mut self) -> Self {
        self.idempotent = true;
        self
    }
    const fn upload(mut self, limit: usize) -> Self {
        self.upload = true;
        self.body_limit = Some(limit);
        self
    }
    const fn up_to(mut self, limit: usize) -> Self {
        self.body_limit = Some(limit);
        self
    }
    /// `GET`, `POST` …
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }
    /// The path with its parameters in braces.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
    /// Whether it may change something.
    #[must_use]
    pub fn is_unsafe(&self) -> bool {
        self.method != "GET"
    }
}

/// The largest webhook call of Meta's.
pub(crate) const WEBHOOK_MAX: usize = 4 * 1024 * 1024;
/// The largest form: the largest file that WhatsApp takes, and the form around it.
const FORM_MAX: usize = 101 * 1024 * 1024;

const INBOX: &[P] = &[P::InboxViewAll, P::InboxViewAssigned];

/// Every route.
#[must_use]
pub fn table() -> Vec<Route> {
    let mut table = open();
    table.extend(session());
    table.extend(inbox());
    table.extend(people());
    table.extend(outreach());
    table.extend(settings());
    table.extend(programs());
    table
}

fn open() -> Vec<Route> {
    use Access::Open;
    vec![
        Route::new(Open, routes!(hooks::verify_webhook)),
        Route::new(Open, routes!(hooks::receive_webhook)).up_to(WEBHOOK_MAX),
        Route::new(Open, routes!(operations::healthz)),
        Route::new(Open, routes!(operations::readyz)),
        Route::new(Open, routes!(operations::metrics)),
        Route::new(Open, routes!(docs::get_openapi)),
        Route::new(Open, routes!(docs::get_docs)),
    ]
}

fn session() -> Vec<Route> {
    use Access::{Page, Person};
    use console::session as s;
    vec![
        Route::new(Page, routes!(s::login)),
        Route::new(Page, routes!(s::get_setup)),
        Route::new(Page, routes!(s::setup)),
        Route::new(Person, routes!(s::get_session)),
        Route::new(Person, routes!(s::logout)),
        Route::new(Person, routes!(s::update_me)),
        Route::new(Person, routes!(s::change_password)),
    ]
}

fn inbox() -> Vec<Route> {
    use console::{conversations as c, media, messages as m};
    let see = Access::Member(INBOX);
    let reply = Access::Member(&[P::InboxReply]);
    let change = Access::Member(&[P::InboxReply, P::InboxAssign]);
    vec![
        Route::new(see, routes!(c::list_conversations)),
        Route::new(see, routes!(c::count_conversations)),
        Route::new(see, routes!(c::get_conversation)),
        Route::new(reply, routes!(c::open_conversation)),
        Route::new(change, routes!(c::update_conversation)),
        Route::new(reply, routes!(c::read_conversation)),
        Route::new(see, routes!(m::list_messages)),
        Route::new(reply, routes!(m::send_message)).once(),
        Route::new(reply, routes!(m::send_template)).once(),
        Route::new(reply, routes!(m::write_note)).once(),
        Route::new(reply, routes!(m::resend_message)).once(),
        Route::new(reply, routes!(media::upload_media)).upload(FORM_MAX),
        Route::new(see, routes!(media::get_media)),
    ]
}

fn people() -> Vec<Route> {
    use console::{contacts as c, groups as g};
    let see = Access::Member(&[P::ContactsView]);
    let edit = Access::Member(&[P::ContactsEdit]);
    let delete = Access::Member(&[P::ContactsDelete]);
    let manage = Access::Member(&[P::GroupsManage]);
    vec![
        Route::new(see, routes!(c::list_contacts)),
        Route::new(see, routes!(c::get_contact)),
        Route::new(edit, routes!(c::create_contact)).once(),
        Route::new(edit, routes!(c::update_contact)),
        Route::new(delete, routes!(c::delete_contact)),
        Route::new(see, routes!(g::list_groups)),
        Route::new(see, routes!(g::get_group)),
        Route::new(manage, routes!(g::create_group)),
        Route::new(manage, routes!(g::update_group)),
        Route::new(manage, routes!(g::delete_group)),
        Route::new(manage, routes!(g::add_group_members)),
        Route::new(manage, routes!(g::remove_group_members)),
    ]
}

fn outreach() -> Vec<Route> {
    use console::{campaigns as c, templates as t};
    let see = Access::Member(&[P::CampaignsView]);
    let edit = Access::Member(&[P::CampaignsEdit]);
    let send = Access::Member(&[P::CampaignsSend]);
    let templates = Access::Member(&[P::TemplatesView]);
    vec![
        Route::new(templates, routes!(t::list_templates)),
        Route::new(templates, routes!(t::get_template)),
        Route::new(Access::Member(&[P::TemplatesSync]), routes!(t::sync_templates)),
        Route::new(see, routes!(c::list_campaigns)),
        Route::new(edit, routes!(c::create_campaign)).once(),
        Route::new(edit, routes!(c::preview_campaign)),
        Route::new(see, routes!(c::get_campaign)),
        Route::new(edit, routes!(c::update_campaign)),
        Route::new(edit, routes!(c::delete_campaign)),
        Route::new(send, routes!(c::start_campaign)),
        Route::new(send, routes!(c::pause_campaign)),
        Route::new(send, routes!(c::resume_campaign)),
        Route::new(send, routes!(c::cancel_campaign)),
        Route::new(send, routes!(c::retry_campaign)),
        Route::new(see, routes!(c::list_recipients)),
        Route::new(see, routes!(c::get_campaign_report)),
        Route::new(see, routes!(c::list_failures)),
    ]
}

fn settings() -> Vec<Route> {
    use console::{channels as c, team as t};
    let see = Access::Member(&[P::ChannelsView]);
    let manage = Access::Member(&[P::ChannelsManage]);
    let replies = Access::Member(&[P::QuickRepliesManage]);
    let keys = Access::Member(&[P::ApiKeysManage]);
    vec![
        Route::new(see, routes!(c::list_channels)),
        Route::new(see, routes!(c::get_channel)),
        Route::new(manage, routes!(c::check_channel)),
        Route::new(manage, routes!(c::connect_channel)),
        Route::new(manage, routes!(c::rename_channel)),
        Route::new(manage, routes!(c::disconnect_channel)),
        Route::new(Access::Member(&[P::TeamView]), routes!(t::list_members)),
        Route::new(Access::Member(&[P::InboxReply]), routes!(t::list_quick_replies)),
        Route::new(replies, routes!(t::create_quick_reply)),
        Route::new(replies, routes!(t::update_quick_reply)),
        Route::new(replies, routes!(t::delete_quick_reply)),
        Route::new(keys, routes!(t::list_api_keys)),
        // Not once: the kept answer would hold the secret.
        Route::new(keys, routes!(t::create_api_key)),
        Route::new(keys, routes!(t::revoke_api_key)),
    ]
}

fn programs() -> Vec<Route> {
    use Access::Key;
    use v1::{campaigns as camp, contacts as con, messages as msg, templates as tpl};
    vec![
        Route::new(Key(P::ContactsView), routes!(con::list_contacts)),
        Route::new(Key(P::ContactsView), routes!(con::get_contact)),
        Route::new(Key(P::ContactsEdit), routes!(con::create_contact)).once(),
        Route::new(Key(P::ContactsEdit), routes!(con::update_contact)).once(),
        Route::new(Key(P::ContactsDelete), routes!(con::delete_contact)).once(),
        Route::new(Key(P::InboxReply), routes!(msg::send_message)).once(),
        Route::new(Key(P::InboxReply), routes!(msg::send_template)).once(),
        Route::new(Key(P::InboxViewAll), routes!(msg::list_messages)),
        Route::new(Key(P::CampaignsView), routes!(camp::list_campaigns)),
        Route::new(Key(P::CampaignsEdit), routes!(camp::create_campaign)).once(),
        Route::new(Key(P::CampaignsView), routes!(camp::get_campaign)),
        Route::new(Key(P::CampaignsView), routes!(camp::get_campaign_report)),
        Route::new(Key(P::CampaignsSend), routes!(camp::start_campaign)).once(),
        Route::new(Key(P::CampaignsSend), routes!(camp::retry_campaign)).once(),
        Route::new(Key(P::TemplatesView), routes!(tpl::list_templates)),
        Route::new(Key(P::TemplatesView), routes!(tpl::get_template)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_names_one_route_and_no_route_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for route in table() {
            assert!(route.path().starts_with('/'), "{route:?}");
            assert!(
                seen.insert(format!("{} {}", route.method(), route.path())),
                "{route:?} stands twice"
            );
        }
    }

    #[test]
    fn what_is_under_the_console_needs_a_person_and_what_is_under_v1_a_key() {
        for route in table() {
            let path = route.path();
            let right = match route.access {
                Access::Key(_) => path.starts_with("/api/v1/"),
                Access::Page | Access::Person | Access::Member(_) => {
                    path.starts_with("/api/console/")
                }
                Access::Open => !path.starts_with("/api/v1/") && !path.starts_with("/api/console/"),
            };
            assert!(right, "{route:?}");
            if let Access::Member(any_of) = route.access {
                assert!(!any_of.is_empty(), "{route:?} needs no permission");
            }
        }
    }
}
