//! `parlour log-level LEVEL`: what is logged, until the house is started again.

use super::door::Door;
use super::{Failure, Variables};
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
    pub fn run(self, variables: Variables) -> Result<(), Failure> {
        let said = format!("From now on {} and what is graver is logged.\n", self.level);
        self.door.ask(variables, &Ask::LogLevel { level: self.level }, |_: &Done| said).map(|_| ())
    }
}
