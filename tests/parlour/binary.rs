//! The real binary: it starts, stops, survives being killed, and tells nobody anything.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{DEADLINE, within};
use crate::keeping::is_in_files;
use crate::visitor::{Visitor, enter, start};

/// A running parlour. Killed when dropped, so that no test leaves one behind.
pub struct Parlour {
    child: Child,
    pub address: SocketAddr,
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
    command.env_clear().arg("--data").arg(data);
    command
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Parlour {
    fn open(data: &Path, log: &Path) -> Self {
        Self::open_at(data, log, free_address())
    }

    fn open_at(data: &Path, log: &Path, address: SocketAddr) -> Self {
        let mut command = command(data);
        command.args([
            "--listen",
            &address.to_string(),
            "--log-level",
            "trace",
            "--messages-per-second",
            "100000",
        ]);
        let log = File::options().append(true).create(true).open(log).unwrap();
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let parlour = Self { child, address };
        parlour.wait_until_open();
        parlour
    }

    fn wait_until_open(&self) {
        let until = Instant::now() + DEADLINE;
        while std::net::TcpStream::connect(self.address).is_err() {
            assert!(Instant::now() < until, "parlour does not open");
            std::thread::yield_now();
        }
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    fn ended(mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < DEADLINE, "parlour does not end");
            std::thread::yield_now();
        }
    }
}

