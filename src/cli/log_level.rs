//! `parlour log-level LEVEL`: what is logged, until the house is started again.

use super::Failure;
use super::door::Door;
use super::settings::Given;
use crate::wire::admin::{Ask, Done};

/// Change what is logged, until the house is started again
#[derive(Clone, Debug, clap::Args)]
pub struct LogLevel {
    /// This and what is graver: error, warn, info, debug or trace
    #[arg(value_name = "LEVEL")]
    level: String,

    #[command(flatten)]
    door: Door,
}

impl LogLevel {
    /// Asks, and says that it was done.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        let said = format!("From now on {} and what is graver is logged.\n", self.level);
        self.door.ask(given, &Ask::LogLevel { level: self.level }, |_: &Done| said).map(|_| ())
    }
}
