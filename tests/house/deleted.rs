//! A house whose files were deleted underneath it.

use rustix::process::Signal;

use crate::house::commands::{open, said, told, typed};
use crate::support::process::Premises;
use crate::support::visitor::{Visitor, enter, start};

/// Whichever of the files is gone, and both: what is acknowledged afterwards is in the backup as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_house_whose_files_were_deleted_says_so_and_is_saved_by_a_backup() {
    for gone in [&["parlour.redb"][..], &["keys.slots"], &["parlour.redb", "keys.slots"]] {
        let premises = Premises::new();
        let house = open(&premises).await;
        let [anny, _] = start(house.address).await;
        let held = enter(house.address, &anny).await;
        gone.iter().for_each(|file| std::fs::remove_file(premises.data().join(file)).unwrap());
        Visitor::open(house.address, &held).await.say(1, "after the files were deleted").await;
        start(house.address).await;
        assert_eq!(told(&premises, &["status"])["chats"], 2);
        let sentence = String::from_utf8(typed(&premises, &["doctor"]).stdout).unwrap();
        let fault = sentence.lines().find(|line| line.starts_with("fault")).unwrap_or_default();
        assert!(gone.iter().all(|file| fault.contains(file)), "{sentence}");
        assert!(sentence.contains("parlour backup FILE"), "{sentence}");

        let [file, passphrase] = ["backup", "passphrase"].map(|name| premises.logs().join(name));
        std::fs::write(&passphrase, "correct horse battery\n").unwrap();
        let (file, passphrase) = (file.to_str().unwrap(), passphrase.to_str().unwrap());
        said(&typed(&premises, &["backup", file, "--passphrase-file", passphrase]));
        house.signal(Signal::TERM);
        house.ended();
        said(&typed(&premises, &["restore", file, "--passphrase-file", passphrase, "--replace"]));
        let again = open(&premises).await;
        assert_eq!(Visitor::history(again.address, &held).await.len(), 1, "{gone:?}");
        let sentence = String::from_utf8(typed(&premises, &["doctor"]).stdout).unwrap();
        assert!(!sentence.contains("was deleted"), "{sentence}");
    }
}
