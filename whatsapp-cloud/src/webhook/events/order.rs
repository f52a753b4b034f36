//! A cart that a customer sent.

use serde_json::Value;

use crate::webhook::wire::{list, number, text_of};

/// A cart. Nothing is paid yet.
///
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/sell-products-and-services/receive-responses>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// Meta's id of the catalogue.
    pub catalog_id: Option<String>,
    /// What the customer wrote with it.
    pub text: Option<String>,
    /// The things.
    pub items: Vec<OrderItem>,
}

/// One line of a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderItem {
    /// The seller's id of the product.
    pub product_retailer_id: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
    /// The price of one, in `currency`, exactly as Meta wrote the number: `249.9`.
    pub item_price: Option<String>,
    /// Three letters.
    pub currency: Option<String>,
}

impl Order {
    pub(super) fn read(order: &Value) -> Self {
        let item = |item: &Value| OrderItem {
            product_retailer_id: text_of(item, "product_retailer_id"),
            quantity: number(item, "quantity"),
            item_price: text_of(item, "item_price"),
            currency: text_of(item, "currency"),
        };
        Self {
            catalog_id: text_of(order, "catalog_id"),
            text: text_of(order, "text"),
            items: list(order, "product_items").map(item).collect(),
        }
    }
}
