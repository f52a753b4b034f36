//! The parts that builders of interactive messages add, kind by kind.

use serde_json::{Map, Value};

use super::action::{
    AddressRequest, Buttons, Catalog, Flow, FlowPayload, List, ProductItem, ProductList,
    ProductSection, Reply, Row, Section, VoiceCall,
};
use super::carousel::{Card, Carousel};
use super::interactive::Interactive;

impl Interactive<Buttons> {
    /// With one more button.
    #[must_use]
    pub fn button(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.action.buttons.push(Reply::Reply { id: id.into(), title: title.into() });
        self
    }
}

impl Interactive<List> {
    /// Begins a section.
    #[must_use]
    pub fn section(mut self, title: impl Into<String>) -> Self {
        self.action.sections.push(Section { title: Some(title.into()), rows: Vec::new() });
        self
    }
    /// With one more row in the last section; without a section, in one without title.
    #[must_use]
    pub fn row(self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.push(Row { id: id.into(), title: title.into(), description: None })
    }
    /// The same with a second line.
    #[must_use]
    pub fn described_row(
        self,
        id: impl Into<String>,
        title: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        let description = Some(description.into());
        self.push(Row { id: id.into(), title: title.into(), description })
    }
    fn push(mut self, row: Row) -> Self {
        match self.action.sections.last_mut() {
            Some(section) => section.rows.push(row),
            None => self.action.sections.push(Section { title: None, rows: vec![row] }),
        }
        self
    }
}

impl Interactive<ProductList> {
    /// Begins a section.
    #[must_use]
    pub fn section(mut self, title: impl Into<String>) -> Self {
        let section = ProductSection { title: Some(title.into()), product_items: Vec::new() };
        self.action.sections.push(section);
        self
    }
    /// With one more product in the last section; without a section, in one without title.
    #[must_use]
    pub fn product_item(mut self, product: impl Into<String>) -> Self {
        let item = ProductItem { product_retailer_id: product.into() };
        match self.action.sections.last_mut() {
            Some(section) => section.product_items.push(item),
            None => {
                let section = ProductSection { title: None, product_items: vec![item] };
                self.action.sections.push(section);
            }
        }
        self
    }
}

impl Interactive<Flow> {
    /// With a word that comes back with the answer.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.action.flow_token = Some(token.into());
        self
    }
    /// Begins on a screen, with what it is given.
    #[must_use]
    pub fn navigate(mut self, screen: impl Into<String>, data: Option<Value>) -> Self {
        self.action.flow_action = Some("navigate".into());
        self.action.flow_action_payload = Some(FlowPayload { screen: screen.into(), data });
        self
    }
    /// Asks the flow's own endpoint for the first screen.
    #[must_use]
    pub fn data_exchange(mut self) -> Self {
        self.action.flow_action = Some("data_exchange".into());
        self
    }
    /// As `published` or `draft`.
    #[must_use]
    pub fn mode(mut self, mode: impl Into<String>) -> Self {
        self.action.mode = Some(mode.into());
        self
    }
}

impl Interactive<Catalog> {
    /// With the picture of this product.
    #[must_use]
    pub fn thumbnail(mut self, product: impl Into<String>) -> Self {
        self.action.thumbnail_product_retailer_id = Some(product.into());
        self
    }
}

impl Interactive<AddressRequest> {
    /// With the form filled.
    #[must_use]
    pub fn values(mut self, values: Map<String, Value>) -> Self {
        self.action.values = Some(values);
        self
    }
}

impl Interactive<Carousel> {
    /// With one more card; it gets its place here.
    #[must_use]
    pub fn card(mut self, mut card: Card) -> Self {
        card.card_index = u64::try_from(self.action.cards.len()).unwrap_or(u64::MAX);
        self.action.cards.push(card);
        self
    }
}

impl Interactive<VoiceCall> {
    /// How long the button can be used, in minutes.
    #[must_use]
    pub const fn ttl_minutes(mut self, minutes: u64) -> Self {
        self.action.ttl_minutes = Some(minutes);
        self
    }
    /// With a word that comes with the call.
    #[must_use]
    pub fn payload(mut self, payload: impl Into<String>) -> Self {
        self.action.payload = Some(payload.into());
        self
    }
}
