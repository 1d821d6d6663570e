//! The files of a house: what is done where something else is in the place of one, and what is said of a
//! house whose files were deleted underneath it, or replaced by others.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use reqwest::Method;
use rustix::process::Signal;

use crate::house::commands::{open, parlour, refused, said, told, typed};
use crate::support::process::{Premises, until};
use crate::support::visitor::{Visitor, ask, enter, is_well, start};

/// Whichever of the files is gone, and both: what is acknowledged afterwards is in the backup as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_house_whose_files_were_deleted_says_so_and_is_saved_by_a_backup() {
    for gone in [&["parlour.redb"][..], &["keys.slots"], &["parlour.redb", "keys.slots"]] {
        says_so_and_is_saved(gone, "was deleted", |file| fs::remove_file(file).unwrap()).await;
    }
}

/// A copy that was put back is another file, and has nothing that is said from then on.
#[tokio::test(flavor = "multi_thread")]
async fn a_house_whose_files_were_replaced_by_others_says_so_and_is_saved_by_a_backup() {
    for replaced in [&["parlour.redb"][..], &["keys.slots"], &["parlour.redb", "keys.slots"]] {
        let replace = |file: &Path| {
            let copy = file.with_extension("copy");
            fs::copy(file, &copy).unwrap();
            fs::rename(copy, file).unwrap();
        };
        says_so_and_is_saved(replaced, "was replaced by another file", replace).await;
    }
}

async fn says_so_and_is_saved(files: &[&str], what: &str, happens: impl Fn(&Path)) {
    let premises = Premises::new();
    let house = open(&premises).await;
    let [anny, _] = start(house.address).await;
    let held = enter(house.address, &anny).await;
    files.iter().for_each(|file| happens(&premises.data().join(file)));
    Visitor::open(house.address, &held).await.say(1, "after that").await;
    start(house.address).await;
    assert_eq!(told(&premises, &["status"])["chats"], 2);
    let sentence = String::from_utf8(typed(&premises, &["doctor"]).stdout).unwrap();
    let fault = sentence.lines().find(|line| line.starts_with("fault")).unwrap_or_default();
    assert!(files.iter().all(|file| fault.contains(&format!("{file} {what}"))), "{sentence}");
    assert!(sentence.contains("parlour backup FILE"), "{sentence}");

    let [file, passphrase] = ["backup", "passphrase"].map(|name| premises.logs().join(name));
    fs::write(&passphrase, "correct horse battery\n").unwrap();
    let (file, passphrase) = (file.to_str().unwrap(), passphrase.to_str().unwrap());
    said(&typed(&premises, &["backup", file, "--passphrase-file", passphrase]));
    house.signal(Signal::TERM);
    house.ended();
    said(&typed(&premises, &["restore", file, "--passphrase-file", passphrase, "--replace"]));
    let again = open(&premises).await;
    assert_eq!(Visitor::history(again.address, &held).await.len(), 1, "{files:?}");
    let sentence = String::from_utf8(typed(&premises, &["doctor"]).stdout).unwrap();
    assert!(!sentence.contains(what), "{sentence}");
    drop(again);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_the_sockets_place_is_left_alone_and_everything_says_that_it_has_to_go() {
    let premises = Premises::new();
    let file = premises.logs().join("precious");
    fs::write(&file, "precious").unwrap();
    let socket = ["--admin-socket", file.to_str().unwrap()];
    let house = premises.open_with(&socket);
    assert!(is_well(house.address).await);
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    let what = format!("{} is no socket", file.display());
    assert!(premises.said().contains(&what));
    let (_, shown) = ask(house.address, Method::GET, "/api/v1/house", None, None).await;
    assert!(shown["warnings"].to_string().contains("socket-blocked"), "{shown}");
    let doctor = typed(&premises, &[&["doctor"][..], &socket].concat());
    let told = String::from_utf8(doctor.stdout).unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    assert!(told.contains(&what) && told.contains("restart parlour"), "{told}");
    assert!(!told.contains("not running") && !told.contains("already listening"), "it runs: {told}");
    let checked = said(&typed(&premises, &[&["check-config"][..], &socket].concat()));
    assert!(checked.contains(&format!("Warning: {what}")) && checked.contains("move it away"), "{checked}");
    let asked = typed(&premises, &[&["status"][..], &socket].concat());
    assert!(refused(&asked, 1).contains(&what));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_in_the_place_of_a_file_of_the_house_is_not_followed() {
    for name in ["lock", "keys.slots", "ballast", "parlour.redb"] {
        let premises = Premises::new();
        let precious = premises.logs().join("precious");
        fs::write(&precious, "precious").unwrap();
        fs::create_dir(premises.data()).unwrap();
        std::os::unix::fs::symlink(&precious, premises.data().join(name)).unwrap();
        let output = parlour(&["--listen", "127.0.0.1:0", "--mdns", "off", "--data"]);
        let mut house =
            { output }.arg(premises.data()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The ballast is a courtesy: a house opens without it.
        if name == "ballast" {
            until("the house to open", || premises.data().join("admin.sock").exists().then_some(()));
        } else {
            until("the house to refuse it", || house.try_wait().unwrap());
        }
        drop(house.kill());
        house.wait().unwrap();
        assert_eq!(fs::read_to_string(&precious).unwrap(), "precious", "{name}");
    }
}
