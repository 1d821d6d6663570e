//! The real binary: it starts, stops, and tells nobody anything. That it may be killed is tried in `crash`.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;

use rustix::process::Signal;
use serde_json::json;

use crate::support::house::DEADLINE;
use crate::support::kept::is_in_files;
use crate::support::process::{Premises, command, free_address, output, wait_for};
use crate::support::visitor::{Visitor, enter, post, start};

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_cleanly_on_sigterm_and_sigint() {
    for signal in [Signal::TERM, Signal::INT] {
        let premises = Premises::new();
        let parlour = premises.open();
        let [anny, _] = start(parlour.address).await;
        let mut anny = Visitor::open(parlour.address, &enter(parlour.address, &anny).await).await;
        parlour.signal(signal);
        assert_eq!(anny.frame_of("bye").await["why"], "stopping");
        assert!(parlour.ended().success());
    }
}

/// By two ways, because root may everything: no core has any size, and what the kernel shows of the process
/// belongs to root although somebody else runs it (proc(5)).
#[test]
fn no_core_is_written_and_nobody_else_looks_into_its_memory() {
    let premises = Premises::new();
    let house = premises.open();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", house.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
    let memory = std::fs::metadata(format!("/proc/{}/mem", house.id())).unwrap();
    let own = std::fs::metadata("/proc/self").unwrap().uid();
    if own != 0 {
        return assert_eq!(memory.uid(), 0, "{own} could read what {own} runs");
    }
    const NOBODY: u32 = 65_534;
    let data = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(data.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    let mut command = command(&data.path().join("data"));
    let address = free_address();
    let child = command.args(["--listen", &address.to_string()]).uid(NOBODY).gid(NOBODY);
    let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for(address);
    let memory = std::fs::metadata(format!("/proc/{}/mem", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(memory.uid(), 0);
}

#[test]
fn a_second_one_on_the_same_data_is_told_so_in_one_sentence() {
    let premises = Premises::new();
    let _first = premises.open();
    let second = output(command(&premises.data()).args(["--listen", "127.0.0.1:0"]));
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
        let output = output(&mut command);
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
    let premises = Premises::new();
    let (data, log) = (premises.data(), premises.logs());
    let parlour = premises.open();
    let [anny, abhi] = start(parlour.address).await;
    let (a, b) = (enter(parlour.address, &anny).await, enter(parlour.address, &abhi).await);
    let (mut one, mut other) =
        (Visitor::open(parlour.address, &a).await, Visitor::open(parlour.address, &b).await);
    one.say(1, "Canary-text that only Abhi reads").await;
    other.frame_of("chat-message").await;
    let wrong = json!({"token": anny.token, "code": "0000-0000"});
    post(parlour.address, "/api/v1/invites/enter", &wrong).await;
    other.frame_of("chat-guess").await;
    parlour.signal(Signal::TERM);
    assert!(parlour.ended().success());
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
    let premises = Premises::new();
    let parlour = premises.open();
    let [anny, abhi] = start(parlour.address).await;
    for (token, code, expected) in [
        (&anny.token, &abhi.code, "wrong_code"),
        (&abhi.token, &anny.code, "wrong_code"),
        (&"0".repeat(26), &anny.code, "no_such_link"),
    ] {
        let question = json!({"token": token, "code": code});
        let answer = post(parlour.address, "/api/v1/invites/enter", &question).await;
        assert_eq!(answer["code"], expected);
    }
    enter(parlour.address, &anny).await;
}

/// What a house prints until there is what is waited for, with a deadline; it ends with this.
struct Printing(Child);

impl Printing {
    fn of(command: &mut Command) -> Self {
        Self(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// The first line that is meant, and as many as `count` in all from there.
    fn lines(&mut self, count: usize, is_meant: impl Fn(&str) -> bool + Send + 'static) -> Vec<String> {
        let lines = BufReader::new(self.0.stdout.take().unwrap()).lines().map(Result::unwrap);
        let (told, is_told) = channel();
        let tell = move || told.send(lines.skip_while(|line| !is_meant(line)).take(count).collect());
        drop(std::thread::spawn(tell));
        is_told.recv_timeout(DEADLINE).expect("the house does not print that")
    }
}

impl Drop for Printing {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn it_tells_the_address_that_a_phone_can_reach() {
    let dir = tempfile::tempdir().unwrap();
    let address = free_address();
    let mut command = command(&dir.path().join("data"));
    command.args(["--listen", &address.to_string(), "--public-url", "https://home.example/parlour"]);
    let told = Printing::of(&mut command).lines(1, |line| line.contains("https://home.example/parlour/"));
    assert_eq!(told.len(), 1);
}

#[test]
fn it_tells_where_devices_are_told_to_trust_it_and_what_they_compare() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (house, plain) = (free_address(), free_address());
    let mut command = command(&data);
    command.args(["--tls", "self-signed", "--listen", &house.to_string()]);
    command.args(["--redirect-listen", &plain.to_string()]);
    let told = Printing::of(&mut command).lines(2, |line| line.ends_with("/trust"));
    assert_eq!(told[0].trim(), format!("http://{plain}/trust"));
    let kept: serde_json::Value =
        serde_json::from_slice(&std::fs::read(data.join("tls.json")).unwrap()).unwrap();
    assert_eq!(told[1].trim(), kept["authority"]["fingerprint"].as_str().unwrap());
}

/// The first lines that a house prints, up to the address.
fn greeting(settings: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let mut command = command(&dir.path().join("data"));
    let mut child = command.args(settings).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut told = Vec::new();
    while !told.last().is_some_and(|line: &String| line.starts_with("    http")) {
        told.push(lines.next().expect("it ended before it said its address"));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    told.join("\n")
}

#[test]
fn it_says_why_no_other_device_can_open_the_page() {
    let address = free_address().to_string();
    let told = greeting(&["--listen", &address]);
    assert!(
        told.contains("accepts no other device") && told.contains(&format!("http://{address}/")),
        "{told}"
    );
    let told = greeting(&["--listen", "198.51.100.1:8080"]);
    assert!(told.contains("until this machine has the address 198.51.100.1"), "{told}");
    assert!(told.contains("http://198.51.100.1:8080/"), "{told}");
    // Without the proxy that may be there, this link leads nowhere.
    for public_url in ["https://home.example/parlour/", "http://192.168.1.20:8080/"] {
        let told = greeting(&["--listen", &address, "--public-url", public_url]);
        let why = format!("answers only on this computer (listen = \"{address}\")");
        assert!(told.contains(&why) && told.contains("If a proxy here forwards to it"), "{told}");
    }
}

#[test]
fn help_and_version_are_there() {
    for (flag, expected) in [("--help", "--public-url"), ("--version", env!("CARGO_PKG_VERSION"))] {
        let told = output(Command::new(env!("CARGO_BIN_EXE_parlour")).env_clear().arg(flag));
        let said = String::from_utf8(told.stdout).unwrap();
        assert!(told.status.success() && said.contains(expected), "{said}");
    }
}
