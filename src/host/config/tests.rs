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

#[test]
fn what_is_not_toml_is_refused_with_its_line() {
    let sentence = read("listen = 80\nlisten = 81", &[], &Flags::default()).unwrap_err();
    assert!(sentence.starts_with("parlour.toml:2: "), "{sentence}");
    let sentence = read("listen = 80\nnames = [", &[], &Flags::default()).unwrap_err();
    assert!(sentence.starts_with("parlour.toml:2: "), "{sentence}");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let flags = Flags::default().with("config", "/nowhere/parlour.toml");
    let error = Config::read(&flags, variables_of(&[])).unwrap_err();
    assert!(error.to_string().starts_with("--config names /nowhere/parlour.toml, but"), "{error}");
    let variables = variables_of(&[("PARLOUR_CONFIG", "/nowhere")]);
    let error = Config::read(&Flags::default(), variables).unwrap_err();
    assert!(error.to_string().starts_with("PARLOUR_CONFIG names /nowhere, but"), "{error}");
    let flags = Flags::default().with("config", "/");
    let wrong = Config::read(&flags, variables_of(&[])).unwrap_err();
    assert!(matches!(wrong.each().collect::<Vec<_>>()[..], [ConfigError::Unreadable { .. }]), "{wrong}");
}

#[test]
fn a_file_that_is_not_utf8_is_refused_with_its_line_and_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("parlour.toml");
    fs::write(&path, b"listen = 80\n# f\xfcr Anny\nlog_level = 'warn'\n").unwrap();
    let wrong = Config::read(&Flags::default().with("config", &path), variables_of(&[])).unwrap_err();
    let sentence = wrong.to_string();
    assert!(sentence.starts_with(&format!("{}:2: ", path.display())), "{sentence}");
    assert!(sentence.ends_with("save the file in UTF-8") && wrong.each().count() == 1, "{sentence}");
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_what_to_do() {
    for (kind, advice) in [
        (io::ErrorKind::PermissionDenied, "you may not read these settings: use sudo"),
        (io::ErrorKind::IsADirectory, "this is a directory: move it away"),
        (io::ErrorKind::Other, "the settings cannot be read: "),
    ] {
        let sentence = ConfigError::Unreadable { path: "/a/b.toml".into(), source: kind.into() }.to_string();
        assert!(sentence.starts_with(&format!("/a/b.toml: {advice}")), "{sentence}");
    }
    let wrong = Config::read(&Flags::default().with("config", "/tmp"), variables_of(&[])).unwrap_err();
    assert!(wrong.to_string().starts_with("/tmp: this is a directory"), "{wrong}");
}

#[test]
fn only_the_settings_of_the_service_may_ask_for_what_systemd_hands_over() {
    let at = |path: &str| Location::File { path: Arc::new(path.into()), line: 1, key: "tls".to_owned() };
    let (service, other) = (at("/etc/parlour/parlour.toml"), at("/home/anny/parlour.toml"));
    let is_handed = |access, asked| Home::new(access, variables_of(&[])).credentials(asked).is_some();
    for (access, expected) in
        [(Access::Open, [false; 3]), (Access::Look, [true; 3]), (Access::Check, [true, false, false])]
    {
        let found = [Some(&service), Some(&other), None].map(|asked| is_handed(access, asked));
        assert_eq!(found, expected, "{access:?}");
    }
}

#[test]
fn a_file_that_has_no_end_is_not_read_to_it() {
    let file = "#".repeat(usize::try_from(limits::CONFIG_BYTES_MAX).unwrap() + 1);
    assert!(read(&file, &[], &Flags::default()).unwrap_err().contains("cannot be read"));
    assert!(read(&file[1..], &[], &Flags::default()).is_ok());
}

#[test]
fn a_file_that_nobody_names_is_found_in_the_users_own_directory_first() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("parlour")).unwrap();
    let path = directory.path().join("parlour/parlour.toml");
    fs::write(&path, "messages_per_second = 9").unwrap();
    let variables = variables_of(&[("XDG_CONFIG_HOME", directory.path().to_str().unwrap())]);
    let config = Config::read(&Flags::default(), variables).unwrap();
    assert_eq!((config.file, config.messages_per_second), (Some(path), 9));

    let files = Home::new(Access::Open, variables_of(&[("XDG_CONFIG_HOME", "relative")])).settings_files();
    assert_eq!(
        files,
        ["/home/anny/.config/parlour/parlour.toml", "/etc/parlour/parlour.toml"].map(PathBuf::from)
    );
}

#[test]
fn without_a_home_the_data_directory_must_be_said() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("empty.toml");
    fs::write(&path, "").unwrap();
    let flags = Flags::default().with("config", path);
    let error = Config::read(&flags, []).unwrap_err();
    assert!(error.to_string().ends_with("write --data DIR"), "{error}");
    assert!(Config::read(&flags.with("data", "chats"), []).is_ok());
    let home = Home::new(Access::Open, variables_of(&[("XDG_DATA_HOME", "/data")]));
    assert_eq!(home.data(), Some(PathBuf::from("/data/parlour")));
}

