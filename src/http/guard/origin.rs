//! Whether it was the house's own page that asked, by `Origin`.
//!
//! Browsers send `Origin` with everything that could change something, and with every WebSocket; another
//! site's page cannot forge it. A client that is no browser sends none, and is served.

use warp::http::{HeaderMap, Method, header};

use crate::net::{PublicUrl, Scheme};

/// Whether the request may have come from here. `host` is the checked `Host` of the same request.
pub fn is_ours(method: &Method, headers: &HeaderMap, scheme: Scheme, host: &str) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => is_reading(method) || !is_foreign_page(headers),
        (Some(origin), None) => {
            origin.to_str().is_ok_and(|origin| Some(origin) == own(scheme, host).as_deref())
        }
        (Some(_), Some(_)) => false,
    }
}

pub fn is_reading(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// A browser says where a request comes from (W3C Fetch Metadata) even where it leaves `Origin` out.
fn is_foreign_page(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin")
}

fn own(scheme: Scheme, host: &str) -> Option<String> {
    PublicUrl::parse(&format!("{}://{host}", scheme.word())).ok().map(|url| url.origin())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use warp::http::HeaderValue;

    fn check(method: &Method, fields: &[(&'static str, &str)], scheme: Scheme, host: &str, expected: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        assert_eq!(is_ours(method, &headers, scheme, host), expected, "{method} {fields:?} {host}");
    }

    #[test]
    fn an_origin_that_is_sent_is_scheme_and_host() {
        for (origin, scheme, host, expected) in [
            ("http://192.168.1.20:8080", Scheme::Http, "192.168.1.20:8080", true),
            ("http://home.example", Scheme::Http, "home.example", true),
            ("https://home.example", Scheme::Https, "home.example", true),
            ("https://home.example", Scheme::Https, "home.example:443", true),
            ("http://[fd00::1]:8080", Scheme::Http, "[fd00::1]:8080", true),
            ("https://home.example", Scheme::Http, "home.example", false),
            ("http://home.example", Scheme::Https, "home.example", false),
            ("http://home.example:8081", Scheme::Http, "home.example:8080", false),
            ("http://evil.example", Scheme::Http, "home.example", false),
            ("http://home.example/", Scheme::Http, "home.example", false),
            ("http://home.example.evil", Scheme::Http, "home.example", false),
            ("null", Scheme::Http, "home.example", false),
            ("", Scheme::Http, "home.example", false),
            ("home.example", Scheme::Http, "home.example", false),
        ] {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                check(&method, &[("origin", origin)], scheme, host, expected);
            }
        }
    }

    #[test]
    fn a_client_without_origin_is_served_unless_it_is_a_browser_that_comes_from_elsewhere() {
        check(&Method::POST, &[], Scheme::Http, "a.example", true);
        check(&Method::POST, &[("sec-fetch-site", "same-origin")], Scheme::Http, "a.example", true);
        check(&Method::POST, &[("sec-fetch-site", "same-site")], Scheme::Http, "a.example", false);
        check(&Method::DELETE, &[("sec-fetch-site", "cross-site")], Scheme::Http, "a.example", false);
        check(&Method::GET, &[("sec-fetch-site", "cross-site")], Scheme::Http, "a.example", true);
    }

    #[test]
    fn two_origins_are_none() {
        let twice = [("origin", "http://a.example"), ("origin", "http://a.example")];
        check(&Method::GET, &twice, Scheme::Http, "a.example", false);
    }
}
