//! How many connections this machine can hold: by its memory and by the files that a process may have open.
//!
//! Asked once, when the house opens. A small machine gets fewer connections, and never the kernel's killer.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::system::sysinfo;

use crate::limits::{
    CONNECTION_BYTES, CONNECTIONS_LEAST, CONNECTIONS_MAX, CONNECTIONS_PART, FILES_OTHERWISE,
};

/// Connections at once, as far as this machine goes. Raises the number of files to what the kernel allows.
pub fn connections_max() -> usize {
    let memory = by_memory(memory_bytes());
    CONNECTIONS_MAX.min(memory).min(by_files(raise_files()))
}

fn by_memory(bytes: u64) -> usize {
    let connections = bytes / CONNECTIONS_PART / CONNECTION_BYTES;
    usize::try_from(connections).unwrap_or(usize::MAX).max(CONNECTIONS_LEAST)
}

fn by_files(files: u64) -> usize {
    usize::try_from(files.saturating_sub(FILES_OTHERWISE)).unwrap_or(usize::MAX).max(CONNECTIONS_LEAST)
}

/// The memory of the machine, or what the house may have of it (`MemoryMax=` of its service).
fn memory_bytes() -> u64 {
    let machine = sysinfo();
    // The kernel's words are as long as those of the processor.
    let all = u128::from(machine.mem_unit) * u128::from(machine.totalram);
    let all = u64::try_from(all).unwrap_or(u64::MAX);
    let own = cgroup().and_then(|group| {
        let text = fs::read_to_string(format!("/sys/fs/cgroup{group}/memory.max")).ok()?;
        text.trim().parse().ok()
    });
    own.map_or(all, |own: u64| own.min(all))
}

/// The control group of this process, as cgroups(7) version 2 writes it.
fn cgroup() -> Option<String> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    groups.lines().find_map(|line| line.strip_prefix("0::")).map(str::to_owned)
}

/// How many files this process may have open, after asking for as many as it may ask for.
fn raise_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: maximum, maximum };
    let raised = setrlimit(Resource::Nofile, wanted).is_ok();
    if raised { maximum } else { current }.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_machine_holds_fewer_connections() {
        let mebibytes = |count: u64| count * 1024 * 1024;
        for (memory, connections) in
            [(mebibytes(1), CONNECTIONS_LEAST), (mebibytes(64), 1_024), (mebibytes(512), 8_192)]
        {
            assert_eq!(by_memory(memory), connections, "{memory} bytes");
        }
        assert_eq!(by_files(FILES_OTHERWISE + 5_000), 5_000);
        assert_eq!(by_files(1), CONNECTIONS_LEAST);
    }

    #[test]
    fn this_machine_has_memory_and_files() {
        assert!(memory_bytes() > 1_000_000);
        assert!((CONNECTIONS_LEAST..=CONNECTIONS_MAX).contains(&connections_max()));
    }
}
