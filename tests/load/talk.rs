//! The measure of talk: pairs that talk at once, each sender with a fixed number of messages outstanding.

use std::time::{Duration, Instant};

use futures_util::future;
use serde_json::json;
use tokio::task::JoinSet;

use crate::Outcome;
use crate::args::{Args, Form};
use crate::chats::{Chats, Seat};
use crate::disk;
use crate::house::{self, House, Memory};
use crate::report::{Report, Row};
use crate::samples::Samples;
use crate::socket::{self, Socket};
use crate::talker::{Heard, Plan, Role, Talker};

/// What is not measured at the beginning of a form.
const WARMING: Duration = Duration::from_millis(500);
/// What is on the way at the end must arrive within this.
const DRAINING: Duration = Duration::from_secs(15);
/// Messages of one sender: bounds the memory of the client, and is far beyond any house.
const MESSAGES_MAX: u32 = 4_000_000;

/// Measures every form, each in a new process on a copy of the same chats.
pub async fn measure(args: &Args, chats: &Chats, report: &mut Report) -> Outcome<()> {
    for form in args.forms() {
        let data = chats.copy(&format!("talk-{}x{}", form.pairs, form.outstanding))?;
        let sync_millis = disk::sync_millis(chats)?;
        let house = House::open(args, &data)?;
        let figures = one_form(args, chats, &house, form).await?;
        house.stop()?;
        report.add(figures.row(form).figure("disk_sync_p50_ms", sync_millis, 2))?;
    }
    Ok(())
}

/// What one form gave.
struct Figures {
    seconds: f64,
    acknowledged: Samples,
    delivered: Samples,
    house_cpu: f64,
    client_cpu: f64,
    others_cpu: f64,
    memory: Memory,
    /// Acknowledgements in each second.
    by_second: Vec<u32>,
}

/// The CPU that house, client and everything on this machine have used so far, in seconds.
struct Spent {
    house: f64,
    client: f64,
    all: f64,
}

async fn one_form(args: &Args, chats: &Chats, house: &House, form: Form) -> Outcome<Figures> {
    let sockets = open(chats, house, form.pairs).await?;
    let epoch = Instant::now();
    let from = epoch + WARMING;
    let plan = Plan {
        epoch,
        from,
        until: from + args.measured(),
        messages_max: MESSAGES_MAX,
        outstanding: form.outstanding,
        text: args.text,
        receipts: args.receipts,
    };
    let measuring = async {
        reach(plan.from).await;
        let before = Spent::now(house)?;
        reach(plan.until).await;
        let after = Spent::now(house)?;
        Ok((before, after, house.memory()?))
    };
    let talking = talk(args, sockets, plan);
    let (heard, (before, after, memory)) = future::try_join(talking, measuring).await?;
    let mut figures = Figures {
        seconds: args.measured().as_secs_f64(),
        acknowledged: Samples::default(),
        delivered: Samples::default(),
        house_cpu: after.house - before.house,
        client_cpu: after.client - before.client,
        others_cpu: (after.all - before.all) - (after.house - before.house) - (after.client - before.client),
        memory,
        by_second: by_second(&heard),
    };
    for one in &heard {
        figures.acknowledged.append(&one.acknowledged);
        figures.delivered.append(&one.delivered);
    }
    Ok(figures)
}

/// Opens both sockets of the first pairs, with their chats.
pub async fn open<'a>(chats: &'a Chats, house: &House, pairs: u32) -> Outcome<Vec<(Socket, &'a Seat)>> {
    let mut sockets = Vec::new();
    for (number, seat) in chats.pairs.iter().take(pairs as usize).flatten().enumerate() {
        let mut socket = Socket::open(house.address(), socket::loopback(number)).await?;
        socket.hello(seat).await?;
        socket.open_chat(seat).await?;
        sockets.push((socket, seat));
    }
    Ok(sockets)
}

