//! The page that says how to install the house's own certificate on a device, and that certificate.
//!
//! Served also by a plain line, to devices that do not trust the house yet, and nowhere where the host brings
//! a certificate. The page is `assets/trust.html` with words of the catalogues put in; it needs no script.
//! Whether what a device got is what the house made, people see by the fingerprint: it is the only thing here
//! that a network cannot change unseen, because the house shows it elsewhere too.

use std::collections::BTreeMap;

use serde_json::Value;
use warp::http::{HeaderMap, HeaderValue, StatusCode, header};
use warp::reply::Response;

use super::pages;
use crate::domain::Refusal;
use crate::http::reply::{self, AnswerKind};
use crate::http::request::RequestContext;
use crate::http::{assets, negotiate};
use crate::net::certificates::Authority;

/// The languages of the page, the one for everybody else first, each by its own name.
const LANGUAGES: [(&str, &str); 5] =
    [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"), ("hi", "हिन्दी")];

/// The page. In a house that makes no certificates, a person is told so, and what the host can do.
pub fn page(request: &RequestContext) -> Response {
    let Some(language) = language(&request.query, &request.headers) else {
        return reply::refusal(&Refusal::NoSuchPage);
    };
    let (status, page) = match request.web.authority() {
        Some(authority) => (StatusCode::OK, filled(&authority, language)),
        None if reply::wants_page(&request.headers) => {
            (StatusCode::NOT_FOUND, empty(language, request.web.start_path()))
        }
        None => (StatusCode::NOT_FOUND, None),
    };
    page.map_or_else(|| reply::refusal(&Refusal::NoSuchPage), |page| told(status, page))
}

/// The certificate of the authority in PEM, which every system takes by this type and ending.
pub fn certificate(request: &RequestContext) -> Response {
    let Some(authority) = request.web.authority() else { return pages::nowhere(request) };
    reply::content(StatusCode::OK, "application/x-x509-ca-cert", authority.certificate)
}

/// The page without what only an authority has. Its head, and so its look, is that of the other one.
fn empty(language: &str, start: &str) -> Option<String> {
    let whole = assets::text(assets::TRUST)?;
    let (head, _) = whole.split_once("<main")?;
    let main = format!(
        "<main class=\"page trust\"><header><h1 data-word=\"trust.none\"></h1>\
         <p data-word=\"trust.none.why\"></p></header><p class=\"card\" data-word=\"trust.none.host\"></p>\
         <p><a class=\"button main\" href=\"{start}\" data-word=\"trust.go\"></a></p></main></body></html>"
    );
    let words = serde_json::from_str(&assets::trust_words(language)?).ok()?;
    Some(spoken(&format!("{head}{main}"), &words).replace("{language}", language))
}

/// The language that was asked for, else the best that the browser accepts.
fn language(query: &str, headers: &HeaderMap) -> Option<&'static str> {
    let offered = LANGUAGES.map(|(language, _)| language);
    let wish = query.strip_prefix("language=").unwrap_or_default();
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|field| field.to_str().ok());
    let wished = offered.into_iter().find(|language| *language == wish);
    wished.or_else(|| negotiate::language(accepted.unwrap_or_default(), &offered))
}

fn told(status: StatusCode, page: String) -> Response {
    let mut response = reply::content(status, "text/html; charset=utf-8", page);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    reply::as_kind(response, AnswerKind::Page { is_secure: false })
}

fn filled(authority: &Authority, language: &str) -> Option<String> {
    let words: BTreeMap<String, Value> = serde_json::from_str(&assets::trust_words(language)?).ok()?;
    let mut page = spoken(&assets::text(assets::TRUST)?, &words);
    for (gap, filling) in [
        ("{language}", language.to_owned()),
        ("{fingerprint}", lines(&authority.fingerprint)),
        ("{name}", escaped(&authority.name)),
        ("{languages}", others(language)),
    ] {
        page = page.replace(gap, &filling);
    }
    Some(page)
}

/// Puts its word behind each `data-word="KEY">`.
fn spoken(page: &str, words: &BTreeMap<String, Value>) -> String {
    let mut parts = page.split(" data-word=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (key, rest) = part.split_once("\">").unwrap_or((part, ""));
        let word = words.get(key).and_then(Value::as_str).unwrap_or(key);
        out.extend([">", &escaped(word), rest]);
    }
    out
}

/// Lines of eight pairs, which fit a phone and are compared without losing one's place.
fn lines(fingerprint: &str) -> String {
    let pairs: Vec<_> = fingerprint.split(':').collect();
    let line = |pairs: &[&str]| format!("<span class=\"part\">{}</span>", escaped(&pairs.join(":")));
    pairs.chunks(8).map(line).collect()
}

fn others(language: &str) -> String {
    let others = LANGUAGES.iter().filter(|(other, _)| *other != language);
    let link = |(tag, name): &(&str, &str)| {
        let spoken = format!("lang=\"{tag}\" hreflang=\"{tag}\"");
        format!("<a class=\"button plain\" href=\"trust?language={tag}\" {spoken}>{name}</a>")
    };
    others.map(link).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_language_of_the_house_has_its_catalogue_and_every_word_of_the_page_is_in_it() {
        let page = assets::text(assets::TRUST).unwrap_or_default();
        for (language, _) in LANGUAGES {
            let words: BTreeMap<String, Value> =
                serde_json::from_str(&assets::trust_words(language).unwrap_or_default()).unwrap_or_default();
            let spoken = spoken(&page, &words);
            let (_, spoken) = spoken.split_once("</style>").unwrap_or_default();
            assert!(spoken.contains("</h1>") && !spoken.contains("trust."), "{language}: {spoken}");
            let empty = empty(language, "/parlour/").unwrap_or_default();
            let (_, empty) = empty.split_once("</style>").unwrap_or_default();
            assert!(empty.contains("<main") && !empty.contains("trust."), "{language}: {empty}");
            assert!(empty.contains("href=\"/parlour/\"") && !empty.contains('{'), "{language}: {empty}");
        }
    }

    #[test]
    fn every_language_of_the_page_is_offered() {
        for folder in ["assets/words", "assets/trust"] {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
            let mut found: Vec<_> = files.map(|name| name.to_string_lossy().replace(".json", "")).collect();
            let mut offered = LANGUAGES.map(|(language, _)| language.to_owned());
            found.sort();
            offered.sort();
            assert_eq!(found, offered);
        }
    }

    #[test]
    fn a_word_stays_text() {
        let words = BTreeMap::from([("a.b".to_owned(), Value::from("<b> & \"c\""))]);
        assert_eq!(spoken("<p data-word=\"a.b\"></p>", &words), "<p>&lt;b&gt; &amp; &quot;c&quot;</p>");
    }
}
