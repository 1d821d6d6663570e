//! One process of the real binary: started on a free port, looked at through `/proc`, stopped by a signal.
//!
//! Dropping a house that was not stopped kills it, so that a failed measure leaves nothing behind.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use parlour::host::admin;
use parlour::host::config::ADMIN_SOCKET;
use parlour::protocol::admin::{AdminRequest, NewInvite, StartedChat};
use rustix::process::{Pid, Resource, Rlimit, Signal};

use crate::Outcome;
use crate::args::Args;

/// A house must open, and close, within this.
const PATIENCE: Duration = Duration::from_secs(10);
/// The clock ticks in `/proc/PID/stat` are hundredths of a second on every Linux (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// A house that is open.
pub struct House {
    process: Child,
    address: SocketAddr,
    admin: PathBuf,
    log: PathBuf,
    begun: Instant,
}

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// All that is resident, the pages of the binary itself included (`VmRSS`).
    pub resident: u64,
    /// What the process made itself (`RssAnon`).
    pub own: u64,
}

impl House {
    /// Starts a house on the store in `data` and waits until it takes connections.
    pub fn open(args: &Args, data: &Path) -> Outcome<Self> {
        let address = free_address()?;
        let log = data.with_extension("log");
        let begun = Instant::now();
        let process = command(args, data, address, &log)?.spawn()?;
        let admin = data.join(ADMIN_SOCKET);
        let mut house = Self { process, address, admin, log, begun };
        house.await_connections()?;
        Ok(house)
    }

    /// Waits until the host may ask, which is a little later than visitors.
    pub fn await_host(&self) -> Outcome<()> {
        while self.begun.elapsed() < PATIENCE {
            if UnixStream::connect(&self.admin).is_ok() {
                return Ok(());
            }
            std::thread::yield_now();
        }
        Err(format!("the host may not ask within {PATIENCE:?}{}", self.told()).into())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts a chat as the host does. Blocks.
    pub fn start(admin: &Path) -> Outcome<Vec<NewInvite>> {
        let names = vec!["Anny".to_owned(), "Abhi".to_owned()];
        let started: StartedChat =
            admin::ask(admin, &AdminRequest::Start { names, idle: Some("1d".to_owned()), title: None })?;
        Ok(started.invites)
    }

    /// Where the host asks.
    pub fn admin(&self) -> PathBuf {
        self.admin.clone()
    }

    /// When its process was started.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// Its memory now.
    pub fn memory(&self) -> Outcome<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let bytes = |field| kibibytes(&status, field).map(|number| number * 1024);
        Ok(Memory { resident: bytes("VmRSS:")?, own: bytes("RssAnon:")? })
    }

    /// Seconds of CPU that it has used, in user and kernel mode.
    pub fn cpu_seconds(&self) -> Outcome<f64> {
        cpu_seconds(&self.process.id().to_string())
    }

    /// Stops it as systemd would, and checks that it went cleanly.
    pub fn stop(mut self) -> Outcome<()> {
        let pid = Pid::from_child(&self.process);
        rustix::process::kill_process(pid, Signal::TERM)?;
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.process.try_wait()? {
                Some(status) => return self.check_end(status),
                None => std::thread::park_timeout(Duration::from_millis(2)),
            }
        }
        Err(format!("the house did not stop within {PATIENCE:?}{}", self.told()).into())
    }

    fn check_end(&self, status: ExitStatus) -> Outcome<()> {
        if status.success() {
            Ok(())
        } else {
            Err(format!("the house ended with {status}{}", self.told()).into())
        }
    }

    /// Tries without a pause: a pause would be a good part of the few milliseconds that a start takes.
    fn await_connections(&mut self) -> Outcome<()> {
        while self.begun.elapsed() < PATIENCE {
            if TcpStream::connect(self.address).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("the house did not open: {status}{}", self.told()).into());
            }
            std::thread::yield_now();
        }
        Err(format!("the house did not open within {PATIENCE:?}{}", self.told()).into())
    }

    /// What it logged, to be set behind an error.
    fn told(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        if log.is_empty() { String::new() } else { format!("; it said:\n{log}") }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // Both fail only where the process is gone already, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// No variable and no settings file of the person who runs the command may reach the house.
fn command(args: &Args, data: &Path, address: SocketAddr, log: &Path) -> Outcome<Command> {
    let settings = data.with_extension("toml");
    File::create(&settings)?;
    let log = File::options().append(true).create(true).open(log)?;
    let mut command = Command::new(&args.server);
    command.env_clear().stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    command.arg("--config").arg(settings).arg("--data").arg(data).arg("--listen").arg(address.to_string());
    command.args(["--messages-per-second", "100000", "--may-start", "network"]);
    Ok(command)
}

/// The port is free now. Another process could take it before the house does: then the house says so.
fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn kibibytes(status: &str, field: &str) -> Outcome<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let number = line.and_then(|rest| rest.split_whitespace().next()).ok_or("/proc shows no memory")?;
    Ok(number.parse()?)
}

/// Seconds of CPU that a process has used; `self` is this one.
pub fn cpu_seconds(process: &str) -> Outcome<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // proc_pid_stat(5): the second field is the name in parentheses; utime and stime are the 14th and 15th.
    let after_name = stat.rsplit_once(") ").ok_or("/proc shows no times")?.1;
    let ticks = after_name.split(' ').skip(11).take(2).map(str::parse::<u32>);
    Ok(ticks.sum::<Result<u32, _>>().map(f64::from)? / TICKS_PER_SECOND)
}

/// Seconds of CPU that everything on this machine has used, interrupts included.
pub fn cpu_seconds_of_all() -> Outcome<f64> {
    let stat = fs::read_to_string("/proc/stat")?;
    // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; what a hypervisor took counts as
    // used.
    let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).ok_or("/proc shows no CPU")?;
    let ticks: Vec<f64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let used = [0, 1, 2, 5, 6, 7].iter().filter_map(|&field| ticks.get(field));
    Ok(used.sum::<f64>() / TICKS_PER_SECOND)
}

/// Lets this process, and the house after it, hold as many sockets as the system allows.
pub fn allow_many_sockets() -> Outcome<()> {
    let maximum = rustix::process::getrlimit(Resource::Nofile).maximum;
    Ok(rustix::process::setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}

/// Bytes of all files of a data directory.
pub fn bytes_on_disk(data: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(data)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

/// A copy of a data directory whose house is closed.
pub fn copied(data: &Path, copy: &Path) -> Outcome<()> {
    fs::create_dir(copy)?;
    fs::set_permissions(copy, fs::metadata(data)?.permissions())?;
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), copy.join(entry.file_name()))?;
        }
    }
    Ok(())
}