impl Drop for Parlour {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_cleanly_on_sigterm_and_sigint() {
    for signal in ["-TERM", "-INT"] {
        let dir = tempfile::tempdir().unwrap();
        let parlour = Parlour::open(&dir.path().join("data"), &dir.path().join("log"));
        let [anny, _] = start(parlour.address).await;
        let mut anny = Visitor::open(parlour.address, &enter(parlour.address, &anny).await).await;
        parlour.signal(signal);
        assert_eq!(anny.frame_of("bye").await["why"], "stopping");
        let (status, took) = parlour.ended();
        assert!(status.success() && took < Duration::from_secs(5), "{status} after {took:?}");
    }
}

#[test]
fn a_second_one_on_the_same_data_is_told_so_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let _first = Parlour::open(&data, &dir.path().join("log"));
    let second = command(&data).args(["--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("another parlour is running") && said.contains("--data"), "{said}");
}

#[test]
fn a_wrong_setting_is_refused_with_its_place_and_what_would_be_right() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("parlour.toml");
    let check = |toml: &str, variable: Option<(&str, &str)>, flags: &[&str], expected: &[&str]| {
        std::fs::write(&file, toml).unwrap();
        let mut command = command(&dir.path().join("data"));
        command.arg("--config").arg(&file).args(flags);
        command.envs(variable);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        for words in expected {
            assert!(said.contains(words), "{words:?} is missing in: {said}");
        }
    };
    check("may_start = \"everyone\"", None, &[], &["parlour.toml", "may_start", "anyone", "network"]);
    check("may_strat = \"anyone\"", None, &[], &["parlour.toml", "may_strat"]);
    check("", Some(("PARLOUR_MAY_START", "everyone")), &[], &["PARLOUR_MAY_START", "anyone", "network"]);
    check("", Some(("PARLOUR_MAY_STRAT", "anyone")), &[], &["PARLOUR_MAY_STRAT"]);
    check("", None, &["--may-start", "everyone"], &["--may-start", "anyone", "network"]);
    check("", None, &["--public-url", "home.example"], &["--public-url", "https://"]);
    check("", None, &["--idle-choices", "1h,2h"], &["--idle-choices", "1h"]);
    check("", None, &["--log-level", "loud"], &["--log-level", "info"]);
}

/// I7
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_chat_is_in_files_or_logs() {
    let dir = tempfile::tempdir().unwrap();
    let (data, log) = (dir.path().join("data"), dir.path().join("logs"));
    std::fs::create_dir(&log).unwrap();
    let parlour = Parlour::open(&data, &log.join("log"));
    let [anny, abhi] = start(parlour.address).await;
    let (a, b) = (enter(parlour.address, &anny).await, enter(parlour.address, &abhi).await);
    let (mut one, mut other) =
        (Visitor::open(parlour.address, &a).await, Visitor::open(parlour.address, &b).await);
    one.say(1, "Canary-text that only Abhi reads").await;
    other.frame_of("chat-message").await;
    let wrong = json!({"token": anny.token, "code": "0000-0000"});
    crate::visitor::post(parlour.address, "/api/v1/invites/enter", &wrong).await;
    other.frame_of("chat-guess").await;
    parlour.signal("-TERM");
    assert!(parlour.ended().0.success());
    let canaries = ["Canary", &anny.name, &abhi.name, &anny.token, &abhi.token, &anny.code, &abhi.code];
    let bare = [anny.code.replace('-', ""), abhi.code.replace('-', "")];
    let held = [a.device.as_str(), b.device.as_str()];
    for canary in canaries.into_iter().chain(bare.iter().map(String::as_str)).chain(held) {
        assert!(!is_in_files(&data, canary.as_bytes()), "{canary} is on the disk");
        assert!(!is_in_files(&log, canary.as_bytes()), "{canary} is in the log");
    }
    assert!(!is_in_files(&log, a.seat.as_bytes()), "a seat is in the log");
    assert!(is_in_files(&log, b"stopping"), "the log was read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_opens_with_link_and_code_and_with_neither_alone() {
    let dir = tempfile::tempdir().unwrap();
    let parlour = Parlour::open(&dir.path().join("data"), &dir.path().join("log"));
    let [anny, abhi] = start(parlour.address).await;
    for (token, code, expected) in [
        (&anny.token, &abhi.code, "wrong_code"),
        (&abhi.token, &anny.code, "wrong_code"),
        (&"0".repeat(26), &anny.code, "no_such_link"),
    ] {
        let question = json!({"token": token, "code": code});
        let answer = crate::visitor::post(parlour.address, "/api/v1/invites/enter", &question).await;
        assert_eq!(answer["code"], expected);
    }
    enter(parlour.address, &anny).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_under_load_it_has_everything_that_it_acknowledged_once_and_in_order() {
    const ROUNDS: usize = 5;
    let dir = Arc::new(tempfile::tempdir().unwrap());
    let (data, log, address) = (dir.path().join("data"), dir.path().join("log"), free_address());
    let mut parlour = Parlour::open_at(&data, &log, address);
    let [anny, abhi] = start(address).await;
    let people = [enter(address, &anny).await, enter(address, &abhi).await];
    let mut acknowledged: Vec<Vec<(u64, u128)>> = vec![Vec::new(); 2];
    for round in 0..ROUNDS {
        let stopping = Arc::new(AtomicBool::new(false));
        let talkers: Vec<_> = (0..2)
            .map(|who| {
                let (held, stopping) = (people[who].clone(), Arc::clone(&stopping));
                tokio::spawn(async move { talk(address, held, first_id(round, who), stopping).await })
            })
            .collect();
        let enough = 200 * (round as u64 + 1);
        wait_for_head(address, &people[0], enough).await;
        parlour.signal("-KILL");
        stopping.store(true, Ordering::SeqCst);
        for (who, talker) in talkers.into_iter().enumerate() {
            acknowledged[who].extend(within(talker, "the talkers to notice").await.unwrap());
        }
        drop(parlour);
        parlour = Parlour::open_at(&data, &log, address);
    }
    for person in &people {
        check_history(&Visitor::history(address, person).await, &acknowledged);
    }
    let total: usize = acknowledged.iter().map(Vec::len).sum();
    println!("{total} messages were acknowledged over {ROUNDS} kills");
    assert!(total > 200 * ROUNDS / 2);
}

fn first_id(round: usize, who: usize) -> u128 {
    (round as u128 + 1) * 10_000_000 + who as u128 * 1_000_000
}

/// Says one thing after the other until the house is gone; gives what was acknowledged.
async fn talk(
    address: SocketAddr,
    held: crate::visitor::Held,
    first: u128,
    stopping: Arc<AtomicBool>,
) -> Vec<(u64, u128)> {
    let mut visitor = Visitor::open(address, &held).await;
    let mut acknowledged = Vec::new();
    for id in first.. {
        if stopping.load(Ordering::SeqCst) {
            break;
        }
        let Some(seq) = visitor.try_say(id, &format!("message {id}")).await else { break };
        acknowledged.push((seq, id));
    }
    acknowledged
}

async fn wait_for_head(address: SocketAddr, held: &crate::visitor::Held, head: u64) {
    let mut visitor = Visitor::open(address, held).await;
    while visitor.frame_of("chat-message").await["seq"].as_u64().unwrap() < head {}
}

/// Everything acknowledged stands where it was said to stand, once, without a gap, and each sender's own in
/// order.
fn check_history(history: &[Value], acknowledged: &[Vec<(u64, u128)>]) {
    let ids: Vec<u128> = history
        .iter()
        .map(|message| u128::from_str_radix(message["id"].as_str().unwrap(), 16).unwrap())
        .collect();
    for (index, message) in history.iter().enumerate() {
        assert_eq!(message["seq"].as_u64().unwrap(), index as u64 + 1, "a gap");
    }
    for (seq, id) in acknowledged.iter().flatten() {
        assert_eq!(ids.get(*seq as usize - 1), Some(id), "message {id} was acknowledged as {seq}");
    }
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "a message stands there twice");
    for who in ["1", "2"] {
        let own: Vec<_> =
            history.iter().zip(&ids).filter(|(m, _)| m["from"] == who).map(|(_, id)| *id).collect();
        assert!(own.is_sorted(), "the order of sender {who} was not kept");
    }
}

#[test]
fn it_tells_the_address_that_a_phone_can_reach() {
    let dir = tempfile::tempdir().unwrap();
    let address = free_address();
    let mut command = command(&dir.path().join("data"));
    command.args(["--listen", &address.to_string(), "--public-url", "https://home.example/parlour"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines.find(|line| line.as_ref().unwrap().contains("https://home.example/parlour/"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(told.is_some());
}

#[test]
fn help_and_version_are_there() {
    for (flag, expected) in [("--help", "--public-url"), ("--version", env!("CARGO_PKG_VERSION"))] {
        let mut output = Command::new(env!("CARGO_BIN_EXE_parlour"));
        let mut child = output.env_clear().arg(flag).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success() && said.contains(expected), "{said}");
    }
}
