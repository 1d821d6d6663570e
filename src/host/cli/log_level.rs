//! `parlour log-level LEVEL`: what is logged, until the house is started again.

use super::Failure;
use super::door::Door;
use super::settings::Given;
use crate::host::config;
use crate::protocol::admin::{Ask, Done};

/// Change what is logged until the house restarts
#[derive(Clone, Debug, clap::Args)]
pub struct LogLevel {
    /// Log this level and those above it: error, warn, info, debug or trace
    #[arg(value_name = "LEVEL")]
    level: String,

    #[command(flatten)]
    door: Door,
}

impl LogLevel {
    /// Asks, and says that it was done.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        if config::level(&self.level).is_err() {
            let right = "write error, warn, info, debug or trace";
            return Err(Failure::Words(format!("{:?} is not a log level: {right}", self.level)));
        }
        let said = format!("The log level is {} until the house restarts.\n", self.level);
        self.door.ask(given, &Ask::LogLevel { level: self.level }, |_: &Done| said).map(|_| ())
    }
}
