//! The documented REST API under `/api/v1`: a key in the header `X-API-Key`, never a cookie. The same shapes
//! as the console's API.

pub(crate) mod campaigns;
pub(crate) mod contacts;
pub(crate) mod messages;
pub(crate) mod templates;
