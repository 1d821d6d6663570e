//! The authority of a house and what it signs.
//!
//! An authority is made once, for ten years. It can vouch for nothing but the names that the house had then
//! and for addresses of home networks (RFC 5280, section 4.2.1.10). Somebody who steals its key can pretend
//! to be this house, a name below its names, or an address of any home network, for devices that trust it,
//! and nothing else of the internet. What it signs is good for a year, has a key of its own, and is replaced
//! long before its end. Pure but for the keys: the time comes in.

use std::net::IpAddr;
use std::time::Duration;

use data_encoding::HEXUPPER;
use ipnet::IpNet;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::names::SubjectNames;
use super::{CertificateError, Time};
use crate::limits::{AUTHORITY_LIFE, BACKDATED, LEAF_LEFT, LEAF_LIFE};

#[derive(Clone, Serialize, Deserialize)]
pub struct Authority {
    /// What it is called in the lists of devices.
    pub name: String,
    /// In PEM: people install it on their devices.
    pub certificate: String,
    key: String,
    /// What people compare: SHA-256 of the certificate in hexadecimal pairs, as every system shows it.
    pub fingerprint: String,
    hosts: Vec<String>,
    networks: Vec<IpNet>,
    ends: i64,
}

impl Authority {
    /// A new one for these names. It begins when the program was built, which no right clock is before.
    pub(super) fn make(names: &SubjectNames, time: Time) -> Result<Self, CertificateError> {
        let key = KeyPair::generate().map_err(CertificateError::Unmade)?;
        let networks = networks(&names.addresses);
        let name = called(&names.hosts, &key);
        let ends = time.now.saturating_add(whole(AUTHORITY_LIFE));
        let mut params = subject(&name);
        params.not_before = before(time.built);
        params.not_after = ends;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.name_constraints = Some(constraints(&names.hosts, &networks));
        let certificate = params.self_signed(&key).map_err(CertificateError::Unmade)?;
        Ok(Self {
            name,
            fingerprint: fingerprint(certificate.der()),
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            hosts: names.hosts.clone(),
            networks,
            ends: ends.unix_timestamp(),
        })
    }

    pub fn ends(&self) -> OffsetDateTime {
        moment(self.ends)
    }

