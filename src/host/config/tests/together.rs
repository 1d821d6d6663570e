//! Settings that go together, or do not.

use super::*;

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
    let redirect = "tls = 'self-signed'\nredirect_listen = [80]\nmetrics_listen = '127.0.0.1:80'";
    assert!(read(redirect, &[], &Flags::default()).unwrap_err().starts_with("parlour.toml:3: "));
}

#[test]
fn what_is_wrong_beside_another_setting_is_told_although_a_third_is_wrong_and_only_then() {
    let lines = |file: &str| {
        let said = read(file, &[], &Flags::default()).unwrap_err();
        said.lines().map(|line| line.split(':').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(lines("tls = 'on'\nlisten = [8081]\nmetrics_listen = '127.0.0.1:8081'"), ["1", "3"]);
    assert_eq!(lines("tls = 'on'\nredirect_listen = [80]"), ["1"], "with HTTPS or without it");
    assert_eq!(lines("listen = ['home']\nmetrics_listen = '127.0.0.1:8080'"), ["1"], "wherever that is");
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
