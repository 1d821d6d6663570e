//! What the real binary says to a service manager, and what it takes from one.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use parlour::crypto::Stretch;
use parlour::domain::At;
use parlour::store::{Options, Store};
use rcgen::{CertificateParams, KeyPair};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::disk::{Mood, TestDisk};
use crate::support::house::{DEADLINE, until, within};
use crate::support::machine::TestMachine;
use crate::support::process::free_address;

/// A service manager that listens, and what it is told.
struct Manager {
    dir: tempfile::TempDir,
    socket: UnixDatagram,
    address: SocketAddr,
}

/// A parlour that ends with its test.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Service {
    fn ends(&mut self) -> ExitStatus {
        crate::support::process::until("the house to end", || self.0.try_wait().unwrap())
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }
}

impl Manager {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = UnixDatagram::bind(dir.path().join("notify")).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        Self { dir, socket, address: free_address() }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    /// The shell stands for systemd: it knows the process id that the binary will have.
    fn command(&self) -> Command {
        let mut shell = Command::new("/bin/sh");
        shell.env_clear().env("NOTIFY_SOCKET", self.path("notify"));
        shell.args(["-c", "WATCHDOG_PID=$$ exec \"$@\"", "sh", env!("CARGO_BIN_EXE_parlour")]);
        shell.arg("--data").arg(self.path("data")).args(["--listen", &self.address.to_string()]);
        shell
    }

    fn starts(&self, change: impl FnOnce(&mut Command)) -> Service {
        let mut command = self.command();
        change(&mut command);
        let log = std::fs::File::options().append(true).create(true).open(self.path("log")).unwrap();
        Service(command.stdout(Stdio::null()).stderr(log).spawn().unwrap())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap()
    }

    fn errors(&self) -> Vec<String> {
        self.log().lines().filter(|line| line.contains(" ERROR ")).map(str::to_owned).collect()
    }

    /// The lines of the next datagram.
    fn hears(&self) -> Vec<String> {
        let mut datagram = [0; 4_096];
        let length = self.socket.recv(&mut datagram).expect("nothing was said");
        String::from_utf8_lossy(&datagram[..length]).lines().map(str::to_owned).collect()
    }

    /// The next datagram that says this, whatever comes before it.
    fn hears_of(&self, what: &str) -> Vec<String> {
        let until = Instant::now() + DEADLINE;
        while Instant::now() < until {
            let said = self.hears();
            if said.iter().any(|line| line.starts_with(what)) {
                return said;
            }
        }
        panic!("{what} was not said in time");
    }
}

fn page(address: SocketAddr) -> String {
    use std::io::Write;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.write_all(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_is_ready_when_a_page_is_served_and_says_when_it_stops() {
    let manager = Manager::new();
    let mut service = manager.starts(|_| {});
    let status = format!("STATUS=http://{}/, 0 chats, 0 devices connected", manager.address);
    assert_eq!(manager.hears(), ["READY=1", &status]);
    assert!(page(manager.address).starts_with("HTTP/1.1 404 "));
    service.signal(Signal::TERM);
    assert_eq!(manager.hears(), ["STOPPING=1"]);
    assert!(service.ends().success());
}

#[test]
fn a_hangup_reads_the_level_of_the_log_again_and_says_when_that_is_done() {
    let manager = Manager::new();
    let file = manager.path("parlour.toml");
    std::fs::write(&file, "log_level = \"info\"").unwrap();
    let service = manager.starts(|command| {
        command.arg("--config").arg(&file);
    });
    manager.hears_of("READY=1");
    page(manager.address);
    std::fs::write(&file, "log_level = \"debug\"").unwrap();
    assert!(!manager.log().contains("DEBUG"), "{}", manager.log());
    reloads(&manager, &service);
    page(manager.address);
    assert!(manager.log().contains("refused code=no_such_page"), "{}", manager.log());
    std::fs::write(&file, "log_level = \"loud\"").unwrap();
    reloads(&manager, &service);
    let told = manager.errors();
    assert!(told.len() == 1 && told[0].contains("loud") && told[0].contains("write \"error"), "{told:?}");
}

#[test]
fn a_certificate_that_cannot_be_shown_is_told_in_one_line_at_a_hangup() {
    let manager = Manager::new();
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| manager.path(name));
    let pair = KeyPair::generate().unwrap();
    let made = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&pair).unwrap();
    std::fs::write(&certificate, made.pem()).unwrap();
    std::fs::write(&key, pair.serialize_pem()).unwrap();
    let service = manager.starts(|command| {
        command.args(["--tls", "files", "--tls-certificate"]).arg(&certificate).arg("--tls-key").arg(&key);
    });
    manager.hears_of("READY=1");
    let other = KeyPair::generate().unwrap().serialize_pem();
    for (broken, words) in [("no key", "it has no key"), (other.as_str(), "together")] {
        std::fs::write(&key, broken).unwrap();
        let before = manager.errors().len();
        reloads(&manager, &service);
        let errors = manager.errors();
        assert_eq!(errors.len(), before + 1, "{errors:?}");
        let told = &errors[before];
        assert!(told.contains("the old certificate stays in use") && told.contains(words), "{told}");
        assert!(told.contains("key.pem") && !told.contains("PRIVATE KEY-----\\n"), "{told}");
    }
    std::fs::write(&key, pair.serialize_pem()).unwrap();
    reloads(&manager, &service);
    assert!(manager.log().contains("a new certificate is in use"), "{}", manager.log());
}

