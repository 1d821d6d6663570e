//! strace, which stops a running house at a system call of our choice: it kills it there, or lets the call
//! fail. It counts for each thread by itself, and the writer is the only one that writes to the disk.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::process::Parlour;

/// strace on one house. Gone when dropped; the house goes on without it.
pub struct Tracer(Child);

impl Tracer {
    /// `injected` is what strace's `-e inject=` takes. The counts begin now.
    pub fn attach(house: &Parlour, injected: &str) -> Self {
        let call = injected.split(':').next().unwrap();
        let mut command = Command::new("strace");
        command.args(["-f", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
        command.args([&format!("inject={injected}"), "-p", &house.id().to_string()]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let attached = lines.find(|line| line.as_ref().unwrap().contains(" attached"));
        assert!(attached.is_some(), "strace does not attach: {injected}");
        Self(child)
    }
}

impl Drop for Tracer {
    /// Killed, because an interrupted strace waits for ever for a house that was killed under it.
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
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
