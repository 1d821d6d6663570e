#![allow(clippy::unwrap_used)]
use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::domain::Refusal;
use crate::http::routes;
use crate::protocol::rest::{self, RequestBody};

const PROTOCOL: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/protocol.md"));

fn document() -> String {
    text(&routes::all())
}

fn described() -> Value {
    serde_json::from_str(&document()).unwrap()
}

/// `METHOD /path` of every heading in the HTTP chapter.
fn promised() -> BTreeSet<String> {
    let chapter = PROTOCOL.split("\n## ").find(|chapter| chapter.starts_with("HTTP\n")).unwrap();
    let headings = chapter.lines().filter(|line| line.starts_with("### "));
    let quoted = headings.flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted.map(|name| name.split('?').next().unwrap().replace("/api/v1", "")).collect()
}

#[test]
fn every_address_of_the_protocol_is_described_and_no_other() {
    let described = described();
    let mut all = BTreeSet::new();
    for (path, item) in described["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys().filter(|key| *key != "servers");
        all.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    assert_eq!(all, promised());
    assert_eq!(described["openapi"], "3.1.0");
}

#[test]
fn every_code_is_described_and_in_the_table_of_the_protocol() {
    let described = described();
    let codes = &described["components"]["schemas"]["ProblemCode"]["enum"];
    let codes: BTreeSet<_> = codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let refusals = Refusal::each();
    let expected: BTreeSet<_> = refusals.iter().map(Refusal::code).chain(["failed", "reconnect"]).collect();
    assert_eq!(codes, expected);
    let rows = PROTOCOL.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows: BTreeSet<_> = rows.map(|row| row.split('`').next().unwrap()).collect();
    assert_eq!(rows, expected);
}

#[test]
fn every_schema_that_is_named_is_there() {
    let described = described();
    let schemas = described["components"]["schemas"].as_object().unwrap();
    let document = document();
    let names = document.split("\"#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap());
    for name in names {
        assert!(schemas.contains_key(name), "{name}");
    }
}

/// The fields of the description of `T` are those that are read: `optional` may be left out.
fn is_as_it_is_read<T: RequestBody>(optional: &[&str]) {
    let (described, name) = (described(), T::name());
    let schema = &described["components"]["schemas"][&*name];
    let fields: BTreeSet<_> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| &**name).collect();
    assert_eq!(fields, read_by::<T>().iter().map(String::as_str).collect(), "{name}");
    assert_eq!(schema["additionalProperties"], false, "{name}");
    let required: BTreeSet<_> = fields.into_iter().filter(|field| !optional.contains(field)).collect();
    let described = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    assert_eq!(described.collect::<BTreeSet<_>>(), required, "{name}");
    match rest::read::<T>(b"{}").map(|_| ()) {
        Ok(()) => assert!(required.is_empty(), "{name}"),
        Err(Refusal::Malformed(place)) => assert!(required.iter().any(|field| place.contains(*field))),
        Err(other) => panic!("{name}: {other:?}"),
    }
}

/// The fields that `T` has, by the refusal of another one.
fn read_by<T: RequestBody>() -> Vec<String> {
    match rest::read::<T>(b"{\"?\":1}").map(|_| ()) {
        Err(Refusal::Malformed(place)) => place.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_question_is_described_as_it_is_read() {
    is_as_it_is_read::<rest::StartChat>(&["title"]);
    is_as_it_is_read::<rest::AddQuestion>(&["history"]);
    is_as_it_is_read::<rest::RoleQuestion>(&[]);
    is_as_it_is_read::<rest::NameQuestion>(&[]);
    is_as_it_is_read::<rest::GroupQuestion>(&["title", "about"]);
    is_as_it_is_read::<rest::WritersQuestion>(&[]);
    is_as_it_is_read::<rest::TokenQuestion>(&[]);
    is_as_it_is_read::<rest::StatusQuestion>(&[]);
    is_as_it_is_read::<rest::EnterQuestion>(&["withholds"]);
    is_as_it_is_read::<rest::SayQuestion>(&["reply_to"]);
    is_as_it_is_read::<rest::EditQuestion>(&[]);
    is_as_it_is_read::<rest::ReactionQuestion>(&[]);
    is_as_it_is_read::<rest::TimerQuestion>(&[]);
    is_as_it_is_read::<rest::IdleQuestion>(&[]);
    is_as_it_is_read::<rest::ReceiptsQuestion>(&["delivered", "seen", "read"]);
    is_as_it_is_read::<rest::ReplaceQuestion>(&["sign_out"]);
    is_as_it_is_read::<rest::Nothing>(&[]);
}

#[test]
fn no_field_is_ever_null() {
    assert!(!document().contains("\"null\""), "a field that has no value is left out");
}