#[test]
fn the_example_names_every_setting_with_its_default() {
    let example = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/parlour.example.toml"));
    assert_eq!(Config { file: None, ..config(example) }, Config { file: None, ..config("") });
    let keys: Vec<_> = settings::all().map(|setting| setting.get_id().as_str()).collect();
    let is_setting = |line: &&str| keys.iter().any(|key| line.starts_with(&format!("{key} = ")));
    let settings: Vec<_> =
        example.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_setting).collect();
    let named = settings.iter().filter_map(|line| line.split(' ').next());
    assert_eq!(named.collect::<Vec<_>>(), keys);

    let without_default =
        ["data", "public_url", "admin_socket", "metrics_listen", "tls", "tls_certificate", "tls_key"];
    let values = |file: &str| {
        let settings = explained(file).into_iter().map(|one| (one.setting, one.value));
        settings.filter(|(setting, _)| !without_default.contains(setting)).collect::<Vec<_>>()
    };
    let said = settings.join("\n").replace("tls = \"off\"", "tls = \"files\"");
    assert_eq!(values(&said), values(""));
}

#[test]
fn https_is_off_or_made_by_the_house_or_comes_from_two_files() {
    assert_eq!((config("").tls, config("").scheme()), (Tls::Off, Scheme::Http));
    let made = config("tls = 'self-signed'\nredirect_listen = [80]");
    assert_eq!((made.tls.clone(), made.scheme()), (Tls::SelfSigned, Scheme::Https));
    assert_eq!(made.redirect_listen, ["[::]:80".parse().unwrap()]);
    let files = Tls::Files { certificate: "/a/c.pem".into(), key: "/a/k.pem".into() };
    assert_eq!(config("tls = 'files'\ntls_certificate = '/a/c.pem'\ntls_key = '/a/k.pem'").tls, files);
}

#[test]
fn files_that_no_setting_names_are_the_credentials_of_the_service() {
    let given = tempfile::tempdir().unwrap();
    let variables = [("CREDENTIALS_DIRECTORY", given.path().to_str().unwrap())];
    let at = |name: &str| given.path().join(name);
    let read = |file: &str| read(file, &variables, &Flags::default());
    assert!(read("tls = 'files'").unwrap_err().contains("LoadCredential=tls-certificate:"));
    fs::write(at("tls-certificate"), "").unwrap();
    assert!(read("tls = 'files'").unwrap_err().contains("tls_certificate"));
    fs::write(at("tls-key"), "").unwrap();
    let both = Tls::Files { certificate: at("tls-certificate"), key: at("tls-key") };
    assert_eq!(read("tls = 'files'").unwrap().tls, both);
    let named = Tls::Files { certificate: "/a/c.pem".into(), key: at("tls-key") };
    assert_eq!(read("tls = 'files'\ntls_certificate = '/a/c.pem'").unwrap().tls, named);
}

#[test]
fn an_address_at_which_the_house_listens_is_free_for_nothing_else() {
    let metrics = |listen: &str, own: &str| format!("listen = [{listen}]\nmetrics_listen = '{own}'");
    for (listen, own) in [
        ("8080", "127.0.0.1:8080"),
        ("8080", "[::1]:8080"),
        ("'127.0.0.1:81'", "127.0.0.1:81"),
        ("'127.0.0.1:81'", "0.0.0.0:81"),
    ] {
        let said = read(&metrics(listen, own), &[], &Flags::default()).unwrap_err();
        assert!(
            said.starts_with("parlour.toml:2: ") && said.contains("the house itself listens there"),
            "{said}"
        );
    }
    for (listen, own) in
        [("8080", "127.0.0.1:8081"), ("'127.0.0.1:81'", "127.0.0.2:81"), ("0", "127.0.0.1:0")]
    {
        read(&metrics(listen, own), &[], &Flags::default()).unwrap();
    }
    let https = "tls = 'self-signed'\nlisten = [443]\nredirect_listen = [443]";
    assert!(read(https, &[], &Flags::default()).unwrap_err().starts_with("parlour.toml:3: "));
}

#[test]
fn settings_that_do_not_go_with_https_or_without_it_are_refused() {
    for (file, words) in [
        ("tls = 'on'", "write \"off\", \"files\" or \"self-signed\""),
        ("redirect_listen = [80]", "write tls = \"self-signed\" or tls = \"files\""),
        ("tls_key = '/a/k.pem'", "write tls = \"files\" as well"),
        ("tls = 'self-signed'\ntls_certificate = '/a/c.pem'", "write tls = \"files\" as well"),
        ("tls = 'self-signed'\npublic_url = 'http://home.example/'", "write it from https:// on"),
        ("tls = 'files'\ntls_certificate = 'c.pem'", "write a path that begins with /"),
    ] {
        let said = read(file, &[], &Flags::default()).unwrap_err();
        assert!(said.starts_with("parlour.toml:") && said.contains(words), "{file}: {said}");
    }
}
