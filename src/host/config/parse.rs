//! One word of a setting: what it means, or what would be right instead.
//!
//! [`super::settings`] names one of these for each setting; the same reads file, variable and flag.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{OsStringValueParser, TypedValueParser};
use ipnet::IpNet;

use crate::domain::Idle;
use crate::http::MayStart;
use crate::limits;
use crate::net::host_name;

/// A port alone is one of all addresses of this machine. The error names `examples`.
pub fn address(examples: &'static str) -> impl Fn(&str) -> Result<SocketAddr, String> + Clone {
    move |word| {
        let address = match host_name::port(word.strip_prefix(':').unwrap_or(word)) {
            Some(port) => Some((Ipv6Addr::UNSPECIFIED, port).into()),
            None => word.parse().ok(),
        };
        address.ok_or_else(|| format!("write a port, ADDRESS:PORT or [ADDRESS]:PORT, such as {examples}"))
    }
}

pub fn path(thing: &'static str) -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(move |word: OsString| {
        if word.is_empty() {
            return Err(format!("write the path of a {thing}"));
        }
        if word.as_encoded_bytes().starts_with(b"~") {
            return Err("write the whole path: ~ is not expanded".to_owned());
        }
        Ok(PathBuf::from(word))
    })
}

pub fn may_start(word: &str) -> Result<MayStart, String> {
    one_of([MayStart::Anyone, MayStart::Network], MayStart::word, word)
}

/// A level of the `log` crate in lower case.
pub fn level(word: &str) -> Result<log::Level, String> {
    one_of(log::Level::iter(), |level| level.as_str().to_ascii_lowercase(), &word.to_ascii_lowercase())
}

/// The value that has this word. The error names all words.
pub fn one_of<T, W>(
    values: impl IntoIterator<Item = T>,
    word_of: impl Fn(T) -> W,
    word: &str,
) -> Result<T, String>
where
    T: Copy,
    W: AsRef<str>,
{
    let values: Vec<_> = values.into_iter().collect();
    let found = values.iter().find(|value| word_of(**value).as_ref() == word);
    found.copied().ok_or_else(|| {
        let words: Vec<_> = values.iter().map(|value| format!("{:?}", word_of(*value).as_ref())).collect();
        match words.as_slice() {
            [others @ .., last] if !others.is_empty() => format!("write {} or {last}", others.join(", ")),
            words => format!("write {}", words.concat()),
        }
    })
}

/// A network in CIDR form (RFC 4632 section 3.1), or a single address.
pub fn network(word: &str) -> Result<IpNet, &'static str> {
    match (IpNet::from_str(word), IpAddr::from_str(word)) {
        (Ok(network), _) => Ok(network.trunc()),
        (_, Ok(address)) => Ok(address.into()),
        _ => Err("write an address or a network, such as 127.0.0.1 or 172.16.0.0/12"),
    }
}

/// One of [`Idle::ALL`]. The error says to write `which` of them.
pub fn idle(which: &'static str) -> impl Fn(&str) -> Result<Idle, String> + Clone {
    move |word| {
        Idle::parse(word).ok_or_else(|| format!("write {which} {}", Idle::ALL.map(Idle::word).join(", ")))
    }
}

pub fn messages_per_second(word: &str) -> Result<u32, String> {
    let number = word.parse().ok().filter(|number| (1..=limits::MESSAGES_PER_SECOND_MAX).contains(number));
    number.ok_or_else(|| format!("write a number from 1 to {}", limits::MESSAGES_PER_SECOND_MAX))
}
