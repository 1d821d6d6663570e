//! Every setting with every command: before the command, after it, by file and by environment.
//!
//! A setting that a command ignores makes it act on another house than the one that is meant.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::house::commands::{refused, said, typed};
use crate::support::process::{Premises, output};
use crate::support::visitor::is_well;

/// Each command with the words that it needs, and what it uses of the settings.
const COMMANDS: [(&[&str], Uses); 13] = [
    (&["check-config"], Uses::All),
    (&["doctor"], Uses::All),
    (&["status"], Uses::Where),
    (&["chats"], Uses::Where),
    (&["metrics"], Uses::Where),
    (&["compact"], Uses::Where),
    (&["start", "Anny", "Abhi"], Uses::Where),
    (&["end", "0123456789abcdef"], Uses::Where),
    (&["log-level", "info"], Uses::Where),
    (&["backup", "/nowhere/backup", "--passphrase-file", "/nowhere/passphrase"], Uses::Where),
    (&["restore", "/nowhere/backup", "--passphrase-file", "/nowhere/passphrase"], Uses::Directory),
    (&["backup", "verify", "/nowhere/backup", "--passphrase-file", "/nowhere/passphrase"], Uses::Nothing),
    (&["backup", "verify", "/nowhere/backup", "--json"], Uses::Nothing),
];

#[derive(Clone, Copy, PartialEq)]
enum Uses {
    All,
    Where,
    Directory,
    Nothing,
}

/// Each setting with a value that is right, and one that is wrong where it has one.
const SETTINGS: [(&str, &str, Option<&str>); 18] = [
    ("config", "FILE", Some("/nowhere/parlour.toml")),
    ("data", "DATA", Some("~/chats")),
    ("admin_socket", "DATA/other.sock", Some("~/admin.sock")),
    ("listen", "127.0.0.1:8081", Some("localhost")),
    ("public_url", "http://home.example/", Some("home")),
    ("may_start", "anyone", Some("everyone")),
    ("trusted_proxies", "127.0.0.1", Some("10.0.0.0/33")),
    ("idle_choices", "1h,1d", Some("2d")),
    ("idle_default", "1w", Some("3d")),
    ("log_level", "warn", Some("loud")),
    ("messages_per_second", "9", Some("0")),
    ("names", "box.home.arpa", Some("a:80")),
    ("metrics_listen", "127.0.0.1:9464", Some("localhost")),
    ("mdns", "off", Some("a.b")),
    ("tls", "self-signed", Some("foo")),
    ("tls_certificate", "/nowhere/c.pem", None),
    ("tls_key", "/nowhere/k.pem", None),
    ("redirect_listen", "127.0.0.1:8082", Some("localhost")),
];

/// A new command or setting needs a row in them.
#[test]
fn every_command_and_every_setting_of_the_help_is_in_these_tables() {
    let line = parlour::host::cli::command();
    let mut names = BTreeSet::new();
    for command in line.get_subcommands() {
        let name = command.get_name().to_owned();
        names.extend(command.get_subcommands().map(|below| format!("{name} {}", below.get_name())));
        names.insert(name);
    }
    let is_of = |words: &[&str], name: &str| {
        let parts: Vec<_> = name.split(' ').collect();
        let below = words.get(parts.len()).map(|word| format!("{name} {word}"));
        words.starts_with(&parts) && !below.is_some_and(|below| names.contains(&below))
    };
    let is_missing = |name: &&String| !COMMANDS.iter().any(|(words, _)| is_of(words, name));
    assert_eq!(names.iter().filter(is_missing).collect::<Vec<_>>(), Vec::<&String>::new());
    let flags: BTreeSet<_> = line.get_arguments().map(|argument| argument.get_id().as_str()).collect();
    assert_eq!(SETTINGS.map(|(setting, ..)| setting).into_iter().collect::<BTreeSet<_>>(), flags);
}

impl Uses {
    fn takes(self, setting: &str) -> bool {
        match self {
            Self::All => true,
            Self::Where => ["config", "data", "admin_socket"].contains(&setting),
            Self::Directory => ["config", "data"].contains(&setting),
            Self::Nothing => false,
        }
    }
}

