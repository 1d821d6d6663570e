//! The description of the HTTP interface for programs (`OpenAPI` 3.1), made of the types that [`rest`] really
//! reads and writes.
//!
//! `web` serves it at `/api/v1/openapi.json`. A test holds it to `docs/protocol.md`, address by address.

use std::sync::OnceLock;

use utoipa::ToSchema;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{AdditionalProperties, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, Content, Info, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, Paths,
    PathsBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema, Server,
};

use super::{json, rest};
use crate::limits::SEQ_MAX;

/// The description as JSON text. It is always the same.
pub fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| json(&document(), 32 * 1024))
}

/// The name of the security scheme.
const DEVICE: &str = "device";

/// What may be asked at one address with one method.
struct Address {
    method: HttpMethod,
    path: &'static str,
    does: &'static str,
    proof: Proof,
    /// The schema of the body that is sent.
    asks: Option<&'static str>,
    status: &'static str,
    answers: Answered,
}

/// Whether the device secret is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    No,
    May,
    Must,
}

/// What the answer is.
enum Answered {
    /// JSON of this schema.
    Json(&'static str),
    /// JSON of this schema, or the same as plain text.
    JsonOrText(&'static str),
    /// A picture.
    Picture,
    /// Nothing but its status.
    Nothing,
}

const fn get(path: &'static str, does: &'static str, proof: Proof, answer: &'static str) -> Address {
    let (method, asks, answers) = (HttpMethod::Get, None, Answered::Json(answer));
    Address { method, path, does, proof, asks, status: "200", answers }
}

const fn post(path: &'static str, does: &'static str, asks: &'static str, answer: &'static str) -> Address {
    let (proof, answers) = (Proof::No, Answered::Json(answer));
    Address { method: HttpMethod::Post, path, does, proof, asks: Some(asks), status: "200", answers }
}

fn addresses() -> Vec<Address> {
    use Proof::{May, Must, No};
    let at_seat = |address: Address| Address { proof: Must, ..address };
    vec![
        get("/house", "What the start page needs to know.", No, "HouseAnswer"),
        Address {
            status: "201",
            ..post("/chats", "Starts a chat. Links and codes are told this once.", "StartChat", "Started")
        },
        post("/invites/greeting", "Whose link it is.", "TokenQuestion", "Greeting"),
        post("/invites/status", "Who has come in.", "StatusQuestion", "StatusAnswer"),
        Address {
            answers: Answered::Picture,
            ..post("/invites/qr", "The link as a QR code.", "TokenQuestion", "")
        },
        Address {
            proof: May,
            ..post("/invites/enter", "Comes in by link and code.", "EnterQuestion", "EnterAnswer")
        },
        get("/seats", "This device's chats.", Must, "SeatsAnswer"),
        get("/seats/{seat}", "How the chat stands.", Must, "SeatAnswer"),
        get("/seats/{seat}/news", "How it stands, and what was said since.", Must, "NewsAnswer"),
        Address {
            method: HttpMethod::Delete,
            status: "204",
            answers: Answered::Nothing,
            ..get("/seats/{seat}", "This device leaves the seat.", Must, "")
        },
        get("/seats/{seat}/devices", "The devices of one's own seat.", Must, "DevicesAnswer"),
        Address {
            method: HttpMethod::Delete,
            status: "204",
            answers: Answered::Nothing,
            ..get("/seats/{seat}/devices/{device}", "Signs one of them out.", Must, "")
        },
        Address {
            status: "201",
            ..at_seat(post(
                "/seats/{seat}/invites",
                "Replaces a participant's link and code. The new ones are told this once.",
                "ReplaceQuestion",
                "InviteAnswer",
            ))
        },
        get("/seats/{seat}/messages", "A page of messages, the oldest first.", Must, "MessagesAnswer"),
        Address {
            status: "201",
            ..at_seat(post("/seats/{seat}/messages", "Says something.", "SayQuestion", "SaidAnswer"))
        },
        at_seat(post(
            "/seats/{seat}/receipts",
            "Tells how far one has got.",
            "ReceiptsQuestion",
            "ReceiptsAnswer",
        )),
        at_seat(post("/seats/{seat}/keep", "Starts the idle clock anew.", "Nothing", "KeptAnswer")),
        at_seat(post("/seats/{seat}/end", "Destroys the chat for everybody.", "Nothing", "Ended")),
        Address {
            answers: Answered::JsonOrText("Transcript"),
            ..get("/seats/{seat}/transcript", "Everything that was said.", Must, "")
        },
        get("/healthz", "Whether a read through the real store works.", No, "Health"),
        get("/openapi.json", "This description.", No, ""),
    ]
}

fn document() -> OpenApi {
    let about = "A private chat between two people, served by a house of their own.";
    let mut info = Info::new("Parlour", env!("CARGO_PKG_VERSION"));
    info.description = Some(about.to_owned());
    OpenApiBuilder::new()
        .info(info)
        // Relative to this document's own address, so that it is right below any `public_url`.
        .servers(Some([Server::new("../../api/v1")]))
        .paths(paths())
        .components(Some(components()))
        .build()
}

fn paths() -> Paths {
    let addresses = addresses().into_iter();
    addresses.fold(PathsBuilder::new(), |paths, address| paths.path(address.path, item(&address))).build()
}

fn item(address: &Address) -> PathItem {
    let mut item = PathItem::new(address.method.clone(), operation(address));
    if address.path == "/healthz" {
        item.servers = Some(vec![Server::new("../..")]);
    }
    item
}

fn operation(address: &Address) -> Operation {
    let mut operation = OperationBuilder::new()
        .summary(Some(address.does))
        .parameters(Some(parameters(address)))
        .request_body(address.asks.map(request_body))
        .response(address.status, answer(address));
    if address.path == "/seats/{seat}/messages" && address.method == HttpMethod::Post {
        operation = operation.response("200", answer(address));
    }
    for requirement in requirements(address.proof) {
        operation = operation.security(requirement);
    }
    operation.response("default", problem()).build()
}

fn requirements(proof: Proof) -> Vec<SecurityRequirement> {
    let device = SecurityRequirement::new(DEVICE, Vec::<String>::new());
    match proof {
        Proof::No => Vec::new(),
        Proof::May => vec![SecurityRequirement::default(), device],
        Proof::Must => vec![device],
    }
}

fn parameters(address: &Address) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for name in ["seat", "device"].into_iter().filter(|name| address.path.contains(&format!("{{{name}}}"))) {
        parameters.push(parameter(name, ParameterIn::Path, ObjectBuilder::new().schema_type(Type::String)));
    }
    if address.method == HttpMethod::Get {
        let queries = queries(address.path).into_iter();
        parameters.extend(queries.map(|(name, schema)| parameter(name, ParameterIn::Query, schema)));
    }
    parameters
}

/// What may stand behind the `?` of an address that is read.
fn queries(path: &str) -> Vec<(&'static str, ObjectBuilder)> {
    let number = |least: u64, most: u64| {
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most))
    };
    let withholds = || ("withholds", ObjectBuilder::new().schema_type(Type::String).pattern(Some(WITHHOLDS)));
    match path {
        "/seats/{seat}" => vec![withholds()],
        "/seats/{seat}/news" => vec![("after", number(0, SEQ_MAX)), withholds()],
        "/seats/{seat}/messages" => vec![
            ("before", number(0, SEQ_MAX)),
            ("after", number(0, SEQ_MAX)),
            // More than a page has is no mistake, and means as many as it has.
            ("limit", number(1, SEQ_MAX)),
        ],
        _ => Vec::new(),
    }
}

