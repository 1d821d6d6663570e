//! The host of a URL or of a `Host` field, in the one spelling in which hosts are compared.
//!
//! `public_url` and the setting `names` are read with it.

use std::net::{IpAddr, Ipv6Addr};

/// A host name (RFC 1123 section 2.1), an IPv4 address, or an IPv6 address with or without brackets, in lower
/// case and without a dot at the end; an IPv6 address in brackets and as RFC 5952 and browsers write it.
pub fn parse(word: &str) -> Option<String> {
    let bare = word.strip_prefix('[').map_or(Some(word), |rest| rest.strip_suffix(']'))?;
    if let Ok(address) = bare.parse::<Ipv6Addr>() {
        return Some(format!("[{address}]"));
    }
    let name = word.strip_suffix('.').unwrap_or(word).to_ascii_lowercase();
    let is_name = name.len() <= 253 && name.split('.').all(is_label) && !ends_like_an_address(&name);
    (is_name || name.parse::<IpAddr>().is_ok()).then_some(name)
}

/// The same, and the error says what would be right.
pub fn parse_or_say(word: &str) -> Result<String, &'static str> {
    parse(word).ok_or_else(|| fault(word))
}

/// What is wrong with a word that [`parse`] does not take.
pub fn fault(word: &str) -> &'static str {
    let has_port = word.rsplit_once(':').is_some_and(|(_, after)| port(after).is_some());
    if word.contains("://") || word.contains('/') {
        "write the host name alone, without http:// and without a path, such as parlour.home.arpa"
    } else if word.contains('_') {
        "a host name has no underscore (_): write - in its place, such as my-house.home.arpa"
    } else if has_port {
        "write a host name without a port, such as parlour.home.arpa"
    } else if !word.is_ascii() {
        "write the host name as it is in the DNS, such as xn--bcher-kva.example"
    } else {
        "write a host name of letters, digits and - between dots, such as parlour.home.arpa, or an address"
    }
}

pub fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => name,
        _ => authority,
    }
}

/// The address that a host is, with or without brackets.
pub fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// A port in digits only: no sign, no space.
pub fn port(word: &str) -> Option<u16> {
    let is_digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|_| is_digits)
}

fn is_label(label: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(inside)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Browsers read a host whose last label is a number as an IPv4 address, whatever is before it.
fn ends_like_an_address(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_host_is_told_what_is_wrong_with_it() {
        for (word, words) in [
            ("my_house", "underscore"),
            ("my_house:8080", "underscore"),
            ("a:80", "without a port"),
            ("http://a", "without http://"),
            ("a/b", "without a path"),
            ("bücher.example", "xn--"),
            ("-a", "letters, digits and -"),
            ("1.2.3", "letters, digits and -"),
            ("", "letters, digits and -"),
        ] {
            assert!(fault(word).contains(words), "{word:?}: {}", fault(word));
        }
    }

    #[test]
    fn a_host_has_one_spelling() {
        for (word, host) in [
            ("Home.Example", Some("home.example")),
            ("home.example.", Some("home.example")),
            ("box", Some("box")),
            ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("192.168.1.20", Some("192.168.1.20")),
            ("FD00:0::1", Some("[fd00::1]")),
            ("[fd00::1]", Some("[fd00::1]")),
            ("", None),
            (".", None),
            ("a..b", None),
            ("-a", None),
            ("a-", None),
            ("a_b", None),
            ("bücher.example", None),
            ("192.168.1.256", None),
            ("1.2.3", None),
            ("home.example:8080", None),
            ("[192.168.1.20]", None),
            ("[fd00::1", None),
            ("fd00::1]", None),
        ] {
            assert_eq!(parse(word).as_deref(), host, "{word:?}");
        }
        assert_eq!(parse(&"a".repeat(64)), None);
        assert_eq!(parse(&"a.".repeat(127)), Some("a.".repeat(127)[..253].to_owned()));
        assert_eq!(parse(&"a.".repeat(128)), None);
    }
}
