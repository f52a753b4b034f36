//! What an interactive message lets people do, kind by kind. Never checks: that is done before the call.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::basic::written;
use super::carousel::Carousel;

/// What an interactive message lets people do; it decides the message's kind.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// 1 to 3 reply buttons: `button`.
    Buttons(Buttons),
    /// A sheet of rows to choose one: `list`.
    List(List),
    /// A button that opens a page: `cta_url`.
    CtaUrl(CtaUrl),
    /// A button that opens a flow: `flow`.
    Flow(Flow),
    /// One product: `product`.
    Product(Product),
    /// Products in sections: `product_list`.
    ProductList(ProductList),
    /// A button that opens the catalogue: `catalog_message`.
    Catalog(Catalog),
    /// A button that shares a place: `location_request_message`.
    LocationRequest(LocationRequest),
    /// A form for an address, in India: `address_message`.
    Address(AddressRequest),
    /// Cards to swipe: `carousel`.
    Carousel(Carousel),
    /// Asks whether the business may call: `call_permission_request`.
    CallPermission(CallPermission),
    /// A button that calls the business: `voice_call`.
    VoiceCall(VoiceCall),
    /// Asks for the phone number: `request_contact_info`.
    ContactInfo(ContactInfoRequest),
    /// An order to pay, in India and Brazil: `order_details`.
    OrderDetails(OrderDetails),
    /// How far an order is: `order_status`.
    OrderStatus(OrderStatus),
    /// Anything else, as it is written.
    Other {
        /// Meta's word for the kind.
        kind: String,
        /// Meta's `action`; `null` when there is none.
        action: Value,
    },
}

/// The usual form of an action: a name and its parameters.
#[derive(Serialize, Deserialize)]
struct Named<N, P> {
    name: N,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<P>,
}

impl Action {
    /// Meta's word for the kind of interactive message.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Buttons(_) => "button",
            Self::List(_) => "list",
            Self::CtaUrl(_) => "cta_url",
            Self::Flow(_) => "flow",
            Self::Product(_) => "product",
            Self::ProductList(_) => "product_list",
            Self::Catalog(_) => "catalog_message",
            Self::LocationRequest(_) => "location_request_message",
            Self::Address(_) => "address_message",
            Self::Carousel(_) => "carousel",
            Self::CallPermission(_) => "call_permission_request",
            Self::VoiceCall(_) => "voice_call",
            Self::ContactInfo(_) => "request_contact_info",
            Self::OrderDetails(_) => "order_details",
            Self::OrderStatus(_) => "order_status",
            Self::Other { kind, .. } => kind,
        }
    }
    /// The name that stands in the action, for the kinds that have one.
    const fn name(&self) -> &'static str {
        match self {
            Self::CtaUrl(_) => "cta_url",
            Self::Flow(_) => "flow",
            Self::Catalog(_) => "catalog_message",
            Self::LocationRequest(_) => "send_location",
            Self::Address(_) => "address_message",
            Self::CallPermission(_) => "call_permission_request",
            Self::VoiceCall(_) => "voice_call",
            Self::ContactInfo(_) => "request_contact_info",
            Self::OrderDetails(_) => "review_and_pay",
            Self::OrderStatus(_) => "review_order",
            _ => "",
        }
    }
    /// Reads the action of a kind. What would not be written back the same is kept as it is.
    pub(super) fn read(kind: String, action: Value) -> Self {
        match Self::known(&kind, &action) {
            Some(known) if written(&known) == action => known,
            _ => Self::Other { kind, action },
        }
    }
    fn known(kind: &str, action: &Value) -> Option<Self> {
        match kind {
            "button" => plain(action).map(Self::Buttons),
            "list" => plain(action).map(Self::List),
            "product" => plain(action).map(Self::Product),
            "product_list" => plain(action).map(Self::ProductList),
            "carousel" => plain(action).map(Self::Carousel),
            "cta_url" => named(action)?.map(Self::CtaUrl),
            "flow" => named(action)?.map(Self::Flow),
            "catalog_message" => Some(Self::Catalog(named(action)?.unwrap_or_default())),
            "location_request_message" => Some(Self::LocationRequest(LocationRequest)),
            "address_message" => named(action)?.map(Self::Address),
            "call_permission_request" => Some(Self::CallPermission(CallPermission)),
            "voice_call" => Some(Self::VoiceCall(named(action)?.unwrap_or_default())),
            "request_contact_info" => Some(Self::ContactInfo(ContactInfoRequest)),
            "order_details" => named(action)?.map(Self::OrderDetails),
            "order_status" => named(action)?.map(Self::OrderStatus),
            _ => None,
        }
    }
}

fn plain<T: DeserializeOwned>(action: &Value) -> Option<T> {
    T::deserialize(action).ok()
}