/// A home with nothing in it, and a directory that is not its default one.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::write(home.0.path().join("file.toml"), "").unwrap();
        home
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn word(&self, value: &str) -> String {
        value.replace("FILE", &self.path("file.toml")).replace("DATA", &self.path("elsewhere"))
    }

    fn run(&self, words: &[&str], variable: Option<(&str, &str)>) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
        command.env_clear().env("XDG_DATA_HOME", self.0.path()).env("XDG_CONFIG_HOME", self.0.path());
        command.current_dir(self.0.path()).envs(variable).args(words);
        let Output { status, stdout, stderr } = output(&mut command);
        (status.code(), String::from_utf8([stdout, stderr].concat()).unwrap())
    }
}

fn flag(setting: &str) -> String {
    format!("--{}", setting.replace('_', "-"))
}

#[test]
fn a_setting_means_the_same_before_a_command_and_after_it_or_is_refused_in_both_places() {
    let home = Home::new();
    for (words, uses) in COMMANDS {
        for (setting, right, _) in SETTINGS {
            let said = [flag(setting), home.word(right)];
            let said = said.each_ref().map(String::as_str);
            let before = home.run(&[&said[..], words].concat(), None);
            let after = home.run(&[words, &said[..]].concat(), None);
            assert_eq!(before, after, "{words:?} {setting}");
            let below = if words.starts_with(&["backup", "verify"]) { " verify" } else { "" };
            let sentence = format!("{}{below} cannot use {}", words[0], flag(setting));
            assert_eq!(before.1.contains(&sentence), !uses.takes(setting), "{words:?} {setting}: {before:?}");
            if !uses.takes(setting) {
                assert_eq!((before.0, before.1.lines().count()), (Some(2), 1), "{words:?} {before:?}");
            }
        }
    }
}

#[test]
fn a_wrong_setting_is_refused_by_every_command_that_reads_the_settings_however_it_is_said() {
    let home = Home::new();
    let file = home.path("wrong.toml");
    for (words, uses) in COMMANDS.into_iter().filter(|(_, uses)| *uses != Uses::Nothing) {
        for (setting, _, wrong) in SETTINGS {
            let Some(wrong) = wrong.filter(|_| uses.takes(setting)) else { continue };
            let said = [&flag(setting), wrong];
            for words in [[&said[..], words].concat(), [words, &said[..]].concat()] {
                let (code, told) = home.run(&words, None);
                assert_eq!(code, Some(2), "{words:?}: {told}");
                assert!(told.contains(&flag(setting)), "{words:?}: {told}");
            }
        }
        let (code, told) = home.run(words, Some(("PARLOUR_MAY_START", "everyone")));
        assert!(code == Some(2) && told.contains("PARLOUR_MAY_START"), "{words:?}: {told}");
        std::fs::write(&file, "may_start = 'everyone'").unwrap();
        let (code, told) = home.run(words, Some(("PARLOUR_CONFIG", &file)));
        assert!(code == Some(2) && told.contains("wrong.toml:1: may_start"), "{words:?}: {told}");
    }
}

#[test]
fn every_way_of_saying_which_house_is_meant_leads_to_its_socket() {
    let home = Home::new();
    let [data, file] = ["elsewhere", "own.toml"].map(|name| home.path(name));
    std::fs::write(&file, format!("data = '{data}'")).unwrap();
    let socket = format!("{data}/admin.sock");
    let asking = COMMANDS.into_iter().filter(|(words, uses)| *uses == Uses::Where && words[0] != "backup");
    for (words, _) in asking {
        let named = ["--config", &file];
        let there = ["--data", &data];
        for (words, variable) in [
            ([&named[..], words].concat(), None),
            ([&there[..], words].concat(), None),
            ([words, &["--socket", &socket]].concat(), None),
            (words.to_vec(), Some(("PARLOUR_CONFIG", file.as_str()))),
            (words.to_vec(), Some(("PARLOUR_DATA", data.as_str()))),
            (words.to_vec(), Some(("PARLOUR_ADMIN_SOCKET", socket.as_str()))),
        ] {
            let (code, told) = home.run(&words, variable);
            assert!(code == Some(1) && told.contains(&socket), "{words:?} {variable:?}: {told}");
        }
    }
}

