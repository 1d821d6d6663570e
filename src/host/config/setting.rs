//! One setting each: what was said -> what it means, or what would be right instead.
//!
//! The same parser reads a setting from file, variable and flag. [`super::Config`] calls them.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ipnet::IpNet;

use super::{ConfigError, Place, Said};
use crate::domain::Idle;
use crate::http::MayStart;
use crate::limits;
use crate::net::{PublicUrl, host_name};

/// How the house speaks HTTPS, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsWord {
    /// It does not.
    Off,
    /// With a certificate of the host's.
    Files,
    /// With certificates that it makes.
    SelfSigned,
}

/// What it means, or everything that is wrong with it.
pub type Read<T> = Result<T, Vec<ConfigError>>;

const RIGHT_ADDRESS: &str =
    "write a port, ADDRESS:PORT or [ADDRESS]:PORT, such as 8080, 192.168.1.20:8080 or [::]:8080";

/// At least one address.
pub fn listen(said: &Said) -> Read<Vec<SocketAddr>> {
    at_least_one(said, RIGHT_ADDRESS)?;
    addresses(said)
}

/// Addresses, or none.
pub fn addresses(said: &Said) -> Read<Vec<SocketAddr>> {
    let mut addresses = each(said, RIGHT_ADDRESS, address)?;
    drop_repeated(&mut addresses);
    Ok(addresses)
}

/// One label of a host name, or `off`.
pub fn mdns(said: &Said) -> Read<Option<String>> {
    let right =
        "write a name of letters, digits and -, without dots, such as parlour for parlour.local, or off";
    let word = one(said, right)?;
    let is_label = word.len() <= 63 && !word.starts_with('-') && !word.ends_with('-');
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match word {
        "off" => Ok(None),
        name if is_label && is_plain => Ok(Some(name.to_ascii_lowercase())),
        word => Err(vec![said.wrong(word, right)]),
    }
}

/// A directory.
pub fn data(said: &Said) -> Read<PathBuf> {
    path(said, "write the path of a directory")
}

/// A file.
pub fn file(said: &Said) -> Read<PathBuf> {
    path(said, "write the path of a file")
}

/// `off`, `files` or `self-signed`.
pub fn tls(said: &Said) -> Read<TlsWord> {
    let right = "write \"off\", \"files\" or \"self-signed\"";
    match one(said, right)? {
        "off" => Ok(TlsWord::Off),
        "files" => Ok(TlsWord::Files),
        "self-signed" => Ok(TlsWord::SelfSigned),
        word => Err(vec![said.wrong(word, right)]),
    }
}

/// One address.
pub fn metrics_listen(said: &Said) -> Read<SocketAddr> {
    let right = "write a port, ADDRESS:PORT or [ADDRESS]:PORT, such as 127.0.0.1:9464";
    let word = one(said, right)?;
    address(word).ok_or_else(|| vec![said.wrong(word, right)])
}

/// A socket.
pub fn socket(said: &Said) -> Read<PathBuf> {
    path(said, "write the path of a socket")
}

/// In a settings file a path must be absolute, because nobody knows where the house will be started.
fn path(said: &Said, right: &str) -> Read<PathBuf> {
    let word = one(said, right)?;
    let path = Path::new(word);
    if word.starts_with('~') {
        return Err(vec![said.wrong(word, "write the whole path: ~ is not expanded")]);
    }
    if matches!(said.place, Place::File { .. }) && !path.is_absolute() {
        return Err(vec![said.wrong(word, "write a path that begins with /")]);
    }
    Ok(path.to_owned())
}

/// See [`PublicUrl::parse`].
pub fn public_url(said: &Said) -> Read<PublicUrl> {
    let word = one(said, "write a URL, such as https://home.example/")?;
    PublicUrl::parse(word).map_err(|right| vec![said.wrong(word, right)])
}

/// `anyone` or `network`.
pub fn may_start(said: &Said) -> Read<MayStart> {
    let right = "write \"anyone\" or \"network\"";
    match one(said, right)? {
        "anyone" => Ok(MayStart::Anyone),
        "network" => Ok(MayStart::Network),
        word => Err(vec![said.wrong(word, right)]),
    }
}