/// Signs between commas, each at most once.
const WITHHOLDS: &str = concat!(
    "^(typing(,seen(,here)?|,here(,seen)?)?",
    "|seen(,typing(,here)?|,here(,typing)?)?",
    "|here(,typing(,seen)?|,seen(,typing)?)?)?$",
);

fn parameter(name: &str, place: ParameterIn, schema: ObjectBuilder) -> Parameter {
    let required = if place == ParameterIn::Path { Required::True } else { Required::False };
    ParameterBuilder::new().name(name).parameter_in(place).required(required).schema(Some(schema)).build()
}

fn request_body(schema: &str) -> RequestBody {
    RequestBodyBuilder::new()
        .content("application/json", of_schema(schema))
        .required(Some(Required::True))
        .build()
}

fn answer(address: &Address) -> Response {
    let answer = ResponseBuilder::new().description(address.does);
    let text = || Content::new(Some(ObjectBuilder::new().schema_type(Type::String)));
    match address.answers {
        Answered::Json("") => answer.content("application/json", Content::new(None::<Schema>)),
        Answered::Json(schema) => answer.content("application/json", of_schema(schema)),
        Answered::JsonOrText(schema) => {
            answer.content("application/json", of_schema(schema)).content("text/plain", text())
        }
        Answered::Picture => answer.content("image/svg+xml", text()).content("image/png", text()),
        Answered::Nothing => answer,
    }
    .build()
}

fn problem() -> Response {
    let problem = ResponseBuilder::new().description("What was not done, and why: `code` is stable.");
    problem.content("application/problem+json", of_schema("Problem")).build()
}

fn of_schema(name: &str) -> Content {
    Content::new(Some(Ref::from_schema_name(name)))
}

fn components() -> Components {
    let questions = questions().into_iter().map(|(name, schema)| (name, closed(schema)));
    let schemas = questions.chain(answers());
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some("The device secret.".to_owned());
    let components = ComponentsBuilder::new().schemas_from_iter(schemas);
    components.security_scheme(DEVICE, SecurityScheme::Http(bearer)).build()
}

fn questions() -> Vec<Named> {
    let all = [
        named::<rest::StartChat>(),
        named::<rest::TokenQuestion>(),
        named::<rest::StatusQuestion>(),
        named::<rest::EnterQuestion>(),
        named::<rest::SayQuestion>(),
        named::<rest::ReceiptsQuestion>(),
        named::<rest::ReplaceQuestion>(),
        named::<rest::Nothing>(),
    ];
    all.concat()
}

fn answers() -> Vec<Named> {
    let all = [
        named::<rest::HouseAnswer>(),
        named::<rest::Started>(),
        named::<rest::Greeting>(),
        named::<rest::StatusAnswer>(),
        named::<rest::EnterAnswer<'static>>(),
        named::<rest::SeatsAnswer>(),
        named::<rest::SeatAnswer<'static>>(),
        named::<rest::NewsAnswer<'static>>(),
        named::<rest::DevicesAnswer>(),
        named::<rest::MessagesAnswer<'static>>(),
        named::<rest::SaidAnswer>(),
        named::<rest::ReceiptsAnswer>(),
        named::<rest::KeptAnswer>(),
        named::<rest::Ended>(),
        named::<rest::Transcript>(),
        named::<rest::Health>(),
        named::<rest::Problem>(),
    ];
    all.concat()
}

/// A schema and what it is called.
type Named = (String, RefOr<Schema>);

/// The schema of `T` and of every type in it.
fn named<T: ToSchema>() -> Vec<Named> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    schemas
}

/// What a client sends has no fields but these; what it receives may have more one day.
fn closed(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) if object.schema_type == Type::Object.into() => {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            RefOr::T(Schema::Object(object))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
