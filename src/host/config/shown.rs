//! How values are shown that serde does not know, or shows otherwise than a person writes them.

#![expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]

use std::path::PathBuf;

use serde::Serializer;

use crate::domain::Idle;
use crate::http::MayStart;
use crate::net::PublicUrl;

/// A path need not be UTF-8: it is shown as well as it can be.
pub fn path<'a, P, S: Serializer>(path: &'a P, serializer: S) -> Result<S::Ok, S::Error>
where
    &'a P: Into<Option<&'a PathBuf>>,
{
    match path.into() {
        Some(path) => serializer.collect_str(&path.display()),
        None => serializer.serialize_none(),
    }
}

pub fn url<S: Serializer>(url: &Option<PublicUrl>, serializer: S) -> Result<S::Ok, S::Error> {
    match url {
        Some(url) => serializer.collect_str(url),
        None => serializer.serialize_none(),
    }
}

pub fn may_start<S: Serializer>(may_start: &MayStart, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(may_start.word())
}

pub fn idle<S: Serializer>(idle: &Idle, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(idle.word())
}

pub fn idle_times<S: Serializer>(times: &[Idle], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(times.iter().map(|idle| idle.word()))
}

pub fn level<S: Serializer>(level: &log::Level, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&level.as_str().to_ascii_lowercase())
}