fn named<P: DeserializeOwned>(action: &Value) -> Option<Option<P>> {
    Named::<String, P>::deserialize(action).ok().map(|named| named.parameters)
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn name<S: Serializer, P: Serialize>(
            serializer: S,
            name: &str,
            parameters: Option<P>,
        ) -> Result<S::Ok, S::Error> {
            Named { name, parameters }.serialize(serializer)
        }
        match self {
            Self::Buttons(buttons) => buttons.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
            Self::Product(product) => product.serialize(serializer),
            Self::ProductList(list) => list.serialize(serializer),
            Self::Carousel(carousel) => carousel.serialize(serializer),
            Self::CtaUrl(parameters) => name(serializer, self.name(), Some(parameters)),
            Self::Flow(parameters) => name(serializer, self.name(), Some(parameters)),
            Self::Catalog(parameters) => {
                let given = parameters.thumbnail_product_retailer_id.is_some();
                name(serializer, self.name(), given.then_some(parameters))
            }
            Self::Address(parameters) => name(serializer, self.name(), Some(parameters)),
            Self::VoiceCall(parameters) => {
                let given = *parameters != VoiceCall::default();
                name(serializer, self.name(), given.then_some(parameters))
            }
            Self::OrderDetails(parameters) => name(serializer, self.name(), Some(parameters)),
            Self::OrderStatus(parameters) => name(serializer, self.name(), Some(parameters)),
            Self::LocationRequest(_) | Self::CallPermission(_) | Self::ContactInfo(_) => {
                name::<S, ()>(serializer, self.name(), None)
            }
            Self::Other { action, .. } => action.serialize(serializer),
        }
    }
}

/// Reply buttons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buttons {
    /// 1 to 3 of them.
    pub buttons: Vec<Reply>,
}

/// One reply button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// Sends its id and title back.
    Reply {
        /// At most 256 characters; each only once.
        id: String,
        /// At most 20 characters; each only once.
        title: String,
    },
}

/// A sheet of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// What opens the sheet, at most 20 characters.
    pub button: String,
    /// 1 to 10 sections with at most 10 rows in all.
    pub sections: Vec<Section>,
}

/// A section of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// At most 24 characters; needed when there are several sections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// At most 200 characters; each only once.
    pub id: String,
    /// At most 24 characters.
    pub title: String,
    /// A second line, at most 72 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A button that opens a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CtaUrl {
    /// What the button says, at most 20 characters.
    pub display_text: String,
    /// Where it leads.
    pub url: String,
}

/// A button that opens a flow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Flow {
    /// Always `3`.
    pub flow_message_version: String,
    /// Which flow, by id …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<String>,
    /// … or by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_name: Option<String>,
    /// What the button says, at most 30 characters and no emoji.
    pub flow_cta: String,
    /// `published` or `draft`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Comes back with the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
    /// `navigate` or `data_exchange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_action: Option<String>,
    /// Where it begins, and with what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_action_payload: Option<FlowPayload>,
}

/// Where a flow begins, and with what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowPayload {
    /// The first screen.
    pub screen: String,
    /// What that screen is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

/// One product of a catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Which catalogue.
    pub catalog_id: String,
    /// The product's id in it.
    pub product_retailer_id: String,
}

/// Products in sections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductList {
    /// Which catalogue.
    pub catalog_id: String,
    /// 1 to 10 sections with at most 30 products in all.
    pub sections: Vec<ProductSection>,
}

/// A section of products.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductSection {
    /// At most 24 characters; needed when there are several sections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its products.
    pub product_items: Vec<ProductItem>,
}

/// A product in a section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductItem {
    /// Its id in the catalogue.
    pub product_retailer_id: String,
}

/// A button that opens the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Whose picture is shown; without one, the first product's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_product_retailer_id: Option<String>,
}

/// A button that shares a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LocationRequest;

/// A form for an address. Only in India.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AddressRequest {
    /// `IN`.
    pub country: String,
    /// What the form is filled with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Map<String, Value>>,
    /// Addresses to choose from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_addresses: Option<Value>,
    /// What was wrong with the last answer, by field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_errors: Option<Map<String, Value>>,
}

/// Asks whether the business may call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallPermission;

/// A button that calls the business.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoiceCall {
    /// What the button says, at most 20 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_text: Option<String>,
    /// How long it can be used, in minutes: at most 43,200 (30 days); 10,080 (7 days) when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl_minutes: Option<u64>,
    /// Comes with the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// Asks somebody who is known by a username for the phone number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContactInfoRequest;

/// An order to pay, in Meta's own form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderDetails(
    /// Meta's `parameters`.
    pub Map<String, Value>,
);

/// How far an order is, in Meta's own form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderStatus(
    /// Meta's `parameters`.
    pub Map<String, Value>,
);