/// Lets the pairs talk to the plan's end, and checks what everybody got. Two sockets in a row are a pair.
pub async fn talk(args: &Args, sockets: Vec<(Socket, &Seat)>, plan: Plan) -> Outcome<Vec<Heard>> {
    let second = if args.one_way { Role::Listens } else { Role::Talks };
    let mut tasks = JoinSet::new();
    for (number, (socket, seat)) in (0..).zip(sockets) {
        let (mine, theirs) = if number % 2 == 0 { (Role::Talks, second) } else { (second, Role::Talks) };
        let talker = Talker::new(socket, seat, number, plan);
        tasks.spawn(to_the_end(talker, mine, theirs, plan.until + DRAINING));
    }
    let talkers = tasks.join_all().await.into_iter().collect::<Outcome<Vec<Talker>>>()?;
    talkers.into_iter().map(Talker::finish).collect()
}

async fn to_the_end(mut talker: Talker, mine: Role, theirs: Role, deadline: Instant) -> Outcome<Talker> {
    match tokio::time::timeout_at(deadline.into(), talker.talk(mine, theirs)).await {
        Ok(Ok(())) => Ok(talker),
        Ok(Err(error)) => Err(format!("{error} ({})", talker.standing()).into()),
        Err(_) => {
            Err(format!("messages are missing {DRAINING:?} after the end: {}", talker.standing()).into())
        }
    }
}

fn by_second(heard: &[Heard]) -> Vec<u32> {
    let seconds = heard.iter().map(|one| one.by_second.len()).max().unwrap_or(0);
    let in_second = |second| heard.iter().filter_map(|one| one.by_second.get(second)).sum();
    (0..seconds).map(in_second).collect()
}

/// What was acknowledged in the last sixth of the time, by what was in the first: below 1, the house slows
/// down.
fn last_to_first(by_second: &[u32]) -> f64 {
    let part = by_second.len().div_ceil(6);
    let sum = |seconds: &[u32]| seconds.iter().copied().map(f64::from).sum::<f64>();
    sum(&by_second[by_second.len() - part..]) / sum(&by_second[..part])
}

async fn reach(instant: Instant) {
    tokio::time::sleep_until(instant.into()).await;
}

impl Spent {
    fn now(house: &House) -> Outcome<Self> {
        Ok(Self {
            house: house.cpu_seconds()?,
            client: house::cpu_seconds("self")?,
            all: house::cpu_seconds_of_all()?,
        })
    }
}

impl Figures {
    fn row(mut self, form: Form) -> Row {
        let messages = self.acknowledged.len() as f64;
        // Far below the mean, the house stalls.
        let slowest = self.by_second.iter().copied().min().unwrap_or(0);
        let [ack_50, ack_99] = [50, 99].map(|percent| millis(&mut self.acknowledged, percent));
        let [delivery_50, delivery_99] = [50, 99].map(|percent| millis(&mut self.delivered, percent));
        Row::new("talk", &[("pairs", json!(form.pairs)), ("outstanding", json!(form.outstanding))])
            .figure("messages_per_second", messages / self.seconds, 0)
            .figure("slowest_second", f64::from(slowest), 0)
            .figure("last_to_first_sixth", last_to_first(&self.by_second), 2)
            .figure("ack_p50_ms", ack_50, 2)
            .figure("ack_p99_ms", ack_99, 2)
            .figure("delivery_p50_ms", delivery_50, 2)
            .figure("delivery_p99_ms", delivery_99, 2)
            .figure("house_cpu_s_per_100k", self.house_cpu / messages * 100_000.0, 2)
            .figure("house_cores", self.house_cpu / self.seconds, 2)
            .figure("client_cores", self.client_cpu / self.seconds, 2)
            .figure("other_cores", (self.others_cpu / self.seconds).max(0.0), 2)
            .figure("resident_mb", self.memory.resident as f64 / 1e6, 1)
    }
}

fn millis(samples: &mut Samples, percent: usize) -> f64 {
    samples.percentile(percent).map_or(f64::NAN, |duration| duration.as_secs_f64() * 1e3)
}
