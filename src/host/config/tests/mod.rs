#![allow(clippy::unwrap_used)]
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use super::error::Location;
use super::home::Home;
use super::*;
use crate::domain::Idle;
use crate::http::MayStart;
use crate::limits;
use crate::net::certificates::CertificateSource as Tls;
use crate::net::{PORT, Scheme};

mod files;
mod together;

const HOME: (&str, &str) = ("HOME", "/home/anny");

fn read(file: &str, variables: &[(&str, &str)], flags: &Flags) -> Result<Config, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("parlour.toml");
    fs::write(&path, file).unwrap();
    let flags = flags.clone().with("config", path);
    let place = format!("{}/", directory.path().display());
    Config::read(&flags, variables_of(variables)).map_err(|error| error.to_string().replace(&place, ""))
}

fn variables_of(variables: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
    [HOME].iter().chain(variables).map(|(name, value)| (name.into(), value.into())).collect()
}

fn config(file: &str) -> Config {
    read(file, &[], &Flags::default()).unwrap()
}

fn explained(file: &str) -> Vec<Effective> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("parlour.toml");
    fs::write(&path, file).unwrap();
    Config::explain(&Flags::default().with("config", path), variables_of(&[]), Access::Look).unwrap().1
}

fn refused(file: &str, sentence: &str) {
    assert_eq!(read(file, &[], &Flags::default()).unwrap_err(), sentence);
}

#[test]
fn a_house_opens_without_any_setting() {
    let config = config("");
    assert_eq!(config.listen, ["[::]:8080".parse().unwrap()]);
    assert_eq!(config.listen[0].port(), PORT);
    assert_eq!(config.data, Path::new("/home/anny/.local/share/parlour"));
    assert_eq!(config.public_url, None);
    assert_eq!(config.may_start, MayStart::Network);
    assert_eq!(config.idle_choices, Idle::ALL);
    assert_eq!(config.idle_default, Idle::Month);
    assert_eq!(config.log_level, log::Level::Info);
    assert_eq!((config.messages_per_second, config.messages_burst()), (10, limits::MESSAGES_BURST));
    assert!(config.trusted_proxies.is_empty() && config.names.is_empty());
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    let file = "may_start = \"anyone\"\nlog_level = \"debug\"\nmessages_per_second = 5";
    let variables = [("PARLOUR_LOG_LEVEL", "warn"), ("PARLOUR_MESSAGES_PER_SECOND", "6")];
    let flags = Flags::default().with("messages_per_second", "7");
    let config = read(file, &variables, &flags).unwrap();
    assert_eq!(config.may_start, MayStart::Anyone);
    assert_eq!(config.log_level, log::Level::Warn);
    assert_eq!(config.messages_per_second, 7);
}

#[test]
fn a_list_has_commas_where_there_are_no_brackets() {
    let listen = ["[::]:80", "127.0.0.1:81"].map(|address| address.parse().unwrap());
    let flags = Flags::default().with("listen", "80").with("listen", "127.0.0.1:81,:80");
    assert_eq!(read("", &[], &flags).unwrap().listen, listen);
    assert_eq!(
        read("", &[("PARLOUR_LISTEN", "80, 127.0.0.1:81,")], &Flags::default()).unwrap().listen,
        listen
    );
    assert_eq!(config("listen = [80, \"127.0.0.1:81\"]").listen, listen);
    assert_eq!(config("listen = \"80,127.0.0.1:81\"").listen, listen);
}

#[test]
fn every_value_is_read_as_it_is_meant() {
    let config = config(
        "data = '/srv/a,b'\npublic_url = 'https://Home.Example/p'\ntrusted_proxies = ['10.1.2.3/8', '::1']\n\
         idle_choices = ['1mo', '1h', '1h']\nnames = ['Box.', 'fd00::1', 'box']",
    );
    assert_eq!(config.data, Path::new("/srv/a,b"));
    assert_eq!(config.public_url.unwrap().to_string(), "https://home.example/p/");
    assert_eq!(config.trusted_proxies, ["10.0.0.0/8", "::1/128"].map(|net| net.parse().unwrap()));
    assert_eq!(config.idle_choices, [Idle::Hour, Idle::Month]);
    assert_eq!(config.idle_default, Idle::Month);
    assert_eq!(config.names, ["box", "[fd00::1]"]);
}