    /// What of these it may vouch for; and the names, but not the addresses, for which it may not.
    pub(super) fn permitted(&self, found: &SubjectNames) -> (SubjectNames, Vec<String>) {
        let own = |host: &str| self.hosts.iter().any(|own| is_below(host, own));
        let (hosts, left_out) = found.hosts.iter().cloned().partition(|host| own(host));
        let near = |address: &&IpAddr| self.networks.iter().any(|network| network.contains(*address));
        let addresses = found.addresses.iter().filter(near).copied().collect();
        (SubjectNames { hosts, addresses }, left_out)
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Leaf {
    /// PEM, as the key.
    pub certificate: String,
    pub key: String,
    hosts: Vec<String>,
    addresses: Vec<IpAddr>,
    begins: i64,
    ends: i64,
}

impl Leaf {
    /// A new one, with a new key. It ends no later than the authority.
    pub fn sign(
        authority: &Authority,
        names: &SubjectNames,
        now: OffsetDateTime,
    ) -> Result<Self, CertificateError> {
        let key = KeyPair::generate().map_err(CertificateError::Unmade)?;
        let begins = before(now);
        // Both ends belong to the life (RFC 5280, section 4.1.2.5).
        let ends = begins.saturating_add(whole(LEAF_LIFE) - time::Duration::SECOND).min(authority.ends());
        let mut params = subject("Parlour");
        (params.not_before, params.not_after) = (begins, ends);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.subject_alt_names = alternatives(names).map_err(CertificateError::Unmade)?;
        let issuer = KeyPair::from_pem(&authority.key).map_err(CertificateError::Unmade)?;
        let mut issued_by = subject(&authority.name);
        issued_by.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let certificate =
            params.signed_by(&key, &Issuer::new(issued_by, issuer)).map_err(CertificateError::Unmade)?;
        let (certificate, key) = (certificate.pem(), key.serialize_pem());
        let SubjectNames { hosts, addresses } = names.clone();
        let (begins, ends) = (begins.unix_timestamp(), ends.unix_timestamp());
        Ok(Self { certificate, key, hosts, addresses, begins, ends })
    }

    pub fn life(&self) -> (OffsetDateTime, OffsetDateTime) {
        (moment(self.begins), moment(self.ends))
    }

    /// Whether it is time for another: it ends in a while, it lacks a name or an address (one that the house
    /// has no more is no reason: interfaces come and go), or it was made by a
    /// clock that was ahead. A clock that is only believed may be behind, and says nothing of the last.
    pub(super) fn is_due(&self, names: &SubjectNames, authority_ends: OffsetDateTime, time: Time) -> bool {
        let lacks_a_name = names.hosts.iter().any(|host| !self.hosts.contains(host));
        let lacks_an_address = names.addresses.iter().any(|address| !self.addresses.contains(address));
        let (begins, ends) = self.life();
        let ends_soon = time.now >= ends.saturating_sub(whole(LEAF_LEFT));
        let may_end_later = ends < authority_ends;
        let was_ahead = time.is_sure && time.now < begins;
        lacks_a_name || lacks_an_address || (ends_soon && may_end_later) || was_ahead
    }
}

fn subject(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// Two authorities of one house, or of two houses, must not have one name: browsers mix them up.
fn called(hosts: &[String], key: &KeyPair) -> String {
    let host = hosts.iter().find(|host| *host != "localhost").map_or("localhost", String::as_str);
    let mark = Sha256::digest(key.public_key_raw());
    // 64 is the longest that RFC 5280, appendix A.1, allows.
    let host: String = host.chars().take(40).collect();
    format!("Parlour at {host} ({})", HEXUPPER.encode(&mark[..3]))
}

fn fingerprint(certificate: &[u8]) -> String {
    let pairs: Vec<_> = Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

/// Home networks (RFC 1918, RFC 3927, RFC 4193, RFC 4291), loopback, and the public addresses that the
/// machine has now: alone, or with the /64 that is its network's. All home networks, not the one of now:
/// another router may bring another one within ten years, and every device would have to be told again.
fn networks(addresses: &[IpAddr]) -> Vec<IpNet> {
    let home = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
    ];
    let mut networks: Vec<IpNet> = home.iter().filter_map(|network| network.parse().ok()).collect();
    for address in addresses {
        if !networks.iter().any(|network| network.contains(address)) {
            let prefix = match address {
                IpAddr::V4(_) => 32,
                IpAddr::V6(own) if own.is_loopback() => 128,
                IpAddr::V6(_) => 64,
            };
            networks.extend(IpNet::new(*address, prefix).map(|network| network.trunc()));
        }
    }
    networks
}

fn constraints(hosts: &[String], networks: &[IpNet]) -> NameConstraints {
    let hosts = hosts.iter().cloned().map(GeneralSubtree::DnsName);
    let network = |network: &IpNet| CidrSubnet::from_addr_prefix(network.network(), network.prefix_len());
    let networks = networks.iter().map(network).map(GeneralSubtree::IpAddress);
    NameConstraints { permitted_subtrees: hosts.chain(networks).collect(), excluded_subtrees: Vec::new() }
}

fn alternatives(names: &SubjectNames) -> Result<Vec<SanType>, rcgen::Error> {
    let hosts = names.hosts.iter().map(|host| Ok(SanType::DnsName(host.as_str().try_into()?)));
    hosts.chain(names.addresses.iter().map(|address| Ok(SanType::IpAddress(*address)))).collect()
}

/// Whether a constraint permits a name: it is that, or below it.
fn is_below(host: &str, own: &str) -> bool {
    host.strip_suffix(own).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// A while before a moment: clocks of devices differ.
fn before(moment: OffsetDateTime) -> OffsetDateTime {
    moment.saturating_sub(whole(BACKDATED))
}

fn whole(duration: Duration) -> time::Duration {
    time::Duration::try_from(duration).unwrap_or(time::Duration::MAX)
}

pub(super) fn moment(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
