//! The measure of rewriting the store: how long it takes, and how long anybody waits for it.
//!
//! The one measure that has no process: a store is filled, a tenth of its chats is ended, and it is
//! rewritten while somebody speaks in one that lives.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::join_all;
use parlour::clock::RealMachine;
use parlour::crypto::Stretch;
use parlour::domain::{At, Body, Caller, Command, Idle, MessageId, Names, Text};
use parlour::limits::RECOVERY_PATIENCE;
use parlour::store::{Compacted, Options, RealDisk, Seat, Store};
use serde_json::json;

use crate::Outcome;
use crate::args::Args;
use crate::report::{Report, Row};

/// Chats in the store.
pub const CHATS: u32 = 100;
/// One of so many chats is ended before.
const ENDED_PART: usize = 10;
/// Messages that are on the way at once while the store is filled.
const FILLED_AT_ONCE: u32 = 512;

/// Fills a store, rewrites it, and tells how long that took.
pub async fn measure(args: &Args, report: &mut Report) -> Outcome<()> {
    let dir = tempfile::Builder::new().prefix("load-compact-").tempdir_in(&args.disk)?;
    let store = Store::open(options(dir.path()), drop)?;
    let seats = found(&store).await?;
    fill(&store, &seats, args).await?;
    let (ended, alive) = seats.split_at(seats.len() / ENDED_PART);
    for seat in ended {
        store.submit(seat, Command::End).await?;
    }
    let began = Instant::now();
    let writing = tokio::spawn({
        let store = store.clone();
        async move { store.compact().await }
    });
    let (waits, _) = speak_until(&store, &alive[0], args, || writing.is_finished()).await?;
    let took = began.elapsed();
    let Compacted { before, after, held } = writing.await??.ok_or("the disk has no room for a copy")?;
    store.close().await;
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    report.add(
        Row::new("compact", &[("messages", json!(args.messages())), ("chats", json!(CHATS))])
            .figure("mb_before", megabytes(before), 2)
            .figure("mb_after", megabytes(after), 2)
            .figure("seconds", took.as_secs_f64(), 2)
            .figure("writer_held_ms", millis(held), 1)
            .figure("longest_wait_ms", millis(waits), 1),
    )
}

/// A store of this machine in that directory.
pub fn options(dir: &Path) -> Options {
    let clock = Arc::new(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        At(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    });
    let (machine, stretch) = (Arc::new(RealMachine::default()), Stretch::LEAST);
    let (disk, patience) = (Box::new(RealDisk), RECOVERY_PATIENCE);
    Options { dir: dir.to_owned(), stretch, clock, machine, disk, patience }
}

/// Chats, and somebody in each.
pub async fn found(store: &Store) -> Outcome<Vec<Seat>> {
    let (names, mut seats) = (Names::parse(&["Anny", "Abhi"]).map_err(|_| "names")?, Vec::new());
    for _ in 0..CHATS {
        let invites = store.start(&names, Idle::Day, Caller::Host).await?;
        let invite = invites.first().ok_or("no invite")?;
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        seats.push(store.enter(&invite.token, &invite.code, None, here).await?.seat);
    }
    Ok(seats)
}

/// So many messages in them.
pub async fn fill(store: &Store, seats: &[Seat], args: &Args) -> Outcome<()> {
    let mut next = 0;
    while next < args.messages() {
        let until = args.messages().min(next + FILLED_AT_ONCE);
        let said = (next..until).map(|number| {
            let seat = &seats[number as usize % seats.len()];
            store.submit(seat, say(number, args))
        });
        for outcome in join_all(said).await {
            outcome?;
        }
        next = until;
    }
    Ok(())
}

/// Speaks, one message after the other, until it is done; the longest that one of them took, and how many
/// there were.
pub async fn speak_until(
    store: &Store,
    seat: &Seat,
    args: &Args,
    is_done: impl Fn() -> bool,
) -> Outcome<(Duration, u32)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (mut longest, mut said) = (Duration::ZERO, 0);
    while !is_done() {
        let began = Instant::now();
        let number = args.messages() + NEXT.fetch_add(1, Ordering::Relaxed);
        store.submit(seat, say(number, args)).await?;
        longest = longest.max(began.elapsed());
        said += 1;
    }
    Ok((longest, said))
}

fn say(number: u32, args: &Args) -> Command {
    let text = format!("{number:0width$}", width = usize::from(args.text));
    let body = Body::Text(Text::parse(text).unwrap_or_else(|_| unreachable!("digits can be said")));
    Command::Say { id: MessageId::new(u64::from(number), 1), draft: body.into() }
}
