//! The page and its files: hashed names, packed beforehand, kept by browsers.
//!
//! `build.rs` made them; a release has them in the binary, a debug build reads them from the build directory,
//! so that `cargo run` shows what was edited. Names come from the list of files only: no path of a request
//! ever reaches the disk.

use std::borrow::Cow;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use rust_embed::{EmbeddedFile, RustEmbed};
use warp::http::{HeaderMap, HeaderValue, StatusCode, header};
use warp::reply::{Reply, Response};

use super::negotiate::{self, Coding};
use super::reply::{AnswerKind, as_kind};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/assets"]
struct EmbeddedAssets;

/// The words of the page about the house's own certificate: the house puts them in, no browser asks for them.
#[derive(RustEmbed)]
#[folder = "assets/trust"]
struct TrustWords;

/// A hashed file never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What has a name of its own is kept, and asked for each time whether it is still the newest.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// Bytes of an entity tag before they are written in hexadecimal.
const TAG_BYTES: usize = 12;

/// The page of a link: the same with a field for the code.
pub const JOIN_PAGE: &str = "join.html";
pub const PAGE: &str = "index.html";
pub const WORKER: &str = "sw.js";
/// What a phone reads when the page is put on its home screen.
pub const MANIFEST: &str = "manifest.webmanifest";
pub const TRUST: &str = "trust.html";

/// The text of a file that is filled in before it is served.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(EmbeddedAssets::get(name)?.data.into_owned()).ok()
}

pub fn trust_words(language: &str) -> Option<String> {
    String::from_utf8(TrustWords::get(&format!("{language}.json"))?.data.into_owned()).ok()
}

/// One of these, in its kind.
pub fn named(name: &str, kind: AnswerKind, headers: &HeaderMap) -> Option<Response> {
    Some(as_kind(serve(name, headers, ASK_AGAIN)?, kind))
}

/// Any other file by its path below `assets/`.
pub fn asset(path: &str, headers: &HeaderMap) -> Option<Response> {
    let is_packed = [".br", ".gz"].iter().any(|end| path.ends_with(end));
    if is_packed || [PAGE, JOIN_PAGE, WORKER, MANIFEST, TRUST].contains(&path) {
        return None;
    }
    Some(as_kind(serve(path, headers, FOREVER)?, AnswerKind::File))
}

fn serve(name: &str, headers: &HeaderMap, keep: HeaderValue) -> Option<Response> {
    if !EmbeddedAssets::iter().any(|known| known == name) {
        return None;
    }
    let (file, coding) = chosen(name, headers)?;
    let tag = format!("\"{}\"", HEXLOWER.encode(&file.metadata.sha256_hash()[..TAG_BYTES]));
    let mut response = if negotiate::holds(&joined(headers, &header::IF_NONE_MATCH), &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content(name, file, coding)
    };
    let fields = response.headers_mut();
    fields.insert(header::ETAG, HeaderValue::try_from(tag).ok()?);
    fields.insert(header::CACHE_CONTROL, keep);
    fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Some(response)
}

fn chosen(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Coding)> {
    let br = EmbeddedAssets::get(&format!("{name}.br"));
    let gzip = EmbeddedAssets::get(&format!("{name}.gz"));
    let mut had = Vec::with_capacity(3);
    had.extend(br.is_some().then_some(Coding::Br));
    had.extend(gzip.is_some().then_some(Coding::Gzip));
    had.push(Coding::Identity);
    let coding = negotiate::coding(&joined(headers, &header::ACCEPT_ENCODING), &had);
    let file = match coding {
        Coding::Br => br,
        Coding::Gzip => gzip,
        Coding::Identity => EmbeddedAssets::get(name),
    };
    Some((file?, coding))
}

fn content(name: &str, file: EmbeddedFile, coding: Coding) -> Response {
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = Response::new(bytes.into());
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    if let Some(word) = coding.word() {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(word));
    }
    response
}

