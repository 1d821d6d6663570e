//! The measure of starting: how soon after its process begins a house answers, and what it holds then.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::Outcome;
use crate::args::Args;
use crate::chats::Chats;
use crate::house::{House, Memory};
use crate::report::{Report, Row};

/// The first page must be here by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts on a store with chats, then where no store is yet.
pub fn measure(args: &Args, chats: &Chats, report: &mut Report) -> Outcome<()> {
    let again = chats.copy("start-again")?;
    let starts = (0..args.starts()).map(|_| one_start(args, &again)).collect::<Outcome<Vec<_>>>()?;
    report.add(row("again", &starts))?;
    let new = |number| one_start(args, &chats.nothing(&format!("start-{number}")));
    let starts = (0..args.starts()).map(new).collect::<Outcome<Vec<_>>>()?;
    report.add(row("new", &starts))
}

/// One start: the time to the first page, and the memory behind it.
struct Start {
    took: Duration,
    memory: Memory,
}

fn one_start(args: &Args, data: &Path) -> Outcome<Start> {
    let house = House::open(args, data)?;
    first_page(&house)?;
    let took = house.begun().elapsed();
    let start = Start { took, memory: house.memory()? };
    house.stop()?;
    Ok(start)
}

fn first_page(house: &House) -> Outcome<()> {
    let mut stream = TcpStream::connect(house.address())?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", house.address())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if answer.starts_with(b"HTTP/1.1 200 ") {
        Ok(())
    } else {
        Err(format!("GET / was answered with {}", String::from_utf8_lossy(&answer)).into())
    }
}

fn row(store: &str, starts: &[Start]) -> Row {
    let millis = median(starts.iter().map(|start| start.took.as_secs_f64() * 1e3));
    let resident = median(starts.iter().map(|start| start.memory.resident as f64 / 1e6));
    let own = median(starts.iter().map(|start| start.memory.own as f64 / 1e6));
    Row::new("start", &[("store", json!(store))])
        .figure("first_page_ms", millis, 1)
        .figure("resident_mb", resident, 1)
        .figure("of_it_own_mb", own, 1)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
