//! strace, which stops a running house at a system call of our choice: it kills it there, or lets the call
//! fail. It counts for each thread by itself, and the writer is the only one that writes to the disk.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use tempfile::NamedTempFile;

use crate::support::process::Parlour;

/// strace on one house. Gone when dropped; the house goes on without it.
pub struct Tracer {
    process: Child,
    log: NamedTempFile,
    /// strace tells of each new thread, and dies when nobody can read it.
    _told: BufReader<ChildStderr>,
}

impl Tracer {
    /// `injected` is what strace's `-e inject=` takes. The counts begin now.
    pub fn attach(house: &Parlour, injected: &str) -> Self {
        let call = injected.split(':').next().unwrap();
        let (mut command, log) = (Command::new("strace"), NamedTempFile::new().unwrap());
        command.arg("-o").arg(log.path()).args(["-f", "-e", &format!("trace={call}"), "-e"]);
        command.args([&format!("inject={injected}"), "-p", &house.id().to_string()]);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(process.stderr.take().unwrap());
        let mut first = String::new();
        told.read_line(&mut first).unwrap();
        assert!(first.contains(" attached"), "strace does not attach: {first}");
        Self { process, log, _told: told }
    }

    /// Whether the call was reached.
    pub fn has_injected(&self) -> bool {
        std::fs::read_to_string(self.log.path()).unwrap().contains("INJECTED")
    }
}

impl Drop for Tracer {
    /// Killed, because an interrupted strace waits for ever for a house that was killed under it.
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Whether there is a strace that may do this. Where there is none, says what is not tried; CI must have one.
pub fn is_missing() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if tried.is_ok_and(|status| status.success()) {
        return false;
    }
    println!("SKIPPED: strace is not installed, or may not trace: install Debian's package strace");
    assert!(std::env::var_os("CI").is_none(), "CI tries everything");
    true
}