/// As `Type=notify-reload` asks for it.
fn reloads(manager: &Manager, service: &Service) {
    service.signal(Signal::HUP);
    let said = manager.hears_of("RELOADING=1");
    let at = said[1].strip_prefix("MONOTONIC_USEC=").unwrap();
    assert!(at.parse::<u64>().unwrap() > 0);
    assert_eq!(manager.hears(), ["READY=1"]);
}

#[test]
fn the_watchdog_is_told_twice_in_its_interval_and_only_if_there_is_one() {
    let manager = Manager::new();
    let _service = manager.starts(|command| {
        command.env("WATCHDOG_USEC", "400000");
    });
    manager.hears_of("READY=1");
    for _ in 0..3 {
        assert_eq!(manager.hears_of("WATCHDOG=1"), ["WATCHDOG=1"]);
    }
}

#[test]
fn nobody_is_told_anything_where_nobody_listens() {
    let manager = Manager::new();
    let mut service = manager.starts(|command| {
        command.env_remove("NOTIFY_SOCKET").env("WATCHDOG_USEC", "2000");
    });
    crate::support::process::wait_for(manager.address);
    service.signal(Signal::TERM);
    assert!(service.ends().success());
    manager.socket.set_nonblocking(true).unwrap();
    assert!(manager.socket.recv(&mut [0; 1]).is_err());
    assert!(!manager.log().contains("systemd"), "{}", manager.log());
}

/// A house that is handed two sockets.
fn activated(manager: &Manager, names: &str, house: TcpListener, redirect: TcpListener) -> Service {
    let binary = env!("CARGO_BIN_EXE_parlour");
    let script = "exec 3<&0 4<&1 0</dev/null 1>/dev/null; LISTEN_PID=$$ LISTEN_FDS=2 exec \"$@\"";
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().env("LISTEN_FDNAMES", names).env("NOTIFY_SOCKET", manager.path("notify"));
    shell.args(["-c", script, "sh", binary, "--tls", "self-signed", "--data"]).arg(manager.path("data"));
    // Where it would listen if it had to: taken by the test.
    shell.args(["--listen", &house.local_addr().unwrap().to_string()]);
    shell.stdin(OwnedFd::from(house)).stdout(OwnedFd::from(redirect)).stderr(Stdio::null());
    Service(shell.spawn().unwrap())
}

#[test]
fn sockets_that_it_is_given_are_listened_on_instead_of_those_of_the_settings() {
    let manager = Manager::new();
    let [house, redirect] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [at, plain] = [&house, &redirect].map(|listener| listener.local_addr().unwrap());
    let _service = activated(&manager, "parlour.socket:redirect", house, redirect);
    manager.hears_of("READY=1");
    let answer = page(plain);
    assert!(answer.contains(&format!("location: https://localhost:{}/nothing", at.port())), "{answer}");
}

/// A store on a disk that a test holds.
fn store(dir: &Path, disk: &TestDisk) -> Store {
    let now = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(1_800_000_000_000));
    let options = Options {
        dir: dir.to_owned(),
        stretch: Stretch::LEAST,
        clock: std::sync::Arc::new(|| At(1_800_000_000_000)),
        machine: std::sync::Arc::new(TestMachine(now)),
        disk: Box::new(disk.clone()),
        patience: Duration::ZERO,
    };
    Store::open(options, |_| {}).unwrap()
}

/// What the watchdog goes by.
#[tokio::test]
async fn a_commit_that_was_made_anyway_is_proof_and_else_one_is_made_and_awaited() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), TestDisk::default());
    let store = store(dir.path(), &disk);
    disk.set(Mood::Held);
    within(store.prove(DEADLINE), "a proof without a commit").await.unwrap();
    tokio::select! {
        _ = store.prove(Duration::ZERO) => panic!("a disk that hangs proves nothing"),
        () = until("a commit to hang", async || disk.holds().then_some(())) => {}
    }
    disk.set(Mood::Well);
    within(store.prove(Duration::ZERO), "a proof").await.unwrap();
    disk.set(Mood::SyncFails);
    assert!(within(store.prove(Duration::ZERO), "a refusal").await.is_err());
}
