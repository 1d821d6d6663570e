//! The real binary as a process: started on files and an address of its own, killed, started again.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use crate::support::house::DEADLINE;

/// The place of a house: what stays when its process is gone.
pub struct Premises {
    dir: tempfile::TempDir,
    data: PathBuf,
    pub address: SocketAddr,
}

impl Premises {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("logs")).unwrap();
        let data = dir.path().join("data");
        Self { dir, data, address: free_address() }
    }

    /// With its data on that disk, and its logs elsewhere.
    pub fn on(disk: &Path) -> Self {
        Self { data: disk.join("data"), ..Self::new() }
    }

    /// Another place with a copy of the files; the house must be closed.
    pub fn copied(&self) -> Self {
        let copy = Self::new();
        std::fs::create_dir(copy.data()).unwrap();
        for entry in std::fs::read_dir(self.data()).unwrap() {
            let entry = entry.unwrap();
            // A socket is no file.
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), copy.data().join(entry.file_name())).unwrap();
            }
        }
        copy
    }

    pub fn data(&self) -> PathBuf {
        self.data.clone()
    }

    pub fn logs(&self) -> PathBuf {
        self.dir.path().join("logs")
    }

    /// Everything that every process here has printed or logged.
    pub fn said(&self) -> String {
        let said = std::fs::read(self.logs().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Starts a process and waits until it takes connections.
    pub fn open(&self) -> Parlour {
        let mut parlour = self.begin();
        parlour.wait_until_open();
        parlour
    }

    /// The same, with more settings.
    pub fn open_with(&self, settings: &[&str]) -> Parlour {
        let mut parlour = self.begin_with(settings);
        parlour.wait_until_open();
        parlour
    }

    /// Starts a process.
    pub fn begin(&self) -> Parlour {
        self.begin_with(&[])
    }

    fn begin_with(&self, settings: &[&str]) -> Parlour {
        let mut command = command(&self.data());
        command.args(["--listen", &self.address.to_string(), "--log-level", "trace"]);
        command.args(["--messages-per-second", "100000"]).args(settings);
        let log = File::options().append(true).create(true).open(self.logs().join("log")).unwrap();
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Parlour { child, address: self.address }
    }
}

/// The binary, with nothing of this process's environment.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlour"));
    command.env_clear().arg("--data").arg(data);
    command
}

/// What a command that ends by itself says; one that does not is ended, and told of.
pub fn output(command: &mut Command) -> Output {
    let said = format!("{command:?}");
    command.stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (id, (done, is_done)) = (Pid::from_child(&child), channel());
    drop(std::thread::spawn(move || done.send(child.wait_with_output())));
    is_done.recv_timeout(DEADLINE).map(Result::unwrap).unwrap_or_else(|_| {
        rustix::process::kill_process(id, Signal::KILL).ok();
        panic!("does not end: {said}")
    })
}

/// Between two looks at what another process does, of which nobody would tell.
const LOOK: Duration = Duration::from_millis(5);

/// Looks again and again until there is something, with a deadline.
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    looked_for(look).unwrap_or_else(|| panic!("waited for {what} and it did not come"))
}

/// The same; nothing where the deadline has passed.
pub fn looked_for<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let found = look();
        if found.is_some() || Instant::now() > deadline {
            return found;
        }
        std::thread::park_timeout(LOOK);
    }
}

/// On an address of loopback that nobody else here listens on or connects from: while a house is down, its
/// port stays its own. Where two runs begin is drawn from four million addresses.
pub fn free_address() -> SocketAddr {
    static FIRST: LazyLock<u32> = LazyLock::new(rand::random);
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = FIRST.wrapping_add(NEXT.fetch_add(1, Ordering::SeqCst)) % (1 << 22);
    let address = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 64, 0, 0)) + number);
    TcpListener::bind((address, 0)).unwrap().local_addr().unwrap()
}

/// Waits until somebody listens there.
pub fn wait_for(address: SocketAddr) {
    until("somebody to listen", || TcpStream::connect(address).ok());
}

/// A running parlour. Killed when dropped, so that no test leaves one behind.
pub struct Parlour {
    child: Child,
    pub address: SocketAddr,
}

impl Parlour {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn wait_until_open(&mut self) {
        until("parlour to open", || {
            assert!(self.exit().is_none(), "parlour has ended instead");
            TcpStream::connect(self.address).ok()
        });
    }

    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// How it ended, if it has.
    pub fn exit(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until it has ended by itself, and tells how.
    pub fn ended(mut self) -> ExitStatus {
        until("parlour to end", || self.exit())
    }
}

impl Drop for Parlour {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
