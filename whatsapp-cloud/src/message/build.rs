//! Builders of interactive messages: each begins with its words and offers only what its kind has.

use serde_json::{Map, Value};

use super::action::{
    Action, AddressRequest, Buttons, CallPermission, Catalog, ContactInfoRequest, CtaUrl, Flow,
    List, LocationRequest, OrderDetails, OrderStatus, Product, ProductList, VoiceCall,
};
use super::carousel::Carousel;
use super::interactive::Interactive;

/// Each kind turns into the general action.
macro_rules! into_action {
    ($($kind:ident => $variant:ident),* $(,)?) => {$(
        impl From<$kind> for Action {
            fn from(action: $kind) -> Self {
                Self::$variant(action)
            }
        }
    )*};
}

into_action! {
    Buttons => Buttons, List => List, CtaUrl => CtaUrl, Flow => Flow, Product => Product,
    ProductList => ProductList, Catalog => Catalog, LocationRequest => LocationRequest,
    AddressRequest => Address, Carousel => Carousel, CallPermission => CallPermission,
    VoiceCall => VoiceCall, ContactInfoRequest => ContactInfo, OrderDetails => OrderDetails,
    OrderStatus => OrderStatus,
}

impl Interactive {
    /// Words with 1 to 3 reply buttons.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let asked = Interactive::buttons("Confirm?").button("yes", "Yes").button("no", "No");
    /// assert_eq!(asked.action.buttons.len(), 2);
    /// ```
    #[must_use]
    pub fn buttons(body: impl Into<String>) -> Interactive<Buttons> {
        Interactive::with(body, Buttons::default())
    }
    /// Words with a button that opens a sheet of rows.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let slots = Interactive::list("When shall we come?", "Pick a slot")
    ///     .section("Tomorrow")
    ///     .row("t-0930", "09:30")
    ///     .section("Friday")
    ///     .described_row("f-1000", "10:00", "Morning");
    /// assert_eq!(slots.action.sections.len(), 2);
    /// ```
    #[must_use]
    pub fn list(body: impl Into<String>, button: impl Into<String>) -> Interactive<List> {
        Interactive::with(body, List { button: button.into(), sections: Vec::new() })
    }
    /// Words with a button that opens a page.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-cta-url-messages>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let track = Interactive::cta_url("On its way.", "Track parcel", "https://example.com/t/20417");
    /// assert_eq!(track.action.display_text, "Track parcel");
    /// ```
    #[must_use]
    pub fn cta_url(
        body: impl Into<String>,
        display_text: impl Into<String>,
        url: impl Into<String>,
    ) -> Interactive<CtaUrl> {
        Interactive::with(body, CtaUrl { display_text: display_text.into(), url: url.into() })
    }
    /// Words with a button that opens a flow, by the flow's id.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/flows/guides/sendingaflow>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let rate = Interactive::flow("How was it?", "Rate us", "6719042288135507")
    ///     .token("ft_8812")
    ///     .navigate("RATE", Some(serde_json::json!({"order": "NB-20417"})));
    /// assert_eq!(rate.action.flow_action.as_deref(), Some("navigate"));
    /// ```
    #[must_use]
    pub fn flow(
        body: impl Into<String>,
        cta: impl Into<String>,
        flow_id: impl Into<String>,
    ) -> Interactive<Flow> {
        let action = Flow {
            flow_message_version: "3".into(),
            flow_id: Some(flow_id.into()),
            flow_cta: cta.into(),
            ..Flow::default()
        };
        Interactive::with(body, action)
    }
    /// One product; words may be added.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/sell-products-and-services/share-products>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let tent = Interactive::product("512204418890034", "TENT-2P-GRN").body("Light and dry");
    /// assert_eq!(tent.action.product_retailer_id, "TENT-2P-GRN");
    /// ```
    #[must_use]
    pub fn product(
        catalog_id: impl Into<String>,
        product: impl Into<String>,
    ) -> Interactive<Product> {
        let product_retailer_id = product.into();
        let action = Product { catalog_id: catalog_id.into(), product_retailer_id };
        Interactive { header: None, body: None, footer: None, action }
    }
    /// Products in sections, under a text.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/sell-products-and-services/share-products>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let picks = Interactive::product_list("Our picks", "For the weekend", "512204418890034")
    ///     .section("Tents")
    ///     .product_item("TENT-2P-GRN");
    /// assert_eq!(picks.action.sections.len(), 1);
    /// ```
    #[must_use]
    pub fn product_list(
        header: impl Into<String>,
        body: impl Into<String>,
        catalog_id: impl Into<String>,
    ) -> Interactive<ProductList> {
        let action = ProductList { catalog_id: catalog_id.into(), sections: Vec::new() };
        Interactive::with(body, action).header_text(header)
    }
    /// Words with a button that opens the catalogue.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/sell-products-and-services/share-products>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let shop = Interactive::catalog("Look around").thumbnail("TENT-2P-GRN");
    /// assert!(shop.action.thumbnail_product_retailer_id.is_some());
    /// ```
    #[must_use]
    pub fn catalog(body: impl Into<String>) -> Interactive<Catalog> {
        Interactive::with(body, Catalog::default())
    }
    /// Words with a button that shares a place; the answer is a location.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/location-request-messages>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let asked = Interactive::location_request("Where shall we deliver?");
    /// assert_eq!(asked.any().action.kind(), "location_request_message");
    /// ```
    #[must_use]
    pub fn location_request(body: impl Into<String>) -> Interactive<LocationRequest> {
        Interactive::with(body, LocationRequest)
    }
    /// Words with a form for an address. Only in India.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/address-messages>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let asked = Interactive::address("Where shall we deliver?");
    /// assert_eq!(asked.action.country, "IN");
    /// ```
    #[must_use]
    pub fn address(body: impl Into<String>) -> Interactive<AddressRequest> {
        let action = AddressRequest { country: "IN".into(), ..AddressRequest::default() };
        Interactive::with(body, action)
    }
    /// Words with cards to swipe.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-media-carousel-messages>
    ///
    /// ```
    /// use whatsapp_cloud::message::{Card, File, Header, Interactive};
    /// let picture = |n: u8| Header::image(File::link(format!("https://example.com/{n}.png")));
    /// let week = Interactive::carousel("This week")
    ///     .card(Card::link(picture(0), "Shop now", "https://example.com/d/0").body("Deal 1"))
    ///     .card(Card::link(picture(1), "Shop now", "https://example.com/d/1").body("Deal 2"));
    /// assert_eq!(week.action.cards[1].card_index, 1);
    /// ```
    #[must_use]
    pub fn carousel(body: impl Into<String>) -> Interactive<Carousel> {
        Interactive::with(body, Carousel::default())
    }
    /// Asks whether the business may call.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling/user-call-permissions>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let asked = Interactive::call_permission("May we call you about your order?");
    /// assert_eq!(asked.any().action.kind(), "call_permission_request");
    /// ```
    #[must_use]
    pub fn call_permission(body: impl Into<String>) -> Interactive<CallPermission> {
        Interactive::with(body, CallPermission)
    }
    /// Words with a button that calls the business.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/calling/call-button-messages-deep-links>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let call = Interactive::voice_call("Talk to us", "Call us").ttl_minutes(4_320);
    /// assert_eq!(call.action.ttl_minutes, Some(4_320));
    /// ```
    #[must_use]
    pub fn voice_call(
        body: impl Into<String>,
        display_text: impl Into<String>,
    ) -> Interactive<VoiceCall> {
        let action = VoiceCall { display_text: Some(display_text.into()), ..VoiceCall::default() };
        Interactive::with(body, action)
    }
    /// Asks somebody who is known by a username for the phone number; the answer is a contact card.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/business-scoped-user-ids>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let asked = Interactive::contact_info("Please share your number for the courier");
    /// assert_eq!(asked.any().action.kind(), "request_contact_info");
    /// ```
    #[must_use]
    pub fn contact_info(body: impl Into<String>) -> Interactive<ContactInfoRequest> {
        Interactive::with(body, ContactInfoRequest)
    }
    /// An order to pay, with Meta's own `parameters`. Only in India and Brazil.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/payments-api>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let parameters = serde_json::Map::from_iter([("reference_id".to_owned(), "NB-20417".into())]);
    /// let order = Interactive::order_details("Your order", parameters);
    /// assert_eq!(order.any().action.kind(), "order_details");
    /// ```
    #[must_use]
    pub fn order_details(
        body: impl Into<String>,
        parameters: Map<String, Value>,
    ) -> Interactive<OrderDetails> {
        Interactive::with(body, OrderDetails(parameters))
    }
    /// How far an order is, with Meta's own `parameters`. Only in India and Brazil.
    ///
    /// Meta's page: <https://developers.facebook.com/docs/whatsapp/cloud-api/payments-api>
    ///
    /// ```
    /// use whatsapp_cloud::message::Interactive;
    /// let parameters = serde_json::Map::from_iter([("reference_id".to_owned(), "NB-20417".into())]);
    /// let order = Interactive::order_status("On its way", parameters);
    /// assert_eq!(order.any().action.kind(), "order_status");
    /// ```
    #[must_use]
    pub fn order_status(
        body: impl Into<String>,
        parameters: Map<String, Value>,
    ) -> Interactive<OrderStatus> {
        Interactive::with(body, OrderStatus(parameters))
    }
}
