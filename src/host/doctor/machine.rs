//! Whether the machine keeps time, has room, and keeps to itself what the house holds.

use std::path::Path;

use super::facts::{DoctorFacts, GUIDES, absolute, finding};
use crate::limits::{FREE_BYTES_FEW, WRITTEN_BYTES_A_DAY_MANY};
use crate::protocol::admin::{Finding, Weight};

pub fn clock(facts: &DoctorFacts) -> Option<Finding> {
    if facts.is_synchronised {
        return None;
    }
    let says = "The clock is not synchronised: times may be wrong, and chats may be kept longer than agreed.";
    let mend = if facts.has_time_service {
        "Type: sudo timedatectl set-ntp true".to_owned()
    } else {
        format!(
            "Parlour finds no time service. Type: sudo apt install systemd-timesyncd. If chrony or the host \
             of a container keeps the clock, see \"A clock kept by something else\" in install.md, {GUIDES}."
        )
    };
    Some(finding(Weight::Warning, "clock-not-synchronised", says, mend))
}

pub fn lost_files(facts: &DoctorFacts) -> Option<Finding> {
    let files: Vec<_> = facts.lost.iter().map(ToString::to_string).collect();
    let says = format!("{}: when the house stops, every chat is lost.", files.join(" and "));
    let mend = "Do not stop the house yet. Type: parlour backup FILE. Then stop the house, and type: parlour \
                restore FILE --replace";
    (!files.is_empty()).then(|| finding(Weight::Fault, "files-lost", says, mend))
}

pub fn blocked_socket(facts: &DoctorFacts) -> Option<Finding> {
    let socket = facts.blocked_socket.as_ref()?.display();
    let says = format!("{socket} is no socket: no command of the host, such as a backup, reaches the house.");
    let mend = format!(
        "Move {socket} away, or write another path as admin_socket. Then restart the house (sudo systemctl \
         restart parlour)"
    );
    Some(finding(Weight::Fault, "socket-blocked", says, mend))
}

pub fn disk(facts: &DoctorFacts) -> Option<Finding> {
    if facts.free_bytes >= FREE_BYTES_FEW {
        return None;
    }
    let says = format!("The disk is nearly full: only {} MB are free.", facts.free_bytes / 1_000_000);
    let mend = "Free some space. Until then new chats may be refused.";
    Some(finding(Weight::Warning, "disk-nearly-full", says, mend))
}

pub fn writes(facts: &DoctorFacts) -> Option<Finding> {
    let written = facts.written_bytes_a_day.filter(|bytes| *bytes > WRITTEN_BYTES_A_DAY_MANY)?;
    let says = format!("The house writes {:.1} GB a day, which wears out a flash card.", gigabytes(written));
    let mend = "Move the data to a disk or SSD: set data to a directory there.";
    Some(finding(Weight::Warning, "many-writes", says, mend))
}

#[expect(clippy::cast_precision_loss, reason = "a figure with one decimal")]
fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

pub fn swap(facts: &DoctorFacts) -> Option<Finding> {
    if !facts.may_be_swapped {
        return None;
    }
    let says = "The house's memory, with names and messages, can be swapped to a disk.";
    let mend = format!(
        "Type: sudo swapoff -a, and remove swap from /etc/fstab (Raspberry Pi: see Swap in install.md, \
         {GUIDES})."
    );
    Some(finding(Weight::Warning, "swapped", says, mend))
}

pub fn privacy(facts: &DoctorFacts) -> Option<Finding> {
    let (data, mode) = facts.data.as_ref().filter(|(_, mode)| mode & 0o077 != 0)?;
    let data = absolute(Path::new(data));
    let says = format!("Other users of this machine can read {data} (mode {:o}).", mode & 0o777);
    Some(finding(Weight::Warning, "data-readable", says, format!("Type: sudo chmod 700 {data}")))
}

pub fn has_time_service() -> bool {
    Path::new("/run/systemd/timesync").exists()
}
