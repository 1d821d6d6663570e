//! The address under which people reach the house: what links begin with.
//!
//! Read by a parser of its own, which takes less than RFC 3986 allows: what it does not know it refuses,
//! so that a link never means something else to a browser than to the house.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::host_name;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    #[default]
    Http,
    Https,
}

impl Scheme {
    pub fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that is meant where none is named.
    pub fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// An absolute URL without user, query and fragment, whose path ends with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    scheme: Scheme,
    authority: String,
    base_path: String,
}

/// What is at the address that a [`PublicUrl`] names, where it names one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PublicPlace {
    /// A name, or an address of the internet, such as a router's: nobody here knows.
    #[default]
    Unknown,
    Served,
    /// This machine, and the house does not listen there.
    Closed,
    Elsewhere,
}

impl PublicUrl {
    pub fn parse(word: &str) -> Result<Self, &'static str> {
        let (scheme, rest) =
            scheme(word).ok_or("write the whole address, beginning with http:// or https://")?;
        if rest.contains(['?', '#', '@']) {
            return Err("leave out user, ? and #: write only scheme, host and, if there is one, a path");
        }
        let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
        let authority = authority(scheme, place).ok_or_else(|| unfit(place))?;
        let base_path = base_path(path).ok_or(
            "write the path with letters, digits and - . _ ~ between the slashes, such as /parlour/",
        )?;
        Ok(Self { scheme, authority, base_path })
    }

    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Host and, where it is not the scheme's own, port; in lower case, as a browser puts it into `Host`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The host alone: a name, or an address without brackets.
    pub fn host(&self) -> &str {
        host_name::without_port(&self.authority).trim_start_matches('[').trim_end_matches(']')
    }

    /// The address and port that the host names, where it is an address and no name.
    pub fn address(&self) -> Option<SocketAddr> {
        let port = self.authority.rsplit_once(':').and_then(|(_, port)| host_name::port(port));
        Some((self.host().parse::<IpAddr>().ok()?, port.unwrap_or(self.scheme.port())).into())
    }

    /// Scheme and authority, as a browser puts them into `Origin`.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme.word(), self.authority)
    }

    /// The path below which the house is: `/`, or for example `/parlour/`.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// The URL of something in the house; `below` has no slash at its start.
    pub fn join(&self, below: &str) -> String {
        format!("{self}{below}")
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme.word(), self.authority, self.base_path)
    }
}

fn scheme(word: &str) -> Option<(Scheme, &str)> {
    let (scheme, rest) = word.split_once("://")?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Some((Scheme::Http, rest)),
        "https" => Some((Scheme::Https, rest)),
        _ => None,
    }
}

fn authority(scheme: Scheme, place: &str) -> Option<String> {
    if place.ends_with(']') {
        return host_name::parse(place);
    }
    let Some((name, port)) = place.rsplit_once(':') else {
        return host_name::parse(place);
    };
    let needs_brackets = name.contains(':') && !name.starts_with('[');
    let host = host_name::parse(name).filter(|_| !needs_brackets)?;
    let port = host_name::port(port).filter(|port| *port > 0)?;
    Some(if port == scheme.port() { host } else { format!("{host}:{port}") })
}

fn unfit(place: &str) -> &'static str {
    if place.contains('_') {
        return host_name::fault("_");
    }
    "write a host name or an address after ://, and a port from 1 to 65535 if there is one"
}

fn base_path(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("/".to_owned());
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let is_segment = |segment: &str| !["", ".", ".."].contains(&segment) && segment.bytes().all(unreserved);
    path.split('/').all(is_segment).then(|| format!("/{path}/"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(PublicUrl::parse(word).ok().map(|url| url.to_string()).as_deref(), expected, "{word:?}");
    }

    #[test]
    fn a_url_ends_with_a_slash_and_has_one_spelling() {
        check("https://home.example", Some("https://home.example/"));
        check("HTTPS://Home.Example/", Some("https://home.example/"));
        check("https://home.example/parlour", Some("https://home.example/parlour/"));
        check("https://home.example/Our/parlour/", Some("https://home.example/Our/parlour/"));
        check("https://home.example:443", Some("https://home.example/"));
        check("http://home.example:80/", Some("http://home.example/"));
        check("http://home.example:443/", Some("http://home.example:443/"));
        check("http://192.168.1.20:8080", Some("http://192.168.1.20:8080/"));
        check("http://[FD00::1]", Some("http://[fd00::1]/"));
        check("http://[fd00::1]:8080/", Some("http://[fd00::1]:8080/"));
    }

    #[test]
    fn what_is_more_than_scheme_host_port_and_path_is_refused() {
        for word in [
            "",
            "home.example",
            "//home.example",
            "ftp://home.example",
            "https:/home.example",
            "https://",
            "https:///",
            "https://anny@home.example",
            "https://a:b@home.example",
            "https://home.example?a",
            "https://home.example/#",
            "https://home.example:",
            "https://home.example:0",
            "https://:8080",
            "https://home.example:65536",
            "https://home.example:+80",
            "https://home example",
            "https://home.example/a b",
            "https://home.example/%2e",
            "https://home.example/..",
            "https://home.example/./a",
            "https://home.example//",
            "https://home.example/a//b",
            "https://home.example\\a",
            "http://fd00::1",
            "http://fd00::1:8080",
            "http://[fd00::1]8080",
            "http://bücher.example",
        ] {
            check(word, None);
        }
    }

    #[test]
    fn its_parts_are_what_a_browser_sends() {
        let url = PublicUrl::parse("https://home.example:8443/parlour").unwrap();
        assert_eq!(url.scheme(), Scheme::Https);
        assert_eq!(url.authority(), "home.example:8443");
        assert_eq!(url.origin(), "https://home.example:8443");
        assert_eq!(url.base_path(), "/parlour/");
        assert_eq!(url.join("j"), "https://home.example:8443/parlour/j");
        assert_eq!(url.address(), None);
        for (url, address) in [
            ("http://192.168.1.20", "192.168.1.20:80"),
            ("https://192.168.1.20/", "192.168.1.20:443"),
            ("http://192.168.1.20:8080/a", "192.168.1.20:8080"),
            ("https://[fd00::1]", "[fd00::1]:443"),
            ("https://[fd00::1]:8443", "[fd00::1]:8443"),
        ] {
            assert_eq!(PublicUrl::parse(url).unwrap().address(), Some(address.parse().unwrap()), "{url}");
        }
    }
}
