//! The Graph API's routes as one table: both doors of the simulator, HTTP and in process, make a [`Call`] of what
//! came and let [`World::serve`] answer it. Knows no sockets.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;
use whatsapp_core::Timestamp;

use super::accept::{Door, Reply};
use super::error::GraphError;
use super::faults::Route;
use super::world::World;
use crate::transport::Verb;

/// What a request carried.
#[derive(Clone, Debug, Default)]
pub(super) enum Carried {
    #[default]
    Nothing,
    Json(Value),
    /// Something that should have been JSON.
    #[cfg(feature = "simulator")]
    NotJson,
    Form {
        fields: BTreeMap<String, String>,
        file: Option<FormFile>,
    },
    /// Bytes from a place on: a resumable upload.
    Part {
        offset: u64,
        bytes: Bytes,
    },
}

/// The field `file` of a form.
#[derive(Clone, Debug)]
pub(super) struct FormFile {
    pub(super) mime: String,
    pub(super) name: String,
    pub(super) bytes: Bytes,
}

/// One request to the Graph API, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) now: Timestamp,
    pub(super) verb: Verb,
    /// As in the path: `v25.0`.
    pub(super) version: String,
    /// The parts after the version.
    pub(super) path: Vec<String>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) carried: Carried,
    pub(super) token: String,
    /// The simulator's own address, without a slash at its end.
    pub(super) base: String,
    /// What came of asking a callback address that the call names; in process nobody is asked.
    pub(super) callback: Result<(), String>,
}

impl Call {
    /// The first part of the path: the node's id or the call's name.
    pub(super) fn id(&self) -> &str {
        self.path.first().map(String::as_str).unwrap_or_default()
    }
    pub(super) fn edge(&self) -> &str {
        self.path.get(1).map(String::as_str).unwrap_or_default()
    }
    /// A parameter of the address.
    pub(super) fn query(&self, key: &str) -> Option<&str> {
        self.query.get(key).map(String::as_str).filter(|text| !text.is_empty())
    }
    /// The object that came, or an empty one.
    pub(super) fn json(&self) -> Result<&Value, GraphError> {
        match &self.carried {
            Carried::Json(body) => Ok(body),
            #[cfg(feature = "simulator")]
            Carried::NotJson => Err(GraphError::new(100, "The body is not JSON.")),
            Carried::Nothing | Carried::Form { .. } | Carried::Part { .. } => Ok(&Value::Null),
        }
    }
    /// A text of the object, the form or the address: Meta takes parameters from each.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>, GraphError> {
        if let Carried::Form { fields, .. } = &self.carried
            && let Some(text) = fields.get(key)
        {
            return Ok(Some(text.clone()));
        }
        let given = self.json()?.get(key).and_then(crate::webhook::plain_text);
        Ok(given.or_else(|| self.query(key).map(str::to_owned)))
    }
    /// The address of this path, for the links to further pages.
    pub(super) fn address(&self) -> String {
        format!("{}/{}/{}", self.base, self.version, self.path.join("/"))
    }
}

/// What the first part of a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A business phone number.
    Number,
    /// A WhatsApp Business Account.
    Waba,
    /// A template.
    Template,
    /// A group of templates.
    TemplateGroup,
    /// The app.
    App,
    /// A resumable upload.
    Upload,
    /// A file, or nothing at all.
    File,
    /// A business.
    Business,
    /// A group.
    Group,
    /// A flow.
    Flow,
    /// A fixed name, such as `debug_token`.
    Name(&'static str),
}

pub(super) type Handler = fn(&mut World, &Call) -> Result<Value, GraphError>;

/// One route: what is done, with which node, on which edge of it (empty: on the node itself), which rules of the
/// fault plan are about it, whether it goes without a token of the app, and who answers.
pub(super) struct Row {
    pub(super) verb: Verb,
    pub(super) node: Node,
    pub(super) edge: &'static str,
    pub(super) route: Route,
    pub(super) open: bool,
    pub(super) answer: Handler,
}

/// A route that needs a token.
pub(super) const fn row(
    verb: Verb,
    node: Node,
    edge: &'static str,
    route: Route,
    answer: Handler,
) -> Row {
    Row { verb, node, edge, route, open: false, answer }
}

/// All families of routes.
const FAMILIES: [&[Row]; 16] = [
    super::accounts::ROUTES,
    super::files::ROUTES,
    super::coexist::ROUTES,
    super::blocks::ROUTES,
    super::flows::ROUTES,
    super::groups::ROUTES,
    super::numbers::ROUTES,
    super::portfolio::ROUTES,
    super::presence::ROUTES,
    super::profile::ROUTES,
    super::tokens::ROUTES,
    super::voice::ROUTES,
    super::templates::ROUTES,
    super::template_more::ROUTES,
    super::template_figures::ROUTES,
    super::uploads::ROUTES,
];

impl World {
    /// Answers a call, with what the fault plan does to it.
    pub(super) fn serve(&mut self, call: &Call) -> Reply {
        self.settle(call.now);
        if let Some(proof) = call.query("appsecret_proof")
            && let Err(error) = self.check_proof(&call.token, proof, call.now)
        {
            return Reply::Answer(error.status, error.body("A0"));
        }
        if let (Verb::Post, "", Carried::Json(body)) = (call.verb, call.id(), &call.carried)
            && let Some(parts) = body.get("batch").and_then(Value::as_array)
        {
            return self.batch(call, parts);
        }
        if call.verb == Verb::Post && call.edge() == "messages" {
            return match call.json() {
                Ok(body) => self.messages(call.now, &call.token, call.id(), body, Door::Messages),
                Err(error) => Reply::Answer(error.status, error.body("A0")),
            };
        }
        if call.verb == Verb::Post && call.edge() == "marketing_messages" {
            return self.marketing(call);
        }
        let node = self.node_of(call.id());
        let all = || FAMILIES.iter().copied().flatten();
        let fits = |row: &&Row| row.node == node && row.edge == call.edge();
        let found = all().filter(fits).find(|row| row.verb == call.verb);
        let Some(row) = found else {
            let route = all().find(fits).map_or(Route::Account, |row| row.route);
            let error = match call.edge() {
                "" => GraphError::no_object(call.id()),
                edge => GraphError::new(2_500, format!("Unknown path components: /{edge}")),
            };
            return self.answer(route, None, call.now, |_, _| Err(error));
        };
        if let Some(part) = self.cut_upload(call) {
            self.answer_row(row, node, &part);
            return Reply::Reset;
        }
        self.answer_row(row, node, call)
    }
    pub(super) fn node_of(&self, id: &str) -> Node {
        if self.number(id).is_some() {
            return Node::Number;
        }
        if self.waba(id).is_some() {
            return Node::Waba;
        }
        if self.office.groups.contains_key(id) {
            return Node::Group;
        }
        if self.office.flows.contains_key(id) {
            return Node::Flow;
        }
        if self.is_business(id) {
            return Node::Business;
        }
        if id == self.app.id {
            return Node::App;
        }
        if self.template(id).is_some() {
            return Node::Template;
        }
        if self.shelf.groups.contains_key(id) {
            return Node::TemplateGroup;
        }
        if id.starts_with("upload:") {
            return Node::Upload;
        }
        let named = FAMILIES.iter().copied().flatten().find_map(|row| match row.node {
            Node::Name(name) if name == id => Some(row.node),
            _ => None,
        });
        named.unwrap_or(Node::File)
    }
}
