//! The measure of the store: what a message costs on the disk, after a clean stop.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::Outcome;
use crate::args::Args;
use crate::chats::Chats;
use crate::house::{self, House};
use crate::report::{Report, Row};
use crate::talk;
use crate::talker::Plan;

/// The messages must be in the store by then.
const PATIENCE: Duration = Duration::from_secs(600);
/// Messages of a sender on the way: the number does not matter here, the disk's time does.
const OUTSTANDING: u32 = 4;

/// Sends the messages over all chats, and compares the files before and after.
pub async fn measure(args: &Args, chats: &Chats, report: &mut Report) -> Outcome<()> {
    let data = chats.copy("store")?;
    let before = house::bytes_on_disk(&data)?;
    let house = House::open(args, &data)?;
    let pairs = u32::try_from(chats.pairs.len())?.min(args.messages());
    let senders = if args.one_way { pairs } else { pairs * 2 };
    let sockets = talk::open(chats, &house, pairs).await?;
    let now = Instant::now();
    let plan = Plan {
        epoch: now,
        from: now,
        until: now + PATIENCE,
        messages_max: args.messages().div_ceil(senders),
        outstanding: OUTSTANDING,
        text: args.text,
        receipts: args.receipts,
    };
    let heard = talk::talk(args, sockets, plan).await?;
    house.stop()?;
    let after = house::bytes_on_disk(&data)?;
    let messages: u32 = heard.iter().map(|one| one.sent).sum();
    report.add(
        Row::new(
            "store",
            &[("messages", json!(messages)), ("chats", json!(pairs)), ("text", json!(args.text))],
        )
        .figure("mb_before", before as f64 / 1e6, 2)
        .figure("mb_after", after as f64 / 1e6, 2)
        .figure("bytes_each", (after as f64 - before as f64) / f64::from(messages), 0),
    )
}
