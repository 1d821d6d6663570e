//! `parlour metrics`: the figures of the house, for a collector.

use super::error::CliError;
use super::invocation::Invocation;
use super::print::Output;
use crate::protocol::admin::{AdminRequest, MetricsText};

pub fn run(output: &Output, invocation: &Invocation) -> Result<(), CliError> {
    let metrics: MetricsText = invocation.ask(&AdminRequest::Metrics {})?;
    output.print(&metrics, |metrics| metrics.text.clone())
}
