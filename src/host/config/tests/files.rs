//! Which settings file is read, and what one that cannot be read is told with.

use super::*;

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
