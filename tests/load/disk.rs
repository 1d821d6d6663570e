//! The measure of the disk itself: every speed of a house that keeps what it acknowledges hangs on this.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use crate::Outcome;
use crate::chats::Chats;
use crate::samples::Samples;

/// Writes that are timed: about a tenth of a second on a good disk.
const WRITES: u32 = 200;
/// Bytes of one write: what the commit of one message writes.
const WRITE_BYTES: u32 = 28 * 1024;

/// The median of writing a commit's bytes into a file that has its length and syncing them, in milliseconds.
pub fn sync_millis(chats: &Chats) -> Outcome<f64> {
    let path = chats.nothing("sync");
    let file = File::create(&path)?;
    let bytes = vec![0x5a; WRITE_BYTES as usize];
    for number in 0..WRITES {
        file.write_all_at(&bytes, u64::from(number * WRITE_BYTES))?;
    }
    file.sync_all()?;
    let mut samples = Samples::default();
    for number in 0..WRITES {
        let begun = Instant::now();
        file.write_all_at(&bytes, u64::from(number * WRITE_BYTES))?;
        file.sync_data()?;
        samples.push(begun.elapsed());
    }
    Ok(samples.percentile(50).map_or(f64::NAN, |median| median.as_secs_f64() * 1e3))
}
