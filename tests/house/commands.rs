//! The host's commands, as a person types them: against the real binary, over its admin socket.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::house::Invited;
use crate::support::process::{Parlour, Premises, free_address, output, until};
use crate::support::visitor::{Visitor, enter, is_well, post, start};

/// An open house, which answers.
pub async fn open(premises: &Premises) -> Parlour {
    let parlour = premises.open();
    assert!(is_well(parlour.address).await);
    parlour
}

pub fn parlour(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
    command.env_clear().args(words);
    command
}

/// What a command of the host of these premises does.
pub fn typed(premises: &Premises, words: &[&str]) -> Output {
    output(parlour(words).arg("--data").arg(premises.data()))
}

pub fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn told(premises: &Premises, words: &[&str]) -> Value {
    let words: Vec<_> = words.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&said(&typed(premises, &words))).unwrap()
}

/// The sentence of a command that failed with this exit code.
#[track_caller]
pub fn refused(output: &Output, code: i32) -> String {
    let sentence = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{sentence}");
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    sentence
}

fn invited(invite: &Value) -> Invited {
    let text = |field: &str| invite[field].as_str().unwrap().to_owned();
    let token = text("link").split_once('#').unwrap().1.to_owned();
    Invited { name: text("name"), link: text("link"), token, code: text("code") }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_are_let_in_by_what_start_prints() {
    let premises = Premises::new();
    let house = open(&premises).await;
    let started = told(&premises, &["start", "Anny", "Abhi", "--idle", "1w"]);
    assert_eq!(started["idle"], "1w");
    let [anny, abhi] = [0, 1].map(|index| invited(&started["invites"][index]));
    let mut one = Visitor::open(house.address, &enter(house.address, &anny).await).await;
    let mut other = Visitor::open(house.address, &enter(house.address, &abhi).await).await;
    one.say(1, "by the shell").await;
    assert_eq!(other.frame_of("chat-message").await["text"], "by the shell");

    let mut asking = parlour(&["start", "--data"]);
    asking.arg(premises.data()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut asking = asking.spawn().unwrap();
    asking.stdin.take().unwrap().write_all("Käthe\nAbhi\n".as_bytes()).unwrap();
    assert!(said(&asking.wait_with_output().unwrap()).contains("Käthe\n    link"));

    let group = told(&premises, &["start", "--group", "Kitchen", "Anny", "Bob", "Cleo"]);
    assert_eq!(group["invites"].as_array().unwrap().len(), 3);

    let card = said(&typed(&premises, &["start", "Anny", "Abhi"]));
    for words in ["Anny\n", "Abhi\n", "    link  http://", "    code  ", "after 1 month without activity"] {
        assert!(card.contains(words), "{words} is not in {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_in_the_words_is_2_and_what_the_house_has_not_is_1_each_in_one_sentence() {
    let premises = Premises::new();
    let house = premises.open_with(&["--idle-choices", "1d,1w"]);
    assert!(is_well(house.address).await);
    let file = |name: &str, text: &str| {
        let path = premises.logs().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (short, right) = (file("short", "seven77\n"), file("right", "correct horse battery\n"));
    let (there, new) = (file("there", "no backup"), premises.logs().join("new").to_str().unwrap().to_owned());
    let long = "x".repeat(41);
    for (code, words, sentence) in [
        (2, vec!["start", "Anny", "anny"], "names look the same"),
        (2, vec!["start", "Anny", " "], "name"),
        (2, vec!["start", "Anny", &long], "name"),
        (2, vec!["start", "Anny"], "two names"),
        (2, vec!["start", "Anny", "Bob", "Cleo"], "--group"),
        (2, vec!["start", "--group", "", "Anny", "Bob"], "name"),
        (2, vec!["start", "--group", "Kitchen", "Anny"], "2 to 50"),
        (2, vec!["start", "Anny", "Abhi", "--idle", "3d"], "1d"),
        (2, vec!["start", "Anny", "Abhi", "--idle", "1mo"], "doesn't offer"),
        (1, vec!["end", "0123456789abcdef"], "List them with: parlour chats"),
        (2, vec!["end", "../../etc"], "parlour chats"),
        (2, vec!["end", "--never-entered", "--since", "soon", "--yes"], "7d"),
        (2, vec!["end", "--never-entered"], "--yes"),
        (2, vec!["log-level", "loud"], "info"),
        (2, vec!["backup", &new, "--passphrase-file", &short], "too short"),
        (1, vec!["backup", &there, "--passphrase-file", &right], "--force"),
        (1, vec!["backup", &new, "--passphrase-file", "/nowhere"], "/nowhere"),
        (1, vec!["restore", "/nowhere", "--passphrase-file", &right], "/nowhere cannot be read"),
        (1, vec!["restore", &there, "--passphrase-file", &right], "running"),
    ] {
        let refusal = refused(&typed(&premises, &words), code);
        assert!(refusal.contains(sentence), "{words:?}: {refusal}");
    }
    for (code, words, sentence) in [
        (2, ["backup", "verify", &there, "--passphrase-file", &short], "too short"),
        (1, ["backup", "verify", &there, "--passphrase-file", &right], "not a backup"),
        (1, ["backup", "verify", "/nowhere", "--passphrase-file", &right], "/nowhere"),
    ] {
        let refusal = refused(&output(&mut parlour(&words)), code);
        assert!(refusal.contains(sentence), "{words:?}: {refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_that_nobody_ever_entered_are_ended_at_once_and_no_other() {
    let premises = Premises::new();
    let house = open(&premises).await;
    let [anny, _] = start(house.address).await;
    // Who came in and signed out again has been in.
    let device = enter(house.address, &anny).await;
    Visitor::open(house.address, &device).await.say(1, "hello").await;
    for _ in 0..17 {
        told(&premises, &["start", "Anny", "Abhi"]);
    }
    let all = ["end", "--never-entered", "--yes"];
    assert_eq!(told(&premises, &[&all[..], &["--since", "1h"]].concat())["ended"], 0);
    assert_eq!(said(&typed(&premises, &all)), "17 chats are deleted.\n");
    let chats = told(&premises, &["chats"])["chats"].as_array().unwrap().clone();
    assert_eq!((chats.len(), &chats[0]["was_entered"]), (1, &json!(true)));
}

/// On a terminal: only there it asks.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_does_not_say_yes_deletes_nothing_and_that_is_no_wrong_argument() {
    if output(Command::new("script").arg("--version")).status.code() != Some(0) {
        println!("SKIPPED: there is no script(1), which makes a terminal");
        assert!(std::env::var_os("CI").is_none(), "CI tries everything");
        return;
    }
    let premises = Premises::new();
    let _house = open(&premises).await;
    told(&premises, &["start", "Anny", "Abhi"]);
    told(&premises, &["start", "Anny", "Abhi"]);
    let line =
        format!("{} end --never-entered --data {}", env!("CARGO_BIN_EXE_parlour"), premises.data().display());
    for (answer, code, sentence) in [
        ("n", 1, "nothing was deleted"),
        ("y", 1, "nothing was deleted"),
        ("what", 1, "nothing was deleted"),
        ("yes", 0, "2 chats are deleted"),
    ] {
        let file = premises.logs().join("answer");
        std::fs::write(&file, format!("{answer}\n")).unwrap();
        let mut terminal = Command::new("/bin/sh");
        terminal.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        terminal.env("LINE", &line).env("ANSWER", &file);
        let answered = output(terminal.args(["-c", "exec script -qec \"$LINE\" /dev/null <\"$ANSWER\""]));
        let said = String::from_utf8_lossy(&answered.stdout).into_owned();
        assert_eq!(answered.status.code(), Some(code), "{answer}: {said}");
        assert!(said.contains("Type yes to delete them") && said.contains(sentence), "{answer}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_sees_ids_ages_and_sizes_and_never_a_name_or_text() {
    let premises = Premises::new();
    let house = open(&premises).await;
    let [anny, _] = start(house.address).await;
    let mut anny = Visitor::open(house.address, &enter(house.address, &anny).await).await;
    anny.say(1, "Canary-text").await;
    let chats = told(&premises, &["chats"]);
    let chat = &chats["chats"][0];
    assert_eq!((&chat["messages"], &chat["devices"], &chat["here"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(chat["idle"], "1w");
    for words in [["chats"], ["status"], ["doctor"], ["metrics"]] {
        let output = typed(&premises, &words);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!said.contains("Canary"), "{words:?}: {said}");
    }
    let status = told(&premises, &["status"]);
    let counts = ["chats", "messages", "seats", "sockets"].map(|field| status[field].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 1, 1], "{status}");
    let figures = said(&typed(&premises, &["metrics"]));
    for line in ["parlour_chats 1", "parlour_messages_total 1", "parlour_chats_started_total 1", "# EOF"] {
        assert!(figures.lines().any(|figure| figure == line), "{line} is not in\n{figures}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_reads_the_figures_where_the_host_shows_them() {
    let premises = Premises::new();
    let shown = free_address();
    let house = premises.open_with(&["--metrics-listen", &shown.to_string()]);
    start(house.address).await;
    let answer = reqwest::get(format!("http://{shown}/metrics")).await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    assert!(answer.text().await.unwrap().lines().any(|line| line == "parlour_chats 1"));
    for (host, status) in
        [("localhost:9100", 200), ("127.0.0.1", 200), ("evil.example", 421), ("6.6.6.6:9100", 421)]
    {
        let asked = reqwest::Client::new().get(format!("http://{shown}/metrics")).header("host", host);
        assert_eq!(asked.send().await.unwrap().status(), status, "{host}");
    }
    let metrics = format!("http://{shown}/metrics");
    let client = reqwest::Client::new();
    assert_eq!(client.head(&metrics).send().await.unwrap().status(), 200);
    let posted = client.post(&metrics).send().await.unwrap();
    assert_eq!((posted.status().as_u16(), &posted.headers()["allow"]), (405, &"GET, HEAD".parse().unwrap()));
    for (address, path) in
        [(shown, "/"), (shown, "/metrics/"), (shown, "/api/v1/house"), (house.address, "/metrics")]
    {
        let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        assert_eq!(answer.status(), 404, "{address}{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_the_host_ends_is_gone_and_says_so() {
    let premises = Premises::new();
    let house = open(&premises).await;
    let [anny, abhi] = start(house.address).await;
    let mut inside = Visitor::open(house.address, &enter(house.address, &anny).await).await;
    let chats = told(&premises, &["chats"]);
    told(&premises, &["end", chats["chats"][0]["chat"].as_str().unwrap()]);
    assert_eq!(inside.frame_of("chat-ended").await["by"], "host");
    let greeting = post(house.address, "/api/v1/invites/greeting", &json!({"token": abhi.token})).await;
    assert_eq!((&greeting["code"], &greeting["by"]), (&json!("ended"), &json!("host")));
    assert_eq!(told(&premises, &["chats"])["chats"], json!([]));
    assert!(told(&premises, &["compact"])["after_bytes"].as_u64().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_is_backed_up_while_people_talk_and_restored_elsewhere() {
    let premises = Premises::new();
    let house = open(&premises).await;
    let [anny, _] = start(house.address).await;
    let held = enter(house.address, &anny).await;
    let mut talking = Visitor::open(house.address, &held).await;
    talking.say(1, "before the backup").await;
    let passphrase = premises.logs().join("passphrase");
    std::fs::write(&passphrase, "correct horse battery\n").unwrap();
    let file = premises.logs().join("backup");
    let (file, passphrase) = (file.to_str().unwrap(), passphrase.to_str().unwrap());
    assert_eq!(told(&premises, &["status"])["last_backup"], Value::Null);
    let backup = ["backup", file, "--passphrase-file", passphrase];
    let contents = told(&premises, &backup);
    assert_eq!((&contents["chats"], &contents["messages"]), (&json!(1), &json!(1)));
    assert!(told(&premises, &["status"])["last_backup"].is_string());
    assert!(refused(&typed(&premises, &backup), 1).contains("--force"));
    talking.say(2, "after the backup").await;

    let elsewhere = Premises::new();
    let restored = said(&typed(&elsewhere, &["restore", file, "--passphrase-file", passphrase]));
    assert!(restored.contains("1 chat and 1 message."), "{restored}");
    for file in std::fs::read_dir(elsewhere.data()).unwrap().map(Result::unwrap) {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others may read {:?}", file.file_name());
    }
    let other = open(&elsewhere).await;
    let history = Visitor::history(other.address, &held).await;
    assert_eq!(history.len(), 1, "what was said after the backup is not in it");
    assert_eq!(history[0]["text"], "before the backup");
    let running = refused(&typed(&elsewhere, &["restore", file, "--passphrase-file", passphrase]), 1);
    assert!(running.contains("running") || running.contains("open"), "{running}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_is_its_owners_alone() {
    let premises = Premises::new();
    let _house = open(&premises).await;
    let socket = premises.data().join("admin.sock");
    let mode = std::fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    if !rustix::process::geteuid().is_root() {
        println!("SKIPPED: only root can ask as somebody else");
        return;
    }
    let stranger = |words: &[&str]| {
        let mut command = parlour(words);
        command.arg("--socket").arg(&socket).uid(65_534).gid(65_534);
        output(&mut command)
    };
    let binary = Path::new(env!("CARGO_BIN_EXE_parlour"));
    if stranger(&["--version"]).status.code() != Some(2) && stranger(&["status"]).status.code().is_none() {
        println!("SKIPPED: nobody cannot run {}", binary.display());
        return;
    }
    assert!(refused(&stranger(&["status"]), 1).contains("use sudo"));
    // Were the files open to all, the kernel would still say who asks.
    std::fs::set_permissions(&socket, PermissionsExt::from_mode(0o666)).unwrap();
    for folder in socket.ancestors().skip(1).take_while(|folder| folder.starts_with("/tmp/")) {
        std::fs::set_permissions(folder, PermissionsExt::from_mode(0o755)).unwrap();
    }
    assert!(refused(&stranger(&["status"]), 1).contains("Only root and the user of the house"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_question_is_refused_and_the_house_goes_on() {
    let premises = Premises::new();
    let _house = open(&premises).await;
    let long = "x".repeat(100_000);
    for question in ["\n", "{}\n", "GET / HTTP/1.1\r\n\r\n", "\u{0}\n", &format!("{long}\n"), &long] {
        let mut stream = UnixStream::connect(premises.data().join("admin.sock")).unwrap();
        // The house may answer before it has read all of it.
        drop(stream.write_all(question.as_bytes()));
        let mut answer = String::new();
        drop(stream.read_to_string(&mut answer));
        assert!(answer.is_empty() || answer.contains(r#"{"refused":{"code":"malformed""#), "{answer}");
    }
    assert_eq!(told(&premises, &["status"])["chats"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_was_killed_leaves_no_socket_in_the_way() {
    let premises = Premises::new();
    let house = open(&premises).await;
    house.signal(Signal::KILL);
    house.ended();
    let closed = refused(&typed(&premises, &["status"]), 1);
    assert!(closed.contains("Is it running"), "{closed}");
    let _again = open(&premises).await;
    assert_eq!(told(&premises, &["status"])["chats"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_will_not_work_and_how_to_mend_it() {
    let premises = Premises::new();
    let closed = typed(&premises, &["doctor"]);
    let sentence = String::from_utf8(closed.stdout).unwrap();
    assert_eq!(closed.status.code(), Some(1));
    assert!(
        sentence.contains("is not running") && sentence.contains("systemctl start parlour"),
        "{sentence}"
    );

    let _house = open(&premises).await;
    let output = typed(&premises, &["doctor", "--json"]);
    let diagnosis: Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<_> =
        diagnosis["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"no-https"), "{diagnosis}");
    let is_ill = diagnosis["findings"].as_array().unwrap().iter().any(|one| one["weight"] != "hint");
    assert_eq!(output.status.code(), Some(i32::from(is_ill)), "{diagnosis}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_start_page_warns_the_host_and_nobody_else() {
    let premises = Premises::new();
    let house = premises.open_with(&["--public-url", "http://localhost:8080/"]);
    let asked = |forwarded: Option<&str>| {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut asked = client.get(format!("http://{}/api/v1/house", house.address));
        if let Some(address) = forwarded {
            asked = asked.header("x-forwarded-for", address);
        }
        async move { asked.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    let told = asked(None).await;
    let codes: Vec<_> = told["warnings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(
        codes.contains(&&json!("public-url-localhost")) && !codes.contains(&&json!("no-https")),
        "{told}"
    );
    assert_eq!(asked(Some("203.0.113.9")).await["warnings"], Value::Null);
}

/// With `tls = "files"` nobody else would say so before browsers do.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_that_a_certificate_of_the_hosts_own_ends() {
    for (days, expected) in [(15, None), (13, Some("warning")), (-1, Some("fault"))] {
        let premises = Premises::new();
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_after = time::OffsetDateTime::now_utc() + time::Duration::hours(days * 24 + 1);
        let file = premises.logs().join("c.pem");
        std::fs::write(&file, params.self_signed(&key).unwrap().pem() + &key.serialize_pem()).unwrap();
        let file = file.to_str().unwrap();
        let settings = ["--tls", "files", "--tls-certificate", file, "--tls-key", file];
        let _house = premises.open_with(&settings);
        until("the admin socket", || premises.data().join("admin.sock").exists().then_some(()));
        let output = typed(&premises, &["doctor", "--json"]);
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let ends = told["findings"].as_array().unwrap().iter().find(|one| one["code"] == "certificate-ends");
        assert_eq!(ends.map(|one| one["weight"].as_str().unwrap()), expected, "{told}");
        assert!(ends.is_none_or(|one| one["mend"].as_str().unwrap().contains("systemctl reload parlour")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_a_port_that_is_taken_before_the_start() {
    let premises = Premises::new();
    let taken = std::net::TcpListener::bind(premises.address).unwrap();
    let file = premises.logs().join("parlour.toml");
    std::fs::write(&file, format!("listen = [\"{}\"]", taken.local_addr().unwrap())).unwrap();
    let output = typed(&premises, &["doctor", "--config", file.to_str().unwrap()]);
    let sentence = String::from_utf8(output.stdout).unwrap();
    assert!(
        sentence.contains("Something else is already listening on") && sentence.contains("ss -ltnp"),
        "{sentence}"
    );
}

/// Root may listen on every port, but the house of a service runs as the owner of the data.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_a_port_for_which_the_owner_of_the_data_lacks_the_right() {
    let setting = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap();
    let first_free: u16 = setting.trim().parse().unwrap();
    if first_free == 0 {
        println!("SKIPPED: everybody may listen on every port here");
        return;
    }
    let premises = Premises::new();
    std::fs::create_dir(premises.data()).unwrap();
    // Only root can give it away, and only root needs to.
    drop(std::os::unix::fs::chown(premises.data(), Some(65_534), None));
    let file = premises.logs().join("parlour.toml");
    let port = first_free - 1;
    std::fs::write(&file, format!("listen = [\"127.0.0.1:{port}\"]")).unwrap();
    let output = typed(&premises, &["doctor", "--config", file.to_str().unwrap()]);
    let sentence = String::from_utf8(output.stdout).unwrap();
    assert!(sentence.contains(&format!("127.0.0.1:{port}")), "{sentence}");
    assert!(sentence.contains("parlour-listen.socket"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_level_changes_while_the_house_runs() {
    let premises = Premises::new();
    let _house = open(&premises).await;
    told(&premises, &["log-level", "error"]);
    let before = premises.said();
    let chat = told(&premises, &["start", "Anny", "Abhi"]);
    assert!(chat["invites"].is_array());
    let chats = told(&premises, &["chats"]);
    told(&premises, &["end", chats["chats"][0]["chat"].as_str().unwrap()]);
    assert_eq!(premises.said(), before, "the end of a chat is logged at info");
}

#[test]
fn a_person_who_asks_a_house_needs_no_certificate_that_only_the_service_is_handed() {
    let premises = Premises::new();
    let file = premises.logs().join("parlour.toml");
    std::fs::write(&file, "tls = 'files'").unwrap();
    let asked = typed(&premises, &["status", "--config", file.to_str().unwrap()]);
    assert!(refused(&asked, 1).contains("no house answers"));
}
