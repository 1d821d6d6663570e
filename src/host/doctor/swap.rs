//! Whether the memory of a house can come onto a disk.
//!
//! The service asks systemd for `MemorySwapMax=0`, which does nothing where the kernel was told not to count
//! memory, as the firmware of a Raspberry Pi tells it.

use std::fs;
use std::path::Path;

/// Of this process.
pub fn may_be_swapped() -> bool {
    is_swap_on_disk() && !is_kept_out(&bounds())
}

/// Of a service that asks to be kept out: some kernels keep none out.
pub fn service_may_be_swapped() -> bool {
    is_swap_on_disk() && bounds().is_empty()
}

fn is_swap_on_disk() -> bool {
    let swaps = fs::read_to_string("/proc/swaps").unwrap_or_default();
    on_disk(&swaps, |device| fs::read_to_string(format!("/sys/block/{device}/backing_dev")).ok())
}

/// Compressed memory is no disk, unless what rests in it is written to one (Linux, zram: `backing_dev`).
fn on_disk(swaps: &str, backing: impl Fn(&str) -> Option<String>) -> bool {
    let places = swaps.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    places.into_iter().any(|place| {
        match place.strip_prefix("/dev/").filter(|name| name.starts_with("zram")) {
            Some(device) => backing(device).is_some_and(|backing| backing.trim() != "none"),
            None => true,
        }
    })
}

fn is_kept_out(bounds: &[String]) -> bool {
    bounds.iter().any(|bound| bound.trim() == "0")
}

fn bounds() -> Vec<String> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    bounds_of(&groups, Path::new("/sys/fs/cgroup"))
}

/// How much may be swapped of the control group of a process, and of each around it (cgroups(7), version 2).
/// None where the kernel does not count.
fn bounds_of(groups: &str, tree: &Path) -> Vec<String> {
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"));
    let around = own.into_iter().flat_map(|own| Path::new(own).ancestors());
    around.filter_map(|group| fs::read_to_string(tree.join(group).join("memory.swap.max")).ok()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HEAD: &str = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

    fn is_swapped(swaps: &str, backing: Option<&str>) -> bool {
        on_disk(&format!("{HEAD}{swaps}"), |_| backing.map(str::to_owned))
    }

    #[test]
    fn a_file_and_a_partition_are_on_a_disk_and_compressed_memory_is_not() {
        assert!(!is_swapped("", None));
        assert!(is_swapped("/var/swap file 524284 0 -2\n", None));
        assert!(!is_swapped("/dev/zram0 partition 242684 0 100\n", None));
        assert!(!is_swapped("/dev/zram0 partition 242684 0 100\n", Some("none\n")));
        assert!(is_swapped("/dev/zram0 partition 242684 0 100\n/dev/sda2 partition 999420 0 -2\n", None));
    }

    #[test]
    fn compressed_memory_that_is_written_to_a_file_is_on_a_disk() {
        assert!(is_swapped("/dev/zram0 partition 242684 0 100\n", Some("/dev/loop0\n")));
    }

    #[test]
    fn a_process_in_a_group_that_swaps_nothing_is_kept_out() {
        let tree = tempfile::tempdir().unwrap();
        let service = tree.path().join("system.slice/parlour.service");
        fs::create_dir_all(&service).unwrap();
        let bounds = || bounds_of("1:name=systemd:/\n0::/system.slice/parlour.service\n", tree.path());
        assert!(bounds().is_empty(), "a kernel that does not count keeps nobody out");
        fs::write(service.join("memory.swap.max"), "max\n").unwrap();
        assert!(bounds().len() == 1 && !is_kept_out(&bounds()));
        fs::write(tree.path().join("system.slice/memory.swap.max"), "0\n").unwrap();
        assert!(is_kept_out(&bounds()));
        assert!(bounds_of("4:memory:/system.slice/parlour.service\n", tree.path()).is_empty());
    }
}