/// Networks in CIDR form (RFC 4632 section 3.1), or single addresses.
pub fn trusted_proxies(said: &Said) -> Read<Vec<IpNet>> {
    let network = |word: &str| match IpNet::from_str(word) {
        Ok(network) => Some(network.trunc()),
        Err(_) => IpAddr::from_str(word).ok().map(IpNet::from),
    };
    each(said, "write an address or a network, such as 127.0.0.1 or 172.16.0.0/12", network)
}

/// At least one of [`Idle::ALL`], the shortest first.
pub fn idle_choices(said: &Said) -> Read<Vec<Idle>> {
    let right = format!("write some of {}", idle_words(&Idle::ALL));
    at_least_one(said, &right)?;
    let mut choices = each(said, &right, Idle::parse)?;
    choices.sort_unstable();
    choices.dedup();
    Ok(choices)
}

/// One of the choices.
pub fn idle_default(said: &Said, choices: &[Idle]) -> Read<Idle> {
    let right = format!("write one of the idle choices, {}", idle_words(choices));
    let word = one(said, &right)?;
    let idle = Idle::parse(word).filter(|idle| choices.contains(idle));
    idle.ok_or_else(|| vec![said.wrong(word, right)])
}

/// A level of the `log` crate in lower case.
pub fn log_level(said: &Said) -> Read<log::Level> {
    let right = "write \"error\", \"warn\", \"info\", \"debug\" or \"trace\"";
    let word = one(said, right)?;
    level(word).ok_or_else(|| vec![said.wrong(word, right)])
}

/// The level that a word means.
pub fn level(word: &str) -> Option<log::Level> {
    log::Level::iter().find(|level| level.as_str().eq_ignore_ascii_case(word))
}

/// From 1 to [`limits::MESSAGES_PER_SECOND_MAX`].
pub fn messages_per_second(said: &Said) -> Read<u32> {
    let right = format!("write a number from 1 to {}", limits::MESSAGES_PER_SECOND_MAX);
    let word = one(said, &right)?;
    let number = word.parse().ok().filter(|number| (1..=limits::MESSAGES_PER_SECOND_MAX).contains(number));
    number.ok_or_else(|| vec![said.wrong(word, right)])
}

/// Host names and addresses, without a port.
pub fn names(said: &Said) -> Read<Vec<String>> {
    let mut names = each_or(said, |word| host_name::parse(word).ok_or_else(|| host_name::fault(word)))?;
    drop_repeated(&mut names);
    Ok(names)
}

fn address(word: &str) -> Option<SocketAddr> {
    match host_name::port(word.strip_prefix(':').unwrap_or(word)) {
        Some(port) => Some((Ipv6Addr::UNSPECIFIED, port).into()),
        None => word.parse().ok(),
    }
}

fn one<'a>(said: &'a Said, right: &str) -> Read<&'a str> {
    match said.words.as_slice() {
        [word] if !word.is_empty() => Ok(word),
        words => Err(vec![said.wrong(words.join(","), right)]),
    }
}

fn at_least_one(said: &Said, right: &str) -> Read<()> {
    if said.words.is_empty() { Err(vec![said.wrong("", right)]) } else { Ok(()) }
}

/// What each word means, or what is wrong with each that means nothing.
fn each<T>(said: &Said, right: &str, parse: impl Fn(&str) -> Option<T>) -> Read<Vec<T>> {
    each_or(said, |word| parse(word).ok_or(right))
}

fn each_or<'a, T>(said: &Said, parse: impl Fn(&str) -> Result<T, &'a str>) -> Read<Vec<T>> {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for word in &said.words {
        match parse(word) {
            Ok(value) => right.push(value),
            Err(sentence) => wrong.push(said.wrong(word, sentence)),
        }
    }
    if wrong.is_empty() { Ok(right) } else { Err(wrong) }
}

/// Keeps the first of what is said twice; the order is the host's.
fn drop_repeated<T: PartialEq>(list: &mut Vec<T>) {
    let mut kept = Vec::with_capacity(list.len());
    for item in list.drain(..) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}

fn idle_words(choices: &[Idle]) -> String {
    choices.iter().map(|idle| idle.word()).collect::<Vec<_>>().join(", ")
}
