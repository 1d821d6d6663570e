//! `parlour log-level LEVEL`: what is logged, until the house is started again.

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use crate::host::config;
use crate::protocol::admin::{AdminRequest, Done};

/// Change what is logged until the house restarts
#[derive(Clone, Debug, clap::Args)]
pub struct LogLevel {
    /// Log this level and those above it: error, warn, info, debug or trace
    #[arg(value_name = "LEVEL")]
    level: String,

    #[command(flatten)]
    output: Output,
}

impl LogLevel {
    pub fn run(self, invocation: &Invocation) -> Result<(), CliError> {
        if config::level(&self.level).is_err() {
            let right = "write error, warn, info, debug or trace";
            return Err(CliError::Usage(format!("{:?} is not a log level: {right}", self.level)));
        }
        let said = format!("The log level is {} until the house restarts.\n", self.level);
        let done: Done = invocation.ask(&AdminRequest::LogLevel { level: self.level })?;
        self.output.print(&done, |_| said)
    }
}
