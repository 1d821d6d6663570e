//! What the operating system knows of the process and its files.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;

/// Seconds before which nothing is said of a day.
const KNOWN_AFTER: u64 = 3_600;
const DAY: u64 = 24 * 3_600;

/// Bytes of memory that the process takes: `VmRSS` of proc(5), in KiB.
pub fn memory_bytes() -> Option<u64> {
    Some(number(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")? * 1_024)
}

/// The counters of proc(5), which a process that may not be dumped can read but no longer open.
static COUNTERS: OnceLock<Option<File>> = OnceLock::new();

/// Opens what is read later. To be called before the process keeps to itself.
pub fn open_counters() {
    COUNTERS.get_or_init(|| File::open("/proc/self/io").ok());
}

/// Bytes that the process had written to a disk: `write_bytes` of proc(5).
pub fn written_bytes() -> Option<u64> {
    open_counters();
    let mut bytes = [0; 1_024];
    let length = COUNTERS.get()?.as_ref()?.read_at(&mut bytes, 0).ok()?;
    number(std::str::from_utf8(&bytes[..length]).ok()?, "write_bytes:")
}

fn number(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// So many a day, when there were so many in so many seconds; not known before an hour.
pub fn a_day(count: u64, seconds: u64) -> Option<u64> {
    (seconds >= KNOWN_AFTER)
        .then(|| u64::try_from(u128::from(count) * u128::from(DAY) / u128::from(seconds)))?
        .ok()
}

/// In how many days `free` is used up, when `used` were in so many seconds.
pub fn days(free: u64, used: u64, seconds: u64) -> Option<u64> {
    a_day(used, seconds).filter(|daily| *daily > 0).map(|daily| free / daily)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_knows_of_this_process_is_read() {
        assert!(memory_bytes().is_some_and(|bytes| bytes > 1_000_000 && bytes % 1_024 == 0));
    }

    #[test]
    fn a_day_is_guessed_only_after_an_hour() {
        assert_eq!(a_day(100, KNOWN_AFTER - 1), None);
        assert_eq!(a_day(100, KNOWN_AFTER), Some(2_400));
        assert_eq!(days(24_000, 100, KNOWN_AFTER), Some(10));
        assert_eq!(days(24_000, 0, KNOWN_AFTER), None);
    }
}
