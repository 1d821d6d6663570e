//! The measure of a backup: how long it takes, what it needs of memory, and how long anybody waits for it.
//!
//! The store itself in this process, without sockets; what it hands out is encrypted and written to a file,
//! as the command line does it.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use parlour::crypto::{About, Passphrase, Sealing, Stretch, Unsealing};
use parlour::store::{Replace, RestoreTarget, Store, peek, verify};
use serde_json::json;

use crate::Outcome;
use crate::args::Args;
use crate::compact::{CHATS, fill, found, options, speak_until};
use crate::report::{Report, Row};

/// For how long somebody speaks while nothing else is done, to compare with.
const ALONE: Duration = Duration::from_secs(1);

/// Fills a store, copies it while somebody speaks, checks the copy and restores it.
pub async fn measure(args: &Args, report: &mut Report) -> Outcome<()> {
    let dir = tempfile::Builder::new().prefix("load-backup-").tempdir_in(&args.disk)?;
    let (data, file) = (dir.path().join("data"), dir.path().join("backup"));
    let store = Store::open(options(&data), drop)?;
    let seats = found(&store).await?;
    fill(&store, &seats, args).await?;
    let alone = Instant::now();
    let (alone, _) = speak_until(&store, &seats[0], args, || alone.elapsed() > ALONE).await?;
    let house = resident_and_reset_peak()?;
    store.backup(&mut io::sink())?;
    let house = resident("VmHWM:")?.saturating_sub(house);
    let (before, began) = (resident_and_reset_peak()?, Instant::now());
    let copying = tokio::task::spawn_blocking({
        let (store, file) = (store.clone(), file.clone());
        move || copy(&store, &file)
    });
    let (waits, said) = speak_until(&store, &seats[0], args, || copying.is_finished()).await?;
    let (took, peak) = (began.elapsed(), resident("VmHWM:")?);
    let plain = copying.await??;
    store.close().await;
    let (checking, passphrase) = (Instant::now(), passphrase()?);
    let contents = verify(Unsealing::begin(BufReader::new(File::open(&file)?), &passphrase)?)?;
    let (checked, restoring) = (checking.elapsed(), Instant::now());
    let (before_restore, elsewhere) = (resident_and_reset_peak()?, dir.path().join("elsewhere"));
    let input = Unsealing::begin(BufReader::new(File::open(&file)?), &passphrase)?;
    RestoreTarget::take(options(&elsewhere), Replace::No)?.restore(input)?;
    let (restored, restore_peak) = (restoring.elapsed(), resident("VmHWM:")?);
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    report.add(
        Row::new("backup", &[("messages", json!(contents.messages)), ("chats", json!(CHATS))])
            .figure("mb_store", megabytes(fs::metadata(data.join("parlour.redb"))?.len()), 1)
            .figure("mb_plain", megabytes(plain), 1)
            .figure("mb_file", megabytes(fs::metadata(&file)?.len()), 1)
            .figure("seconds", took.as_secs_f64(), 2)
            .figure("said_meanwhile", f64::from(said), 0)
            .figure("longest_wait_ms", millis(waits), 1)
            .figure("longest_wait_alone_ms", millis(alone), 1)
            .figure("house_memory_mb", megabytes(house), 1)
            .figure("sealed_memory_mb", megabytes(peak.saturating_sub(before)), 1)
            .figure("verify_seconds", checked.as_secs_f64(), 2)
            .figure("restore_seconds", restored.as_secs_f64(), 2)
            .figure("restore_memory_mb", megabytes(restore_peak.saturating_sub(before_restore)), 1),
    )
}

fn passphrase() -> Outcome<Passphrase> {
    Ok(Passphrase::parse("correct horse battery staple")?)
}

/// Copies the house into a file, and tells how many bytes that were before they were encrypted. The header
/// needs what the first record says, so that is asked for first.
fn copy(store: &Store, file: &Path) -> Outcome<u64> {
    let out = BufWriter::new(File::create(file)?);
    let mut late = Late { out: Some(out), sealing: None };
    let taken = store.backup(&mut late)?;
    let mut out = late.sealing.ok_or("nothing was handed out")?.finish()?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(taken.bytes)
}

/// Begins to seal with the first that is handed out.
struct Late {
    out: Option<BufWriter<File>>,
    sealing: Option<Sealing<BufWriter<File>>>,
}

impl Late {
    fn begin(&mut self, mut bytes: &[u8]) -> Outcome<()> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let (at, incarnation) = peek(&mut bytes, &mut Vec::new())?;
        let about = About { at, incarnation };
        self.sealing = Some(Sealing::begin(out, &passphrase()?, about, Stretch::BACKUP, &mut rand::rng())?);
        Ok(())
    }
}

impl Write for Late {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begin(bytes).map_err(io::Error::other)?;
        self.sealing.as_mut().ok_or(io::ErrorKind::InvalidData)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of this process in memory; from now on the most is counted from zero (proc(5), `clear_refs`).
fn resident_and_reset_peak() -> Outcome<u64> {
    fs::write("/proc/self/clear_refs", "5")?;
    resident("VmRSS:")
}

fn resident(field: &str) -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)).ok_or("no such field")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024)
}
