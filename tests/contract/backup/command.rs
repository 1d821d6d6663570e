//! The commands that work on files, as the real binary.

use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use parlour::crypto::Passphrase;
use parlour::domain::At;
use parlour::host::cli::backup::BackupFile;
use parlour::store::{Replace, verify};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::{PASSPHRASE, copied};
use crate::support::kept::Kept;
use crate::support::process::{Premises, command, output, until};
use crate::support::visitor::{Visitor, enter, post, start};

/// A folder with a backup of a house in which somebody said something, and its passphrase in a file.
struct Folder {
    dir: tempfile::TempDir,
    copy: Vec<u8>,
}

impl Folder {
    async fn new() -> Self {
        let kept = Kept::open();
        let [anny, _] = kept.start().await;
        let seat = kept.enter(&anny).await.seat;
        kept.say(&seat, 1, "hi").await.unwrap();
        let folder = Self { dir: tempfile::tempdir().unwrap(), copy: copied(&kept.store).await };
        std::fs::write(folder.path("passphrase"), format!("{PASSPHRASE}\nnot this line\n")).unwrap();
        folder.file(Replace::No).unwrap().write(&folder.copy[..]).unwrap();
        folder
    }

    fn file(&self, replace: Replace) -> Result<BackupFile, String> {
        let passphrase = Passphrase::parse(PASSPHRASE).unwrap();
        BackupFile::create(self.path("backup"), replace, passphrase).map_err(|error| error.to_string())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the binary here, with nothing to ask on.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
        command.env_clear().current_dir(self.dir.path()).args(arguments).stdin(Stdio::null());
        output(&mut command)
    }

    #[track_caller]
    fn fails(&self, arguments: &[&str], code: i32, words: &[&str]) {
        let Output { status, stderr, .. } = self.run(arguments);
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(code), "{said}");
        assert!(code == 2 || said.lines().count() == 1, "{said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{word:?} is missing in: {said}"));
    }

    #[track_caller]
    fn tells(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.run(arguments);
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        assert_eq!(String::from_utf8(stderr).unwrap(), "", "no bar where nobody looks");
        String::from_utf8(stdout).unwrap()
    }
}

const VERIFY: [&str; 5] = ["backup", "verify", "backup", "--passphrase-file", "passphrase"];

