//! Whether people reach the house by HTTPS, and for how long yet.

use super::facts::{Certificate, DoctorFacts, GUIDES, finding};
use crate::limits::CERTIFICATE_LEFT_FEW;
use crate::net::Scheme;
use crate::protocol::admin::{Finding, Weight};

pub fn no_https(facts: &DoctorFacts) -> Option<Finding> {
    let is_secure = match &facts.public_url {
        Some(url) => url.scheme() == Scheme::Https,
        None => facts.url.starts_with("https:"),
    };
    if is_secure {
        return None;
    }
    let says = "Without HTTPS, anybody on the network can read your chats, and phones \
                can't show notifications or install the page as an app.";
    let line = facts.setting("tls = \"self-signed\"");
    let mend = format!("Put a proxy with a certificate in front (https.md {GUIDES}), or write {line}");
    Some(finding(Weight::Hint, "no-https", says, mend))
}

pub fn certificate_ends(facts: &DoctorFacts) -> Option<Finding> {
    let Certificate { left, is_handed } = facts.certificate?;
    if left > CERTIFICATE_LEFT_FEW {
        return None;
    }
    let (weight, says) = if left.is_zero() {
        (Weight::Fault, "The certificate has expired, so browsers warn about the house.".to_owned())
    } else {
        let when = match left.as_secs() / (24 * 3_600) {
            0 => "in less than a day".to_owned(),
            1 => "in 1 day".to_owned(),
            days => format!("in {days} days"),
        };
        let says = format!("The certificate expires {when}. After that, browsers warn about the house.");
        (Weight::Warning, says)
    };
    let verb = if is_handed { "restart" } else { "reload" };
    let mend = format!("Renew it, then type: sudo systemctl {verb} parlour");
    Some(finding(weight, "certificate-ends", says, mend))
}