#[test]
fn a_wrong_value_is_refused_with_its_place_and_what_is_right() {
    refused(
        "\nmay_start = \"everyone\"",
        "parlour.toml:2: may_start = \"everyone\": write \"anyone\" or \"network\"",
    );
    refused(
        "listen = ['localhost']",
        "parlour.toml:1: listen = \"localhost\": write a port, ADDRESS:PORT or [ADDRESS]:PORT, \
         such as 8080, 192.168.1.20:8080 or [::]:8080",
    );
    refused("data = 'chats'", "parlour.toml:1: data = \"chats\": write a path that begins with /");
    refused(
        "data = '~/chats'",
        "parlour.toml:1: data = \"~/chats\": write the whole path: ~ is not expanded",
    );
    refused(
        "public_url = 'home'",
        "parlour.toml:1: public_url = \"home\": write the whole address, beginning with http:// or https://",
    );
    refused(
        "idle_choices = ['1h', '1w']\nidle_default = '1d'",
        "parlour.toml:2: idle_default = \"1d\": write one of the idle choices, 1h, 1w",
    );
    refused(
        "names = ['a:80']",
        "parlour.toml:1: names = \"a:80\": write a host name without a port, such as parlour.home.arpa",
    );
    refused(
        "trusted_proxies = ['10.0.0.0/33']",
        "parlour.toml:1: trusted_proxies = \"10.0.0.0/33\": \
         write an address or a network, such as 127.0.0.1 or 172.16.0.0/12",
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_refused() {
    for (file, line) in [
        ("listen = []", 1),
        ("listen = [[80]]", 1),
        ("listen = ['']", 1),
        ("listen = 70000", 1),
        ("data = ''", 1),
        ("data = ['/a']", 1),
        ("\n[data]\npath = '/a'", 2),
        ("may_start = true", 1),
        ("idle_choices = []", 1),
        ("idle_choices = ['2d']", 1),
        ("messages_per_second = 0", 1),
        ("messages_per_second = 100001", 1),
        ("messages_per_second = -1", 1),
        ("messages_per_second = 1.5", 1),
        ("log_level = 'loud'", 1),
        ("public_url = 5", 1),
        ("names = { a = 1 }", 1),
        ("mdns = 'parlour.local'", 1),
        ("mdns = '-a'", 1),
        ("metrics_listen = 'localhost'", 1),
    ] {
        let sentence = read(file, &[], &Flags::default()).unwrap_err();
        assert!(sentence.starts_with(&format!("parlour.toml:{line}: ")), "{file}: {sentence}");
        assert!(sentence.contains("write "), "{file}: {sentence}");
    }
}

#[test]
fn an_unknown_key_is_refused_and_its_neighbour_named() {
    refused(
        "may_strt = 'anyone'",
        "parlour.toml:1: may_strt = ...: there is no such setting; write may_start",
    );
    refused(
        "\n\nfrobnicate = 1",
        "parlour.toml:3: frobnicate = ...: there is no such setting; there are listen, data, public_url, \
         may_start, trusted_proxies, idle_choices, idle_default, log_level, messages_per_second, names, \
         admin_socket, metrics_listen, mdns, tls, tls_certificate, tls_key, redirect_listen",
    );
    let sentence = read("", &[("PARLOUR_MAYSTART", "secret")], &Flags::default()).unwrap_err();
    assert_eq!(sentence, "PARLOUR_MAYSTART = ...: there is no such setting; write PARLOUR_MAY_START");
}

#[test]
fn a_name_that_is_only_a_little_like_a_setting_gets_the_list() {
    for (word, near) in [("foo", None), ("port", None), ("tsl", Some("tls")), ("name", Some("names"))] {
        let sentence = read(&format!("{word} = 'x'"), &[], &Flags::default()).unwrap_err();
        match near {
            Some(near) => assert!(sentence.ends_with(&format!("write {near}")), "{word}: {sentence}"),
            None => assert!(sentence.contains("there are listen, data"), "{word}: {sentence}"),
        }
    }
    refused("tls = 'foo'", "parlour.toml:1: tls = \"foo\": write \"off\", \"files\" or \"self-signed\"");
}

#[test]
fn an_underscore_in_a_host_name_is_named() {
    for file in ["names = ['my_house']", "public_url = 'http://my_house.home.arpa/'"] {
        let sentence = read(file, &[], &Flags::default()).unwrap_err();
        assert!(sentence.contains("a host name has no underscore (_)"), "{sentence}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_order_of_its_lines() {
    let file =
        "tls = 'foo'\nnames = ['my_house', 'ok', 'a:80']\nlisten = ['x']\nmay_strt = 1\nidle_default = '3d'";
    let flags = Flags::default().with("log_level", "loud");
    let told = read(file, &[("PARLOUR_MDNS", "a.b"), ("PARLOUR_FOO", "1")], &flags).unwrap_err();
    let begins = [
        "parlour.toml:1: tls = \"foo\":",
        "parlour.toml:2: names = \"my_house\":",
        "parlour.toml:2: names = \"a:80\":",
        "parlour.toml:3: listen = \"x\":",
        "parlour.toml:4: may_strt = ...:",
        "parlour.toml:5: idle_default = \"3d\":",
        "PARLOUR_FOO = ...:",
        "PARLOUR_MDNS = \"a.b\":",
        "--log-level \"loud\":",
    ];
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), begins.len(), "{told}");
    for (line, begin) in lines.iter().zip(begins) {
        assert!(line.starts_with(begin), "{begin} is not in its place: {told}");
    }
}

#[test]
fn what_each_setting_comes_to_is_told_with_its_source() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("parlour.toml");
    fs::write(&path, "may_start = 'anyone'\nlisten = [80, '127.0.0.1:81']").unwrap();
    let flags = Flags::default().with("config", &path).with("log_level", "warn");
    let (_, told) = Config::explain(&flags, variables_of(&[("PARLOUR_MDNS", "off")]), Access::Look).unwrap();
    let of = |setting: &str| {
        let found = told.iter().find(|one| one.setting == setting).unwrap();
        (found.value.as_deref(), found.from.as_str())
    };
    let place = |line: usize| format!("{}:{line}", path.display());
    assert_eq!(of("may_start"), (Some("anyone"), place(1).as_str()));
    assert_eq!(of("listen"), (Some("[::]:80,127.0.0.1:81"), place(2).as_str()));
    assert_eq!(of("mdns"), (Some("off"), "PARLOUR_MDNS"));
    assert_eq!(of("log_level"), (Some("warn"), "--log-level"));
    assert_eq!(of("idle_default"), (Some("1mo"), "default"));
    assert_eq!(of("tls_key"), (None, "default"));
    assert_eq!(told.len(), settings::all().count());
}

#[test]
fn a_directory_or_a_file_that_is_named_means_another_house_than_the_services() {
    let meant = |file: &str, variables: &[(&str, &str)], flags: &Flags| {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("parlour.toml");
        fs::write(&path, file).unwrap();
        let mut variables = variables_of(variables);
        variables.push(("XDG_CONFIG_HOME".into(), directory.path().into()));
        Config::explain(flags, variables, Access::Look).unwrap().0.may_be_service
    };
    let data = |data: &str| Flags::default().with("data", data);
    assert!(meant("", &[], &Flags::default()));
    assert!(!meant("", &[], &data("/srv/other")) && meant("", &[], &data("/var/lib/parlour")));
    assert!(!meant("", &[("PARLOUR_DATA", "/srv/other")], &Flags::default()));
    let named = tempfile::NamedTempFile::new().unwrap();
    let flags = Flags::default().with("config", named.path());
    assert!(!meant("", &[], &flags));
}

#[test]
fn a_variable_and_a_flag_are_named_as_they_are_written() {
    let sentence = read("", &[("PARLOUR_DATA", "~")], &Flags::default()).unwrap_err();
    assert_eq!(sentence, "PARLOUR_DATA = \"~\": write the whole path: ~ is not expanded");
    let flags = Flags::default().with("may_start", "all");
    let sentence = read("", &[], &flags).unwrap_err();
    assert_eq!(sentence, "--may-start \"all\": write \"anyone\" or \"network\"");
}

#[test]
fn a_variable_that_is_empty_says_nothing() {
    let config = read("may_start = 'anyone'", &[("PARLOUR_MAY_START", "")], &Flags::default()).unwrap();
    assert_eq!(config.may_start, MayStart::Anyone);
}
