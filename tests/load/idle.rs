//! The measure of sockets at rest: what each costs the house in memory.

use std::time::Duration;

use serde_json::json;

use crate::Outcome;
use crate::args::Args;
use crate::chats::{Chats, Seat};
use crate::house::House;
use crate::report::{Report, Row};
use crate::socket::{self, Socket};

/// Sockets of one device: as many as the house allows.
pub const SOCKETS_PER_DEVICE: u32 = 8;
/// After this the house has done what follows an opening: presence of the others, receipts, the empty
/// commit at rest.
const SETTLING: Duration = Duration::from_millis(1_500);

/// Opens all sockets, reads the memory; opens a chat on each, reads it again.
pub async fn measure(args: &Args, chats: &Chats, report: &mut Report) -> Outcome<()> {
    let house = House::open(args, &chats.copy("idle")?)?;
    let mut warm = open(&house, &chats.pairs[0][0], 0).await?;
    warm.open_chat(&chats.pairs[0][0]).await?;
    drop(warm);
    let before = settled(&house).await?;
    let mut sockets = Vec::new();
    for (number, seat) in seats(chats, args.sockets()).enumerate() {
        sockets.push((open(&house, seat, number).await?, seat));
    }
    let greeted = settled(&house).await?;
    for (socket, seat) in &mut sockets {
        socket.open_chat(seat).await?;
    }
    let in_chat = settled(&house).await?;
    drop(sockets);
    let closed = settled(&house).await?;
    house.stop()?;
    let each = |bytes: u64| (bytes as f64 - before as f64) / f64::from(args.sockets());
    report.add(
        Row::new("idle", &[("sockets", json!(args.sockets()))])
            .figure("resident_before_mb", before as f64 / 1e6, 1)
            .figure("bytes_each_after_hello", each(greeted), 0)
            .figure("bytes_each_with_a_chat_open", each(in_chat), 0)
            .figure("resident_after_closing_mb", closed as f64 / 1e6, 1),
    )
}

fn seats(chats: &Chats, sockets: u32) -> impl Iterator<Item = &Seat> {
    chats.pairs.iter().flatten().cycle().take(sockets as usize)
}

async fn open(house: &House, seat: &Seat, number: usize) -> Outcome<Socket> {
    let mut socket = Socket::open(house.address(), socket::loopback(number)).await?;
    socket.hello(seat).await?;
    Ok(socket)
}

async fn settled(house: &House) -> Outcome<u64> {
    tokio::time::sleep(SETTLING).await;
    Ok(house.memory()?.resident)
}