#[tokio::test]
async fn a_backup_is_checked_and_says_what_is_in_it() {
    let folder = Folder::new().await;
    assert_eq!(folder.names(), ["backup", "passphrase"], "nothing is left over");
    let mode = std::fs::metadata(folder.path("backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let told = folder.tells(&VERIFY);
    for words in
        ["whole", "2027-01-15 08:00:00 UTC", "chats        1", "messages     1", env!("CARGO_PKG_VERSION")]
    {
        assert!(told.contains(words), "{words:?} is missing in: {told}");
    }
    let told: Value = serde_json::from_str(&folder.tells(&[&VERIFY[..], &["--json"]].concat())).unwrap();
    let contents = verify(&folder.copy[..]).unwrap();
    let incarnation = format!("incarnation  {:016x}", contents.incarnation.0);
    assert!(folder.tells(&VERIFY).contains(&incarnation), "{incarnation}");
    assert_eq!(contents.at, At(told["at"].as_u64().unwrap()));
    assert_eq!(told["incarnation"], format!("{:016x}", contents.incarnation.0));
    assert_eq!((&told["chats"], &told["messages"], &told["devices"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(folder.names(), ["backup", "passphrase"], "verifying builds nothing");
}

#[tokio::test]
async fn what_is_wrong_with_a_backup_or_its_passphrase_is_said_in_a_sentence() {
    let folder = Folder::new().await;
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path(name), bytes).unwrap();
    let file = std::fs::read(folder.path("backup")).unwrap();
    put("short", b"seven77\n");
    put("wrong", b"correct horse\n");
    put("cut", &file[..file.len() - 3]);
    put("other", b"something else entirely");
    let verify = |file, passphrase| ["backup", "verify", file, "--passphrase-file", passphrase];
    folder.fails(&verify("backup", "short"), 2, &["too short", "8"]);
    folder.fails(&verify("backup", "wrong"), 1, &["backup: the passphrase is wrong"]);
    folder.fails(&verify("backup", "missing"), 1, &["cannot be read from missing"]);
    folder.fails(&verify("cut", "passphrase"), 1, &["cut: the backup was cut off"]);
    folder.fails(&verify("other", "passphrase"), 1, &["not a backup of parlour"]);
    folder.fails(&verify("nowhere", "passphrase"), 1, &["nowhere cannot be read"]);
    folder.fails(&["backup"], 2, &["FILE"]);
    folder.fails(&["backup", "verify", "backup", "--passphrase", "x"], 2, &["--passphrase"]);
}

#[tokio::test]
async fn a_file_that_is_there_is_kept_and_one_that_is_not_whole_gets_no_name() {
    let folder = Folder::new().await;
    let before = std::fs::read(folder.path("backup")).unwrap();
    let taken = folder.file(Replace::No).unwrap().write(&folder.copy[..]).unwrap_err().to_string();
    assert!(taken.contains("--force"), "{taken}");
    let cut = folder
        .file(Replace::Yes)
        .unwrap()
        .write(&folder.copy[..folder.copy.len() - 1])
        .unwrap_err()
        .to_string();
    assert!(cut.contains("did not send all of it"), "{cut}");
    assert_eq!(std::fs::read(folder.path("backup")).unwrap(), before);
    assert_eq!(folder.names(), ["backup", "passphrase"], "nothing is left over");
    folder.file(Replace::Yes).unwrap().write(&folder.copy[..]).unwrap();
    assert_ne!(std::fs::read(folder.path("backup")).unwrap(), before, "never sealed the same way twice");
    folder.tells(&VERIFY);
}

#[tokio::test]
async fn a_backup_that_is_refused_leaves_another_to_the_same_file_alone() {
    let folder = Folder::new().await;
    std::fs::write(folder.path("backup.partial"), b"somebody else's").unwrap();
    let first = folder.file(Replace::Yes).unwrap();
    drop(folder.file(Replace::Yes).unwrap());
    first.write(&folder.copy[..]).unwrap();
    folder.tells(&VERIFY);
    assert_eq!(std::fs::read(folder.path("backup.partial")).unwrap(), b"somebody else's");
    assert_eq!(folder.names(), ["backup", "backup.partial", "passphrase"], "nothing is left over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_goes_on_from_a_backup_after_the_one_that_was_there_was_lost() {
    let folder = Folder::new().await;
    let (premises, file, passphrase) = (Premises::new(), folder.path("moved"), folder.path("passphrase"));
    let parlour = premises.open();
    let [anny, abhi] = start(parlour.address).await;
    let entered = enter(parlour.address, &anny).await;
    Visitor::open(parlour.address, &entered).await.say(1, "kept").await;
    let restore = || {
        let mut restore = command(&premises.data());
        restore.arg("restore").arg(&file);
        restore.arg("--passphrase-file").arg(&passphrase).stdin(Stdio::null());
        restore
    };
    let refused = |command: &mut Command, words: &str| {
        let Output { status, stderr, .. } = output(command);
        let said = String::from_utf8(stderr).unwrap();
        assert!(status.code() == Some(1) && said.lines().count() == 1 && said.contains(words), "{said}");
    };
    refused(&mut restore(), "cannot be read");
    std::fs::write(&file, "no backup yet").unwrap();
    refused(&mut restore(), "a parlour is running on");
    parlour.signal(Signal::TERM);
    assert!(parlour.ended().success());
    let copy = of_files(&premises.data()).await;
    std::fs::remove_file(&file).unwrap();
    refused(&mut restore(), "cannot be read");
    BackupFile::create(file.clone(), Replace::No, Passphrase::parse(PASSPHRASE).unwrap())
        .unwrap()
        .write(&copy[..])
        .unwrap();
    refused(&mut restore(), "--replace");
    std::fs::remove_dir_all(premises.data()).unwrap();
    let restored = output(restore().arg("--json"));
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let told: Value = serde_json::from_slice(&restored.stdout).unwrap();
    assert_eq!((&told["chats"], &told["messages"], &told["stay_ended"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(std::fs::metadata(premises.data()).unwrap().permissions().mode() & 0o777, 0o700);
    let again = premises.open();
    let question = json!({"token": abhi.token, "code": abhi.code});
    let answer = post(again.address, "/api/v1/invites/enter", &question).await;
    assert!(answer.to_string().contains("kept"), "{answer}");
    again.signal(Signal::TERM);
    assert!(again.ended().success());
    let replaced = output(restore().arg("--replace"));
    let said = String::from_utf8(replaced.stdout).unwrap();
    assert!(replaced.status.success() && said.contains("1 chat and 1 message."), "{said}");
    premises.open();
}

/// Where the words before a command are ignored, another house is destroyed.
#[tokio::test]
async fn a_house_is_replaced_in_the_directory_that_is_named_before_the_command_and_in_no_other() {
    let folder = Folder::new().await;
    let (meant, default) = (folder.path("meant"), folder.path("home/parlour"));
    std::fs::create_dir_all(&default).unwrap();
    for file in ["parlour.redb", "keys.slots"] {
        std::fs::write(default.join(file), "another house").unwrap();
    }
    let restore = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
        command.env_clear().env("XDG_DATA_HOME", folder.path("home")).current_dir(folder.dir.path());
        command.args(words).args(["restore", "backup", "--replace", "--passphrase-file", "passphrase"]);
        let output = output(command.stdin(Stdio::null()));
        assert!(output.status.success(), "{output:?}");
        assert!(meant.join("parlour.redb").exists());
        std::fs::remove_dir_all(&meant).unwrap();
    };
    std::fs::write(folder.path("own.toml"), format!("data = '{}'", meant.display())).unwrap();
    restore(&["--data", meant.to_str().unwrap()]);
    restore(&["--config", "own.toml"]);
    for file in ["parlour.redb", "keys.slots"] {
        assert_eq!(std::fs::read_to_string(default.join(file)).unwrap(), "another house", "{file}");
    }
}

/// With `sudo`, as it would be typed.
#[tokio::test]
async fn what_root_restores_belongs_to_the_owner_of_the_directory() {
    if !rustix::process::geteuid().is_root() {
        println!("SKIPPED: only root can give files away");
        return;
    }
    const NOBODY: u32 = 65_534;
    let folder = Folder::new().await;
    let data = folder.path("data");
    std::fs::create_dir(&data).unwrap();
    std::os::unix::fs::chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
    folder.tells(&["restore", "backup", "--data", data.to_str().unwrap(), "--passphrase-file", "passphrase"]);
    for entry in std::fs::read_dir(&data).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().uid(), NOBODY, "{:?}", entry.file_name());
    }
}

/// A copy of a house that is closed.
async fn of_files(data: &Path) -> Vec<u8> {
    use parlour::clock::RealMachine;
    use parlour::store::{Options, RealDisk, Store};
    let options = Options {
        dir: data.to_owned(),
        stretch: parlour::crypto::Stretch::LEAST,
        clock: std::sync::Arc::new(|| At(1_800_000_000_000)),
        machine: std::sync::Arc::new(RealMachine::default()),
        disk: Box::new(RealDisk),
        patience: std::time::Duration::ZERO,
    };
    let store = Store::open(options, drop).unwrap();
    let copy = copied(&store).await;
    store.close().await;
    copy
}

/// Until the terminal of what `script` runs shows nothing of what is typed: that begins after the question.
fn until_hidden(script: u32) {
    let children = format!("/proc/{script}/task/{script}/children");
    until("what is typed not to be shown", || {
        let child = std::fs::read_to_string(&children).unwrap();
        let terminal = std::fs::read_link(format!("/proc/{}/fd/0", child.trim())).unwrap();
        let settings = output(Command::new("stty").arg("-aF").arg(terminal));
        String::from_utf8(settings.stdout).unwrap().contains("-echo ").then_some(())
    });
}

/// `script` of util-linux gives the binary a terminal.
#[tokio::test]
async fn on_a_terminal_the_passphrase_is_asked_for_and_not_shown() {
    let folder = Folder::new().await;
    let line = format!("{} backup verify backup", env!("CARGO_BIN_EXE_parlour"));
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &line, "/dev/null"]).current_dir(folder.dir.path());
    let Ok(mut child) = script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
    else {
        println!("SKIPPED: there is no `script` to make a terminal with");
        assert!(std::env::var_os("CI").is_none(), "CI tries everything");
        return;
    };
    let (mut typed, mut shown) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut said = vec![0; 12];
    shown.read_exact(&mut said).unwrap();
    assert_eq!(said, b"Passphrase: ");
    until_hidden(child.id());
    typed.write_all(format!("{PASSPHRASE}\n").as_bytes()).unwrap();
    let mut rest = String::new();
    shown.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success() && rest.contains("The backup is whole"), "{rest}");
    assert!(!rest.contains(PASSPHRASE), "{rest}");
}
