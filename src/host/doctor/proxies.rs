//! Whether the proxies before the house pass on what it needs.

use super::facts::{DoctorFacts, GUIDES, finding};
use crate::protocol::admin::{Finding, Weight};

pub fn untrusted(facts: &DoctorFacts) -> Option<Finding> {
    let proxy = facts.seen.untrusted_proxy()?;
    let says = format!("A proxy at {proxy} is not trusted: every visitor counts as that one address.");
    let line = facts.setting(&format!("trusted_proxies = [\"{proxy}\"]"));
    let mend = format!("If it is yours, write {line}");
    Some(finding(Weight::Warning, "untrusted-proxy", says, mend))
}

pub fn silent(facts: &DoctorFacts) -> Option<Finding> {
    let (proxy, url) = (facts.seen.undeclared_proxy?, facts.public_url.as_ref()?);
    let says = format!(
        "Visitors use {url} through {proxy}, which does not say who they are: they all count as strangers."
    );
    let line = facts.setting(&format!("trusted_proxies = [\"{proxy}\"]"));
    let mend = format!("If it's your proxy, make it send X-Forwarded-For, and write {line}");
    Some(finding(Weight::Warning, "silent-proxy", says, mend))
}

pub fn host_not_passed(facts: &DoctorFacts) -> Option<Finding> {
    let proxy = facts.seen.host_changer()?;
    let says = format!(
        "The proxy at {proxy} does not pass on the name that visitors typed (Host): the page opens but \
         doesn't work."
    );
    let mend =
        format!("nginx: add proxy_set_header Host $http_host; next to proxy_pass (https.md {GUIDES}).");
    Some(finding(Weight::Warning, "host-not-passed", says, mend))
}

pub fn upgrade_not_passed(facts: &DoctorFacts) -> Option<Finding> {
    let proxy = facts.seen.upgrade_loser()?;
    let says = format!(
        "Pages come through the proxy at {proxy}, but WebSockets don't: messages arrive seconds late, and \
         nobody sees who is typing."
    );
    let mend = format!(
        "nginx: add proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header \
         Connection \"upgrade\"; next to proxy_pass (https.md {GUIDES})."
    );
    Some(finding(Weight::Warning, "upgrade-not-passed", says, mend))
}
