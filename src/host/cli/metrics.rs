//! `parlour metrics`: the figures of the house, for a collector.

use super::error::CliError;
use super::invocation::Invocation;
use super::output::Output;
use crate::protocol::admin::{AdminRequest, MetricsText};

/// Print metrics in the text format of Prometheus
#[derive(Clone, Debug, clap::Args)]
pub struct Metrics {
    #[command(flatten)]
    output: Output,
}

impl Metrics {
    /// Asks, and prints them.
    pub fn run(self, invocation: &Invocation) -> Result<(), CliError> {
        let metrics: MetricsText = invocation.ask(&AdminRequest::Metrics {})?;
        self.output.print(&metrics, |metrics| metrics.text.clone())
    }
}
