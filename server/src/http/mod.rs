//! What stands around the handlers: who calls, what a body may be, what every answer carries.

pub(crate) mod csrf;
pub(crate) mod csv;
pub(crate) mod envelope;
pub(crate) mod extract;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod idempotency;
pub(crate) mod layers;
pub(crate) mod paging;
pub(crate) mod session_cookie;
pub(crate) mod shed;
mod strict;
