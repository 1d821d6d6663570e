//! The description of the HTTP interface for programs (`OpenAPI` 3.1): the table of routes, and the types of
//! `protocol` that are really read and written.
//!
//! It is served at `/api/v1/openapi.json`. A test holds it to `docs/protocol.md`, address by address.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{AdditionalProperties, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, Info, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, Paths,
    PathsBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Server,
};
use utoipa::openapi::{Content as Media, Schema as Shape};
use warp::http::Method;

use super::query::{self, Expected};
use super::request::Proof;
use super::router::{Content, NamedSchema, Route, Schema};
use crate::protocol::rest::Problem;

const DEVICE: &str = "device";
/// Where the interface begins. What is beside it has another server in the description.
const API: &str = "/api/v1";

pub fn text(routes: &[Route]) -> String {
    document(routes).to_json().expect("plain data with texts for keys can always be written")
}

fn document(routes: &[Route]) -> OpenApi {
    let described = || routes.iter().filter(|route| !route.answers.is_empty());
    let about = "A private chat between two people, served by a house of their own.";
    let mut info = Info::new("Parlour", env!("CARGO_PKG_VERSION"));
    info.description = Some(about.to_owned());
    OpenApiBuilder::new()
        .info(info)
        // Relative to this document's own address, so that it is right below any `public_url`.
        .servers(Some([Server::new("../../api/v1")]))
        .paths(paths(described()))
        .components(Some(components(described())))
        .build()
}

fn paths<'r>(routes: impl Iterator<Item = &'r Route>) -> Paths {
    routes.fold(PathsBuilder::new(), |paths, route| paths.path(path(route), item(route))).build()
}

fn path(route: &Route) -> &str {
    route.pattern.strip_prefix(API).unwrap_or(route.pattern)
}

fn item(route: &Route) -> PathItem {
    let method = match route.method {
        Method::POST => HttpMethod::Post,
        Method::PUT => HttpMethod::Put,
        Method::PATCH => HttpMethod::Patch,
        Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    };
    let mut item = PathItem::new(method, operation(route));
    if !route.pattern.starts_with(API) {
        item.servers = Some(vec![Server::new("../..")]);
    }
    item
}

fn operation(route: &Route) -> Operation {
    let mut operation = OperationBuilder::new()
        .summary(Some(route.summary))
        .parameters(Some(parameters(route)))
        .request_body(route.body.as_ref().map(request_body));
    for (status, content) in &route.answers {
        operation = operation.response(*status, answer(route.summary, content));
    }
    for requirement in requirements(route.proof) {
        operation = operation.security(requirement);
    }
    operation.response("default", problem()).build()
}

fn requirements(proof: Proof) -> Vec<SecurityRequirement> {
    let device = SecurityRequirement::new(DEVICE, Vec::<String>::new());
    match proof {
        Proof::None => Vec::new(),
        Proof::Optional => vec![SecurityRequirement::default(), device],
        Proof::Required => vec![device],
    }
}

fn parameters(route: &Route) -> Vec<Parameter> {
    let gaps = route.pattern.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let gaps = gaps.map(|name| parameter(name, ParameterIn::Path, true, text()));
    let queries = route.query.iter().map(|named| {
        let schema = match &named.expected {
            Expected::Words(words) => text().enum_values(Some(words.iter().copied())),
            Expected::Signals => text().pattern(Some(query::SIGNALS_PATTERN)),
            Expected::Number { least, most } => {
                ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(*least)).maximum(Some(*most))
            }
        };
        parameter(named.name, ParameterIn::Query, named.is_required(), schema)
    });
    gaps.chain(queries).collect()
}

fn parameter(name: &str, place: ParameterIn, is_required: bool, schema: ObjectBuilder) -> Parameter {
    let required = if is_required { Required::True } else { Required::False };
    ParameterBuilder::new().name(name).parameter_in(place).required(required).schema(Some(schema)).build()
}

fn request_body(schema: &Schema) -> RequestBody {
    RequestBodyBuilder::new()
        .content("application/json", media(&schema.name))
        .required(Some(Required::True))
        .build()
}

fn answer(summary: &str, content: &Content) -> Response {
    let answer = ResponseBuilder::new().description(summary);
    let text = || Media::new(Some(ObjectBuilder::new().schema_type(Type::String)));
    match content {
        Content::Json(schema) => answer.content("application/json", media(&schema.name)),
        Content::JsonOrText(schema) => {
            answer.content("application/json", media(&schema.name)).content("text/plain", text())
        }
        Content::AnyJson => answer.content("application/json", Media::new(None::<Shape>)),
        Content::Picture => answer.content("image/svg+xml", text()).content("image/png", text()),
        Content::Nothing => answer,
    }
    .build()
}

fn problem() -> Response {
    let problem = ResponseBuilder::new().description("What was not done, and why: `code` is stable.");
    problem.content("application/problem+json", media(&Problem::name())).build()
}

fn media(name: &str) -> Media {
    Media::new(Some(Ref::from_schema_name(name)))
}

fn components<'r>(routes: impl Iterator<Item = &'r Route>) -> Components {
    let mut schemas: BTreeMap<_, _> = Schema::of::<Problem>().all.into_iter().collect();
    for route in routes {
        let bodies = route.body.iter().flat_map(|schema| &schema.all);
        schemas.extend(bodies.map(|(name, shape)| (name.clone(), closed(shape.clone()))));
        schemas.extend(route.answers.iter().flat_map(|(_, content)| told(content)).cloned());
    }
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some("The device secret.".to_owned());
    let components = ComponentsBuilder::new().schemas_from_iter(schemas);
    components.security_scheme(DEVICE, SecurityScheme::Http(bearer)).build()
}

fn told(content: &Content) -> &[NamedSchema] {
    match content {
        Content::Json(schema) | Content::JsonOrText(schema) => &schema.all,
        Content::AnyJson | Content::Picture | Content::Nothing => &[],
    }
}

/// What a client sends has no fields but these; what it receives may have more one day.
fn closed(schema: RefOr<Shape>) -> RefOr<Shape> {
    match schema {
        RefOr::T(Shape::Object(mut object)) if object.schema_type == Type::Object.into() => {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            RefOr::T(Shape::Object(object))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
