//! The Graph API's routes of the business profile.

use serde_json::{Map, Value, json};

use super::chance::Chance;
use super::desk::DeskChange;
use super::faults::Route;
use super::office::{Deed, Made, done, fields, of_whatsapp, refused, typed};
use super::routes::{Call, Node, Row, row};
use super::world::World;
use crate::api::ProfileChange;
use crate::transport::Verb;

/// The routes of the profile.
pub(super) const ROUTES: &[Row] = &[
    row(Verb::Get, Node::Number, "whatsapp_business_profile", Route::Profile, profile),
    row(Verb::Post, Node::Number, "whatsapp_business_profile", Route::Profile, change),
];

fn profile(world: &mut World, call: &Call) -> Made {
    let own = world.desk(call.id()).map(|desk| desk.profile.clone()).unwrap_or_default();
    let wanted = fields(call);
    // Without a wish Meta gives nothing but the product.
    let mut given: Map<String, Value> =
        own.into_iter().filter(|(key, _)| wanted.contains(key)).collect();
    given.insert("messaging_product".into(), json!("whatsapp"));
    Ok(json!({"data": [given]}))
}

fn change(world: &mut World, call: &Call) -> Made {
    of_whatsapp(call)?;
    let change: ProfileChange = typed(call)?;
    change.check().map_err(refused)?;
    let given = serde_json::to_value(&change).unwrap_or_default();
    let mut profile = given.as_object().cloned().unwrap_or_default();
    if let Some(handle) = profile.remove("profile_picture_handle") {
        let name = handle.as_str().unwrap_or_default().to_owned();
        let place = Chance::named(world.seed, &name).digits(16);
        let url = format!("https://pps.whatsapp.net/v/t61.24694-24/{place}.jpg");
        profile.insert("profile_picture_url".into(), json!(url));
    }
    let number = call.id().to_owned();
    world.deed(call.now, Deed::Desk { number, change: Box::new(DeskChange::Profile { profile }) });
    done()
}
