//! The real binary as a process: started on files and an address of its own, killed, started again.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use crate::house::DEADLINE;

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

/// On an address of loopback that nobody else here listens on or connects from: while a house is down, its
/// port stays its own.
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let [high, low] = NEXT.fetch_add(1, Ordering::SeqCst).to_be_bytes();
    let process = 64 + (std::process::id() % 128) as u8;
    TcpListener::bind((Ipv4Addr::new(127, process, high, low), 0)).unwrap().local_addr().unwrap()
}

/// Waits until somebody listens there.
pub fn wait_for(address: SocketAddr) {
    let until = Instant::now() + DEADLINE;
    while TcpStream::connect(address).is_err() {
        assert!(Instant::now() < until, "nobody listens at {address}");
        std::thread::yield_now();
    }
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
        let until = Instant::now() + DEADLINE;
        while TcpStream::connect(self.address).is_err() {
            assert!(Instant::now() < until && self.exit().is_none(), "parlour does not open");
            std::thread::yield_now();
        }
    }

    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// How it ended, if it has.
    pub fn exit(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until it has ended by itself, and tells how and how long that took.
    pub fn ended(mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.exit() {
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < DEADLINE, "parlour does not end");
            std::thread::yield_now();
        }
    }
}

impl Drop for Parlour {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
