//! The wall clock, and what the machine knows of time beside it. Both come in as parameters, so that a test
//! can set them. The store reads them at each commit and each purge, and lets `domain` judge how far they can
//! be trusted.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rustix::time::{ClockId, clock_gettime};

use crate::domain::At;

pub type Clock = Arc<dyn Fn() -> At + Send + Sync>;

pub fn wall_clock() -> At {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    At(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

pub trait Machine: Send + Sync {
    /// Which start of the machine this is.
    fn boot(&self) -> u128;
    /// Milliseconds since that start, those of suspension included.
    fn up(&self) -> u64;
    fn is_synchronised(&self) -> bool;
    /// When this program was built: no wall clock that is before it is right.
    fn built(&self) -> At;
}

pub struct RealMachine {
    boot: u128,
}

impl Default for RealMachine {
    /// Asks once which start of the machine this is. Where nobody can say, each start of the program counts
    /// as one of the machine, so that what passed in between waits for a synchronised clock.
    fn default() -> Self {
        let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let digits = id.trim().replace('-', "");
        Self { boot: u128::from_str_radix(&digits, 16).unwrap_or_else(|_| rand::random()) }
    }
}

impl Machine for RealMachine {
    fn boot(&self) -> u128 {
        self.boot
    }

    fn up(&self) -> u64 {
        let up = clock_gettime(ClockId::Boottime);
        let milliseconds = up.tv_sec.saturating_mul(1_000).saturating_add(up.tv_nsec / 1_000_000);
        u64::try_from(milliseconds).unwrap_or_default()
    }

    /// Where the kernel may not be asked, as in a sandbox, systemd's own time service is. Where neither says
    /// anything, nobody says yes.
    fn is_synchronised(&self) -> bool {
        said_by_kernel().unwrap_or_else(|| Path::new(SAID_BY_SYSTEMD).exists())
    }

    fn built(&self) -> At {
        At(env!("PARLOUR_BUILT").parse().unwrap_or_default())
    }
}

/// Made by systemd-timesyncd when it has synchronised the clock for the first time since the start of the
/// machine (systemd-timesyncd.service(8)).
const SAID_BY_SYSTEMD: &str = "/run/systemd/timesync/synchronized";

#[cfg(target_pointer_width = "64")]
fn said_by_kernel() -> Option<bool> {
    /// The clock is not synchronised: `STA_UNSYNC` of adjtimex(2).
    const UNSYNCHRONISED: i32 = 0x0040;
    let mut asked = rtime_clock::adjtime::Timex::new();
    rtime_clock::adjtime::adjtimex(&mut asked).ok()?;
    Some(asked.0.status & UNSYNCHRONISED == 0)
}

/// There is no safe call of adjtimex(2) for these processors.
#[cfg(not(target_pointer_width = "64"))]
fn said_by_kernel() -> Option<bool> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_tells_when_it_started_and_for_how_long_it_is_up() {
        let machine = RealMachine::default();
        let before = machine.up();
        assert!(before > 0 && machine.up() >= before);
        assert_eq!(machine.boot(), RealMachine::default().boot());
        assert!(machine.built() > At(1_790_000_000_000));
    }

    #[test]
    fn the_kernel_is_asked_and_where_it_does_not_answer_the_time_service_is() {
        let asked = RealMachine::default().is_synchronised();
        let by_service = Path::new(SAID_BY_SYSTEMD).exists();
        assert_eq!(asked, said_by_kernel().unwrap_or(by_service));
    }
}