#[test]
fn a_house_that_is_named_by_its_data_is_never_another_one_whose_socket_the_settings_name() {
    let home = Home::new();
    let [data, file] = ["elsewhere", "own.toml"].map(|name| home.path(name));
    let (of_file, of_variable) = (home.path("file.sock"), home.path("variable.sock"));
    std::fs::write(&file, format!("admin_socket = '{of_file}'")).unwrap();
    let asking = COMMANDS.into_iter().filter(|(words, uses)| *uses == Uses::Where && words[0] != "backup");
    for (words, _) in asking {
        let there = ["--data", &data];
        let by_file = [&there[..], &["--config", &file], words].concat();
        let by_variable = [&there[..], words].concat();
        let variable = ("PARLOUR_ADMIN_SOCKET", of_variable.as_str());
        for (words, variable, place) in
            [(by_file, None, "own.toml:1"), (by_variable, Some(variable), "PARLOUR_ADMIN_SOCKET")]
        {
            let (code, told) = home.run(&words, variable);
            let is_told = told.contains(place) && told.contains("--socket PATH");
            assert!(code == Some(2) && is_told, "{words:?}: {told}");
        }
        let own = format!("{data}/admin.sock");
        let both = [&there[..], &["--config", &file, "--socket", &own], words].concat();
        let (code, told) = home.run(&both, None);
        assert!(code == Some(1) && told.contains(&own), "{both:?}: {told}");
    }
}

#[test]
fn a_setting_that_is_given_twice_is_refused_and_a_list_goes_on() {
    let home = Home::new();
    let (code, told) = home.run(&["--data", "/a", "check-config", "--data", "/b"], None);
    assert!(code == Some(2) && told.contains("--data is given twice"), "{told}");
    let (code, told) = home.run(&["--listen", "8081", "check-config", "--listen", "8082"], None);
    assert!(code == Some(0) && told.contains("[::]:8081,[::]:8082"), "{told}");
}

