//! `parlour metrics`: the figures of the house, for a collector.

use super::door::Door;
use super::{Failure, Variables};
use crate::wire::admin::{Ask, Figures};

/// Print the figures of the house in the text format of Prometheus
#[derive(Clone, Debug, clap::Args)]
pub struct Metrics {
    #[command(flatten)]
    door: Door,
}

impl Metrics {
    /// Asks, and prints them.
    pub fn run(self, variables: Variables) -> Result<(), Failure> {
        self.door.ask(variables, &Ask::Metrics {}, |figures: &Figures| figures.text.clone()).map(|_| ())
    }
}
