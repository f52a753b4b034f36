//! The description of the API, made from the route table: each operation gets its security, the refusals that
//! every route shares, and a stable id. Never lists a route that is not served.

use std::collections::BTreeMap;

use utoipa::openapi::path::{HttpMethod, Operation, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required, Response,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::error::{ErrorBody, ErrorDetail};
use crate::routes::{self, Access, Route};

const ABOUT: &str = "WhatsApp business messaging. Programs use the paths under `/api/v1` with a key in the header \
`X-API-Key`. Every list answers `{\"data\": […], \"next_cursor\": …}`; every error is an `Error` with a stable \
`code`. POSTs that create or send take an `Idempotency-Key`: the same request sent again gives the same answer \
and happens once.";

/// The description.
#[must_use]
pub fn document() -> OpenApi {
    let table = routes::table();
    let mut schemas: BTreeMap<String, _> = BTreeMap::new();
    let mut paths = Paths::new();
    for route in table {
        let method = method(route.method());
        let path = route.path().to_owned();
        let operation = complete(&route);
        schemas.extend(route.schemas);
        paths.add_path_operation(&path, vec![method], operation);
    }
    schemas.insert("Error".into(), ErrorBody::schema());
    schemas.insert(ErrorDetail::name().into_owned(), ErrorDetail::schema());
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(
            "api_key",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-API-Key"))),
        )
        .security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("sid"))),
        );
    let info = InfoBuilder::new()
        .title("WhatsApp API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

/// The description as text, as it is committed and served.
#[must_use]
pub fn text() -> String {
    document().to_pretty_json().unwrap_or_default()
}

fn method(name: &str) -> HttpMethod {
    match name {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

/// What the handler's own words leave out because it is the same everywhere.
fn complete(route: &Route) -> Operation {
    let mut operation = route.operation.clone();
    // Generators make function names of these: the public ones stay bare.
    if let (Access::Page | Access::Person | Access::Member(_), Some(id)) =
        (route.access, &operation.operation_id)
    {
        operation.operation_id = Some(format!("console_{id}"));
    }
    operation.security = match route.access {
        Access::Open | Access::Page => None,
        Access::Person | Access::Member(_) => Some(vec![requirement("session")]),
        Access::Key(_) => Some(vec![requirement("api_key")]),
    };
    for (status, about) in refusals(route) {
        operation
            .responses
            .responses
            .entry((*status).to_owned())
            .or_insert_with(|| RefOr::T(refusal(about)));
    }
    if route.idempotent {
        let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(255));
        let header = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("Names this request: sent again with the same key it happens once."))
            .schema(Some(text));
        operation.parameters.get_or_insert_with(Vec::new).push(RefOr::T(header.build()));
    }
    operation
}

fn requirement(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, Vec::<String>::new())
}

fn refusals(route: &Route) -> &'static [(&'static str, &'static str)] {
    match route.access {
        Access::Open => &[],
        Access::Page => &[
            ("400", "The request is wrong; `details` names the fields."),
            ("403", "The request does not come from a page of this server."),
            ("413", "The body is too large."),
            ("415", "The body is not JSON."),
            ("429", "Too often; wait as `Retry-After` says."),
            ("500", "Something went wrong on our side."),
            ("503", "Not now; try again."),
        ],
        Access::Person | Access::Member(_) => &[
            ("400", "The request is wrong; `details` names the fields."),
            ("401", "Sign in first."),
            ("403", "Not allowed."),
            ("404", "There is no such thing."),
            ("409", "Its state forbids it."),
            ("413", "The body is too large."),
            ("415", "The body is not of the right type."),
            ("422", "Meta refused, or the `Idempotency-Key` was used for another body."),
            ("500", "Something went wrong on our side."),
            ("502", "Meta cannot do this now."),
            ("503", "Not now; try again."),
        ],
        Access::Key(_) => &[
            ("400", "The request is wrong; `details` names the fields."),
            ("401", "The key is missing, unknown, revoked or expired."),
            ("403", "The key has not the scope."),
            ("404", "There is no such thing."),
            ("409", "Its state forbids it."),
            ("413", "The body is too large."),
            ("422", "Meta refused, or the `Idempotency-Key` was used for another body."),
            ("429", "More calls than the plan allows; wait as `Retry-After` says."),
            ("500", "Something went wrong on our side."),
            ("502", "Meta cannot do this now."),
            ("503", "Not now; try again."),
        ],
    }
}

fn refusal(about: &str) -> Response {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Error"))).build();
    ResponseBuilder::new().description(about).content("application/json", body).build()
}
