//! `parlour metrics`: the figures of the house, for a collector.

use super::Failure;
use super::door::Door;
use super::settings::Given;
use crate::protocol::admin::{Ask, Figures};

/// Print metrics in the text format of Prometheus
#[derive(Clone, Debug, clap::Args)]
pub struct Metrics {
    #[command(flatten)]
    door: Door,
}

impl Metrics {
    /// Asks, and prints them.
    pub fn run(self, given: &Given) -> Result<(), Failure> {
        self.door.ask(given, &Ask::Metrics {}, |figures: &Figures| figures.text.clone()).map(|_| ())
    }
}