#[test]
fn help_shows_the_settings_that_a_command_can_use_and_says_what_it_does() {
    let home = Home::new();
    for (words, uses) in COMMANDS {
        let names: Vec<_> = words.iter().copied().take_while(|word| !word.starts_with(['/', '-'])).collect();
        let (code, help) = home.run(&[&names[..], &["--help"]].concat(), None);
        assert!(code == Some(0) && !help.starts_with("Settings"), "{names:?}: {help}");
        for (setting, ..) in SETTINGS {
            let is_shown = help.contains(&format!("{} <", flag(setting)));
            assert_eq!(is_shown, uses.takes(setting), "{names:?} {setting}: {help}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_ended_in_the_house_that_is_named_before_the_command_and_in_no_other() {
    let [meant, other] = [Premises::new(), Premises::new()];
    let mut open = Vec::new();
    for house in [meant.open(), other.open()] {
        assert!(is_well(house.address).await);
        open.push(house);
    }
    let run = |house: &Premises, words: &[&str], default: &Premises| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
        command.env_clear().env("PARLOUR_DATA", default.data()).arg("--data").arg(house.data());
        let output = output(command.args(words).arg("--json"));
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    for house in [&meant, &other] {
        run(house, &["start", "Anny", "Abhi"], &other);
    }
    let chats = |house: &Premises| run(house, &["chats"], &other)["chats"].as_array().unwrap().clone();
    let chat = chats(&meant)[0]["chat"].as_str().unwrap().to_owned();
    run(&meant, &["end", &chat], &other);
    assert_eq!((chats(&meant).len(), chats(&other).len()), (0, 1));
}

#[test]
fn settings_are_checked_without_starting_anything() {
    let premises = Premises::new();
    let file = premises.logs().join("parlour.toml");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        typed(&premises, &["check-config", "--config", file.to_str().unwrap()])
    };
    let right = said(&check("may_start = 'anyone'\nlisten = [8081]"));
    let lines: Vec<_> = right.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    let place = |line: usize| format!("{}:{line}", file.display());
    assert!(lines.contains(&vec!["listen", "[::]:8081", &place(2)]), "{right}");
    assert!(lines.contains(&vec!["data", premises.data().to_str().unwrap(), "--data"]), "{right}");
    assert!(lines.contains(&vec!["idle_default", "1mo", "default"]), "{right}");
    assert!(refused(&check("listen = ['home']"), 2).contains("parlour.toml:1: listen"));
    let wrong = "names = ['my_house']\ntls = 'foo'\nlisten = ['home']";
    let told = String::from_utf8(check(wrong).stderr).unwrap();
    let at: Vec<_> = told.lines().filter_map(|line| line.split("parlour.toml:").nth(1)?.get(..1)).collect();
    assert_eq!(at, ["1", "2", "3"], "{told}");
    let asked = typed(&premises, &["check-config", "--config", file.to_str().unwrap(), "--json"]);
    let told: Value = serde_json::from_slice(&asked.stdout).unwrap();
    assert_eq!(asked.status.code(), Some(2));
    assert_eq!(told["errors"].as_array().unwrap().len(), 3, "{told}");
    assert_eq!(told["errors"][1]["at"], place(2), "{told}");
    assert!(!premises.data().exists());
}

#[test]
fn settings_that_the_house_refuses_for_https_are_not_called_right() {
    let premises = Premises::new();
    let [file, pem] = ["parlour.toml", "c.pem"].map(|name| premises.logs().join(name));
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        typed(&premises, &["check-config", "--config", file.to_str().unwrap()])
    };
    let plain = check("tls = 'self-signed'\npublic_url = 'http://home.example/'");
    assert!(refused(&plain, 2).contains("parlour.toml:2: public_url"));
    assert!(refused(&check("tls = 'files'"), 2).contains("LoadCredential=tls-certificate:"));
    let named = format!("tls = 'files'\ntls_certificate = '{0}'\ntls_key = '{0}'", pem.display());
    assert!(refused(&check(&named), 1).contains("c.pem: this certificate file cannot be read"));
    std::fs::write(&pem, "nothing of the kind").unwrap();
    assert!(refused(&check(&named), 1).contains("it has no certificate"));
    let pair = rcgen::generate_simple_self_signed(["home.example".to_owned()]).unwrap();
    std::fs::write(&pem, pair.cert.pem() + &pair.signing_key.serialize_pem()).unwrap();
    assert!(said(&check(&named)).contains("The settings are right."));
    std::fs::create_dir(premises.data()).unwrap();
    std::fs::write(premises.data().join("tls.json"), "nothing of the kind").unwrap();
    assert!(refused(&check("tls = 'self-signed'"), 1).contains("tls.json: the house's own certificates"));
}

/// What the start would say, word for word, and nothing is made.
#[test]
fn a_data_directory_that_cannot_be_one_is_not_called_right() {
    let home = Home::new();
    let file = home.path("file");
    std::fs::write(&file, "").unwrap();
    for data in [file.clone(), format!("{file}/below")] {
        let started = home.run(&["--data", &data, "--listen", "127.0.0.1:0", "--mdns", "off"], None);
        let checked = home.run(&["check-config", "--data", &data], None);
        assert_eq!((checked.0, &checked.1), (Some(1), &started.1));
        assert!(checked.1.contains(&format!("{file} is no directory. Choose another")), "{}", checked.1);
    }
    let (code, told) = home.run(&["check-config", "--data", &home.path("new/data")], None);
    assert!(code == Some(0) && !told.contains("Not checked"), "{told}");
    assert!(!Path::new(&home.path("new")).exists());
}

#[test]
fn a_socket_with_too_long_a_path_is_refused_before_anything_is_opened() {
    let home = Home::new();
    let long = format!("/tmp/{}", "x".repeat(107));
    for words in [["--admin-socket", &long], ["--data", &long]] {
        for command in [&["--listen", "127.0.0.1:0", "--mdns", "off"][..], &["check-config"], &["status"]] {
            let (code, told) = home.run(&[command, &words].concat(), None);
            assert!(code == Some(2) && told.contains("a path of at most 107 bytes"), "{command:?}: {told}");
            assert!(told.contains(&long), "{told}");
        }
    }
    assert!(!Path::new(&long).exists());
}