/// A list that may be spread over several fields of the same name (RFC 9110, section 5.3).
fn joined(headers: &HeaderMap, name: &header::HeaderName) -> String {
    let fields: Vec<_> = headers.get_all(name).iter().filter_map(|field| field.to_str().ok()).collect();
    fields.join(",")
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use data_encoding::BASE64;
    use sha2::Digest;

    use super::*;

    fn request(fields: &[(&'static str, &str)]) -> HeaderMap {
        let fields = fields
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()));
        fields.collect()
    }

    const PAGE_KIND: AnswerKind = AnswerKind::Page { is_secure: false };

    fn field<'a>(response: &'a Response, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[test]
    fn a_page_is_there_in_each_coding_with_a_tag_of_its_own() {
        let mut tags = Vec::new();
        for (accept, expected) in [("br, gzip", "br"), ("gzip", "gzip"), ("", "")] {
            let response = named(PAGE, PAGE_KIND, &request(&[("accept-encoding", accept)])).unwrap();
            assert_eq!(field(&response, "content-encoding"), expected);
            assert_eq!(field(&response, "content-type"), "text/html; charset=utf-8");
            assert_eq!(field(&response, "cache-control"), "no-cache");
            assert_eq!(field(&response, "vary"), "accept-encoding");
            tags.push(field(&response, "etag").to_owned());
        }
        tags.dedup();
        assert_eq!(tags.len(), 3);
    }

    #[test]
    fn a_client_that_has_the_newest_is_told_so() {
        let first = named(PAGE, PAGE_KIND, &request(&[])).unwrap();
        let tag = field(&first, "etag").to_owned();
        let again = named(PAGE, PAGE_KIND, &request(&[("if-none-match", &tag)])).unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(field(&again, "etag"), tag);
        let other = named(PAGE, PAGE_KIND, &request(&[("if-none-match", "\"old\"")])).unwrap();
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[test]
    fn every_reference_of_what_has_a_name_can_be_had_for_good() {
        for name in [PAGE, JOIN_PAGE, WORKER, MANIFEST, TRUST] {
            let file = EmbeddedAssets::get(name).unwrap();
            let text = String::from_utf8(file.data.into_owned()).unwrap();
            for reference in text.split("\"assets/").skip(1) {
                let path = reference.split(['"', '#', '?']).next().unwrap();
                let response = asset(path, &request(&[])).unwrap_or_else(|| panic!("{name}: {path}"));
                assert_eq!(field(&response, "cache-control"), "public, max-age=31536000, immutable");
            }
        }
    }

    #[test]
    fn the_page_names_one_script_and_has_its_style_in_it_and_the_worker_knows_every_script() {
        let text = |name| String::from_utf8(EmbeddedAssets::get(name).unwrap().data.into_owned()).unwrap();
        let scripts: Vec<_> =
            EmbeddedAssets::iter().filter(|name| name.ends_with(".js") && name != WORKER).collect();
        let quoted: Vec<_> = scripts.iter().map(|script| format!("\"assets/{script}\"")).collect();
        let named = quoted.iter().filter(|script| text(PAGE).contains(*script)).count();
        assert_eq!(named, 1, "what is loaded later is named by that script: {scripts:?}");
        assert!(quoted.iter().all(|script| text(WORKER).contains(script)), "{quoted:?}");
        assert!(!EmbeddedAssets::iter().any(|name| name.ends_with(".css")));
    }

    #[test]
    fn the_policy_allows_the_style_of_each_page_and_no_other() {
        for name in [PAGE, JOIN_PAGE, TRUST] {
            let text = text(name).unwrap();
            let (_, rest) = text.split_once("<style>").unwrap();
            let (style, rest) = rest.split_once("</style>").unwrap();
            assert!(!rest.contains("<style"), "{name}");
            let digest = sha2::Sha256::digest(style);
            assert_eq!(format!("sha256-{}", BASE64.encode(&digest)), env!("PARLOUR_STYLE"), "{name}");
        }
    }

    #[test]
    fn every_kind_of_file_has_its_media_type() {
        let names = EmbeddedAssets::iter().filter(|name| !name.ends_with(".br") && !name.ends_with(".gz"));
        let unknown: Vec<_> = names.filter(|name| media_type(name) == "application/octet-stream").collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn nothing_else_can_be_had() {
        for path in [
            "",
            PAGE,
            WORKER,
            MANIFEST,
            TRUST,
            "index.html.br",
            "../Cargo.toml",
            "/etc/hostname",
            "..%2f",
            "app",
            "app/",
        ] {
            assert!(asset(path, &request(&[])).is_none(), "{path}");
        }
    }
}
