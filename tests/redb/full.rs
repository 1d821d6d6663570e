//! A real disk that is full, under the real binary: a small ext4 in a file, or a tmpfs where loop devices
//! cannot be used.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::house::until;
use crate::support::process::Premises;
use crate::support::visitor::{Held, ask, enter, start};

const DISK_BYTES: u64 = 40 * 1024 * 1024;

/// A small disk of its own, unmounted when dropped.
struct SmallDisk {
    dir: tempfile::TempDir,
}

impl SmallDisk {
    /// None, and says why, where nothing can be mounted.
    fn mount() -> Option<Self> {
        let disk = Self { dir: tempfile::tempdir().unwrap() };
        let (image, place) = (disk.dir.path().join("image"), disk.place());
        std::fs::create_dir(&place).unwrap();
        File::create(&image).unwrap().set_len(DISK_BYTES).unwrap();
        let made = run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image));
        let ext4 =
            made.and_then(|()| run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&place)));
        let size = format!("size={DISK_BYTES}");
        let tmpfs = || run(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&place));
        match ext4.or_else(|_| tmpfs()) {
            Ok(()) => Some(disk),
            Err(reason) => {
                println!("SKIPPED: no small disk can be mounted: {reason}");
                None
            }
        }
    }

    fn place(&self) -> PathBuf {
        self.dir.path().join("disk")
    }

    /// Takes all the room that is left, and gives the file that has it.
    fn fill(&self) -> PathBuf {
        let path = self.place().join("filling");
        let mut file = File::create(&path).unwrap();
        for piece in [1024 * 1024, 4096] {
            while file.write_all(&vec![7; piece]).and_then(|()| file.sync_data()).is_ok() {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(run(Command::new("umount").arg("-l").arg(self.place())));
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

/// One message: its status and answer.
async fn say(premises: &Premises, held: &Held, number: u32) -> (u16, Value) {
    let path = format!("/api/v1/seats/{}/messages", held.seat);
    let text = format!("message {number} {}", "x".repeat(2_000));
    let body = json!({"id": format!("{number:016x}{:016x}", 1), "text": text});
    ask(premises.address, Method::POST, &path, Some(&held.device), Some(&body)).await
}

/// Asks for a change of one message: the status and the code of a refusal.
async fn change(
    premises: &Premises,
    held: &Held,
    (method, rest, body): (Method, &str, Option<Value>),
    seq: usize,
) -> (u16, Value) {
    let path = format!("/api/v1/seats/{}/messages/{seq}{rest}", held.seat);
    let (status, answer) = ask(premises.address, method, &path, Some(&held.device), body.as_ref()).await;
    (status, answer["code"].clone())
}

/// The first messages, as this person sees them.
async fn first(premises: &Premises, held: &Held, limit: usize) -> Value {
    let path = format!("/api/v1/seats/{}/messages?after=0&limit={limit}", held.seat);
    ask(premises.address, Method::GET, &path, Some(&held.device), None).await.1["messages"].clone()
}

/// How many messages the house has.
async fn count(premises: &Premises, held: &Held) -> u64 {
    let path = format!("/api/v1/seats/{}/messages?before=9007199254740991&limit=1", held.seat);
    let (status, page) = ask(premises.address, Method::GET, &path, Some(&held.device), None).await;
    assert_eq!(status, 200, "reading works: {page}");
    page["messages"][0]["seq"].as_u64().unwrap()
}

async fn act(premises: &Premises, held: &Held, deed: &str) -> u16 {
    let path = format!("/api/v1/seats/{}/{deed}", held.seat);
    ask(premises.address, Method::POST, &path, Some(&held.device), Some(&json!({}))).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_disk_that_is_full_refuses_what_is_new_and_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount() else { return };
    let premises = Premises::on(&disk.place());
    let mut parlour = premises.open();
    let ([anny, _], [mia, _]) = (start(premises.address).await, start(premises.address).await);
    let (anny, mia) = (enter(premises.address, &anny).await, enter(premises.address, &mia).await);
    assert_eq!(say(&premises, &anny, 0).await.0, 201);
    let filling = disk.fill();
    let (said, refused) = fill_up(&premises, &anny).await;
    assert_eq!((refused["code"].as_str(), refused["status"].as_u64()), (Some("disk_full"), Some(507)));
    assert!(refused["detail"].as_str().unwrap().contains("disk is full"), "{refused}");
    assert_eq!(count(&premises, &anny).await, u64::from(said), "what was acknowledged is there");
    assert!(act(&premises, &anny, "keep").await < 300, "a chat can be kept");
    assert!(act(&premises, &mia, "end").await < 300, "a chat can be ended");
    std::fs::remove_file(filling).unwrap();
    let is_taken = async || (say(&premises, &anny, said).await.0 == 201).then_some(());
    until("a message to be taken, since there is room", is_taken).await;
    assert_eq!(count(&premises, &anny).await, u64::from(said) + 1);
    assert!(parlour.exit().is_none(), "it went on without a restart");
    assert!(!premises.said().contains("panicked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_messages_and_reactions_are_deleted_and_stay_so_after_a_restart() {
    let Some(disk) = SmallDisk::mount() else { return };
    let premises = Premises::on(&disk.place());
    let mut parlour = premises.open();
    let [anny, _] = start(premises.address).await;
    let anny = enter(premises.address, &anny).await;
    let react = || (Method::PUT, "/reaction", Some(json!({"emoji": "\u{1F602}"})));
    for number in 0..6 {
        assert_eq!(say(&premises, &anny, number).await.0, 201);
        assert_eq!(change(&premises, &anny, react(), number as usize + 1).await.0, 200);
    }
    disk.fill();
    fill_up(&premises, &anny).await;
    for [for_everybody, for_me, reaction] in [[1, 2, 3], [4, 5, 6]] {
        let edit = (Method::PATCH, "", Some(json!({"base": 0, "text": "other words"})));
        for adding in [edit, react()] {
            assert_eq!(change(&premises, &anny, adding, 7).await, (507, json!("disk_full")));
        }
        for (rest, seq) in [("?for=everybody", for_everybody), ("?for=me", for_me), ("/reaction", reaction)] {
            let done = change(&premises, &anny, (Method::DELETE, rest, None), seq).await;
            assert_eq!(done, (200, Value::Null), "{rest}");
        }
        let left = first(&premises, &anny, 6).await;
        assert!(left[for_everybody - 1]["gone"].is_object(), "{left}");
        assert_eq!(left[for_me - 1]["hidden"], true, "{left}");
        assert_eq!(left[reaction - 1]["reactions"], Value::Null, "{left}");
        drop(parlour);
        parlour = premises.open();
        assert_eq!(first(&premises, &anny, 6).await, left, "after a restart");
    }
    assert!(parlour.exit().is_none());
    assert!(!premises.said().contains("panicked"));
}

/// Speaks until the disk is full. How many messages were taken, and the refusal, which comes without a
/// restart.
async fn fill_up(premises: &Premises, anny: &Held) -> (u32, Value) {
    let mut number = 1;
    loop {
        // Where it is not known whether it was said, it is said again.
        let known = async || match say(premises, anny, number).await {
            (500 | 503, _) => None,
            known => Some(known),
        };
        match until("an answer that is known", known).await {
            (200 | 201, _) => number += 1,
            (507, refusal) => return (number, refusal),
            (status, answer) => panic!("{status}: {answer}"),
        }
    }
}
